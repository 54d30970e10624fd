"""Listings, places, matches and match requests: every field, every argument, who sees what."""

# ruff: noqa: UP031 - braces belong to GraphQL here
from __future__ import annotations

from tests.oracle.documents.cases import case

# Every field of each type, as in `objects`.
FIELDS = {
    "Place": "id slug name province latitude longitude",
    "Listing": """id posts(first: 2) { nodes { id } } kind form status closeReason audience title body bodyHtml language
        skills { id importance minimumLevel skill { id slug } } aims { id slug } hoursPerWeek hoursTotal
        startsOn endsOn slackDays place { id name latitude } distanceKm isRemote languages capacity
        terms rateCents createdAt openedAt expiresAt endedAt version organisation { id }
        contact { id } author { id } history(first: 2) { nodes { id } } lookers(first: 2) { nodes { id } }
        matches(first: 2) { nodes { id } } viewerCanManage""",
    "ListingSkill": "id importance minimumLevel skill { id } listing { id title }",
    "ListingStep": "id action changed createdAt actor { id } listing { id }",
    "ListingLooker": "id lookedAt dayCount organisation { id } listing { id title }",
    "Match": """id score need ease gain meaning limiting isFeasible scoredAt createdAt
        reasons { importance wantedLevel offeredLevel closeness contribution skill { id slug }
        bySkill { id } } hurdles { obstacle amount skill { id } } offer { id } request { id }
        viewerSide { id slug }""",
    "MatchRequest": """id status kind form hoursPerWeek startsOn endsOn message declineReason note
        createdAt answeredAt expiresAt asking { id } asked { id } listing { id } ownListing { id }
        counterTo { id } counters { id } askedBy { id } answeredBy { id } viewerCanAnswer
        messages(first: 2) { nodes { id } } unreadCount""",
    "MatchMessage": """id body bodyHtml files { id name } createdAt author { id } organisation { id }
        matchRequest { id }""",
}
ROWS = {
    "Place": ("place.sudwest", "place.waterland"),
    "Listing": tuple(
        f"listing.{name}"
        for name in (
            "open_public",
            "town_partners",
            "open_draft",
            "open_paused",
            "open_over",
            "open_closed",
            "shut_public",
            "accents_public",
            "zed_partners",
            "zed_draft",
            "gone_public",
        )
    ),
    "ListingSkill": ("listing_skill.open_public_0", "listing_skill.town_public_0"),
    "ListingStep": (
        "step.open_public_edited",
        "step.town_public_created",
        "step.zed_draft_created",
        "step.shut_public_opened",
    ),
    "ListingLooker": (
        "look.open_public_town",
        "look.open_public_gone",
        "look.open_draft_town",
        "look.town_public_open",
        "look.zed_public_open",
        "look.shut_public_open",
    ),
    "Match": tuple(
        f"match.{name}"
        for name in (
            "open_public_town_public",
            "open_public_zed_public",
            "open_public_shut_organisation",
            "town_network_open_organisation",
            "accents_public_open_network",
            "gone_public_open_network",
        )
    ),
    "MatchRequest": tuple(
        f"match_request.{name}"
        for name in (
            "open_town",
            "town_open",
            "zed_open",
            "zed_open_late",
            "shut_open",
            "town_open_no",
            "open_town_astray",
            "zed_echo_1",
        )
    ),
    "MatchMessage": ("message.0", "message.3", "message.4", "message.9", "message.12"),
}
SHORT = {
    "Place": "plc",
    "Listing": "lst",
    "ListingSkill": "lsk",
    "ListingStep": "lss",
    "ListingLooker": "llk",
    "Match": "mat",
    "MatchRequest": "mrq",
    "MatchMessage": "mms",
}
ORGANISATIONS = ("open", "town", "shut", "zed", "accents", "gone", "echo_1")
EACH = ", ".join(f"<<org.{name}>>" for name in ORGANISATIONS)
LISTING = """{ totalCount edges { cursor node { id status audience title viewerCanManage
    author { name } contact { name } place { slug } organisation { slug }
    skills { importance skill { labelEn listings(first: 1) { totalCount } } } aims { labelEn } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"""
MATCH = """{ totalCount edges { cursor node { id score isFeasible viewerSide { slug }
    offer { title organisation { slug } } request { title status }
    reasons { contribution skill { labelEn } bySkill { labelEn } } hurdles { obstacle amount } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"""
REQUEST = """{ totalCount nodes { id status message viewerCanAnswer unreadCount
    asking { slug } asked { slug } listing { title } ownListing { title } askedBy { name }
    answeredBy { name } counterTo { id status } counters { id status counterTo { id } }
    messages(last: 3) { totalCount nodes { body files { url purpose } author { name } organisation { slug } } } } }"""

CASES = [
    case(
        "listings of all",
        "{ nodes(ids: [%s]) { ... on Organisation { slug listings(first: 30) %s } } }"
        % (EACH, LISTING),
    ),
    case(
        "listings by kind and by where they stand",
        """query ($kinds: [ListingKind!], $statuses: [ListingStatus!]) { nodes(ids: [%s]) {
        ... on Organisation { a: listings(kinds: $kinds) { totalCount nodes { kind } }
        b: listings(statuses: $statuses) { totalCount nodes { status } }
        c: listings(kinds: OFFER, statuses: [OPEN, PAUSED], first: 2) { totalCount nodes { status }
        pageInfo { hasNextPage } } d: listings(statuses: EXPIRED) { nodes { status expiresAt } }
        e: listings(kinds: [], statuses: null) { totalCount } } } }"""
        % EACH,
        kinds=["REQUEST"],
        statuses=["DRAFT", "EXPIRED", "CLOSED", "FILLED"],
    ),
    case(
        "listings by kinds that are null",
        """query ($kinds: [ListingKind!], $statuses: [ListingStatus!]) {
        node(id: <<org.open>>) { ... on Organisation {
        listings(kinds: $kinds, statuses: $statuses) { totalCount nodes { id } } } } }""",
        kinds=None,
    ),
    *(
        case(
            f"a listing, {name}",
            "query ($id: ID!) { listing(id: $id) { id title status history(first: 9) { totalCount "
            "nodes { action changed actor { name } listing { version } } } } "
            "missing: listing(id: <<missing.lst>>) { id } }",
            id=f"<<listing.{name}>>",
        )
        for name in ("open_public", "open_draft", "town_paused", "shut_draft", "zed_partners")
    ),
    case(
        "a listing by the id of something else",
        "{ listing(id: <<org.open>>) { id } }",
        refused="INVALID_ID",
    ),
    case(
        "histories",
        """{ nodes(ids: [<<listing.open_public>>, <<listing.town_public>>, <<listing.zed_public>>,
        <<listing.accents_public>>, <<listing.shut_public>>, <<listing.open_expired>>]) {
        ... on Listing { history(first: 3) { totalCount edges { cursor node { action createdAt changed
        actor { name email } } } pageInfo { hasNextPage endCursor } } } } }""",
    ),
    case(
        "who looked",
        """{ nodes(ids: [<<listing.open_public>>, <<listing.town_public>>, <<listing.zed_public>>,
        <<listing.open_draft>>, <<listing.accents_public>>]) { ... on Listing { lookers(first: 3) {
        totalCount edges { cursor node { lookedAt dayCount organisation { slug } listing { title } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } last: lookers(last: 1) {
        nodes { id } pageInfo { hasPreviousPage } } } } }""",
    ),
    case(
        "places by a part of their names",
        """query ($search: String) { a: places(search: $search) { totalCount nodes { slug name } }
        b: places(search: "FRYSLÂN") { nodes { name } } c: places(search: "") { totalCount }
        d: places(search: "100%") { nodes { name } } e: places(search: null) { totalCount }
        f: places(search: "Den B", first: 1) { edges { cursor node { province longitude } } } }""",
        search="Éch",
    ),
    case(
        "places by a text that is null",
        "query ($search: String) { places(search: $search, last: 3) { totalCount nodes { name } } }",
        search=None,
    ),
    case(
        "what fits a listing",
        """query ($near: Boolean!) { nodes(ids: [<<listing.open_public>>, <<listing.open_network>>,
        <<listing.town_public>>, <<listing.town_network>>, <<listing.shut_organisation>>,
        <<listing.open_partners>>, <<listing.zed_partners>>, <<listing.accents_public>>]) {
        ... on Listing { title matches %s near: matches(nearMisses: $near, first: 2) { totalCount
        nodes { id score } pageInfo { hasNextPage endCursor } }
        all: matches(nearMisses: true, last: 3) { totalCount nodes { score
        hurdles { obstacle amount skill { slug } } } } } } }"""
        % MATCH,
        near=True,
    ),
    case(
        "what fits an organisation",
        """query ($near: Boolean! = true) { nodes(ids: [%s]) { ... on Organisation { slug
        matchSuggestions(first: 30) %s near: matchSuggestions(nearMisses: $near) { totalCount
        edges { cursor node { id } } } } } }"""
        % (EACH, MATCH),
    ),
    case(
        "from a match to its listings and back",
        """{ node(id: <<match.town_network_open_network>>) { ... on Match { viewerSide { slug
        matchSuggestions(first: 2) { nodes { score } } } offer { matches(first: 2) { nodes { id request {
        title matches(first: 1) { nodes { id } } } } } } request { author { name } } } } }""",
    ),
    case(
        "what was asked of all",
        """query ($received: Boolean, $statuses: [MatchRequestStatus!]) { nodes(ids: [%s]) {
        ... on Organisation { slug matchRequests(first: 30) %s
        a: matchRequests(received: $received) { totalCount nodes { id } }
        b: matchRequests(received: false, first: 2) { totalCount nodes { id } pageInfo { hasNextPage } }
        c: matchRequests(statuses: $statuses) { totalCount nodes { status } }
        d: matchRequests(statuses: EXPIRED, received: true) { nodes { id status expiresAt } }
        e: matchRequests(statuses: [PROPOSED], received: null, last: 2) { totalCount
        nodes { status } } } } }"""
        % (EACH, REQUEST),
        received=True,
        statuses=["DECLINED", "WITHDRAWN", "ACCEPTED"],
    ),
    case(
        "what was asked, when the way is null",
        """query ($received: Boolean, $statuses: [MatchRequestStatus!]) { node(id: <<org.town>>) {
        ... on Organisation { matchRequests(received: $received, statuses: $statuses) { totalCount
        nodes { id } } } } }""",
        received=None,
        statuses=None,
    ),
    case(
        "conversations",
        """{ nodes(ids: [<<match_request.open_town>>, <<match_request.town_open>>,
        <<match_request.zed_open>>, <<match_request.shut_open>>, <<match_request.open_accents>>]) {
        ... on MatchRequest { unreadCount messages(first: 4) { totalCount edges { cursor node { id body
        bodyHtml author { name } organisation { slug } matchRequest { unreadCount status } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }""",
    ),
    case(
        "open listings that name a skill",
        """query ($kinds: [ListingKind!]) { skill(id: <<skl.listed>>) { listings(first: 30) %s
        some: listings(kinds: $kinds) { totalCount nodes { kind status } }
        requests: listings(kinds: [REQUEST], first: 1) { totalCount nodes { title } } } }"""
        % LISTING,
        kinds=["OFFER"],
    ),
    case(
        "the market below lists",
        """{ organisations(first: 15, order: NEWEST) { nodes { slug viewerPermissions
        listings(first: 2) { totalCount nodes { title history { totalCount } matches { totalCount } } }
        matchSuggestions(first: 1) { totalCount nodes { id } } matchRequests { totalCount } } }
        skills(first: 9) { nodes { labelEn listings(first: 2) { totalCount nodes { title
        organisation { listings(first: 1) { totalCount } } } } } } }""",
    ),
    case(
        "a trail with listings in it",
        """{ nodes(ids: [<<org.town>>, <<org.open>>]) { ... on Organisation {
        auditTrail(actions: [LISTING_OPENED, LISTING_ENDED]) { nodes { action text nl: text(language: NL)
        subject { __typename ... on Listing { id title status } } } } } } }""",
    ),
]
