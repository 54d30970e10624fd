"""All that is kept about a person, as a zip: a JSON file for each table, their uploads, a README."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import orjson

from db.storage import Storage
from db.tables.people import Locale
from resolvers.acting import Connection
from resolvers.privacy import TABLES
from resolvers.wording import say

PERSON = "select email from person where id = $1 and erased_at is null"
UPLOADS = """
select storage_key from media where (uploaded_by_id = $1 or person_id = $1) and length(storage_key) > 0
order by id
"""


async def rows_about(connection: Connection, person_id: UUID, email: str) -> Mapping[str, Any]:
    """Give the rows of each table that are about a person, secrets left out."""
    found: dict[str, Any] = {}
    for name, table in TABLES.items():
        if table.mine is None:
            continue
        statement = (
            "select coalesce(jsonb_agg(to_jsonb(t) - $3::text[]), '[]') "  # noqa: S608 - constants
            f"from (select * from {name} where ({table.mine}) and $1::uuid is not null "
            "and $2::citext is not null order by 1) t"
        )
        found[name] = await connection.fetchval(statement, person_id, email, list(table.secret))
    return found


async def export_of(connection: Connection, storage: Storage, person_id: UUID) -> bytes | None:
    """Give the zip of all that is kept about a person; None when there is no such person."""
    email: str | None = await connection.fetchval(PERSON, person_id)
    if email is None:
        return None
    rows = await rows_about(connection, person_id, email)
    uploads = {}
    for record in await connection.fetch(UPLOADS, person_id):
        content = await storage.read(record["storage_key"])
        # Removed at this very moment.
        if content is not None:
            uploads[record["storage_key"]] = content
    return await asyncio.to_thread(_zipped, rows, uploads)


def _zipped(rows: Mapping[str, Any], uploads: Mapping[str, bytes]) -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as file:
        texts = [
            say("privacy.readme", locale, tables="\n".join(f"- {name}.json" for name in rows))
            for locale in (Locale.EN, Locale.NL)
        ]
        file.writestr("README.txt", "\n\n".join(text.strip() for text in texts) + "\n")
        for name, found in rows.items():
            file.writestr(
                f"{name}.json",
                orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS),
            )
        for key, content in uploads.items():
            # Pictures are packed already.
            file.writestr(f"media/{key}", content, ZIP_STORED)
    return whole.getvalue()
