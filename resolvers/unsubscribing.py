"""Ending mails with one click (RFC 8058): links that say for whom and what, signed by the server."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID

from db.tables.notifications import NotificationKind
from db.tables.people import Digest
from resolvers.acting import Connection, Services
from resolvers.notification_kinds import DEFAULTS
from subscriptions.events import EventKind, ids_of

PATH = "/unsubscribe"
DIGEST = "DIGEST"
PURPOSE = b"unsubscribe\0"
SIGNATURE_BYTES = 20
KEY_BYTES = 16
CHANGED_IDS = ids_of("'person_id', person_id", "'change', 'CHANGED'")
END_DIGEST = f"""
with ended as (update person set digest = $2 where id = $1 and digest <> $2 returning id)
insert into event (kind, actor_id, subject_id, ids)
select '{EventKind.PERSON_EDITED}', id, id, {ids_of("'person_id', id")} from ended
"""  # noqa: S608 - constants
END_KIND = f"""
with ended as (
  insert into notification_preference (person_id, kind, in_app, email)
  select id, $2, $3, false from person where id = $1
  on conflict (person_id, kind) do update set email = false
  where notification_preference.email returning person_id
)
insert into event (kind, actor_id, subject_id, ids)
select '{EventKind.NOTIFICATION_CHANGED}', person_id, person_id, {CHANGED_IDS} from ended
"""  # noqa: S608 - as above


class BadToken(Exception):
    """The link was not made by this server, or not all of it arrived."""


def headers(url: str) -> Mapping[str, str]:
    """Give what tells a mail program how to end mails like this one."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def address(services: Services, person_id: UUID, what: str) -> str:
    """Give the link that ends mails of `what`, a kind or DIGEST, for a person."""
    signed = person_id.bytes + what.encode()
    signature = _signature(services.secret_key, signed)
    token = base64.urlsafe_b64encode(signature + signed).rstrip(b"=").decode()
    return f"{services.base_url}{PATH}?token={token}"


def read(secret_key: bytes, token: str) -> tuple[UUID, str]:
    """Give whom a link is for, and what it ends.

    Raises:
        BadToken: It is none of ours.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadToken from error
    signature, signed = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(secret_key, signed)):
        raise BadToken
    what = signed[KEY_BYTES:].decode()
    if what != DIGEST and what not in set(NotificationKind):
        raise BadToken
    return UUID(bytes=signed[:KEY_BYTES]), what


async def unsubscribe(connection: Connection, person_id: UUID, what: str) -> None:
    """End mails of `what` for a person; the inbox stays as it is. Nothing happens the second time."""
    if what == DIGEST:
        await connection.execute(END_DIGEST, person_id, Digest.NONE)
        return
    await connection.execute(
        END_KIND,
        person_id,
        what,
        DEFAULTS[NotificationKind(what)].in_app,
    )


def _signature(secret_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(secret_key, PURPOSE + signed, sha256)[:SIGNATURE_BYTES]
