"""What nobody uses goes after a day; what is used, young or in a draft stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

import asyncpg

from db.queue import enqueue
from db.storage import folder_storage, new_key
from resolvers.commands.media import clean_up
from tests.mailing import deliver
from tests.making import Maker

DAYS_AGO = time.time() - 2 * 24 * 3600


async def test_the_worker_cleans(town: str, make: Maker) -> None:
    person = await make.person()
    await make.connection.execute(
        "insert into media (uploaded_by_id, purpose, storage_key, content_type, byte_count, created_at)"
        " values ($1, 'IMAGE', 'forgotten', 'image/webp', 1, now() - interval '2 days')",
        person.key,
    )
    await enqueue(make.connection, "clean_media", {})
    await deliver(town)
    left = await make.connection.fetchval(
        "select count(*) from media where uploaded_by_id = $1", person.key
    )
    assert left == 0


async def test_unused_uploads_and_objects_without_a_row_are_removed(
    scratch_connection: asyncpg.Connection, tmp_path: Path
) -> None:
    make = Maker(scratch_connection)
    person, place = await make.person(), await make.organisation()
    storage = folder_storage(tmp_path)
    keys = {}
    for name in ("logo", "drafted", "unused", "young", "no_row", "no_row_yet"):
        keys[name] = new_key(name.encode(), "webp")
        await storage.put(keys[name], name.encode())
        if name not in {"young", "no_row_yet"}:
            os.utime(tmp_path / keys[name][:2] / keys[name], (DAYS_AGO, DAYS_AGO))
        if name.startswith("no_row"):
            continue
        key = await scratch_connection.fetchval(
            "insert into media (uploaded_by_id, purpose, storage_key, content_type, byte_count,"
            " organisation_id, created_at) values ($1, 'IMAGE', $2, 'image/webp', 1, $3,"
            " now() - $4::int * interval '1 day') returning id",
            person.key,
            keys[name],
            place.key if name == "logo" else None,
            0 if name == "young" else 2,
        )
        if name == "drafted":
            await scratch_connection.execute(
                "insert into post_draft (organisation_id, author_id, body, language, media_ids)"
                " values ($1, $2, 'Soon', 'EN', array[$3::uuid])",
                place.key,
                person.key,
                key,
            )
    assert await clean_up(scratch_connection, storage) == 2
    stays = {"logo", "drafted", "young", "no_row_yet"}
    assert {name for name, key in keys.items() if await storage.read(key)} == stays
    rows = await scratch_connection.fetch("select storage_key from media")
    assert {row["storage_key"] for row in rows} == {keys[name] for name in stays - {"no_row_yet"}}
    assert await clean_up(scratch_connection, storage) == 0
