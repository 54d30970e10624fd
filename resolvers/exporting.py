"""All that is kept about a person, as a zip: a JSON file for each table, their uploads, a README.

It is written to disk as it is read: some rows, or a piece of an upload, are in memory at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from db.storage import Storage
from db.tables.people import Locale
from resolvers.acting import Connection
from resolvers.performing import WritePool
from resolvers.privacy import TABLES
from resolvers.wording import say

PERSON = "select email from person where id = $1 and erased_at is null"
UPLOADS = """
select storage_key from media where (uploaded_by_id = $1 or person_id = $1) and length(storage_key) > 0
order by id
"""
ROWS_AT_ONCE = 200
EXPORTED = tuple(name for name, table in TABLES.items() if table.mine is not None)


async def rows_about(
    connection: Connection, name: str, person_id: UUID, email: str
) -> AsyncIterator[list[str]]:
    """Give the rows of a table that are about a person as JSON, secrets left out, some at a time.

    Within a transaction.
    """
    table = TABLES[name]
    statement = (
        "select jsonb_pretty(to_jsonb(t) - $3::text[]) "  # noqa: S608 - constants
        f"from (select * from {name} where ({table.mine}) and $1::uuid is not null "
        "and $2::citext is not null order by 1) t"
    )
    cursor = await connection.cursor(statement, person_id, email, list(table.secret))
    while rows := await cursor.fetch(ROWS_AT_ONCE):
        yield [row[0] for row in rows]


async def write_export(pool: WritePool, storage: Storage, person_id: UUID, path: Path) -> bool:
    """Write the zip of all that is kept about a person to `path`; False when there is no such person.

    All tables are read as they are at one moment, by a transaction that writes nothing: nobody
    waits for it, however long it takes. Uploads are read after it.
    """
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            email: str | None = await connection.fetchval(PERSON, person_id)
            if email is None:
                return False
            file.writestr("README.txt", _readme())
            for name in EXPORTED:
                with file.open(f"{name}.json", "w") as member:
                    await _write_rows(member, rows_about(connection, name, person_id, email))
            uploads = [row["storage_key"] for row in await connection.fetch(UPLOADS, person_id)]
        for key in uploads:
            await _write_upload(file, key, storage)
    return True


async def _write_rows(member: IO[bytes], found: AsyncIterator[list[str]]) -> None:
    before = "["
    async for rows in found:
        text = before + "\n" + ",\n".join(rows)
        await asyncio.to_thread(member.write, text.encode())
        before = ","
    await asyncio.to_thread(member.write, b"[]\n" if before == "[" else b"\n]\n")


async def _write_upload(file: ZipFile, key: str, storage: Storage) -> None:
    pieces = await storage.get(key)
    # Removed at this very moment.
    if pieces is None:
        return
    info = ZipInfo(f"media/{key}")
    # Pictures are packed already.
    info.compress_type = ZIP_STORED
    with file.open(info, "w") as member:
        async for piece in pieces:
            await asyncio.to_thread(member.write, piece)


def _readme() -> str:
    tables = "\n".join(f"- {name}.json" for name in EXPORTED)
    texts = [say("privacy.readme", locale, tables=tables) for locale in (Locale.EN, Locale.NL)]
    return "\n\n".join(text.strip() for text in texts) + "\n"
