"""One DataLoader per relation and request: each answers all parents with one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
from strawberry.dataloader import DataLoader

Rows = list[asyncpg.Record]
Run = Callable[..., Awaitable[Rows]]
First = tuple[UUID, int]


class Loaders:
    """The loaders of one request."""

    def __init__(self, run: Run, viewer: str) -> None:
        self.run = run
        self.viewer = viewer
        self.persons = self._one("persons", "id", viewer)
        self.organisations = self._one("organisations", "id")
        self.skills = self._one("skills", "id")
        self.current_memberships = self._one("current_memberships", "parent", viewer)
        self.viewer_reactions = self._one("viewer_reactions", "parent", viewer)
        self.viewer_follows = self._one("viewer_follows", "parent", viewer)
        self.member_counts = self._one("member_counts", "parent", viewer)
        self.members = self._many("members", viewer)
        self.posts = self._many("posts", viewer)
        self.person_skills = self._many("person_skills")
        self.reactions = self._many("reactions")
        self.comments = self._many("comments")

    def _one(
        self, statement: str, by: str, *more: object
    ) -> DataLoader[UUID, asyncpg.Record | None]:
        async def load(keys: list[UUID]) -> list[asyncpg.Record | None]:
            found = {row[by]: row for row in await self.run(statement, keys, *more)}
            return [found.get(key) for key in keys]

        return DataLoader(load)

    def _many(self, statement: str, *more: object) -> DataLoader[First, Rows]:
        async def load(keys: list[First]) -> list[Rows]:
            by_size: defaultdict[int, list[UUID]] = defaultdict(list)
            for parent, first in keys:
                by_size[first].append(parent)
            found: dict[First, Rows] = {key: [] for key in keys}
            for first, parents in by_size.items():
                for row in await self.run(statement, parents, first, *more):
                    found[row["parent"], first].append(row)
            return [found[key] for key in keys]

        return DataLoader(load)
