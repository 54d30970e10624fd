"""A document larger, deeper or dearer than allowed is refused at once, with the numbers."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.web.asking import one_error, query
from tests.web.serving import assert_no_fault, client_of, data_of, errors_of, serving

# Limits


def aliased(number: int) -> str:
    return "{" + " ".join(f"a{index}: viewer {{ id }}" for index in range(number)) + "}"


LIMITED = [
    pytest.param("{" + "__typename " * 3_000 + "}", "tokens", 3_000, id="tokens"),
    pytest.param("{a" * 10_000 + "}" * 10_000, "levels of brackets", 60, id="brackets"),
    pytest.param("{a" * 10_000, "levels of brackets", 60, id="brackets-left-open"),
    pytest.param(
        "{ skill(slug: " + "[" * 10_000 + "]" * 10_000 + ") { id } }",
        "levels of brackets",
        60,
        id="list-literals",
    ),
    pytest.param(
        "{ people(filter: " + "{a: " * 10_000 + "1" + "}" * 10_000 + ") { totalCount } }",
        "levels of brackets",
        60,
        id="object-literals",
    ),
    pytest.param(
        "query($a: " + "[" * 10_000 + "Int" + "]" * 10_000 + ") { __typename }",
        "levels of brackets",
        60,
        id="types",
    ),
    pytest.param("{" + "__typename " * 601 + "}", "fields", 600, id="fields"),
    pytest.param(
        "{ ...A ...A } fragment A on Query { " + "__typename " * 301 + "}",
        "fields",
        600,
        id="fields-of-fragments",
    ),
    pytest.param(aliased(61), "aliases", 60, id="aliases"),
    pytest.param(
        "{ __typename " + "@include(if: true) " * 61 + "}", "directives", 60, id="directives"
    ),
    pytest.param(
        "{ " + "viewer { posts { nodes { author { " * 5 + "id" + " } } } }" * 5 + " }",
        "levels of fields",
        16,
        id="depth",
    ),
    pytest.param(
        "{ viewer { ...A } } fragment A on Person { posts { nodes { author { ...B } } } } "
        "fragment B on Person { posts { nodes { author { ...C } } } } "
        "fragment C on Person { posts { nodes { author { ...D } } } } "
        "fragment D on Person { posts { nodes { author { ...E } } } } "
        "fragment E on Person { posts { nodes { author { id } } } } ",
        "levels of fields",
        16,
        id="depth-of-fragments",
    ),
    pytest.param(
        "{ __schema { types " + "{ fields { type " * 8 + "{ name }" + " } }" * 8 + " } }",
        "levels of fields",
        16,
        id="depth-of-introspection",
    ),
]


@pytest.mark.parametrize(("document", "what", "limit"), LIMITED)
def test_document_over_a_limit_is_refused_with_the_number(
    client: httpx2.Client, document: str, what: str, limit: int
) -> None:
    response = query(client, document)
    code, said = one_error(response)
    assert code == "LIMIT_EXCEEDED"
    assert said.startswith(f"This document has more than {limit:,} {what}, which is the limit. ")
    extensions = response.json()["errors"][0]["extensions"]
    assert extensions["limit"] == limit
    assert extensions["actual"] > limit


def test_document_at_the_limits_is_answered(client: httpx2.Client) -> None:
    assert data_of(query(client, aliased(60)))
    assert data_of(query(client, "{" + "__typename " * 600 + "}"))
    skipped = " ".join("...on Query @include(if: true) { __typename }" for _ in range(60))
    assert data_of(query(client, "{" + skipped + "}"))


DEAR = "{ people(first: 100) { nodes { posts(first: 100) { nodes { id author { id } } } } } }"
DEAREST = (
    "query($n: Int) { posts(first: $n) { nodes { comments(first: $n) { nodes { "
    + "replies(first: $n) { nodes { " * 5
    + "__typename"
    + " } }" * 5
    + " } } } } }"
)


@pytest.mark.parametrize(
    ("document", "variables", "actual"),
    [
        pytest.param(DEAR, None, 20_100, id="literal"),
        pytest.param(DEAREST, {"n": 100}, None, id="variable"),
    ],
)
def test_operation_that_costs_too_much_is_refused_before_it_runs(
    world: str, document: str, variables: dict[str, Any] | None, actual: int | None
) -> None:
    with serving(world, cost_limit=20_000) as url, client_of(url) as client:
        for _ in range(2):
            response = query(client, document, variables)
            code, said = one_error(response)
            assert code == "LIMIT_EXCEEDED"
            extensions = response.json()["errors"][0]["extensions"]
            assert extensions["limit"] == 20_000
            assert extensions["actual"] == actual or actual is None
            assert f"{extensions['actual']:,} objects; the limit is 20,000" in said
            assert extensions["actual"] > 20_000


@pytest.mark.parametrize(
    ("found", "each"),
    [("market", 2_000), ('discover(query: "a")', 1_000)],
)
def test_lists_that_find_by_themselves_cost_too(world: str, found: str, each: int) -> None:
    with serving(world, cost_limit=6_000) as url, client_of(url) as client:

        def asked(times: int) -> httpx2.Response:
            fields = " ".join(f"a{number}: {found} {{ totalCount }}" for number in range(times))
            return query(client, f"{{ {fields} }}")

        assert asked(6_000 // each).json()["extensions"]["cost"]["requested"] == 6_000
        assert one_error(asked(6_000 // each + 1))[0] == "LIMIT_EXCEEDED"


def bomb(levels: int, leaf: str) -> str:
    """Each fragment spreads the next one twice."""
    return "{ viewer { ...F0 } } " + " ".join(
        f"fragment F{level} on Person {{ "
        + (f"...F{level + 1} ...F{level + 1}" if level < levels else leaf)
        + " }"
        for level in range(levels + 1)
    )


@pytest.mark.parametrize(
    "document",
    [
        # So small that the failing test ends; the attack is as short as that, with 30 levels.
        pytest.param(bomb(30, "id"), id="fields"),
        pytest.param(bomb(15, "...F0"), id="cycle-without-fields"),
        pytest.param(bomb(18, "...Nothing"), id="unknown-leaf"),
        pytest.param(
            "{ viewer { ...F0 } } "
            + " ".join(
                f"fragment F{one} on Person {{ "
                + " ".join(f"...F{other}" for other in range(8) if other != one)
                + " }"
                for one in range(8)
            ),
            id="mesh",
        ),
        pytest.param(
            "{ __typename } " + bomb(15, "...F0")[len("{ viewer { ...F0 } } ") :], id="unused"
        ),
    ],
)
def test_fragment_bomb_is_refused_at_once(client: httpx2.Client, document: str) -> None:
    response = query(client, document)
    assert response.status_code == 400
    errors_of(response)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{" + "viewer { id } " * 299 + "}", id="same-object"),
        pytest.param("{ viewer {" + "id " * 599 + "} }", id="same-field"),
        pytest.param(
            "{"
            + " ".join(
                f"viewer {{ posts(first: {i}) {{ nodes {{ id }} }} }}" for i in range(1, 150)
            )
            + "}",
            id="conflicts",
        ),
        pytest.param(
            "{ viewer {"
            + " ".join(f"...F{i}" for i in range(200))
            + "} } "
            + " ".join(f"fragment F{i} on Person {{ id name }}" for i in range(200)),
            id="pairs-of-fragments",
        ),
        pytest.param(
            " ".join(f"query q{i} {{ ...A }}" for i in range(300))
            + " fragment A on Query { viewer { "
            + "id " * 500
            + "} }",
            id="operations",
        ),
        pytest.param("#\n" * 100_000 + "{ __typename }", id="comments"),
        pytest.param("," * 250_000 + "{ __typename }", id="commas"),
        pytest.param('{ skill(slug: "' + "\\u{1F600}" * 20_000 + '") { id } }', id="escapes"),
        pytest.param('{ skill(slug: """' + " \\n" * 60_000 + '""") { id } }', id="block-string"),
        pytest.param("{" + "a" * 250_000 + "}", id="name"),
        pytest.param('"' * 250_000, id="quotes"),
    ],
)
def test_document_made_to_be_slow_is_cheap(client: httpx2.Client, document: str) -> None:
    assert_no_fault(query(client, document))


def test_introspection_and_explorer_can_be_switched_off(world: str) -> None:
    with (
        serving(world, introspection=False, explorer=False) as url,
        client_of(url) as client,
    ):
        for asked in (
            "{ __schema { types { name } } }",
            '{ __type(name: "Person") { name } }',
            "{ ...A } fragment A on Query { s: __schema { description } }",
        ):
            response = query(client, asked)
            assert response.status_code == 400
            assert "introspection" in errors_of(response)[0]["message"].lower()
        # No hint either at what there would have been.
        _, said = one_error(query(client, "{ viewe { id } }"))
        assert said == "Cannot query field 'viewe' on type 'Query'."
        for path in ("/schema.graphql", "/graphiql", "/", "/assets/icon.svg"):
            assert client.get(path).status_code == 404
        page_visit = client.get("/graphql", headers={"Accept": "text/html"})
        assert page_visit.status_code in {400, 406}
        assert data_of(query(client, "{ __typename viewer { __typename } }"))
