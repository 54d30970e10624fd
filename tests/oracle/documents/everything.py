"""All fixed documents."""

from __future__ import annotations

from dataclasses import replace

from tests.oracle.documents import (
    belonging,
    connections,
    exchanges,
    inputs,
    looking,
    market,
    objects,
    seen,
    selections,
)

CASES = [
    # What these are about is the same for everybody.
    *(replace(case, brief=True) for case in (*selections.CASES, *inputs.CASES)),
    *objects.CASES,
    *seen.CASES,
    *belonging.CASES,
    *market.CASES,
    *looking.CASES,
    *exchanges.CASES,
    *connections.cases(),
]
