"""Where uploads are kept: a folder, or a bucket that speaks S3. Rows point here by key.

A key begins with the hash of what it holds and ends with random bits. So what stands under a key
never changes and may be kept for ever by whoever fetched it; a key cannot be guessed; and two
uploads of the same bytes are two objects, so that taking one away never takes the other.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import ObjectStore, S3Config

HASH_DIGITS = 32
RANDOM_BYTES = 8
KEY = re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}\.[a-z]{3,4}")
# The folders that objects are spread over: as many as these digits can name.
FOLDER_DIGITS = 2
CHUNK_BYTES = 256 * 1024
# Of a file that is handed on; S3 takes no smaller parts than these.
PART_BYTES = 5 * 1024 * 1024
PARTS_AT_ONCE = 2
LISTED_AT_ONCE = 1_000
PLAIN_HTTP = "http://"


class StorageAddressInvalid(Exception):
    """The address names no place that can keep objects."""


@dataclass(frozen=True)
class Kept:
    """An object that is there, and since when."""

    key: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class BucketAccess:
    """How a bucket is reached; what is None comes from the environment (`AWS_…`) or is usual."""

    endpoint: str | None = None
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None


class Storage:
    """Objects by key. `open_store` is called when the first of them is asked for."""

    def __init__(self, open_store: Callable[[], ObjectStore]) -> None:
        self._open_store = open_store

    @cached_property
    def _store(self) -> ObjectStore:
        return self._open_store()

    async def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`: all of it, or nothing."""
        await self._store.put_async(_path(key), content)

    async def put_file(self, key: str, path: Path) -> None:
        """Keep what is in a file under `key`, as `put` does, a part at a time."""
        await self._store.put_async(
            _path(key), path, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE
        )

    async def get(self, key: str) -> AsyncIterator[bytes] | None:
        """Give the object piece by piece; None when there is none."""
        try:
            found = await self._store.get_async(_path(key))
        except FileNotFoundError:
            return None
        return _pieces(found)

    async def read(self, key: str) -> bytes | None:
        """Give the whole object; None when there is none."""
        pieces = await self.get(key)
        return None if pieces is None else b"".join([piece async for piece in pieces])

    async def delete(self, keys: Iterable[str]) -> None:
        """Take objects away; one that is not there is no fault."""
        for key in keys:
            try:
                await self._store.delete_async(_path(key))
            except FileNotFoundError:
                continue

    async def kept(self) -> AsyncIterator[list[Kept]]:
        """Give all objects, some at a time."""
        async for listed in self._store.list(chunk_size=LISTED_AT_ONCE):
            yield [
                Kept(found["path"].rpartition("/")[2], found["last_modified"]) for found in listed
            ]


def folder_storage(folder: Path) -> Storage:
    """Keep objects in a folder, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)

    def open_store() -> ObjectStore:
        # Not at start-up: 4 MiB and 5 ms, of which a server without uploads needs nothing.
        from obstore.store import LocalStore  # noqa: PLC0415

        return LocalStore(folder)

    return Storage(open_store)


def memory_storage() -> Storage:
    """Keep objects for as long as the process lives."""
    from obstore.store import MemoryStore  # noqa: PLC0415 - as in folder_storage

    return Storage(MemoryStore)


def bucket_storage(address: str, access: BucketAccess) -> Storage:
    """Keep objects in the bucket at `s3://bucket/prefix`; the prefix may be left out.

    Raises:
        StorageAddressInvalid: It is not of that form.
    """
    from obstore.store import S3Store  # noqa: PLC0415 - as in folder_storage

    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment:
        raise StorageAddressInvalid(f"{address!r} is not of the form s3://bucket/prefix.")
    config: S3Config = {}
    if access.endpoint:
        config["endpoint"] = access.endpoint
    if access.region:
        config["region"] = access.region
    if access.access_key_id:
        config["access_key_id"] = access.access_key_id
    if access.secret_access_key:
        config["secret_access_key"] = access.secret_access_key
    is_plain = (access.endpoint or "").startswith(PLAIN_HTTP)
    # Made at once: settings that cannot work are found at start-up.
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={"allow_http": True} if is_plain else None,
    )
    return Storage(lambda: store)


def new_key(content: bytes, extension: str) -> str:
    """Make the key for an object that is not kept yet."""
    return _key(sha256(content).hexdigest(), extension)


def new_key_of_file(path: Path, extension: str) -> str:
    """Make the key for what is in a file."""
    with path.open("rb") as file:
        return _key(file_digest(file, "sha256").hexdigest(), extension)


def _key(digest: str, extension: str) -> str:
    return f"{digest[:HASH_DIGITS]}-{secrets.token_hex(RANDOM_BYTES)}.{extension}"


def _path(key: str) -> str:
    return f"{key[:FOLDER_DIGITS]}/{key}"


async def _pieces(found: GetResult) -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=CHUNK_BYTES):
        yield bytes(piece)
