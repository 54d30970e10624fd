"""Sessions and access tokens in the graph: each seen by its person alone."""

from __future__ import annotations

from datetime import datetime

from db.tables import accounts as tables
from db.tables.accounts import SignInMethod, TokenScope
from resolvers import accounts as resolve
from schema import prefixes
from schema.engine.declare import column, table, value
from schema.engine.relay import Node


@table(tables.Session, prefix=prefixes.SESSION, visible=resolve.is_owner)
class Session(Node):
    """A browser in which a person is signed in, seen by that person alone."""

    method: SignInMethod = column("How it came about.")
    address: str | None = column(
        "The network it came from, shortened to what names a region: `203.0.113.0/24`.",
    )
    browser: str | None = column("What the browser calls itself.", source="user_agent")
    created_at: datetime = column("When the person signed in.")
    expires_at: datetime = column("When it ends by itself.")
    revoked_at: datetime | None = column("When it was ended before that; null when it was not.")
    is_current: bool = value(resolve.is_current, "Whether this request came with it.")


@table(tables.Passkey, prefix=prefixes.PASSKEY, visible=resolve.is_owner)
class Passkey(Node):
    """A key that a device or a password manager keeps for a person, seen by that person alone."""

    name: str = column("What the person calls it.")
    created_at: datetime = column("When it was added.")
    last_used_at: datetime | None = column("When it last signed in; null when it never did.")


@table(tables.AccessToken, prefix=prefixes.ACCESS_TOKEN, visible=resolve.is_owner)
class AccessToken(Node):
    """A token that a person gave to a program, seen by that person alone; its secret is not kept."""

    name: str = column("What it is for, in the person's words.")
    scopes: list[TokenScope] = column("What may be done with it.")
    created_at: datetime = column("When it was made.")
    expires_at: datetime | None = column("When it ends by itself; null when it does not.")
    revoked_at: datetime | None = column("When it was revoked; null when it was not.")
