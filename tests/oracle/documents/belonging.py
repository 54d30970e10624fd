"""Invitations, requests, domains, partnerships and the audit trail."""

from __future__ import annotations

from tests.oracle.documents.cases import case

TRAIL = """{ totalCount nodes { action en: text(language: EN) nl: text(language: NL) text createdAt
    actor { name } subject { __typename ... on Node { id } ... on Person { name }
    ... on Organisation { slug } } organisation { slug } } pageInfo { hasNextPage endCursor } }"""
CASES = [
    *(
        case(
            f"everything about belonging to {place}",
            f"""{{ node(id: <<org.{place}>>) {{ ... on Organisation {{ slug
            invitations {{ totalCount nodes {{ email role status expiresAt invitedBy {{ id }} }} }}
            open: invitations(pending: true) {{ totalCount nodes {{ email }} }}
            shut: invitations(pending: false, first: 2) {{ nodes {{ status }} pageInfo {{ hasNextPage }} }}
            joinRequests {{ totalCount nodes {{ outcome message personName decidedAt person {{ name }} }} }}
            asked: joinRequests(outcomes: [PENDING, DECLINED]) {{ totalCount nodes {{ outcome }} }}
            viewerJoinRequest {{ id message }}
            domainClaims {{ totalCount nodes {{ domain proof recordName recordValue verifiedAt }} }}
            partners {{ totalCount nodes {{ slug partners(first: 1) {{ nodes {{ slug }} }} }} }}
            partnerships {{ totalCount nodes {{ status message decidedAt endedAt requester {{ slug }} addressee {{ slug }} }} }}
            active: partnerships(statuses: [ACTIVE, ENDED], last: 2) {{ nodes {{ status }} }}
            auditTrail {TRAIL}
            some: auditTrail(actions: [POST_EDITED, LOGO_SET, PERSON_BLOCKED]) {{ totalCount }} }} }} }}""",
        )
        for place in ("open", "town", "shut", "zed", "accents")
    ),
    case(
        "belonging by edges",
        """{ nodes(ids: [<<org.open>>, <<org.town>>, <<org.shut>>, <<org.zed>>, <<org.accents>>]) {
        ... on Organisation { invitations(first: 2) { edges { cursor node { id } } }
        joinRequests(first: 2) { edges { cursor node { id } } }
        domainClaims(first: 2) { edges { cursor node { id } } }
        partners(first: 2) { edges { cursor node { id } } }
        partnerships(first: 2) { edges { cursor node { id endedAt } } }
        auditTrail(first: 2) { edges { cursor node { id } } } } } }""",
    ),
    case(
        "partnerships by id, those that have ended among them",
        """{ nodes(ids: [<<partnership.town_open>>, <<partnership.accents_zed>>, <<partnership.zed_shut>>,
        <<partnership.town_accents>>, <<partnership.gone_open>>]) { ... on Partnership {
        status decidedAt endedAt } } }""",
    ),
    case(
        "what the viewer is invited to and asked",
        """{ viewer { invitations { totalCount nodes { role status organisation { slug } } }
        joinRequests(first: 2) { totalCount nodes { outcome organisation { slug } }
        pageInfo { hasNextPage } } } }""",
    ),
    case(
        "what others are invited to and asked",
        """{ people(first: 60, order: NEWEST) { nodes { name invitations { totalCount nodes { id } }
        joinRequests { totalCount nodes { id } } } } }""",
    ),
    case(
        "a trail in the language of a variable",
        """query ($l: Locale!) { node(id: <<org.town>>) { ... on Organisation {
        auditTrail(first: 5) { nodes { text(language: $l) } } } } }""",
        l="NL",
    ),
    case(
        "partners of all",
        "{ organisations(first: 60, order: NEWEST) { nodes { slug partners { nodes { slug } } } } }",
    ),
]
