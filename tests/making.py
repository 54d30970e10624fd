"""People, organisations and what belongs to them, made for one test."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg

from resolvers.accounts import issue_token

_numbers = count(1)


@dataclass(frozen=True)
class Someone:
    """A person with a token."""

    key: UUID
    email: str
    token: str

    @property
    def id(self) -> str:
        """The global id."""
        return f"per_{self.key}"


@dataclass(frozen=True)
class Place:
    """An organisation."""

    key: UUID
    slug: str

    @property
    def id(self) -> str:
        """The global id."""
        return f"org_{self.key}"


class Maker:
    """Makes rows in the database of a test, each with a name that nothing else has."""

    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        self.connection = connection

    async def person(self, name: str = "Robin", **columns: Any) -> Someone:
        """Make a person and a token."""
        email = columns.pop(
            "email", f"{name.lower().replace(' ', '.')}-{next(_numbers)}@people.example"
        )
        columns.setdefault("locale", "EN")
        key = await self._insert("person", email=email, name=name, **columns)
        return Someone(key, email, await issue_token(self.connection, key, name="test"))

    async def organisation(self, name: str = "Harbour", **columns: Any) -> Place:
        """Make an organisation."""
        slug = columns.pop("slug", f"{name.lower().replace(' ', '-')}-{next(_numbers)}")
        columns = {"kind": "COMPANY", "sector": "TECHNOLOGY", "size_band": "SMALL", **columns}
        return Place(await self._insert("organisation", slug=slug, name=name, **columns), slug)

    async def member(self, person: Someone, organisation: Place, role: str = "MEMBER") -> UUID:
        """Make a person a member."""
        await self.connection.execute(
            "update organisation set member_count = member_count + 1 where id = $1",
            organisation.key,
        )
        return await self._insert(
            "membership", person_id=person.key, organisation_id=organisation.key, role=role
        )

    async def _insert(self, table: str, **columns: Any) -> UUID:
        names = ", ".join(columns)
        marks = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        key: UUID = await self.connection.fetchval(
            f"insert into {table} ({names}) values ({marks}) returning id", *columns.values()
        )
        return key
