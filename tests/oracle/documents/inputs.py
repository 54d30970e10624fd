"""Arguments: enums, literals, variables nested and not, defaults, null and absent, refusals."""

# ruff: noqa: UP031 - braces belong to GraphQL here
from __future__ import annotations

from tests.oracle.documents.cases import case

LIST = "{ totalCount nodes { id name } }"
FILTERED = (
    """query ($filter: OrganisationFilter, $search: String, $order: OrganisationOrder! = NAME) {
    organisations(filter: $filter, search: $search, order: $order) %s }"""
    % LIST
)
ORDERED = "query ($order: OrganisationOrder) { organisations(order: $order, first: 5) %s }" % LIST
PEOPLE = "query ($filter: PersonFilter) { people(filter: $filter) %s }" % LIST
POSTS = (
    "query ($filter: PostFilter) { posts(filter: $filter) { totalCount nodes { id audience } } }"
)
SKILLS = """query ($filter: SkillFilter, $search: String, $language: Locale, $order: SkillOrder! = LABEL_EN) {
    skills(filter: $filter, search: $search, language: $language, order: $order, first: 10) {
    totalCount nodes { slug label(language: NL) } pageInfo { endCursor } } }"""
MANY = [f"org_00000000-0000-7000-8000-{number:012}" for number in range(101)]

CASES = [
    # Enums.
    case("enum literal", "{ organisations(filter: {kinds: [GOVERNMENT]}) { nodes { kind } } }"),
    case(
        "one enum for a list", "{ organisations(filter: {kinds: GOVERNMENT}) { nodes { kind } } }"
    ),
    case("enum variables", FILTERED, filter={"kinds": ["COMPANY", "COOPERATIVE"]}),
    case("one enum variable for a list", FILTERED, filter={"sizeBands": "MICRO"}),
    case(
        "an enum variable within a list",
        """query ($kind: OrganisationKind!, $band: SizeBand = SMALL) { organisations(filter:
            {kinds: [$kind, EDUCATION], sizeBands: [$band, LARGE, MICRO]}) %s }"""
        % LIST,
        kind="COMPANY",
    ),
    case("every enum out", "{ organisations { nodes { kind sector sizeBand viewerRole } } }"),
    case("no such enum", "{ organisations(order: SHOE) { totalCount } }", refused="INVALID"),
    case("no such enum in a variable", ORDERED, order="SHOE", refused="INVALID"),
    case(
        "an enum given as a string",
        '{ organisations(order: "NAME") { totalCount } }',
        refused="INVALID",
    ),
    # Order.
    *(
        case(f"organisations by {order} in a variable", FILTERED, order=order)
        for order in ("NAME", "FOLLOWERS", "NEWEST")
    ),
    case("order absent", ORDERED),
    case("order null", ORDERED, order=None, refused="INVALID"),
    case("order given", ORDERED, order="FOLLOWERS"),
    *(
        case(f"people by {order}", f"{{ people(order: {order}, first: 5) {LIST} }}")
        for order in ("NAME", "NEWEST")
    ),
    *(
        case(f"skills by {order} in a variable", SKILLS, order=order)
        for order in ("LABEL_EN", "LABEL_NL", "PEOPLE")
    ),
    case(
        "two orders in one document",
        """query ($a: PersonOrder! = NEWEST, $b: PersonOrder!) { a: people(order: $a, first: 2) {
            edges { cursor node { name } } } b: people(order: $b, first: 2) { edges { cursor
            node { name } } } }""",
        b="NAME",
    ),
    # Null and absent.
    case("everything absent", FILTERED),
    case("everything null", FILTERED, filter=None, search=None),
    case("an empty filter", FILTERED, filter={}),
    case(
        "nulls within a filter",
        FILTERED,
        filter={"kinds": None, "location": None, "verified": None},
    ),
    case("empty lists within a filter", FILTERED, filter={"kinds": [], "strengths": []}),
    case(
        "a null literal",
        "{ organisations(filter: null, search: null, first: null) { totalCount } }",
    ),
    case("nulls in a literal filter", "{ organisations(filter: {kinds: null}) { totalCount } }"),
    case("a null within a list", FILTERED, filter={"kinds": [None]}, refused="INVALID"),
    *(
        case(
            f"nested variables {given or 'absent'}",
            """query ($kinds: [OrganisationKind!], $verified: Boolean, $location: String) {
                organisations(filter: {kinds: $kinds, verified: $verified, location: $location,
                sectors: [TECHNOLOGY, INDUSTRY, PUBLIC_ADMINISTRATION]}) %s }"""
            % LIST,
            **given,
        )
        for given in (
            {},
            {"kinds": None, "verified": None},
            {"kinds": ["COMPANY"]},
            {"verified": False, "location": "water"},
        )
    ),
    *(
        case(
            f"a default for a variable, {given or 'absent'}",
            """query ($first: Int = 2, $current: Boolean = true, $language: Locale = NL) {
                people(first: $first) { nodes { name memberships(current: $current) { nodes { id } }
                skills(first: 1) { nodes { skill { label(language: $language) } } } } } }""",
            **given,
        )
        for given in ({}, {"current": None}, {"first": 3, "current": False, "language": "EN"})
    ),
    case(
        "null for a variable with a default where none may be",
        "query ($language: Locale = NL) { taxonomy { label(language: $language) } }",
        language=None,
        refused="INVALID",
    ),
    case(
        "an absent variable for an argument with a default",
        """query ($language: Locale, $threaded: Boolean, $length: Int) { taxonomy {
            label(language: $language) } posts(first: 2) { nodes { excerpt(length: $length)
            comments(threaded: $threaded) { totalCount } } } }""",
    ),
    case(
        "the same with values",
        """query ($language: Locale, $threaded: Boolean, $length: Int) { taxonomy {
            label(language: $language) } posts(first: 2) { nodes { excerpt(length: $length)
            comments(threaded: $threaded) { totalCount } } } }""",
        language="NL",
        threaded=True,
        length=7,
    ),
    case(
        "a missing required variable",
        "query ($id: ID!) { node(id: $id) { id } }",
        refused="INVALID",
    ),
    case(
        "a wrong type",
        "query ($n: Int) { people(first: $n) { totalCount } }",
        n="2",
        refused="INVALID",
    ),
    case("an unknown input field", FILTERED, filter={"shoes": 1}, refused="INVALID"),
    case("a variable that is not declared", "{ viewer { id } }", nobody=1),
    # Filters.
    case("by location", FILTERED, filter={"location": "WATERLAND"}),
    case("by a location with a wildcard", FILTERED, filter={"location": "50%"}),
    case("verified", FILTERED, filter={"verified": True}),
    case("not verified", FILTERED, filter={"verified": False}, search="o"),
    case(
        "by sector and size", FILTERED, filter={"sectors": ["TECHNOLOGY"], "sizeBands": ["SMALL"]}
    ),
    case("by strengths", FILTERED, filter={"strengths": ["<<skl.declared>>", "<<skl.0>>"]}),
    case("by the strength of a missing skill", FILTERED, filter={"strengths": ["<<missing.skl>>"]}),
    case(
        "by the strength of a person",
        FILTERED,
        filter={"strengths": ["<<person.pat>>"]},
        refused="INVALID_ID",
    ),
    case("people by skill", PEOPLE, filter={"skills": ["<<skl.held>>", "<<skl.0>>"]}),
    case(
        "people by skill and level", PEOPLE, filter={"skills": ["<<skl.held>>"], "minimumLevel": 4}
    ),
    case("people by level alone", PEOPLE, filter={"minimumLevel": 4}, refused="INVALID_ARGUMENT"),
    case(
        "people by organisation", PEOPLE, filter={"organisations": ["<<org.open>>", "<<org.shut>>"]}
    ),
    case("people by location", PEOPLE, filter={"location": "elders_"}),
    case(
        "people by all",
        PEOPLE,
        filter={"skills": "<<skl.held>>", "organisations": "<<org.open>>", "location": "l"},
    ),
    case(
        "people by nested variables",
        """query ($o: ID!, $s: [ID!], $level: Int) { people(filter: {organisations: [$o], skills: $s,
            minimumLevel: $level}, search: "e") %s }"""
        % LIST,
        o="<<org.open>>",
        s=["<<skl.0>>", "<<skl.1>>", "<<skl.2>>", "<<skl.3>>"],
        level=2,
    ),
    case(
        "posts by organisation", POSTS, filter={"organisations": ["<<org.open>>", "<<org.shut>>"]}
    ),
    case("posts by author", POSTS, filter={"authors": ["<<person.pat>>", "<<person.insider>>"]}),
    case("posts by language", POSTS, filter={"languages": "NL"}),
    *(
        case(f"posts that are {kind}", POSTS, filter={"kinds": [kind]})
        for kind in ("MESSAGE", "QUESTION", "REPOST")
    ),
    *(
        case(f"posts for {audience}", POSTS, filter={"audiences": [audience]})
        for audience in ("PUBLIC", "NETWORK", "FOLLOWERS", "ORGANISATION")
    ),
    case("posts since", POSTS, filter={"since": "2026-07-18T09:00:00.00008Z"}),
    case("posts until", POSTS, filter={"until": "2026-07-18T11:00:00.00008+02:00"}),
    case(
        "posts of a stretch of time",
        """query ($a: DateTime!, $b: DateTime) { posts(filter: {since: $a, until: $b, languages:
            [EN, NL]}, first: 100) { totalCount nodes { createdAt } } }""",
        a="2026-07-10T00:00:00Z",
        b="2026-10-10T00:00:00-11:00",
    ),
    case(
        "posts of a literal time",
        '{ posts(filter: {since: "2026-07-10T00:00:00Z"}, first: 3) { totalCount nodes { createdAt } } }',
    ),
    case("posts since nonsense", POSTS, filter={"since": "yesterday"}, refused="INVALID"),
    case("skills by cluster", SKILLS, filter={"clusters": ["<<scl.large>>", "<<scl.0>>"]}),
    case("skills by kind", SKILLS, filter={"kinds": ["LANGUAGE", "TRANSVERSAL"]}),
    case(
        "skills by a domain's id", SKILLS, filter={"clusters": ["<<sdm.0>>"]}, refused="INVALID_ID"
    ),
    case(
        "members by role",
        """query ($roles: [Role!]) { organisation(id: <<org.open>>) {
        members(roles: $roles) { totalCount nodes { role } } } }""",
        roles=["OWNER", "MEMBER"],
    ),
    case(
        "members by no role",
        """query ($roles: [Role!]) { organisation(id: <<org.open>>) {
        members(roles: $roles) { totalCount nodes { role } } } }""",
        roles=[],
    ),
    *(
        case(
            f"memberships, current {value}",
            f"""{{ people(first: 10) {{ nodes {{ memberships(
            current: {value}) {{ totalCount nodes {{ endedOn startedOn }} }} }} }} }}""",
        )
        for value in ("true", "false", "null")
    ),
    case(
        "skills of people at a level",
        """query ($level: Int) { people(first: 10) { nodes {
        skills(minimumLevel: $level) { totalCount nodes { level } } } } }""",
        level=4,
    ),
    case(
        "people with a skill at a level",
        """{ skill(id: <<skl.held>>) { a: people(minimumLevel: 4) {
        totalCount nodes { level } } b: people(minimumLevel: 5) { totalCount } personCount } }""",
    ),
    case(
        "reactions by kind",
        """query ($kinds: [ReactionKind!] = [LIKE, CURIOUS]) { posts(first: 10) {
        nodes { reactionCount reactions(kinds: $kinds) { totalCount nodes { kind createdAt } } } } }""",
    ),
    # Search.
    *(
        case(f"organisations with {term!r}", FILTERED, search=term)
        for term in (
            "",
            "o",
            "ORACLE",
            "%",
            "_",
            "\\",
            "%_",
            "0%",
            "ünï",
            "UNI",
            "ærø",
            "🦊",
            "'",
            '"',
            "\u0007",
        )
    ),
    *(
        case(f"people with {term!r}", "query ($q: String) { people(search: $q) %s }" % LIST, q=term)
        for term in ("", "same", "100%", "o_all", "\\o", "colleague", "RÉ", "COLLEAGUES")
    ),
    *(
        case(f"skills with {term!r} in {language}", SKILLS, search=term, language=language)
        for term, language in (
            ("ANALYSE", None),
            ("analyse", "NL"),
            ("analyse", "EN"),
            ("é", None),
            ("Überïge", None),
            ("data", "EN"),
            ("%", None),
            ("_", None),
            ("c++", None),
            ("", "NL"),
            ("prince2 p", None),
        )
    ),
    *(
        case(
            f"anything with {term!r}",
            """query ($q: String!) { search(query: $q, first: 50) { totalCount edges { cursor node {
                __typename ... on Node { id } } } pageInfo { hasNextPage endCursor } } }""",
            q=term,
        )
        for term in ("", "or", "Oracle", "same name", "%", "\\", "é", "gemeente", "zzzzzz")
    ),
    # Refusals.
    case("too many ids", PEOPLE, filter={"organisations": MANY}, refused="INVALID_ARGUMENT"),
    case("a hundred ids", PEOPLE, filter={"organisations": MANY[1:]}),
    case(
        "too many nodes",
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        ids=MANY,
        refused="INVALID_ARGUMENT",
    ),
    case("a hundred nodes", "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=MANY[1:]),
    *(
        case(f"refused: {document}", document, refused=code)
        for document, code in (
            ("{ people(first: 0) { nodes { id } } }", "INVALID_ARGUMENT"),
            ("{ people(first: 101) { nodes { id } } }", "INVALID_ARGUMENT"),
            ("{ people(last: -1) { nodes { id } } }", "INVALID_ARGUMENT"),
            ("{ people(first: 1, last: 1) { nodes { id } } }", "INVALID_ARGUMENT"),
            ("{ organisation { id } }", "INVALID_ARGUMENT"),
            ('{ organisation(slug: "a", id: <<org.open>>) { id } }', "INVALID_ARGUMENT"),
            ("{ skill(slug: null, id: null) { id } }", "INVALID_ARGUMENT"),
            ('{ organisation(id: "org") { id } }', "INVALID_ID"),
            ("{ organisation(id: <<person.pat>>) { id } }", "INVALID_ID"),
            ("{ person(id: 5) { id } }", "INVALID_ID"),
            ('{ node(id: "") { id } }', "INVALID_ID"),
            ('{ nodes(ids: ["per_1"]) { id } }', "INVALID_ID"),
            ("{ posts(first: 1) { nodes { excerpt(length: 0) } } }", "INVALID_ARGUMENT"),
            ("{ posts(first: 1) { nodes { excerpt(length: 1001) } } }", "INVALID_ARGUMENT"),
            (
                "{ skill(id: <<skl.0>>) { people(minimumLevel: 6) { totalCount } } }",
                "INVALID_ARGUMENT",
            ),
            (
                "{ viewer { id } people(filter: {skills: [], minimumLevel: 0}) { totalCount } }",
                "INVALID_ARGUMENT",
            ),
            (
                '{ posts(filter: {since: "2026-01-01T00:00:00"}) { totalCount } }',
                "INVALID_ARGUMENT",
            ),
            ('{ posts(filter: {until: "2026-01-01"}) { totalCount } }', "INVALID_ARGUMENT"),
            (r'{ people(search: "a\u0000") { totalCount } }', "INVALID_ARGUMENT"),
            (r'{ search(query: "\u0000") { totalCount } }', "INVALID_ARGUMENT"),
            ('{ people(after: "x") { nodes { id } } }', "INVALID_CURSOR"),
            ('{ people(before: "") { nodes { id } } }', "INVALID_CURSOR"),
            ("{ posts(after: <<cursor people by name|0>>) { nodes { id } } }", "INVALID_CURSOR"),
            ("{ people(after: <<cursor people by age|0>>) { nodes { id } } }", "INVALID_CURSOR"),
        )
    ),
]
