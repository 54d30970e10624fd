"""The graph of the stock peer with subscriptions: an async generator per subscriber, DataLoaders."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import asyncpg
import strawberry
from strawberry.types import Info

from tests.benchmarks.peers.strawberry_stock.graph import Post, loaders
from tests.benchmarks.peers.strawberry_stock.loaders import Loaders

Queue = asyncio.Queue[asyncpg.Record]


class Broadcast:
    """Hands what is published to everybody who listens, within the process."""

    def __init__(self) -> None:
        self._queues: defaultdict[tuple[str, UUID], set[Queue]] = defaultdict(set)

    def publish(self, topic: str, row: asyncpg.Record) -> None:
        """Tell all listeners."""
        for queue in self._queues[topic, row["organisation_id"]]:
            queue.put_nowait(row)

    @contextmanager
    def listening(self, topic: str, organisation_id: UUID) -> Iterator[Queue]:
        """Listen while the block runs."""
        queue: Queue = asyncio.Queue()
        self._queues[topic, organisation_id].add(queue)
        try:
            yield queue
        finally:
            self._queues[topic, organisation_id].discard(queue)


@strawberry.type
class FeedChange:
    kind: str
    post: Post


@strawberry.type
class Named:
    id: strawberry.ID
    name: str


@strawberry.type
class AnnouncedPost:
    id: strawberry.ID
    key: strawberry.Private[UUID]
    body: str
    created_at: datetime
    author: Named
    organisation: Named

    @strawberry.field
    async def viewer_reaction(self, info: Info) -> str | None:
        row = await loaders(info).viewer_reactions.load(self.key)
        return None if row is None else row["kind"]


@strawberry.type
class Announcement:
    kind: str
    post: AnnouncedPost


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def publish(self, info: Info, organisation_id: strawberry.ID, body: str) -> strawberry.ID:
        """Publish and tell subscribers the row; the rest is loaded for each."""
        return await _published(info, "publish", organisation_id, body)

    @strawberry.mutation
    async def announce(
        self, info: Info, organisation_id: strawberry.ID, body: str
    ) -> strawberry.ID:
        """Publish and tell subscribers all there is to say, so that nothing is loaded."""
        return await _published(info, "announced", organisation_id, body)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def feed_changed(
        self, info: Info, organisation_id: strawberry.ID
    ) -> AsyncGenerator[FeedChange, None]:
        with _broadcast(info).listening("publish", UUID(organisation_id)) as queue:
            while True:
                row = await queue.get()
                _load_anew(info)
                yield FeedChange(kind="CREATED", post=Post.of(row, row["organisation_id"]))

    @strawberry.subscription
    async def feed_announced(
        self, info: Info, organisation_id: strawberry.ID
    ) -> AsyncGenerator[Announcement, None]:
        with _broadcast(info).listening("announced", UUID(organisation_id)) as queue:
            while True:
                yield Announcement(kind="CREATED", post=_announced(await queue.get()))


def _announced(row: asyncpg.Record) -> AnnouncedPost:
    return AnnouncedPost(
        id=row["id"],
        key=row["id"],
        body=row["body"],
        created_at=row["created_at"],
        author=Named(id=row["author_id"], name=row["author_name"]),
        organisation=Named(id=row["organisation_id"], name=row["organisation_name"]),
    )


async def _published(info: Info, statement: str, organisation_id: str, body: str) -> strawberry.ID:
    found = loaders(info)
    rows = await found.run(statement, found.viewer, organisation_id, body)
    if not rows:
        raise PermissionError("Not allowed.")
    _broadcast(info).publish(statement, rows[0])
    return strawberry.ID(str(rows[0]["id"]))


def _broadcast(info: Info) -> Broadcast:
    found: Broadcast = info.context["broadcast"]
    return found


def _load_anew(info: Info) -> None:
    """Loaders keep what they loaded; what is told next must not come from there."""
    before = loaders(info)
    info.context["loaders"] = Loaders(before.run, before.viewer)
