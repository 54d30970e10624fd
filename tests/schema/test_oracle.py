"""The compiler answers every fixed document exactly as the naive oracle does."""

from __future__ import annotations

import json

import pytest

from schema.build import SDL_FILE
from tests.oracle.documents.cases import Case
from tests.oracle.documents.everything import CASES
from tests.oracle.ground import Ground
from tests.oracle.graph import Answer

pytest_plugins = ["tests.oracle.fixtures"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_every_viewer_is_answered_as_by_the_oracle(ground: Ground, case: Case) -> None:
    """Each viewer alone, the stock way and then the short way; then all of them in one statement."""
    request = ground.names.request(case)
    expected = {
        viewer: ground.oracle.answer(
            request.text,
            request.variables,
            viewer=viewer.key,
            operation_name=request.operation_name,
        )
        for viewer in (*ground.viewers, *ground.crowd)
    }
    codes = {code for answer in expected.values() for code in answer.codes}
    assert codes == ({case.refused} if case.refused else set())
    for viewer in ground.viewers:
        for _ in range(2):
            found = await ground.compiled.answer(request, viewer)
            assert agree(found, expected[viewer]), difference(viewer.name, found, expected[viewer])
    if case.refused == "INVALID":
        return
    together = await ground.compiled.answers(request, list(expected))
    if together is None:
        return
    for (viewer, wanted), found in zip(expected.items(), together, strict=True):
        compiled_part = only(wanted, found)
        assert agree(found, compiled_part), difference(viewer.name, found, compiled_part)


def test_the_oracle_reads_the_contract_that_is_served(ground: Ground) -> None:
    assert ground.compiled.graph.as_str().strip() == SDL_FILE.read_text().strip()


def agree(found: Answer, expected: Answer) -> bool:
    """Tell whether both gave the same JSON, keys in the same order, or both refused alike."""
    if expected.codes:
        if "INVALID" in expected.codes:
            spoken = {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "EXECUTION_FAILED"}
            return found.text is None and bool(found.codes & spoken)
        return found.text is None and found.codes <= expected.codes
    return found == expected


def only(expected: Answer, found: Answer) -> Answer:
    """Give an expected answer without the root fields that are not compiled."""
    if expected.text is None or found.text is None:
        return expected
    data = {key: value for key, value in expected.data.items() if key in found.data}
    return Answer(json.dumps(data), expected.codes)


def difference(viewer: str, found: Answer, expected: Answer) -> str:
    """Say where two answers differ first."""
    if found.text is None or expected.text is None:
        return f"{viewer}: {sorted(found.codes)} instead of {sorted(expected.codes)}"
    return f"{viewer}: {_first(found.data, expected.data, '')}"


def _first(found: object, expected: object, path: str) -> str:
    if isinstance(found, dict) and isinstance(expected, dict) and list(found) == list(expected):
        pairs = [(found[key], expected[key], f"{path}.{key}") for key in found]
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        pairs = [
            (one, two, f"{path}[{n}]")
            for n, (one, two) in enumerate(zip(found, expected, strict=True))
        ]
    else:
        return f"{path} is {json.dumps(found)[:500]} instead of {json.dumps(expected)[:500]}"
    return next(
        (_first(*pair) for pair in pairs if json.dumps(pair[0]) != json.dumps(pair[1])), "nothing"
    )
