"""The compiler answers every fixed document exactly as the naive oracle does."""

from __future__ import annotations

from collections import Counter

import pytest

from schema.build import SDL_FILE
from tests.oracle.documents.cases import Case
from tests.oracle.documents.everything import CASES
from tests.oracle.ground import Ground

pytest_plugins = ["tests.oracle.fixtures"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_every_viewer_is_answered_as_by_the_oracle(ground: Ground, case: Case) -> None:
    """Each viewer alone, the stock way and then the short way; then all of them in one statement."""
    await ground.comparison.fixed(case)


def test_the_oracle_reads_the_contract_that_is_served(ground: Ground) -> None:
    assert ground.compiled.graph.as_str().strip() == SDL_FILE.read_text().strip()


def test_no_two_documents_have_one_name() -> None:
    assert not [name for name, times in Counter(case.name for case in CASES).items() if times > 1]
