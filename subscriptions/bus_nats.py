"""The bus over NATS JetStream, for networks of many processes.

One stream in memory keeps the last announcement of each network; its subject is made of what
identifies the database, so that networks can share a NATS. An ephemeral consumer begins with that
last announcement, so one that was made while a process connected is heard too.

The client's own reconnecting is off, and so are its ordered consumers: neither notices that the
stream went with its server's memory. Here the consumer's heartbeats tell, whatever the reason, and
everything is made anew. Order needs no care: any later announcement stands for a lost one.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from db.pools import open_connection
from subscriptions.bus_lines import Call

STREAM = "commons-events"
SUBJECTS = "commons.events.*"
NAME = "commons-bus"
# Postgres's own number of the cluster, and the database in it.
IDENTITY = """
select system_identifier || '/' || current_database() from pg_control_system()
"""
CONNECT_SECONDS = 3
OPEN_SECONDS = 10.0
ANSWER_SECONDS = 2.0
CLOSE_SECONDS = 1.0
HEARTBEAT_SECONDS = 1.0
# So many heartbeats may fail to come.
SILENCE_SECONDS = 3.5
# A consumer whose process vanished is forgotten after it.
INACTIVE_SECONDS = 30.0

logger = logging.getLogger(__name__)


class NatsLine:
    """A connection with a consumer, whose heartbeats say that all of it is alive."""

    def __init__(self, client: Client, subject: str, wake: Call) -> None:
        self._client = client
        self._jetstream = client.jetstream(timeout=ANSWER_SECONDS)
        self._subject = subject
        self._wake = wake
        self._clock = asyncio.get_running_loop().time
        self._heard_at = self._clock()

    async def listen(self) -> None:
        """Make what is missing, and listen."""
        stream = await _stream(self._jetstream, self._subject)
        inbox = self._client.new_inbox()
        await self._client.subscribe(inbox, cb=self._hear)
        await self._jetstream.add_consumer(
            stream,
            ConsumerConfig(
                deliver_policy=DeliverPolicy.LAST,
                deliver_subject=inbox,
                filter_subject=self._subject,
                ack_policy=AckPolicy.NONE,
                max_deliver=1,
                idle_heartbeat=HEARTBEAT_SECONDS,
                inactive_threshold=INACTIVE_SECONDS,
                num_replicas=1,
                mem_storage=True,
            ),
        )
        self._heard_at = self._clock()

    async def say(self) -> None:
        """Publish, and have the stream say that it is kept."""
        await self.probe()
        await self._jetstream.publish(self._subject)

    async def probe(self) -> None:
        """Raise when the connection is closed, or its consumer silent."""
        if self._client.is_closed:
            raise ConnectionResetError("the connection was closed")
        silent = self._clock() - self._heard_at
        if silent > SILENCE_SECONDS:
            raise TimeoutError(f"no heartbeat for {silent:.1f} s")

    async def _hear(self, message: Msg) -> None:
        self._heard_at = self._clock()
        # A heartbeat has headers with a status; an announcement has nothing.
        if not message.headers:
            self._wake()


@asynccontextmanager
async def nats_line(dsn: str, nats_url: str, wake: Call, stir: Call) -> AsyncIterator[NatsLine]:
    """Give a line over NATS, listening."""

    async def closed() -> None:
        stir()

    client = Client()
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            subject = await _subject(dsn)
            await client.connect(
                servers=[server.strip() for server in nats_url.split(",")],
                name=NAME,
                allow_reconnect=False,
                # With it each server is tried twice, so soon after each other.
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                connect_timeout=CONNECT_SECONDS,
                error_cb=_tell_error,
                closed_cb=closed,
            )
            line = NatsLine(client, subject, wake)
            await line.listen()
        yield line
    finally:
        with suppress(NatsError, OSError, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await client.close()


async def _tell_error(error: Exception) -> None:
    """Keep what the client tells of its troubles for whoever looks: the line's loss is told once."""
    logger.debug("NATS: %s: %s", type(error).__name__, error)


async def _subject(dsn: str) -> str:
    """Give the subject of the database.

    Asked at each connect: after a failover to another cluster all should agree again.
    """
    connection = await open_connection(dsn, name=NAME, connect_seconds=OPEN_SECONDS)
    try:
        identity = await connection.fetchval(IDENTITY)
    finally:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            await connection.close(timeout=CLOSE_SECONDS)
    digest = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return SUBJECTS.replace("*", digest)


async def _stream(jetstream: JetStreamContext, subject: str) -> str:
    """Give the name of the stream that keeps the subject; it is made when there is none.

    An operator may have made it, with another name or with replicas: it is taken as it is.

    Raises:
        ConnectionError: This NATS has no JetStream.
    """
    try:
        return await jetstream.find_stream_name_by_subject(subject)
    except ServiceUnavailableError as error:
        raise ConnectionError("it has no JetStream: start it with --jetstream") from error
    except NotFoundError:
        pass
    config = StreamConfig(
        name=STREAM,
        subjects=[SUBJECTS],
        storage=StorageType.MEMORY,
        max_msgs_per_subject=1,
        discard=DiscardPolicy.OLD,
    )
    try:
        await jetstream.add_stream(config)
    except APIError:
        # Another process was faster, with other settings.
        return await jetstream.find_stream_name_by_subject(subject)
    return STREAM
