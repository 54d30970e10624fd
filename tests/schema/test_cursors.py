"""Cursors: any walk gives the whole list once, in order, whatever changes meanwhile; junk is refused."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.oracle.changing import CHANGING, Playground
from tests.oracle.documents.cases import Case
from tests.oracle.documents.connections import PATHS, filled
from tests.oracle.ground import Ground
from tests.oracle.running import Request
from tests.oracle.walking import SELECTION, Walk, asked_by, expected

pytest_plugins = ["tests.oracle.fixtures"]

PAGED = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
SHORT = [
    place for place in PATHS if place not in {"skills by English label", "skills by Dutch label"}
]
places = st.sampled_from(SHORT)
names = st.sampled_from(["visitor", "member", "follower", "insider", "stranger", "demo"])
sizes = st.lists(st.integers(1, 100), min_size=1, max_size=4)


@PAGED
@given(place=places, name=names, sizes=sizes, backward=st.booleans())
async def test_a_walk_gives_the_whole_list_once(
    ground: Ground, place: str, name: str, sizes: list[int], *, backward: bool
) -> None:
    """Forwards and backwards, in pages of any size, each page exact about what lies beyond."""
    walk = Walk(asked_by(ground, name), place, backward)
    steps = 0
    while not walk.done and steps < 12:
        await walk.step(max(sizes[steps % len(sizes)], 25 if steps > 6 else 1))
        steps += 1
    everything = expected(ground, place, name)
    whole = everything[-len(walk.met) :] if backward and walk.met else everything[: len(walk.met)]
    assert walk.met == whole
    if walk.done:
        assert walk.met == everything


@PAGED
@given(place=places, name=names, data=st.data())
async def test_between_two_cursors(
    ground: Ground, place: str, name: str, data: st.DataObject
) -> None:
    """Any two cursors, in any order, with any size from either end; pageInfo is exact."""
    cursors = ground.names.cursors(place)
    after, before = (data.draw(st.sampled_from([*cursors, None])) for _ in range(2))
    end = data.draw(st.sampled_from(["first", "last"]))
    size = data.draw(st.integers(1, 100))
    text = "query ($a: String, $b: String) { %s }" % filled(  # noqa: UP031
        PATHS[place], f"{end}: {size}, after: $a, before: $b", SELECTION
    )
    await asked_by(ground, name)(text, {"a": after, "b": before})


# Junk.

JUNK = (
    "",
    " ",
    "null",
    "[]",
    "{}",
    "[[]]",
    "0",
    "-1",
    "NaN",
    '["NAME"]',
    '["NAME", "a"]',
    '["NAME", "a", "b"]',
    '["NAME", "a\\u0000", "00000000-0000-7000-8000-000000000000"]',
    '["NAME", "\\ud800", "00000000-0000-7000-8000-000000000000"]',
    '["NAME", null, "00000000-0000-7000-8000-000000000000"]',
    '["NAME", 5, "00000000-0000-7000-8000-000000000000"]',
    '["NAME", "a", "00000000-0000-7000-8000-000000000000", "b"]',
    '["FOLLOWERS", "x", "00000000-0000-7000-8000-000000000000"]',
    '["FOLLOWERS", "2147483648", "00000000-0000-7000-8000-000000000000"]',
    '["FOLLOWERS", "-99999999999999999999", "00000000-0000-7000-8000-000000000000"]',
    '["PEOPLE", "1e3", "00000000-0000-7000-8000-000000000000"]',
    '["32768", "00000000-0000-7000-8000-000000000000"]',
    '["-32769", "00000000-0000-7000-8000-000000000000"]',
    '["99999999999999999999", "00000000-0000-7000-8000-000000000000"]',
    '["inf", "00000000-0000-7000-8000-000000000000"]',
    '["1e999", "00000000-0000-7000-8000-000000000000"]',
    "00000000-0000-7000-8000-00000000000",
    "00000000-0000-7000-8000-0000000000000",
    "pst_00000000-0000-7000-8000-000000000000",
    "\0",
    "'; drop table post; --",
    "[" * 5_000,
)
OUT_OF_RANGE = (
    "first: 0",
    "first: 101",
    "last: 0",
    "last: 101",
    "first: -1",
    "last: -5",
    "first: 2, last: 2",
)
SELECTIONS = ("{ nodes { __typename } }", "{ totalCount }", "{ pageInfo { endCursor } }")
# Each with `first` and with `last`.
PARTS = (
    "hasNextPage",
    "hasNextPage ",
    "hasPreviousPage ",
    "hasPreviousPage",
    "startCursor",
    "endCursor",
    "__typename",
    "hasNextPage hasPreviousPage",
)


@pytest.mark.parametrize("place", list(PATHS))
async def test_junk_is_refused_as_a_cursor(ground: Ground, place: str) -> None:
    """As the oracle refuses it; never as a fault of ours."""
    wrong = []
    for cursor in (*JUNK, *(ground.names.cursors(other)[0] for other in PATHS)):
        for side in ("after", "before"):
            text = "query ($c: String) { " + filled(PATHS[place], f"{side}: $c", SELECTION) + " }"
            try:
                await asked_by(ground, "member")(text, {"c": cursor})
            except AssertionError as error:
                wrong.append(f"{side}: {cursor[:80]!r}: {error}")
    assert not wrong, "\n".join(wrong)


@settings(PAGED, max_examples=100)
@given(place=st.sampled_from(list(PATHS)), cursor=st.text(max_size=40), data=st.data())
async def test_any_text_as_a_cursor(
    ground: Ground, place: str, cursor: str, data: st.DataObject
) -> None:
    """Text out of nothing, and real cursors with a piece changed."""
    if data.draw(st.booleans()):
        real = data.draw(st.sampled_from(ground.names.cursors(place)[:20]))
        start = data.draw(st.integers(0, len(real)))
        cursor = real[:start] + cursor[:3] + real[start + data.draw(st.integers(0, 3)) :]
    text = "query ($c: String) { " + filled(PATHS[place], "first: 3, after: $c", SELECTION) + " }"
    await asked_by(ground, "member")(text, {"c": cursor})


@pytest.mark.parametrize("place", list(PATHS)[::3])
async def test_a_page_out_of_range_is_refused(ground: Ground, place: str) -> None:
    """Also where the page itself is not read."""
    wrong = []
    for number, arguments in enumerate(OUT_OF_RANGE):
        selection = SELECTIONS[number % len(SELECTIONS)]
        text = "{ " + filled(PATHS[place], arguments, selection) + " }"
        request = ground.names.request(Case("range", text))
        found = await ground.compiled.answer(request, ground.viewer("member"))
        if found.codes != {"INVALID_ARGUMENT"}:
            wrong.append(f"{arguments} {selection}: {found}"[:200])
    assert not wrong, "\n".join(wrong)


async def test_a_bad_cursor_is_refused_whatever_is_selected(ground: Ground) -> None:
    """Also where the page itself is not read."""
    wrong = []
    for selection in ("{ totalCount }", "{ __typename }", "{ pageInfo { __typename } }", SELECTION):
        request = Request('{ people(after: "x") ' + selection + " }", {})
        found = await ground.compiled.answer(request, ground.viewer("member"))
        if found.codes != {"INVALID_CURSOR"}:
            wrong.append((selection, found))
    assert not wrong


@pytest.mark.parametrize("place", list(PATHS)[1::2])
async def test_one_part_of_the_page_information_alone(ground: Ground, place: str) -> None:
    """For lists with many items, and with none; nothing else of the page is selected."""
    wrong = []
    for number, part in enumerate(PARTS):
        end = ("first", "last")[number % 2]
        text = "{ " + filled(PATHS[place], f"{end}: 2", f"{{ pageInfo {{ {part} }} }}") + " }"
        for name in ("member", "visitor"):
            try:
                await asked_by(ground, name)(text, {})
            except AssertionError as error:
                wrong.append(f"{text}: {error}")
    assert not wrong, "\n".join(wrong)


# Change between pages.


@settings(PAGED, max_examples=30)
@given(
    place=st.sampled_from(list(CHANGING)),
    backward=st.booleans(),
    size=st.integers(1, 4),
    seed=st.integers(0, 10_000),
)
@example(place="feed", backward=False, size=1, seed=3)
async def test_a_walk_stays_in_place_while_rows_come_and_go(
    ground: Ground, playground: Playground, place: str, *, backward: bool, size: int, seed: int
) -> None:
    """What was there all along is met exactly once and in order; what is deleted is not met later."""
    async with playground.change(ground, place, seed) as changes:
        whole = Walk(changes.ask, place)
        while not whole.done:
            await whole.step(100)
        always = [value for _, value in whole.met]
        walk = Walk(changes.ask, place, backward)
        while not walk.done:
            page = await walk.step(size)
            already = set(changes.gone)
            assert not already & {value for _, value in page}
            await changes.some([value for _, value in page], always)
        found = [value for _, value in walk.met]
        assert len(found) == len(set(found))
        stayed = [value for value in always if value not in changes.gone]
        assert [value for value in found if value in set(stayed)] == stayed
