"""What a read resolver works with: the row at hand, the viewer, and the page that was asked for.

All three are textual columns of uniquely named aliases and carry no FROM of their own. SQLAlchemy
can therefore neither correlate them wrongly nor quietly add a second copy of the parent to a
nested SELECT: SQL scoping alone binds them, and a wrong scope is a loud error of Postgres.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    LargeBinary,
    UnaryExpression,
    Uuid,
    all_,
    literal_column,
)
from sqlalchemy.sql.expression import Select
from sqlalchemy.types import TypeEngine

VIEWER_ALIAS = "viewer"


class Row:
    """One row under an alias of the statement: `row.author_id` is a column expression."""

    def __init__(self, alias: str, types: Mapping[str, TypeEngine[Any]]) -> None:
        self.alias = alias
        self.types = types
        self.used: set[str] = set()

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        try:
            type_ = self.types[name]
        except KeyError:
            raise AttributeError(f"{self.alias} has no column {name!r}") from None
        self.used.add(name)
        return literal_column(f'{self.alias}."{name}"', type_)


class Viewer:
    """Whoever asks; `id` is null for a visitor who is not signed in."""

    def __init__(self) -> None:
        self.used = False

    @property
    def id(self) -> ColumnElement[Any]:
        """The viewer's person id."""
        self.used = True
        return literal_column(f"{VIEWER_ALIAS}.id", Uuid())

    @property
    def hidden(self) -> ColumnElement[Any]:
        """The keys of the people and organisations that the viewer may not see; never null."""
        self.used = True
        return literal_column(f"{VIEWER_ALIAS}.hidden", ARRAY(Uuid()))

    @property
    def is_moderator(self) -> ColumnElement[bool]:
        """Whether the viewer moderates the network; never null."""
        self.used = True
        return literal_column(f"{VIEWER_ALIAS}.is_moderator", Boolean())

    @property
    def secret_hash(self) -> ColumnElement[Any]:
        """The hash of the secret that the request came with; null when there was none."""
        self.used = True
        return literal_column(f"{VIEWER_ALIAS}.secret_hash", LargeBinary())

    def may_meet(self, key: Any) -> ColumnElement[bool]:
        """Tell whether the person or organisation with this key is not hidden from the viewer."""
        return key != all_(self.hidden)  # type: ignore[no-any-return]

    @property
    def is_signed_in(self) -> ColumnElement[bool]:
        """Whether anybody is signed in."""
        return self.id.is_not(None)


Columns = Callable[[str], ColumnElement[Any]]


class Page(Protocol):
    """The window that a connection asks for, for resolvers that push it down themselves.

    `after` and `before` hold a bind for each ordering column; `limit` is None for counting.
    """

    @property
    def after(self) -> tuple[ColumnElement[Any], ...] | None:
        """Only rows later in the order than these values."""
        ...

    @property
    def before(self) -> tuple[ColumnElement[Any], ...] | None:
        """Only rows earlier in the order than these values."""
        ...

    @property
    def backward(self) -> bool:
        """Whether the list is walked from its end."""
        ...

    @property
    def limit(self) -> Any:
        """How many rows at most, one more than are shown; None for all."""
        ...

    def order(self, columns: Columns) -> list[UnaryExpression[Any]]:
        """Give the order of the walk over these columns."""
        ...

    def first(self, statement: Select[Any]) -> Select[Any]:
        """Restrict to the first row of the page."""
        ...

    def window(self, statement: Select[Any]) -> Select[Any]:
        """Restrict to the page: its cursor, its order, its size and one more.

        The statement must itself leave out what the viewer may not see: the compiler guards what
        comes out, so a forgotten condition shortens a page, it does not leak a row.
        """
        ...


class BadArgument(Exception):
    """Arguments that are each valid but make no sense together; the text goes to the client."""
