"""Whatever comes in, the answer is quick and says what is wrong; it is never our fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.asking import HEADERS, cheap, literal, one_error, post, query
from tests.web.serving import ask, assert_no_fault, data_of, errors_of

KEY = "01990000-0000-7000-8000-000000000000"
FUZZ = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

# Bodies


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", r"The request is not JSON: .*empty document"),
        (b"{", r"The request is not JSON: "),
        (b'{"query":', r"The request is not JSON: .*line 1 column"),
        (b"query { __typename }", r"The request is not JSON: "),
        (b"\xff\xfe\x00", r"The request is not JSON: .*UTF-8"),
        (b'{"query":"\xff"}', r"The request is not JSON: .*UTF-8"),
        (b'{"query":"{ skill(slug: \\"\\ud800\\") { id } }"}', r"The request is not JSON: .*surr"),
        (b'{"query":"{a}","variables":{"a":"\\udc00"}}', r"The request is not JSON: .*surr"),
        (b'{"query":"\x00"}', r"The request is not JSON: "),
        (b'{"query":"{__typename}","variables":{"a":NaN}}', r"The request is not JSON: "),
        (b'{"query":"{__typename}"} {}', r"The request is not JSON: "),
        (b"[]", r"must be a JSON object with a query"),
        (b'[{"query":"{__typename}"}]', r"must be a JSON object with a query"),
        (b"null", r"must be a JSON object with a query"),
        (b"17", r"must be a JSON object with a query"),
        (b"true", r"must be a JSON object with a query"),
        (b'"{ __typename }"', r"must be a JSON object with a query"),
        (b"{}", r"query must be a text"),
        (b'{"query":null}', r"query must be a text"),
        (b'{"query":17}', r"query must be a text"),
        (b'{"query":["{__typename}"]}', r"query must be a text"),
        (b'{"query":""}', r"query must be a text"),
        (b'{"query":"  \\n"}', r"query must be a text"),
        (b'{"query":"{__typename}","variables":"a"}', r"variables must be an object or null"),
        (b'{"query":"{__typename}","variables":[]}', r"variables must be an object or null"),
        (b'{"query":"{__typename}","variables":false}', r"variables must be an object or null"),
        (b'{"query":"{__typename}","extensions":[]}', r"extensions must be an object or null"),
        (b'{"query":"{__typename}","operationName":1}', r"operationName must be a text or null"),
        (b'{"query":"{__typename}","operationName":{}}', r"operationName must be a text or null"),
        (b'{"query":"query a {__typename}","operationName":"b"}', r"no operation named 'b'"),
        (b"[" * 10_000, r"The request is not JSON: "),
        (b"[" * 10_000 + b"]" * 10_000, r"The request is not JSON: .*depth"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, r"The request is not JSON: .*depth"),
        (
            b'{"query":"{__typename}","variables":{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}}",
            r"The request is not JSON: .*depth",
        ),
    ],
)
def test_body_that_is_no_request_is_refused(
    client: httpx2.Client, body: bytes, message: str
) -> None:
    code, said = one_error(post(client, body))
    assert code == "BAD_REQUEST"
    assert re.search(message, said), said


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"query":"' + b"a" * 1_000_000 + b'"}', id="document"),
        pytest.param(b'{"query":"{a}","variables":{"a":"' + b"a" * 300_000 + b'"}}', id="variable"),
        pytest.param(b" " * 262_145, id="one-too-many"),
    ],
)
def test_too_long_a_body_is_refused(client: httpx2.Client, body: bytes, *, chunked: bool) -> None:
    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 50_000):
            yield body[start : start + 50_000]

    with cheap("a long body"):
        response = client.post("/graphql", content=pieces() if chunked else body, headers=HEADERS)
    assert one_error(response, 413) == ("TOO_LARGE", "A request has at most 262,144 bytes.")


@pytest.mark.parametrize("depth", [500, 1_000])
def test_deep_variables_that_are_json_are_checked_like_any(
    client: httpx2.Client, depth: int
) -> None:
    asked = "query($f: OrganisationFilter) { organisations(filter: $f) { totalCount } }"
    for body in (b'{"a":' * depth + b"1" + b"}" * depth, b"[" * depth + b"]" * depth):
        request = b'{"query":"%s","variables":{"f":%s}}' % (asked.encode(), body)
        code, said = one_error(post(client, request))
        assert code == "GRAPHQL_VALIDATION_FAILED"
        assert said.startswith("Variable")


def test_empty_selection_is_answered_or_refused(client: httpx2.Client) -> None:
    for text in ("{ }", "{ viewer { } }", "{ people { nodes { } } }"):
        assert_no_fault(query(client, text))


# Documents


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "Syntax Error: Expected Name, found <EOF>."),
        ("# nothing", "Syntax Error: Unexpected <EOF>."),
        ("hello", "Syntax Error: Unexpected Name 'hello'."),
        ("\x00", "Syntax Error: Unexpected character: U+0000."),
        ("\x07", "Syntax Error: Unexpected character: U+0007."),
        ("{ é }", "Syntax Error: Unexpected character: U+00E9."),
        ('{ skill(slug: "\\ud800") { id } }', "Syntax Error: Invalid Unicode escape sequence"),
        ('{ skill(slug: "\\u{110000}") { id } }', "Syntax Error: Invalid Unicode escape sequence"),
        ('{ skill(slug: "a', "Syntax Error: Unterminated string."),
        ('{ skill(slug: """a', "Syntax Error: Unterminated string."),
        ("query($a: Int!!) { __typename }", "Syntax Error: "),
        ("type A { b: Int }", "The document has no operation to run."),
    ],
)
def test_document_that_is_not_graphql_is_refused(
    client: httpx2.Client, document: str, message: str
) -> None:
    response = query(client, document)
    assert response.status_code == 400
    assert message in errors_of(response)[0]["message"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{ nothing }", "Cannot query field 'nothing' on type 'Query'."),
        ("{ viewer { secret } }", "Cannot query field 'secret' on type 'Person'."),
        ("{ viewer }", "Field 'viewer' of type 'Person' must have a selection of subfields."),
        ("{ taxonomy { slug { a } } }", "Field 'slug' must not have a selection"),
        ("{ person { id } }", "of type 'ID!' is required"),
        ("{ person(id: null) { id } }", "null"),
        ("{ person(id: true) { id } }", "ID cannot represent"),
        ("{ person(id: [1]) { id } }", "ID cannot represent"),
        ("{ person(id: {a: 1}) { id } }", "ID cannot represent"),
        ("{ people(size: 3) { totalCount } }", "Unknown argument 'size'"),
        ('{ people(first: "3") { totalCount } }', "Int cannot represent non-integer value"),
        ("{ people(first: 1.5) { totalCount } }", "Int cannot represent non-integer value"),
        ("{ people(first: 2147483648) { totalCount } }", "non 32-bit signed integer"),
        (f"{{ people(first: {'9' * 4_000}) {{ totalCount }} }}", "non 32-bit signed integer"),
        (f"{{ people(first: {'9' * 100_000}) {{ totalCount }} }}", "Int"),
        ("{ people(order: WEALTH) { totalCount } }", "'WEALTH' does not exist in 'PersonOrder'"),
        ('{ people(order: "NAME") { totalCount } }', "cannot represent non-enum value"),
        ("{ people(order: null) { totalCount } }", "null"),
        ("{ people(filter: {wealth: 3}) { totalCount } }", "'wealth'"),
        ("{ people(filter: 3) { totalCount } }", "PersonFilter"),
        ("{ ...Nothing }", "Unknown fragment 'Nothing'."),
        ("fragment A on Query { __typename }", "The document has no operation to run."),
        ("query a { __typename } query b { __typename }", "operation"),
        ("{ __typename ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "itself"),
        ("{ ...A } fragment A on Query { ...A }", "within itself"),
        ("{ __typename @magic }", "Unknown directive '@magic'."),
        ("{ __typename @include }", "of type 'Boolean!' is required"),
        ("{ __typename @skip(if: true) @skip(if: true) }", "can only be used once"),
        ("query a { __typename } query a { __typename }", "only one operation named 'a'"),
        ("query($a: Int, $a: Int) { people(first: $a) { totalCount } }", "only one variable"),
        ("query($a: Nothing) { people(first: $a) { totalCount } }", "Unknown type 'Nothing'"),
        ("query($a: Person) { people(first: $a) { totalCount } }", "cannot be non-input type"),
        ("query($a: String) { people(first: $a) { totalCount } }", "expecting type 'Int'"),
        ("{ people(first: $a) { totalCount } }", "Variable '$a' is not defined."),
        ("{ a: viewer { id } a: taxonomy { id } }", "conflict"),
        ("mutation { a }", "Cannot query field 'a' on type 'Mutation'"),
    ],
)
def test_document_that_does_not_fit_the_schema_is_refused(
    client: httpx2.Client, document: str, message: str
) -> None:
    for _ in range(2):
        response = query(client, document)
        assert response.status_code == 400
        said = [error["message"] for error in errors_of(response)]
        assert any(message in text for text in said), said


@pytest.mark.parametrize(
    ("declared", "used", "value", "message"),
    [
        ("Int!", "people(first: $v) { nodes { id } }", None, "Int!"),
        ("Int", "people(first: $v) { nodes { id } }", "3", "Int cannot represent non-integer"),
        ("Int", "people(first: $v) { nodes { id } }", 1.5, "Int cannot represent non-integer"),
        ("Int", "people(first: $v) { nodes { id } }", True, "Int cannot represent non-integer"),
        ("Int", "people(first: $v) { nodes { id } }", 2**31, "non 32-bit signed integer"),
        ("Int", "people(first: $v) { nodes { id } }", -(2**63), "non 32-bit signed integer"),
        ("Int", "people(first: $v) { nodes { id } }", 2**64, "non 32-bit signed integer"),
        ("Int", "people(first: $v) { nodes { id } }", 10**400, "is not JSON"),
        ("Int", "people(first: $v) { nodes { id } }", [1], "Int cannot represent non-integer"),
        ("Int", "people(first: $v) { nodes { id } }", 0, "first is 0; it must be between 1"),
        ("Int", "people(first: $v) { nodes { id } }", -1, "first is -1; it must be between 1"),
        ("Int", "people(last: $v) { nodes { id } }", 101, "last is 101; it must be between 1"),
        ("String", "people(search: $v) { nodes { id } }", 3, "String cannot represent"),
        ("ID!", "person(id: $v) { id }", True, "ID cannot represent"),
        ("ID!", "person(id: $v) { id }", 1.5, "ID cannot represent"),
        ("ID!", "person(id: $v) { id }", {}, "ID cannot represent"),
        ("[ID!]!", "nodes(ids: $v) { id }", [None], "null"),
        ("[ID!]!", "nodes(ids: $v) { id }", [[KEY]], "ID cannot represent"),
        ("PersonOrder!", "people(order: $v) { nodes { id } }", "WEALTH", "WEALTH"),
        ("PersonOrder!", "people(order: $v) { nodes { id } }", 1, "PersonOrder"),
        ("PersonFilter", "people(filter: $v) { nodes { id } }", {"wealth": 1}, "wealth"),
        ("PersonFilter", "people(filter: $v) { nodes { id } }", "Ada", "PersonFilter"),
        ("PostFilter", "posts(filter: $v) { nodes { id } }", {"since": "soon"}, "soon"),
        ("PostFilter", "posts(filter: $v) { nodes { id } }", {"since": 3}, "DateTime"),
        ("PostFilter", "posts(filter: $v) { nodes { id } }", {"since": "x" * 9_999}, "DateTime"),
        ("Boolean!", "viewer @include(if: $v) { id }", "yes", "Boolean cannot represent"),
        ("Boolean!", "viewer @skip(if: $v) { id }", None, "Boolean!"),
    ],
)
def test_variable_of_the_wrong_kind_is_refused(
    client: httpx2.Client, declared: str, used: str, value: object, message: str
) -> None:
    for _ in range(2):
        code, said = one_error(query(client, f"query($v: {declared}) {{ {used} }}", {"v": value}))
        assert code in {"GRAPHQL_VALIDATION_FAILED", "INVALID_ARGUMENT", "BAD_REQUEST"}
        assert message in said


def test_missing_variable_is_named(client: httpx2.Client) -> None:
    for variables in (None, {}, {"other": 1}):
        response = query(client, "query($id: ID!) { person(id: $id) { id } }", variables)
        code, said = one_error(response)
        assert code == "GRAPHQL_VALIDATION_FAILED"
        assert "Variable '$id'" in said
        assert "'ID!'" in said


def test_too_long_a_list_is_refused(client: httpx2.Client) -> None:
    asked = "query($v: [ID!]!) { nodes(ids: $v) { id } }"
    code, said = one_error(query(client, asked, {"v": [f"per_{KEY}"] * 101}))
    assert code == "INVALID_ARGUMENT"
    assert said == "A list holds at most 100 items; this one has 101."
    asked = "query($v: [ID!]) { people(filter: {skills: $v}) { nodes { id } } }"
    assert one_error(query(client, asked, {"v": [f"skl_{KEY}"] * 5_000}))[0] == "INVALID_ARGUMENT"


# Times, texts

TIMES = [
    "0001-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999+00:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00:00+00:00",
    "2026-01-01",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00+23:59",
    "2026-W01-1",
    "20260101T000000Z",
    "",
    "\x00",
    "infinity",
    "now",
]


@pytest.mark.parametrize("time", TIMES)
def test_odd_time_is_answered_or_refused(client: httpx2.Client, time: str) -> None:
    asked = "query($t: DateTime) { posts(filter: {since: $t, until: $t}) { nodes { id } } }"
    assert_no_fault(query(client, asked, {"t": time}))
    asked = f"{{ posts(filter: {{since: {literal(time)}}}) {{ nodes {{ id }} }} }}"
    assert_no_fault(query(client, asked))


SEARCHES = [
    "{{ skill(slug: {0}) {{ id }} }}",
    "{{ organisation(slug: {0}) {{ id }} }}",
    "{{ people(search: {0}) {{ nodes {{ id }} }} }}",
    "{{ people(filter: {{location: {0}}}) {{ totalCount }} }}",
    "{{ organisations(search: {0}) {{ nodes {{ id }} }} }}",
    "{{ organisations(filter: {{location: {0}}}) {{ totalCount }} }}",
    "{{ skills(search: {0}) {{ nodes {{ id }} }} }}",
    "{{ search(query: {0}) {{ nodes {{ __typename }} }} }}",
]


@pytest.mark.parametrize("asked", SEARCHES)
def test_character_that_postgres_has_not_is_refused_in_words(
    client: httpx2.Client, asked: str
) -> None:
    for text in ("\x00", "a\x00b"):
        for _ in range(2):
            code, said = one_error(query(client, asked.format(literal(text))))
            assert code == "INVALID_ARGUMENT"
            assert "U+0000" in said
    declared = "query($v: String!) " + asked.format("$v")
    assert one_error(query(client, declared, {"v": "a\x00b"}))[0] == "INVALID_ARGUMENT"


@pytest.mark.parametrize("asked", SEARCHES)
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "%",
        "_" * 1_000,
        "\\",
        "%\\" * 500,
        "'; drop table person; --",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "\u202e\u0301\ufeff\uffff\U0010ffff",
        "a" * 100_000,
        "à" * 20_000,
    ],
    ids=lambda text: repr(text[:10]),
)
def test_odd_text_is_only_a_text(client: httpx2.Client, asked: str, text: str) -> None:
    declared = "query($v: String!) " + asked.format("$v")
    assert_no_fault(query(client, declared, {"v": text}))


# Anything

TOKENS = [
    *"{}()[]:!$@=|&",
    "...",
    "query",
    "fragment",
    "on",
    "mutation",
    "viewer",
    "node",
    "people",
    "organisations",
    "nodes",
    "edges",
    "id",
    "name",
    "first",
    "after",
    "filter",
    "__typename",
    "__schema",
    "Person",
    "Query",
    "Int",
    "A",
    "@include(if: true)",
    "@skip(if: $A)",
    "null",
    "true",
    "NAME",
    "0",
    "-1",
    "1e99",
    '""',
    '"\\u0000"',
    '"x"',
    '"""x"""',
    f'"per_{KEY}"',
    f'"{KEY}"',
]
FIELDS = [
    "id",
    "name",
    "__typename",
    "nothing",
    "{ id }",
    "memberships { nodes { id organisation { name } } }",
    "skills(minimumLevel: 9) { totalCount }",
    "posts(last: 3) { pageInfo { startCursor } nodes { excerpt(length: -1) } }",
    "following(first: 1, last: 1) { nodes { id } }",
    "... on Person @include(if: true) { id }",
    "... on Node { id }",
    "...A",
    "a: name",
    "a: id",
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
plausible = st.fixed_dictionaries(
    {},
    optional={
        "query": st.sampled_from(
            ["{ __typename }", "query($a: Int) { people(first: $a) { totalCount } }", "{"]
        )
        | json_values,
        "variables": st.dictionaries(st.sampled_from(["a", "b"]), json_values) | json_values,
        "operationName": json_values,
        "extensions": json_values,
    },
).map(lambda body: json.dumps(body).encode())


@FUZZ
@given(st.binary(max_size=200) | json_values.map(lambda v: json.dumps(v).encode()) | plausible)
def test_any_body_is_answered_or_refused(client: httpx2.Client, body: bytes) -> None:
    assert_no_fault(post(client, body))


@FUZZ
@given(
    st.lists(st.sampled_from(TOKENS), max_size=40).map(" ".join)
    | st.lists(st.sampled_from(FIELDS), max_size=6).map(
        lambda fields: f"{{ viewer {{ id {' '.join(fields)} }} }} fragment A on Person {{ name }}"
    )
    | st.lists(st.sampled_from(FIELDS), max_size=4).map(
        lambda fields: f"{{ people(first: 2) {{ nodes {{ id {' '.join(fields)} }} }} }}"
    )
    | st.text(max_size=50)
)
def test_any_query_is_answered_or_refused(client: httpx2.Client, token: str, text: str) -> None:
    assert_no_fault(query(client, text, token=token))


def test_fuzzing_left_the_server_well(client: httpx2.Client) -> None:
    assert data_of(ask(client, "{ __typename }"))
