"""What subscriptions live on in this process: the hub, what it reads from, and who is connected."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from db.pools import ReadPool, open_pool, open_write_pool
from resolvers.accounts import people_of_secrets
from schema.engine.graph import GraphSchema
from subscriptions.bus import Bus, open_bus
from subscriptions.hub import Hub
from web.live.admission import Admission
from web.live.forms import StreamForm
from web.live.frames import NextFrames
from web.live.multipart import Multipart
from web.live.sse import EventStream
from web.negotiation import EVENT_STREAM, MULTIPART
from web.settings import Settings

logger = logging.getLogger(__name__)
# Reads of the log and of credentials; and renderings, of which one runs while one is sent.
LOG_CONNECTIONS = 4
RENDERING_CONNECTIONS = 4
# How often credentials are proved again that nothing was heard of: they may have expired.
PROVE_SECONDS = 60.0
# How long joining may take, with all that was missed.
JOIN_SECONDS = 20.0
UNAVAILABLE = "We cannot listen just now. Try again in a moment."
SIGNED_OUT = "Signed out: the session or token has ended"


class Live:
    """Live delivery in one process."""

    def __init__(
        self, schema: GraphSchema, settings: Settings, hub: Hub, bus: Bus, reader: ReadPool
    ) -> None:
        self.schema = schema
        self.settings = settings
        self.hub = hub
        self.bus = bus
        self.reader = reader
        self.frames = NextFrames()
        self.people = Admission(settings.live_per_person)
        self.addresses = Admission(settings.live_per_address)
        self.visitors = Admission(settings.live_anonymous_per_address)
        self.forms: dict[str, StreamForm] = {EVENT_STREAM: EventStream(), MULTIPART: Multipart()}

    def announce(self) -> None:
        """Say, here and to the other processes, that events may have been recorded."""
        self.hub.wake()
        self.bus.announce()

    async def viewer_of(self, secret: bytes) -> UUID | None:
        """Give whose secret it is, as of this moment; None for nobody's.

        Whoever connects with it must `hub.enter` before anything else is awaited: from then on the
        hub sees to it that the secret holds.

        Raises:
            OSError, TimeoutError, asyncpg.PostgresError: The database is out of reach.
        """
        while True:
            changes = self.hub.credential_changes
            person_id = (await people_of_secrets(self.reader, [secret])).get(secret)
            # It may have been revoked, and that told, while the answer was on its way.
            if person_id is None or changes == self.hub.credential_changes:
                return person_id

    def counter(self, viewer_id: UUID | None) -> Admission:
        """Give where a connection counts, beside its address."""
        return self.visitors if viewer_id is None else self.people

    def enter(self, viewer_id: UUID | None, address: str) -> bool:
        """Count a connection; False when there are as many as there may be."""
        if not self.addresses.enter(address):
            return False
        if not self.counter(viewer_id).enter(viewer_id or address):
            self.addresses.leave(address)
            return False
        return True

    def leave(self, viewer_id: UUID | None, address: str) -> None:
        """Count a connection no longer."""
        self.addresses.leave(address)
        self.counter(viewer_id).leave(viewer_id or address)


@asynccontextmanager
async def living(schema: GraphSchema, settings: Settings, dsn: str) -> AsyncIterator[Live]:
    """Deliver live for as long as the context lasts."""
    log = await open_write_pool(
        dsn,
        name="commons-live-log",
        size=LOG_CONNECTIONS,
        statement_timeout_ms=settings.statement_timeout_ms,
    )
    reader = await open_pool(
        dsn,
        name="commons-live",
        size=RENDERING_CONNECTIONS,
        statement_timeout_ms=settings.statement_timeout_ms,
    )

    async def still_valid(hashes: Sequence[bytes]) -> set[bytes]:
        return set(await people_of_secrets(log, hashes))

    hub = Hub(log, still_valid)
    bus = open_bus(dsn, settings.nats_url)
    tasks = [asyncio.create_task(each) for each in (hub.run(), bus.run(hub.wake), _prove(hub))]
    try:
        yield Live(schema, settings, hub, bus, reader)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await hub.close()
        await reader.close()
        await log.close()


async def _prove(hub: Hub) -> None:
    while True:
        await asyncio.sleep(PROVE_SECONDS)
        try:
            await hub.prove_all()
        except Exception as error:  # noqa: BLE001 - tried again in a minute
            logger.warning("Credentials cannot be proved just now: %r", error)
