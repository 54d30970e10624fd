"""Every write records what happened, with the ids that tell who is to know of it; once, or not at all."""

from __future__ import annotations

import re

import httpx2
import pytest

from schema.build import build_schema
from tests.making import Maker
from tests.web.event_table import ELSEWHERE, TABLE
from tests.web.serving import done
from tests.web.staging import Case, Stage


@pytest.fixture
async def stage(make: Maker, town_client: httpx2.Client) -> Stage:
    stage = Stage(make, town_client)
    await stage.set()
    await stage.news()
    return stage


@pytest.mark.parametrize("case", TABLE)
async def test_a_write_records_what_happened_once(stage: Stage, case: Case) -> None:
    for name, statement in case.before:
        await stage.run(name, statement)
    stage.send(case, is_visitor=True)
    assert await stage.news() == []
    done(stage.send(case, key="k"), case.mutation)
    # What one statement writes has no order.
    assert sorted(await stage.news()) == sorted(case.events)
    done(stage.send(case, key="k"), case.mutation)
    assert await stage.news() == []
    if not case.repeats:
        # Done already, or refused by now.
        stage.send(case)
        assert await stage.news() == []


def test_every_mutation_is_in_the_table_or_tested_by_itself() -> None:
    sdl = build_schema().as_str()
    block = sdl[sdl.index("type Mutation {") :]
    block = block[: block.index("\n}")]
    mutations = set(re.findall(r"^  (\w+)\(", block, re.MULTILINE))
    in_table = {param.values[0].mutation for param in TABLE}
    assert mutations - in_table == ELSEWHERE
    assert in_table <= mutations


async def test_what_is_undone_records_nothing(stage: Stage) -> None:
    given = {
        "organisationId": "quay",
        "body": "x",
        "skillIds": ["skl_01890000-0000-7000-8000-000000000000"],
    }
    answer = stage.send(Case("postPublish", "ann", given, []))
    assert [error["code"] for error in answer["postPublish"]["userErrors"]] == ["NOT_FOUND"]
    assert await stage.news() == []
