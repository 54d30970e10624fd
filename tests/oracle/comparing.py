"""Compares the compiler with the oracle, document by document, and keeps what was exercised."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.oracle.documents.cases import Case
from tests.oracle.graph import Answer, Oracle
from tests.oracle.naming import Names
from tests.oracle.running import Compiled, Request, Viewer

SPOKEN = {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "EXECUTION_FAILED"}
ONE_BY_ONE, TOGETHER = "one by one", "together"


@dataclass(repr=False)
class Comparison:
    """Both sides, those who ask, and what became of each field in the documents compared so far."""

    oracle: Oracle
    compiled: Compiled
    names: Names
    viewers: Sequence[Viewer]
    crowd: Sequence[Viewer]
    # By case and mode, then by field: what became of it.
    exercised: dict[tuple[str, str], dict[str, set[str]]] = field(default_factory=dict)
    comparisons: int = 0

    async def fixed(self, case: Case) -> None:
        """Compare a fixed document: each viewer alone, twice at first, then everybody together.

        Raises:
            AssertionError: The answers differ; the message says for whom and where.
        """
        request = self.names.request(case)
        start = len(request.text) % len(self.viewers)
        alone = [*self.viewers[start:], *self.viewers[:start]][: 3 if case.brief else None]
        everybody = alone[:3] + list(self.crowd[:2]) if case.brief else [*alone, *self.crowd]
        expected = {viewer: self.expect(request, viewer) for viewer in everybody}
        codes = {code for answer in expected.values() for code in answer.codes}
        assert codes == ({case.refused} if case.refused else set()), codes
        # The first time the stock way, the second time and for all others the short way.
        for viewer in [alone[0], *alone]:
            self.check(viewer, await self.compiled.answer(request, viewer), expected[viewer])
        self._keep(case, ONE_BY_ONE, [expected[viewer] for viewer in alone])
        if case.refused == "INVALID":
            return
        together = await self.compiled.answers(request, everybody)
        if together is None:
            assert "__typename" in case.text or "skip" in case.text, "nothing is compiled"
            return
        for viewer, answer in zip(everybody, together, strict=True):
            self.check(viewer, answer, only(expected[viewer], answer))
        self._keep(case, TOGETHER, list(expected.values()))

    def expect(self, request: Request, viewer: Viewer) -> Answer:
        """Give the oracle's answer."""
        return self.oracle.answer(
            request.text,
            request.variables,
            viewer=viewer.key,
            operation_name=request.operation_name,
        )

    def check(self, viewer: Viewer, found: Answer, expected: Answer) -> None:
        """Compare one answer.

        Raises:
            AssertionError: It differs.
        """
        self.comparisons += 1
        if not agree(found, expected):
            raise AssertionError(difference(viewer.name, found, expected))

    def _keep(self, case: Case, mode: str, answers: list[Answer]) -> None:
        kept = self.exercised.setdefault((case.name, mode), {})
        for answer in answers:
            for name, outcomes in answer.outcomes.items():
                kept.setdefault(name, set()).update(outcomes)


def agree(found: Answer, expected: Answer) -> bool:
    """Tell whether both gave the same JSON, keys in the same order, or both refused alike."""
    if expected.codes:
        if "INVALID" in expected.codes:
            return found.text is None and bool(found.codes & (SPOKEN | expected.codes))
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
    pairs: list[tuple[object, object, str]] = []
    if isinstance(found, dict) and isinstance(expected, dict) and list(found) == list(expected):
        pairs = [(found[key], expected[key], f"{path}.{key}") for key in found]
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        both = enumerate(zip(found, expected, strict=True))
        pairs = [(one, two, f"{path}[{number}]") for number, (one, two) in both]
    for one, two, inner in pairs:
        if json.dumps(one) != json.dumps(two):
            return _first(one, two, inner)
    return f"{path} is {json.dumps(found)[:500]} instead of {json.dumps(expected)[:500]}"
