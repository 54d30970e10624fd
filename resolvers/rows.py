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
    DateTime,
    Integer,
    LargeBinary,
    Text,
    UnaryExpression,
    Uuid,
    all_,
    literal_column,
)
from sqlalchemy.sql.expression import Select
from sqlalchemy.types import TypeEngine
from typing_extensions import override

VIEWER_ALIAS = "viewer"


class Row:
    """One row under an alias of the statement: `row.author_id` is a column expression."""

    def __init__(self, alias: str, types: Mapping[str, TypeEngine[Any]], path: str = "") -> None:
        self.alias = alias
        self.types = types
        self.path = path
        self.used: set[str] = set()
        self.reached: dict[str, Row] = {}

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        try:
            type_ = self.types[name]
        except KeyError:
            raise AttributeError(f"{self.alias} has no column {name!r}") from None
        self.used.add(name)
        return literal_column(f'{self.alias}."{self.path}{name}"', type_)

    def reach(self, key: str, types: Mapping[str, TypeEngine[Any]]) -> Row:
        """Give the row that the foreign key `key` points to; `types` are its columns.

        Whoever reads this row joins all that is `reached` from it.
        """
        if key not in self.reached:
            getattr(self, key)  # is read from this row, to join by
            self.reached[key] = self._row_at(key, types)
        return self.reached[key]

    @property
    def paths(self) -> list[str]:
        """The paths of all columns that were asked for here and of what is reached, in order."""
        own = (f"{self.path}{name}" for name in self.used)
        return sorted({*own, *(path for row in self.reached.values() for path in row.paths)})

    def _row_at(self, key: str, types: Mapping[str, TypeEngine[Any]]) -> Row:
        return Row(f"{self.alias}_{key.removesuffix('_id')}", types)


def row_of(table: Any, alias: str) -> Row:
    """Give a row of a table, under the alias that a statement in words has for it."""
    return Row(alias, {column.key: column.type for column in table.__table__.columns})


class CarriedRow(Row):
    """A row of a page. What is reached from it was joined where the page was read.

    Its columns were carried along under their path: `organisation_id.name`.
    """

    @override
    def _row_at(self, key: str, types: Mapping[str, TypeEngine[Any]]) -> Row:
        return CarriedRow(self.alias, types, f"{self.path}{key}.")

    def among(self, row: Row, path: str) -> ColumnElement[Any]:
        """Give the column at a path of another row like this one."""
        here: Row = self
        *keys, name = path.split(".")
        for key in keys:
            here = here.reached[key]
            row = row.reach(key, here.types)
        return getattr(row, name)  # type: ignore[no-any-return]


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


EVENT_ALIAS = "event"
# What is known of an event: the row of the log, its ids by name, and the cursor of who has read it.
EVENT_COLUMNS: Mapping[str, TypeEngine[Any]] = {
    "kind": Text(),
    "actor_id": Uuid(),
    "organisation_id": Uuid(),
    "subject_id": Uuid(),
    "post_id": Uuid(),
    "comment_id": Uuid(),
    "author_id": Uuid(),
    "person_id": Uuid(),
    "audience": Text(),
    "was_audience": Text(),
    "is_hidden": Boolean(),
    "status": Text(),
    "change": Text(),
    "membership_id": Uuid(),
    "message_id": Uuid(),
    "step": Text(),
    # Some, as Postgres writes an array: arrays of arrays must all be of one length.
    "notification_ids": Text(),
    "skill_ids": Text(),
    "cursor": Text(),
    "n": Integer(),
}


class EventRow(Row):
    """What happened, for a resolver that tells what it changes for a viewer.

    With it comes what its post and its organisation are now, as rows of these types; the post's
    id is null when it is gone.
    """

    def __init__(self, post: Mapping[str, TypeEngine[Any]]) -> None:
        super().__init__(EVENT_ALIAS, EVENT_COLUMNS)
        self.post = CarriedRow(EVENT_ALIAS, post, "post.")
        self.organisation = CarriedRow(
            EVENT_ALIAS, {"id": Uuid(), "suspended_at": DateTime(timezone=True)}, "organisation."
        )


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
