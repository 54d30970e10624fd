"""A fixed document: its text and variables, with the names of rows where their ids belong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """One document. `<<org.open>>` in text or variables stands for that row's id."""

    name: str
    text: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    # The code with which every viewer is refused; None when everybody gets data.
    refused: str | None = None
    # True to ask as three of the viewers one by one; as all of them at once in any case.
    brief: bool = False


def case(
    name: str,
    text: str,
    *,
    operation: str | None = None,
    refused: str | None = None,
    **variables: Any,
) -> Case:
    """Write a case; further keywords are the document's variables."""
    return Case(name, text, variables, operation, refused)
