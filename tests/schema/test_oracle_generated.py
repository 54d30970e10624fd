"""Documents that nobody thought of: generated from the SDL, over real rows, answered alike.

Some come from hypothesis-graphql; these are shallow and without variables. Others are written here,
deep, with variables, fragments and directives.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle.comparing import only
from tests.oracle.drawing import Values
from tests.oracle.generating import documents
from tests.oracle.ground import Ground
from tests.oracle.running import Request, Viewer
from tests.oracle.writing import Writer

pytest_plugins = ["tests.oracle.fixtures"]

GENERATED, WRITTEN, BATCH = 40, 125, 25
FIELDS = (
    "viewer",
    "node",
    "nodes",
    "organisation",
    "organisations",
    "person",
    "people",
    "posts",
    "feed",
    "rankedFeed",
    "suggestedPeople",
    "suggestedOrganisations",
    "newInFeed",
    "blocks",
    "reports",
    "moderationLog",
    "moderationNotices",
    "moderationQueue",
    "appealQueue",
    "signOnFor",
    "listing",
    "exchange",
    "places",
    "skill",
    "skills",
    "taxonomy",
    "search",
)
# Have tests of their own: tests/web/test_discover.py, test_market.py, test_listing_files.py,
# tests/subscriptions/test_log.py.
RANKED = {"discover", "market", "liveCursor", "listingTemplates"}
SETTINGS = settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@pytest.fixture(scope="session")
def values(ground: Ground) -> Values:
    """What generated documents ask for."""
    return Values(
        ground.oracle.store, ground.names.cursors_by_field(), list(ground.names.values.values())
    )


@pytest.mark.parametrize("field", FIELDS)
async def test_documents_of_hypothesis_are_answered_alike(
    ground: Ground, values: Values, field: str
) -> None:
    found: list[Request] = []

    @settings(SETTINGS, max_examples=GENERATED)
    @given(documents(ground.oracle.schema, values, field))
    def collect(request: Request) -> None:
        found.append(request)

    collect()
    outcomes = await compare(ground, found)
    assert outcomes["data"] > len(found), outcomes


def test_every_root_field_has_its_share(ground: Ground) -> None:
    root = ground.oracle.schema.query_type
    assert root is not None
    assert sorted(set(root.fields) - RANKED) == sorted(FIELDS)
    assert GENERATED * len(FIELDS) >= 500


@pytest.mark.parametrize("start", range(0, WRITTEN, BATCH))
async def test_documents_of_ours_are_answered_alike(
    ground: Ground, values: Values, start: int
) -> None:
    requests = [
        Writer(ground.oracle.schema, values, seed).request() for seed in range(start, start + BATCH)
    ]
    outcomes = await compare(ground, requests)
    assert outcomes["data"] > BATCH, outcomes


async def compare(ground: Ground, requests: list[Request]) -> Counter[str]:
    """Compare documents for two viewers each, every fourth for all at once; give what came out."""
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    everybody = [*ground.viewers, *ground.crowd[:2]]
    for number, request in enumerate(requests):
        tree, errors = ground.oracle.document(request.text)
        assert tree is not None, errors
        assert not errors, request.text
        viewers = [ground.viewers[(number * step + step) % len(ground.viewers)] for step in (1, 3)]
        try:
            for viewer in viewers:
                expected = ground.comparison.expect(request, viewer)
                outcomes.update(expected.codes or {"data"})
                found = await ground.compiled.answer(request, viewer)
                ground.comparison.check(viewer, found, expected)
            if number % 4 == 0:
                await together(ground, request, everybody)
        except AssertionError as error:
            wrong.append(f"{error}\n{request.text}\n{request.variables}")
    assert not wrong, (
        f"{len(wrong)} of {len(requests)} differ, the shortest:\n{min(wrong, key=len)}"
    )
    return outcomes


async def together(ground: Ground, request: Request, everybody: list[Viewer]) -> None:
    """Compare a document asked for many viewers in one statement."""
    answers = await ground.compiled.answers(request, everybody)
    for viewer, found in zip(everybody, answers or (), strict=answers is not None):
        expected = ground.comparison.expect(request, viewer)
        ground.comparison.check(viewer, found, only(expected, found))
