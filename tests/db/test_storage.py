"""Where uploads are kept: the same answers from a folder, from memory, and over S3."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.storage import (
    KEY,
    BucketAccess,
    Storage,
    StorageAddressInvalid,
    bucket_storage,
    folder_storage,
    memory_storage,
    new_key,
    new_key_of_file,
)
from tests.db.bucket_server import Bucket, bucket_server

KINDS = ("folder", "memory", "bucket")


@pytest.fixture
async def bucket() -> AsyncIterator[Bucket]:
    async with bucket_server() as bucket:
        yield bucket


@pytest.fixture
def storage_of(bucket: Bucket, tmp_path: Path) -> Callable[[str], Storage]:
    def make(kind: str) -> Storage:
        if kind == "folder":
            return folder_storage(tmp_path / "deep" / "media")
        if kind == "memory":
            return memory_storage()
        access = BucketAccess(
            endpoint=bucket.url,
            region="eu-1",
            access_key_id="id",
            secret_access_key="secret",  # noqa: S106 - of a server that checks none
        )
        return bucket_storage("s3://uploads/some/prefix", access)

    return make


async def everything(storage: Storage) -> dict[str, datetime]:
    """Give what is kept, and since when."""
    return {found.key: found.since async for listed in storage.kept() for found in listed}


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_put_is_got_listed_and_deleted(
    storage_of: Callable[[str], Storage], kind: str
) -> None:
    storage = storage_of(kind)
    contents = {new_key(content, "webp"): content for content in (b"a", b"b" * 700_000, b"c")}
    for key, content in contents.items():
        await storage.put(key, content)
    for key, content in contents.items():
        assert await storage.read(key) == content
    kept = await everything(storage)
    assert set(kept) == set(contents)
    assert all(abs(datetime.now(UTC) - since) < timedelta(minutes=1) for since in kept.values())
    first, *rest = contents
    await storage.delete([first, "0123-nothing.webp"])
    assert await storage.read(first) is None
    assert await storage.get(first) is None
    assert set(await everything(storage)) == set(rest)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [0, 7, 12_000_000])
async def test_a_file_is_kept_in_parts(
    storage_of: Callable[[str], Storage], kind: str, size: int, tmp_path: Path
) -> None:
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    path = tmp_path / "file"
    path.write_bytes(content)
    storage, key = storage_of(kind), new_key_of_file(path, "zip")
    assert KEY.fullmatch(key)
    assert key.partition("-")[0] == new_key(content, "zip").partition("-")[0]
    await storage.put_file(key, path)
    assert await storage.read(key) == content


@pytest.mark.parametrize("kind", KINDS)
async def test_many_at_once_do_not_mix(storage_of: Callable[[str], Storage], kind: str) -> None:
    storage = storage_of(kind)
    contents = {new_key(bytes([n]), "webp"): bytes([n]) * 1_000 for n in range(30)}
    await asyncio.gather(*(storage.put(key, content) for key, content in contents.items()))
    found = await asyncio.gather(*(storage.read(key) for key in contents))
    assert found == list(contents.values())


async def test_a_bucket_is_asked_with_a_signature_under_its_prefix(
    storage_of: Callable[[str], Storage], bucket: Bucket
) -> None:
    storage = storage_of("bucket")
    await storage.put("abcd-1.webp", b"x")
    assert list(bucket.objects) == ["uploads/some/prefix/ab/abcd-1.webp"]
    assert all("Credential=id/" in sent for sent in bucket.authorizations)


async def test_a_folder_holds_whole_objects_only(tmp_path: Path) -> None:
    storage = folder_storage(tmp_path)
    await storage.put("abcd-1.webp", b"x")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]  # noqa: ASYNC240 - one file
    assert files == [tmp_path / "ab" / "abcd-1.webp"]


def test_a_key_tells_its_content_and_cannot_be_guessed() -> None:
    one, two = new_key(b"same", "webp"), new_key(b"same", "webp")
    assert KEY.fullmatch(one)
    assert one != two
    assert one.partition("-")[0] == two.partition("-")[0]
    assert new_key(b"other", "webp").partition("-")[0] != one.partition("-")[0]


@pytest.mark.parametrize("address", ["", "uploads", "https://a/b", "s3://", "s3://a/b?c=d"])
def test_an_address_that_is_no_bucket(address: str) -> None:
    with pytest.raises(StorageAddressInvalid):
        bucket_storage(address, BucketAccess())
