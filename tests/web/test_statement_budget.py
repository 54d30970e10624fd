"""One read is one statement on the wire: whoever asks, however deep, and when it is refused too."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.web.serving import ask, client_of, data_of, serving
from tests.web.wire import Wire, wire_to

PERSON = "{ id name headline avatarUrl currentMembership { title organisation { slug name } } }"
POST = (
    "{ id body createdAt commentCount reactionCount viewerReaction"
    f" author {PERSON} organisation {{ id slug name logoUrl viewerFollows }}"
    " comments(threaded: true, first: 3) { totalCount nodes {"
    f" id body author {PERSON} replies(first: 2) {{ nodes {{ id body }} }} }} }}"
    " reactions(first: 3) { nodes { kind person { name } } } }"
)
PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
FEED = (
    f"query($n: Int, $after: String) {{ feed(first: $n, after: $after) {{ {PAGE} nodes {POST} }} }}"
)
ORGANISATION = (
    "query($slug: String!) { organisation(slug: $slug) { id name about followerCount viewerRole"
    f" members(first: 10) {{ totalCount {PAGE} nodes {{ role title person {PERSON} }} }}"
    " strengths { nodes { statement skill { label(language: NL) } } }"
    f" followers(first: 5) {{ totalCount nodes {PERSON} }} posts(first: 5) {{ nodes {POST} }} }} }}"
)
PEOPLE = (
    "query($text: String, $order: PersonOrder!) {"
    " people(search: $text, order: $order, first: 20) {"
    f" totalCount {PAGE} nodes {{ id skills(minimumLevel: 3) {{ totalCount nodes {{ level"
    " skill { labelEn } } } } } }"
)
DEEP = (
    "{ organisations(first: 2) { nodes { members(first: 2) { nodes { person { following(first: 2) {"
    " nodes { posts(first: 2) { nodes { comments(first: 2) { nodes { author { name }"
    " } } } } } } } } } } } }"
)
EVERYTHING = (
    "{ viewer { name } taxonomy { slug clusters { slug } } skills(first: 5) { totalCount }"
    " people(first: 1) { nodes { id } } posts(last: 2) { nodes { id } }"
    ' search(query: "water") { totalCount nodes { __typename ... on Organisation { name } } } }'
)
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Person { name } } }"
OPERATIONS = [
    pytest.param("{ viewer { id } }", None, id="viewer"),
    pytest.param(FEED, {"n": 20}, id="feed"),
    pytest.param(ORGANISATION, {"slug": "politie-waterland"}, id="organisation"),
    pytest.param(ORGANISATION, {"slug": "nothing-like-it"}, id="no-such-organisation"),
    pytest.param(PEOPLE, {"text": "an", "order": "NAME"}, id="people"),
    pytest.param(DEEP, None, id="deep"),
    pytest.param(EVERYTHING, None, id="everything"),
    pytest.param(NODES, {"ids": ["per_01990000-0000-7000-8000-000000000000"] * 50}, id="nodes"),
]
# One round trip with everything in it: bind, execute, sync; nothing parsed, nothing asked twice.
ONE = {"B": 1, "E": 1, "S": 1}


@pytest.fixture(scope="module")
def wire(world: str) -> Iterator[Wire]:
    with wire_to(world) as wire:
        yield wire


@pytest.fixture(scope="module")
def client(wire: Wire) -> Iterator[httpx2.Client]:
    # One connection: a statement is prepared once on each.
    with serving(wire.dsn, pool_size=2) as url, client_of(url) as client:
        # A session asks once what an array is, when it is first given one.
        data_of(ask(client, NODES, {"ids": []}))
        yield client


def spent(
    wire: Wire, client: httpx2.Client, query: str, variables: object, token: str | None
) -> tuple[httpx2.Response, dict[str, int]]:
    wire.counts.clear()
    response = ask(client, query, variables, token=token)  # type: ignore[arg-type]
    return response, dict(wire.counts)


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed-in", "anonymous"])
@pytest.mark.parametrize(("query", "variables"), OPERATIONS)
def test_read_is_one_statement(
    wire: Wire,
    client: httpx2.Client,
    token: str,
    query: str,
    variables: dict[str, object] | None,
    *,
    signed_in: bool,
) -> None:
    who = token if signed_in else None
    first, cold = spent(wire, client, query, variables, who)
    # A session that meets the statement for the first time prepares it, and executes it once.
    assert cold.get("E") == 1
    assert cold.get("P", 0) <= 1
    assert cold.get("Q", 0) == 0
    for _ in range(2):
        again, warm = spent(wire, client, query, variables, who)
        assert warm == ONE
        assert data_of(again) == data_of(first)


@pytest.mark.parametrize(("query", "variables"), OPERATIONS)
def test_wrong_token_costs_one_statement_too(
    wire: Wire, client: httpx2.Client, query: str, variables: dict[str, object] | None
) -> None:
    wrong = "tc_nobodys"
    spent(wire, client, query, variables, wrong)
    response, counts = spent(wire, client, query, variables, wrong)
    assert response.status_code == 401
    assert counts == ONE


def test_pages_of_a_list_share_one_plan(wire: Wire, client: httpx2.Client, token: str) -> None:
    cursor = None
    pages = []
    spent(wire, client, FEED, {"n": 2, "after": None}, token)
    for number in range(4):
        response, counts = spent(wire, client, FEED, {"n": 2, "after": cursor}, token)
        # With and without a cursor are two statements; each is prepared once.
        assert counts.get("P", 0) == (1 if number == 1 else 0)
        assert counts["E"] == 1
        page = data_of(response)["feed"]
        cursor = page["pageInfo"]["endCursor"]
        pages.append(page["nodes"])
    ids = [post["id"] for page in pages for post in page]
    assert len(set(ids)) == len(ids) == 8


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("{ __typename }", id="typename"),
        pytest.param("{ __schema { queryType { name } } }", id="introspection"),
        pytest.param("{ nothing }", id="unknown-field"),
        pytest.param("{", id="syntax"),
        pytest.param('{ person(id: "x") { id } }', id="bad-id"),
        pytest.param('{ posts(after: "x") { nodes { id } } }', id="bad-cursor"),
        pytest.param("{ people(first: 101) { nodes { id } } }", id="page-size"),
        pytest.param("{" + "__typename " * 601 + "}", id="limit"),
        pytest.param(
            "{ people(first: 100) { nodes { posts(first: 100) { nodes {"
            " comments(first: 100) { nodes { id } } } } } } }",
            id="cost",
        ),
        pytest.param("{ viewer @skip(if: true) { id } __typename }", id="skipped"),
    ],
)
def test_what_is_refused_or_needs_no_row_costs_no_statement(
    wire: Wire, client: httpx2.Client, query: str
) -> None:
    for _ in range(2):
        _, counts = spent(wire, client, query, None, None)
        assert counts == {}


def test_token_beside_what_needs_no_row_costs_one_statement(
    wire: Wire, client: httpx2.Client, token: str
) -> None:
    for who, status in ((token, 200), ("tc_nobodys", 401)):
        for query in ("{ __typename }", "{ __schema { queryType { name } } }"):
            spent(wire, client, query, None, who)
            response, counts = spent(wire, client, query, None, who)
            assert response.status_code == status
            assert counts == ONE


def test_what_was_found_is_rendered_in_one_statement_a_kind(
    wire: Wire, client: httpx2.Client, token: str
) -> None:
    document = (
        'query($kinds: [FoundKind!]) { discover(query: "water", filter: { kinds: $kinds }, first: 100)'
        " { edges { snippet { text } node { __typename ... on Post { body author { name } }"
        " ... on Organisation { name } ... on Person { name } ... on Skill { slug }"
        " ... on Listing { title } } } } }"
    )
    for kinds, statements in ((None, 6), (["POST"], 2), (["SKILL", "PERSON"], 3)):
        spent(wire, client, document, {"kinds": kinds}, token)
        response, counts = spent(wire, client, document, {"kinds": kinds}, token)
        edges = data_of(response)["discover"]["edges"]
        assert len(edges) > 10
        assert len({edge["node"]["__typename"] for edge in edges}) == statements - 1
        assert counts["E"] == statements
