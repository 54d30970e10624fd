"""Selections: aliases, fragments, merging, directives, type names, several operations."""

from __future__ import annotations

from tests.oracle.documents.cases import case

CASES = [
    case("alias at the root", "{ me: viewer { who: name } }"),
    case("the same field under two aliases", "{ a: viewer { name } b: viewer { id } }"),
    case(
        "aliases that swap names",
        '{ organisation(slug: "oracle-open") { name: slug slug: name id: about } }',
    ),
    case(
        "one list with different arguments",
        """{ organisation(id: <<org.open>>) {
            newest: posts(first: 1) { nodes { id } }
            oldest: posts(last: 1) { nodes { id } }
            all: posts { totalCount }
            owners: members(roles: [OWNER]) { nodes { role title } }
            others: members(roles: [MEMBER, EDITOR]) { totalCount nodes { role } }
        } }""",
    ),
    case(
        "one value with different arguments",
        """{ posts(first: 3) { nodes { a: excerpt(length: 5) b: excerpt(length: 1) c: excerpt
            d: excerpt(length: 1000) body } }
            skill(id: <<skl.held>>) { nl: label(language: NL) en: label(language: EN) label
            aliases dutch: aliases(language: NL) english: aliases(language: EN)
            cluster { nl: label(language: NL) label domain { nl: label(language: NL) label } } } }""",
    ),
    case("merged fields", "{ viewer { id } viewer { name } viewer { id name } }"),
    case(
        "merged lists",
        """{ organisations(first: 2) { nodes { id } } organisations(first: 2) { totalCount
            nodes { name } edges { cursor } } organisations(first: 2) { edges { node { slug } } } }""",
    ),
    case(
        "merged deep selections keep the order of first mention",
        """{ post: node(id: <<post.open_pat_public>>) { ... on Post { author { id } body } }
            post: node(id: <<post.open_pat_public>>) { ... on Post { body author { name id }
            organisation { id } } ... on Post { organisation { slug } id } } }""",
    ),
    case(
        "named fragments",
        """query { organisations(first: 3, order: FOLLOWERS) { nodes { ...Card } pageInfo { ...Info } } }
        fragment Card on Organisation { ...Name logoUrl members(first: 1) { nodes { ...Place } } }
        fragment Name on Organisation { id name }
        fragment Place on Membership { role person { ...Person } }
        fragment Person on Person { id name avatarUrl }
        fragment Info on PageInfo { endCursor hasNextPage }""",
    ),
    case(
        "a fragment spread twice",
        """{ a: person(id: <<person.pat>>) { ...P } b: person(id: <<person.col>>) { ...P ...P } }
        fragment P on Person { name email memberships { nodes { ...M } } }
        fragment M on Membership { title organisation { name } }""",
    ),
    case(
        "a fragment on the root",
        "{ ...Root viewer { name } } fragment Root on Query { taxonomy { id } viewer { id } }",
    ),
    case(
        "inline fragments with and without a type",
        """{ ... { viewer { ... { id ... on Person { name ... on Node { id } } } } }
            ... on Query { feed(first: 1) { nodes { ... on Node { id } ... on Post { body } } } } }""",
    ),
    case(
        "fragments on the types of an interface",
        """{ nodes(ids: [<<org.open>>, <<person.pat>>, <<skl.0>>, <<comment.astray>>]) {
            __typename id ...O ...P ... on Skill { slug label } ... on Comment { parent { id } } } }
        fragment O on Organisation { name kind } fragment P on Person { name headline }""",
    ),
    case(
        "fragments that never apply",
        """{ viewer { id ... on Node { id ... on Organisation { slug } } }
            organisation(slug: "oracle-open") { ... on Node { ... on Person { email } id } } }""",
    ),
    case(
        "the same key for different types",
        """{ search(query: "o", first: 40) { nodes { ... on Organisation { x: location y: slug }
            ... on Person { x: headline y: name } ... on Skill { x: escoUri y: labelNl } } } }""",
    ),
    case(
        "type names everywhere",
        """{ __typename a: __typename viewer { __typename memberships(first: 1) { __typename
            pageInfo { __typename } edges { __typename node { __typename x: __typename
            organisation { __typename } } } nodes { __typename } } } taxonomy { __typename }
            node(id: <<post.open_pat_public>>) { __typename }
            search(query: "a", first: 5) { __typename edges { __typename node { __typename } } } }""",
    ),
    case("only a type name", "{ __typename }"),
    case("only the type name of a list", "{ people { __typename } feed { __typename } }"),
    case(
        "introspection beside data",
        """{ __schema { queryType { name } } viewer { id } __type(name: "Person") { name kind
            fields { name } } organisations(first: 1) { nodes { name } } __typename }""",
    ),
    case(
        "introspection between data keeps the order",
        """{ a: viewer { name } t: __typename b: taxonomy { slug } s: __type(name: "Node") { name }
            c: posts(first: 1) { nodes { id } } }""",
    ),
    *(
        case(
            f"skip and include are {value}",
            """query ($yes: Boolean!, $no: Boolean = false) {
                viewer @include(if: $yes) { id name @skip(if: $yes) headline @include(if: $no) }
                a: people(first: 2) { totalCount @skip(if: $no) nodes @include(if: $yes) { id } }
                organisations(first: 2) @skip(if: $yes) { nodes { name ...F @include(if: $no)
                ... @skip(if: $no) { slug } ... on Organisation @include(if: $yes) { about } } }
                feed(first: 1) { pageInfo @skip(if: $yes) { hasNextPage } __typename }
            } fragment F on Organisation { kind posts(first: 1) { nodes { id @skip(if: $yes)
                body @include(if: $yes) } } }""",
            yes=value,
            no=not value,
        )
        for value in (True, False)
    ),
    case(
        "skip and include with literals",
        """{ viewer @skip(if: false) { id @include(if: true) name @include(if: false)
            email @skip(if: true) } gone: feed @skip(if: true) { totalCount }
            both: taxonomy @skip(if: false) @include(if: true) { id } }""",
    ),
    case(
        "a variable of a skipped field",
        """query ($id: ID!, $skip: Boolean!) { person(id: $id) @skip(if: $skip) { name }
            viewer { id } }""",
        id="nonsense",
        skip=True,
    ),
    case(
        "a variable of a field that is not skipped",
        """query ($id: ID!, $skip: Boolean!) { person(id: $id) @skip(if: $skip) { name }
            viewer { id } }""",
        id="nonsense",
        skip=False,
        refused="INVALID_ID",
    ),
    case("everything skipped", "{ viewer @skip(if: true) { id } }"),
    case(
        "everything skipped in an object",
        "{ viewer { id @skip(if: true) } feed { nodes @skip(if: true) { id } } }",
    ),
    case(
        "one of several operations",
        "query A { viewer { id } } query B { viewer { name } taxonomy { slug } }",
        operation="B",
    ),
    case(
        "one of several operations with fragments and variables",
        """query A($n: Int!) { people(first: $n) { nodes { ...P } } }
        query B($n: Int) { posts(last: $n) { nodes { author { ...P } } } }
        fragment P on Person { name }""",
        operation="A",
        n=2,
    ),
    case(
        "the other of the same operations",
        """query A($n: Int!) { people(first: $n) { nodes { ...P } } }
        query B($n: Int) { posts(last: $n) { nodes { author { ...P } } } }
        fragment P on Person { name }""",
        operation="B",
        n=2,
    ),
    case("a named operation", "query Me { viewer { name } }"),
    case(
        "a long alias",
        "{ " + "a" * 200 + ": viewer { " + "b" * 100 + ": name " + "b" * 100 + "c: id } }",
    ),
    case(
        "aliases that look like SQL",
        "{ n: viewer { p: name w: id } json_0: taxonomy { select: slug _: id viewer: label } }",
    ),
    case("comments and commas", '{ # "a" \n viewer,,{ id, # { \n name } }'),
    case("no such operation", "query A { viewer { id } }", operation="B", refused="INVALID"),
    case("no such field", "{ viewer { shoeSize } }", refused="INVALID"),
    case("not GraphQL", "{ viewer { id }", refused="INVALID"),
]
