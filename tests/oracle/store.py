"""All rows of a database in memory, found again by key and by foreign key."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any
from uuid import UUID

import asyncpg

Row = dict[str, Any]
TABLES = (
    "organisation",
    "organisation_strength",
    "person",
    "membership",
    "person_skill",
    "follow",
    "partnership",
    "invitation",
    "join_request",
    "domain_claim",
    "audit_entry",
    "block",
    "report",
    "moderation_action",
    "appeal",
    "person_follow",
    "skill_follow",
    "mute",
    "feed_visit",
    "notification",
    "notification_actor",
    "notification_preference",
    "saved_search",
    "market_search",
    "session",
    "access_token",
    "totp_credential",
    "recovery_code",
    "data_export",
    "passkey",
    "identity_provider",
    "post",
    "post_skill",
    "comment",
    "reaction",
    "media",
    "post_revision",
    "post_draft",
    "mention",
    "bookmark",
    "skill_domain",
    "skill_cluster",
    "skill",
    "skill_term",
    "skill_relation",
    "place",
    "listing",
    "listing_skill",
    "listing_aim",
    "listing_step",
    "listing_look",
    "listing_match",
    "match_dismissal",
    "match_request",
    "match_message",
    "match_reading",
    "exchange",
    "agreement_version",
    "agreement_signature",
    "exchange_person",
    "exchange_line",
    "exchange_hours",
    "exchange_reentry",
    "exchange_receipt",
    "raised_skill",
    "skill_evidence",
    "endorsement",
    "calendar_feed",
)


# The primary keys of tables without an `id`.
OWNERS = {"feed_visit": "person_id"}
KEYS = {
    "post_skill": ("post_id", "skill_id"),
    "totp_credential": ("person_id",),
    "notification_actor": ("notification_id", "person_id"),
    "notification_preference": ("person_id", "kind"),
}


class Store:
    """The rows of every table by primary key."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = {
            name: {_key(name, row): row for row in rows} for name, rows in tables.items()
        }
        self._indexes: dict[tuple[str, str], dict[UUID, list[Row]]] = {}

    @classmethod
    async def load(cls, connection: asyncpg.Connection[Any]) -> Store:
        """Read a whole database."""
        return cls(
            {
                table: [_plain(row) for row in await connection.fetch(f"select * from {table}")]
                for table in TABLES
            }
        )

    def rows(self, table: str) -> list[Row]:
        """Give all rows of a table."""
        return list(self.tables[table].values())

    def get(self, table: str, key: UUID | None) -> Row | None:
        """Give the row with this primary key."""
        return None if key is None else self.tables[table].get(key)

    def by(self, table: str, column: str, key: UUID | None) -> list[Row]:
        """Give the rows whose `column` is `key`."""
        index = self._indexes.get((table, column))
        if index is None:
            index = defaultdict(list)
            for row in self.tables[table].values():
                index[row[column]].append(row)
            self._indexes[table, column] = index
        return index.get(key, []) if key is not None else []

    @cached_property
    def current_members(self) -> set[tuple[UUID, UUID]]:
        """Give (person, organisation) of all memberships that last."""
        return {
            (row["person_id"], row["organisation_id"])
            for row in self.rows("membership")
            if row["ended_on"] is None
        }

    @cached_property
    def partners(self) -> set[tuple[UUID, UUID]]:
        """Give (organisation, organisation) of all partnerships in force, from either side."""
        pairs = [
            (row["requester_id"], row["addressee_id"])
            for row in self.rows("partnership")
            if row["status"] == "ACTIVE"
        ]
        return {*pairs, *((there, here) for here, there in pairs)}

    @cached_property
    def follows(self) -> set[tuple[UUID, UUID]]:
        """Give (person, organisation) of all follows."""
        return {(row["person_id"], row["organisation_id"]) for row in self.rows("follow")}


def _key(table: str, row: Row) -> Any:
    if table in KEYS:
        return tuple(row[name] for name in KEYS[table])
    return row[OWNERS.get(table, "id")]


def _plain(record: asyncpg.Record) -> Row:
    return {
        name: UUID(bytes=value.bytes) if isinstance(value, UUID) else value
        for name, value in record.items()
    }
