"""An id or a cursor that the graph did not give for this place is refused by name."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest

from schema import prefixes
from tests.web.asking import literal, one_error, query
from tests.web.contract import Position, cursor_positions, id_positions
from tests.web.serving import assert_no_fault, data_of

KEY = "01990000-0000-7000-8000-000000000000"

# Ids

PREFIXES = [value for name, value in vars(prefixes).items() if name.isupper()]
GARBAGE_IDS = [
    "",
    "x",
    "1",
    KEY,
    "org_",
    "_",
    f"_{KEY}",
    f"org_{KEY}x",
    f"org_{KEY[:-1]}",
    f"org_{'z' * 36}",
    f"org_{KEY}\n",
    f"org_{KEY}\x00",
    f"\x00_{KEY}",
    f"o\x00rg_{KEY}",
    "org_" + "0" * 100_000,
    "é" * 1_000,
    "😀",
]
# No prefix of ours; yet an id in form, of something that is not there.
NOBODYS_IDS = [f"xyz_{KEY}", f"ORG_{KEY}", f" org_{KEY}", f"org__{KEY}", f"örg_{KEY}"]
NODE_FIELDS = {"node", "nodes"}


@pytest.mark.parametrize("position", id_positions(), ids=lambda position: position.name)
def test_garbage_is_no_id(client: httpx2.Client, position: Position) -> None:
    asked = "query($id: ID!) " + position.query("$id")
    for garbage in GARBAGE_IDS:
        code, said = one_error(query(client, asked, {"id": garbage}))
        assert code in {"INVALID_ID", "INVALID_ARGUMENT"}, said
        assert len(said) < 500
    for text in ("17", '""', literal(GARBAGE_IDS[-1])):
        assert one_error(query(client, position.query(text)))[0] == "INVALID_ID"


@pytest.mark.parametrize(
    "position",
    [position for position in id_positions() if position.field not in NODE_FIELDS],
    ids=lambda position: position.name,
)
def test_id_of_another_type_is_refused(client: httpx2.Client, position: Position) -> None:
    asked = "query($id: ID!) " + position.query("$id")
    accepted = set()
    for id_ in [*(f"{prefix}_{KEY}" for prefix in PREFIXES), *NOBODYS_IDS]:
        response = query(client, asked, {"id": id_})
        if "errors" not in response.json():
            accepted.add(id_)
            continue
        code, said = one_error(response)
        assert code == "INVALID_ID"
        assert f"{id_!r} is not the id of " in said
    assert len(accepted) == 1
    assert accepted <= {f"{prefix}_{KEY}" for prefix in PREFIXES}


def test_node_of_any_type_or_of_none_is_null(client: httpx2.Client) -> None:
    ids = [*(f"{prefix}_{KEY}" for prefix in PREFIXES), *NOBODYS_IDS]
    asked = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert data_of(query(client, asked, {"ids": ids})) == {"nodes": [None] * len(ids)}


def test_ids_are_taken_in_many_places() -> None:
    """They are found in the contract; this notices when none is found any more."""
    assert len(id_positions()) > 11


# Cursors

GARBAGE_CURSORS = [
    "",
    " ",
    "x",
    "\x00",
    "0",
    "null",
    "true",
    "[]",
    "{}",
    '"x"',
    "[null]",
    "[null, null]",
    "[[], []]",
    "[1, 2, 3]",
    '["NAME"]',
    '["NAME", "a"]',
    f'["NAME", "a", "{KEY}", "{KEY}"]',
    f"{KEY}x",
    f"{KEY}\x00",
    f"per_{KEY}",
    "[" * 10_000,
    "[" * 400 + "]" * 400,
    "é" * 1_000,
    "x" * 100_000,
    "YXJyYXljb25uZWN0aW9uOjA=",
]
HOSTILE_PARTS = [
    "",
    "\x00",
    "a\x00b",
    "x" * 50_000,
    "-1",
    str(2**31),
    str(2**63),
    "9" * 400,
    "9" * 5_000,
    "1e9",
    "nan",
    "inf",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "2026-01-01T00:00:00",
    "infinity",
    "-infinity",
    "0" * 32,
    "urn:uuid:" + KEY,
    "０" * 32,  # noqa: RUF001 - digits, to Python
    "٣",
]

# Of lists ordered by a key alone, or by a text, a time, a day or a number and a key.
FORMS = [
    KEY,
    *(json.dumps([part, KEY]) for part in ("a", "2026-01-01T00:00:00+00:00", "2026-01-01", "1")),
]

# The two ends are read by the same code: one of them gets all of it.
ENDS = {
    "after": (GARBAGE_CURSORS, HOSTILE_PARTS),
    "before": (GARBAGE_CURSORS[:4], HOSTILE_PARTS[:3]),
}


@pytest.mark.parametrize("position", cursor_positions(), ids=lambda position: position.name)
def test_garbage_is_no_cursor(client: httpx2.Client, position: Position) -> None:
    asked = "query($c: String) " + position.query("$c")
    for garbage in ENDS[position.argument][0]:
        code, said = one_error(query(client, asked, {"c": garbage}))
        assert code == "INVALID_CURSOR", said
        assert "is no cursor of this list in this order" in said
        assert len(said) < 500
    assert one_error(query(client, position.query('"x"')))[0] == "INVALID_CURSOR"
    assert "Variable" in one_error(query(client, asked, {"c": 17}))[1]


@pytest.mark.parametrize("position", cursor_positions(), ids=lambda position: position.name)
def test_forged_cursor_is_answered_or_refused(
    client: httpx2.Client, token: str, position: Position
) -> None:
    page = query(client, position.page(), token=token)
    cursor = next(cursors_in(data_of(page)), None)
    asked = "query($c: String) " + position.query("$c")
    if cursor is None:
        # Nobody in the sample world has such a list: one of the forms that cursors have will do.
        cursor = next(
            form
            for form in FORMS
            if "errors" not in query(client, asked, {"c": form}, token=token).json()
        )
    assert data_of(query(client, asked, {"c": cursor}, token=token))
    for text in forged(cursor, ENDS[position.argument][1]):
        response = query(client, asked, {"c": text}, token=token)
        assert_no_fault(response)
        if "errors" in response.json():
            assert one_error(response)[0] in {"INVALID_CURSOR", "INVALID_ARGUMENT"}


def forged(cursor: str, parts: list[str]) -> Iterator[str]:
    """Give the cursor with each of its parts exchanged for each of `parts`."""
    try:
        genuine: list[str] = json.loads(cursor)
    except ValueError:
        yield from parts
        return
    for index in range(len(genuine)):
        for part in parts:
            yield json.dumps([*genuine[:index], part, *genuine[index + 1 :]])


@pytest.mark.parametrize("end", ["after", "before"])
def test_forged_cursor_of_a_search_is_answered_or_refused(client: httpx2.Client, end: str) -> None:
    asked = f'query($c: String) {{ search(query: "a", {end}: $c) {{ nodes {{ __typename }} }} }}'
    for text in forged(json.dumps(["a", KEY]), HOSTILE_PARTS):
        assert_no_fault(query(client, asked, {"c": text}))
    for garbage in GARBAGE_CURSORS:
        assert one_error(query(client, asked, {"c": garbage}))[0] == "INVALID_CURSOR"


def test_cursor_of_another_order_is_refused(client: httpx2.Client) -> None:
    asked = (
        "query($order: OrganisationOrder!, $after: String) {"
        " organisations(first: 1, order: $order, after: $after) { pageInfo { endCursor } } }"
    )
    ends = {}
    for order in ("NAME", "FOLLOWERS", "NEWEST"):
        page = data_of(query(client, asked, {"order": order}))["organisations"]
        ends[order] = page["pageInfo"]["endCursor"]
    for order in ends:
        for other, cursor in ends.items():
            response = query(client, asked, {"order": order, "after": cursor})
            if order == other:
                assert data_of(response)
            else:
                assert one_error(response)[0] == "INVALID_CURSOR"


def cursors_in(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        if isinstance(data.get("cursor"), str):
            yield data["cursor"]
        for value in data.values():
            yield from cursors_in(value)
    elif isinstance(data, list):
        for item in data:
            yield from cursors_in(item)
