"""Exchanges and what came of them: every field, every argument, who sees what."""

# ruff: noqa: UP031 - braces belong to GraphQL here
from __future__ import annotations

from tests.oracle.documents.cases import case

# Every field of each type, as in `objects`.
FIELDS = {
    "Exchange": """id status version createdAt offeredAt agreedAt startedAt startsOn lastDay
        recallAskedOn recallOn recalledAt completedAt cancelledAt endReason endNote lender { id }
        borrower { id } matchRequest { id } offer { id } request { id } agreement { id }
        versions(first: 2) { nodes { id } } people { id } signatures(first: 2) { nodes { id } }
        history(first: 2) { nodes { id } } hours(first: 2) { nodes { id } } minutesLogged
        minutesConfirmed reentry { item label nl: label(language: NL) tickedAt tickedBy { id } }
        receipt { id } viewerSides viewerMoves""",
    "AgreementVersion": """id number createdAt form hoursPerWeek hoursTotal startsOn endsOn isRemote
        terms rateCents recallDays backfill confidentiality text canonical paperPath contentHash side
        author { id } place { id } skills { id } aims { id } people { id } signatures { id }
        changes { field before after } exchange { id }""",
    "AgreementSignature": """id side name createdAt contentHash voidedAt person { id }
        version { id } exchange { id }""",
    "ExchangePerson": """id name consent createdAt consentedAt revokedAt removedAt person { id }
        exchange { id }""",
    "ExchangeLine": "id step side version createdAt actor { id } exchange { id }",
    "ExchangeHours": """id workedOn minutes note side createdAt confirmedAt name person { id }
        loggedBy { id } confirmedBy { id } exchange { id }""",
    "ExchangeReceipt": """id version learned cameBack notes side recordedAt confirmedAt raised { id }
        recordedBy { id } confirmedBy { id } exchange { id }""",
    "RaisedSkill": """id name fromLevel toLevel acceptedAt declinedAt skill { id } person { id }
        organisation { id } receipt { id }""",
    "SkillProof": """id side form fromLevel toLevel createdAt skill { id } organisation { id }
        partner { id } person { id } exchange { id }""",
    "Endorsement": """id line createdAt form organisation { id } endorsed { id } author { id }""",
}
ROWS = {
    "Exchange": tuple(
        f"exchange.{name}"
        for name in (
            *("open_town", "town_open", "open_shut", "shut_open", "zed_town"),
            *("open_zed", "gone_open", "zed_echo_1", "accents_open"),
        )
    ),
    "AgreementVersion": ("version.open_town_3", "version.open_town_2", "version.open_shut_1"),
    "AgreementSignature": ("signature.0", "signature.1", "signature.5", "signature.6"),
    "ExchangePerson": (
        "going.open_town_col",
        "going.open_town_stranger",
        "going.open_shut_former",
        "going.open_shut_pat",
    ),
    "ExchangeLine": ("xline.open_town_1", "xline.open_shut_2"),
    "ExchangeHours": ("hours.0", "hours.1", "hours.6"),
    "ExchangeReceipt": ("receipt.town_open", "receipt.open_shut", "receipt.accents_open"),
    "RaisedSkill": ("raised.0", "raised.1", "raised.2", "raised.3", "raised.9"),
    "SkillProof": ("proof.1", "proof.4", "proof.6", "proof.7", "proof.8"),
    "Endorsement": ("endorsement.0", "endorsement.2", "endorsement.5"),
}
SHORT = {
    "Exchange": "exc",
    "AgreementVersion": "agv",
    "AgreementSignature": "sig",
    "ExchangePerson": "xpe",
    "ExchangeLine": "xln",
    "ExchangeHours": "hrs",
    "ExchangeReceipt": "rcp",
    "RaisedSkill": "rsk",
    "SkillProof": "prf",
    "Endorsement": "end",
}
ORGANISATIONS = ("open", "town", "shut", "zed", "accents", "gone")
EACH = ", ".join(f"<<org.{name}>>" for name in ORGANISATIONS)
EXCHANGES = ", ".join(f"<<{row}>>" for row in ROWS["Exchange"])

CASES = [
    case(
        "exchanges of all",
        """query ($side: ExchangeSide, $statuses: [ExchangeStatus!]) { nodes(ids: [%s]) {
        ... on Organisation { slug exchanges(first: 20) { totalCount edges { cursor node { id status
        viewerSides viewerMoves people { name consent } lender { slug } } } pageInfo { hasNextPage } }
        a: exchanges(side: $side) { totalCount nodes { id } }
        b: exchanges(side: EMPLOYEE) { totalCount }
        c: exchanges(statuses: $statuses, side: LENDER, first: 1) { totalCount nodes { status } }
        d: exchanges(statuses: [], side: null) { totalCount } } } }"""
        % EACH,
        side="BORROWER",
        statuses=["ACTIVE", "COMPLETED", "DRAFT"],
    ),
    case(
        "exchanges when nothing is chosen",
        """query ($side: ExchangeSide, $statuses: [ExchangeStatus!]) { node(id: <<org.open>>) {
        ... on Organisation { exchanges(side: $side, statuses: $statuses) { totalCount } } } }""",
        side=None,
        statuses=None,
    ),
    *(
        case(
            f"an exchange, {name}",
            "query ($id: ID!) { exchange(id: $id) { id status agreement { number text people { name } "
            "signatures { name person { name } } changes { field after } } receipt { raised { name } } "
            "} missing: exchange(id: <<missing.exc>>) { id } }",
            id=f"<<exchange.{name}>>",
        )
        for name in ("open_town", "town_open", "open_shut", "zed_echo_1")
    ),
    case(
        "what hangs on exchanges",
        """{ nodes(ids: [%s]) { ... on Exchange { id
        versions { totalCount nodes { number form people { name removedAt } skills { labelEn }
        aims { labelEn } author { name } place { name } } } signatures { totalCount nodes { name
        version { number exchange { status } } person { name } } } history(last: 3) { totalCount
        nodes { step actor { name } } } hours { totalCount edges { cursor node { workedOn name
        person { name } loggedBy { name } confirmedBy { name } } } } reentry { item
        tickedBy { name } } receipt { learned recordedBy { name } confirmedBy { name }
        raised { skill { labelEn } person { name } organisation { slug } receipt { version } } } } } }"""
        % EXCHANGES,
    ),
    case(
        "what exchanges have shown",
        """query ($with: ID) { nodes(ids: [%s]) { ... on Organisation { slug
        skillProofs(first: 9) { totalCount nodes { createdAt } edges { cursor node { id side toLevel skill { labelEn }
        partner { slug } exchange { id } } } } endorsements { totalCount nodes { line author { name }
        organisation { slug } } } balance(partnerId: $with) { skill { labelEn } givenMinutes
        receivedMinutes } all: balance { givenMinutes receivedMinutes skill { id } }
        enrichment { form completed answered enriched ratio unansweredShare }
        strengths(first: 5) { nodes { proofs { id partner { slug } person { id } } } } } } }"""
        % EACH,
        **{"with": "<<org.town>>"},
    ),
    case(
        "what they have shown of people",
        """{ nodes(ids: [<<person.pat>>, <<person.col>>, <<person.author>>, <<person.member>>]) {
        ... on Person { name calendarOpenedAt skills { nodes { level proofs { id fromLevel
        organisation { slug } exchange { id } } } } } } }""",
    ),
    case(
        "one's own exchanges",
        """{ viewer { calendarOpenedAt exchanges { totalCount nodes { id status viewerMoves } }
        raisedSkills { totalCount edges { cursor node { id } } nodes { id fromLevel acceptedAt receipt { id } } } } }""",
    ),
    case(
        "from match requests and listings to exchanges",
        """{ nodes(ids: [<<match_request.open_town>>, <<match_request.open_zed>>,
        <<match_request.shut_open>>, <<match_request.gone_open>>, <<match_request.open_accents>>]) {
        ... on MatchRequest { id exchange { id status matchRequest { id } offer { title }
        request { title } } } } steps: nodes(ids: [<<listing.open_public>>, <<listing.town_public>>,
        <<listing.zed_public>>]) { ... on Listing { history { nodes { action exchange { id } } } } } }""",
    ),
]
