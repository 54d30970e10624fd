"""Uploading, and hanging uploads on what they are for: a logo, a banner, a portrait, a post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from db.storage import Storage
from db.tables.match_requests import FILES_MAX
from db.tables.posts import ALT_TEXT_MAX, IMAGES_MAX, WAITING, MediaPurpose
from resolvers import checking
from resolvers.acting import Connection, Context
from resolvers.auditing import AuditAction
from resolvers.commands.people import person_edited
from resolvers.media import ATTACHABLE, MEDIA_PATH
from resolvers.permissions import Action
from resolvers.refusals import Conflict, InvalidInput, NotFound, TooMany
from subscriptions.events import EventKind

# Uploads of one person that are not used yet: some posts' worth, but no free storage.
WAITING_MAX = 50
# How long an upload may wait to be used, and an object for its row.
KEPT_UNUSED = timedelta(days=1)
COUNT_WAITING = f"select count(*) from media where uploaded_by_id = $1 and {WAITING}"  # noqa: S608
ADD = """
insert into media (uploaded_by_id, purpose, storage_key, content_type, name, alt_text, byte_count,
                   width, height)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
"""
# Locked, so that one upload is hung on one thing only.
OWN = f"""
select id, purpose, storage_key, post_id, {WAITING} as is_waiting
from media where id = any($1) and uploaded_by_id = $2 for update
"""  # noqa: S608 - a condition of ours
# What the post carries already may be listed by whoever edits it, not only by who uploaded it.
OWN_OR_ON_POST = f"""
select id, purpose, post_id, {WAITING} as is_waiting
from media where id = any($1) and (uploaded_by_id = $2 or post_id = $3) for update
"""  # noqa: S608 - a condition of ours
DROP_UNLISTED = "delete from media where post_id = $1 and id <> all($2)"
ATTACH_TO_MESSAGE = """
update media set match_message_id = $1, position = listed.n - 1
from unnest($2::uuid[]) with ordinality as listed (id, n) where media.id = listed.id
"""
ATTACH = """
update media set post_id = $1, position = listed.n - 1
from unnest($2::uuid[]) with ordinality as listed (id, n) where media.id = listed.id
"""
DESCRIBE = """
update media set alt_text = $3 where id = $1 and uploaded_by_id = $2
returning old.alt_text, post_id, organisation_id, person_id
"""
POST = "select * from post where id = $1"
SET_LOGO = "update organisation set logo_url = $2 where id = $1"
SET_BANNER = "update organisation set banner_url = $2 where id = $1"
SET_AVATAR = "update person set avatar_url = $2 where id = $1"
UNUSED = f"""
delete from media where {WAITING} and created_at < now() - $1::interval
and id not in (select unnest(media_ids) from post_draft)
"""  # noqa: S608 - a condition of ours
WITHOUT_ROW = """
select key from unnest($1::text[]) as kept (key)
where not exists (select from media where storage_key = kept.key)
  and not exists (select from data_export where storage_key = kept.key)
"""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What is known of an upload whose object is kept; `width` and `height` are of pictures."""

    purpose: MediaPurpose
    storage_key: str
    content_type: str
    byte_count: int
    name: str
    alt_text: str
    width: int | None = None
    height: int | None = None


async def may_upload(ctx: Context) -> None:
    """Refuse whoever may not upload, before anything is sent.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their token may only read, or they are suspended.
        TooMany: They have WAITING_MAX uploads that are not used.
    """
    actor = ctx.person()
    if await ctx.connection.fetchval(COUNT_WAITING, actor.id) >= WAITING_MAX:
        raise TooMany("media.too_many_waiting", limit=WAITING_MAX)


async def add_media(ctx: Context, *, upload: Upload) -> UUID:
    """Note an upload whose object is kept already; it hangs on nothing yet.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: The text for those who cannot see it is too long, or cannot be shown.
    """
    actor = ctx.person()
    key: UUID = await ctx.connection.fetchval(
        ADD,
        actor.id,
        upload.purpose,
        upload.storage_key,
        upload.content_type,
        upload.name,
        checking.text(upload.alt_text, "alt_text", at_most=ALT_TEXT_MAX),
        upload.byte_count,
        upload.width,
        upload.height,
    )
    return key


async def describe_media(ctx: Context, *, media_id: UUID, alt_text: str) -> UUID:
    """Say what a picture shows, for those who cannot see it.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: They uploaded no such thing.
        InvalidInput: The text is too long, or cannot be shown.
    """
    actor = ctx.person()
    cleaned = checking.text(alt_text, "alt_text", at_most=ALT_TEXT_MAX)
    found = await ctx.connection.fetchrow(DESCRIBE, media_id, actor.id, cleaned)
    if found is None:
        raise NotFound("common.not_found", field=("media_id",))
    if found["alt_text"] != cleaned:
        await _described(ctx, found)
    return media_id


async def delete_media(ctx: Context, *, media_id: UUID) -> dict[str, Any]:
    """Take back an upload that is not used anywhere; its object goes with the next cleaning.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: They uploaded no such thing.
        Conflict: It is in use.
    """
    actor = ctx.person()
    await _own(ctx, media_id, actor.id, None)
    await ctx.connection.execute("delete from media where id = $1", media_id)
    return {"deleted_id": f"med_{media_id}"}


async def set_logo(ctx: Context, *, organisation_id: UUID, media_id: UUID | None = None) -> UUID:
    """Give an organisation another logo, or none.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role there does not permit it.
        NotFound: No such organisation or upload, as far as they may know.
        InvalidInput: It was uploaded for something else.
        Conflict: It is in use already.
    """
    return await _dress(ctx, organisation_id, media_id, MediaPurpose.LOGO, SET_LOGO)


async def set_banner(ctx: Context, *, organisation_id: UUID, media_id: UUID | None = None) -> UUID:
    """Give an organisation another banner, or none; refused as `set_logo` is."""
    return await _dress(ctx, organisation_id, media_id, MediaPurpose.BANNER, SET_BANNER)


async def set_avatar(ctx: Context, *, media_id: UUID | None = None) -> UUID:
    """Give the person who acts another portrait, or none.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: They uploaded no such thing.
        InvalidInput: It was uploaded for something else.
        Conflict: It is in use already.
    """
    actor = ctx.person()
    # Locked first: of two portraits set at once, the later one stays.
    await ctx.connection.execute("select from person where id = $1 for update", actor.id)
    url = await _replace(ctx, media_id, MediaPurpose.AVATAR, "person_id", actor.id)
    await ctx.connection.execute(SET_AVATAR, actor.id, url)
    await person_edited(ctx, actor.id)
    return actor.id


async def attach_to_post(ctx: Context, post_id: UUID, media_ids: Sequence[UUID]) -> None:
    """Let a post carry exactly these, in this order; what it carried before and no longer is removed.

    The caller has made sure that the post may be edited. Of one post: at most IMAGES_MAX pictures,
    or one file.

    Raises:
        NotFound: One is no upload of the person who acts.
        InvalidInput: There are too many, or pictures beside a file, or one that is not for posts.
        Conflict: One is in use elsewhere.
    """
    await check_media(ctx, media_ids, post_id=post_id)
    await ctx.connection.execute(DROP_UNLISTED, post_id, list(media_ids))
    if media_ids:
        await ctx.connection.execute(ATTACH, post_id, list(media_ids))


async def attach_to_message(ctx: Context, message_id: UUID, media_ids: Sequence[UUID]) -> None:
    """Let a new message of the person who acts carry these uploads of theirs, in this order.

    Raises:
        NotFound: One is no upload of the person who acts.
        InvalidInput: There are more than FILES_MAX, one comes twice, or is for something else.
        Conflict: One is in use.
    """
    if not media_ids:
        return
    if len(set(media_ids)) < len(media_ids):
        raise InvalidInput("media.twice", field=("media_ids",))
    if len(media_ids) > FILES_MAX:
        raise InvalidInput(
            "common.list_too_long", field=("media_ids",), limit=FILES_MAX, actual=len(media_ids)
        )
    found = await ctx.connection.fetch(OWN, list(media_ids), ctx.person().id)
    if len(found) < len(media_ids):
        raise NotFound("common.not_found", field=("media_ids",))
    if not all(row["is_waiting"] for row in found):
        raise Conflict("media.in_use", field=("media_ids",))
    if any(row["purpose"] not in ATTACHABLE for row in found):
        raise InvalidInput("media.wrong_purpose", field=("media_ids",), expected="FILE")
    await ctx.connection.execute(ATTACH_TO_MESSAGE, message_id, list(media_ids))


async def check_media(
    ctx: Context, media_ids: Sequence[UUID], *, post_id: UUID | None = None
) -> None:
    """Refuse what could not be attached to a post (to `post_id`, when it is there already).

    Raises: as `attach_to_post` does.
    """
    actor = ctx.person()
    if not media_ids:
        return
    if len(set(media_ids)) < len(media_ids):
        raise InvalidInput("media.twice", field=("media_ids",))
    if len(media_ids) > IMAGES_MAX:
        raise InvalidInput(
            "media.too_many_pictures",
            field=("media_ids",),
            limit=IMAGES_MAX,
            actual=len(media_ids),
        )
    found = await ctx.connection.fetch(OWN_OR_ON_POST, list(media_ids), actor.id, post_id)
    if len(found) < len(media_ids):
        raise NotFound("common.not_found", field=("media_ids",))
    if any(not row["is_waiting"] and row["post_id"] != post_id for row in found):
        raise Conflict("media.in_use", field=("media_ids",))
    purposes = {MediaPurpose(row["purpose"]) for row in found}
    if not purposes <= set(ATTACHABLE):
        raise InvalidInput("media.wrong_purpose", field=("media_ids",), expected="IMAGE")
    if MediaPurpose.FILE in purposes and len(found) > 1:
        raise InvalidInput("media.pictures_or_file", field=("media_ids",))


async def clean_up(connection: Connection, storage: Storage) -> int:
    """Remove uploads that nobody used for a day, and objects that no row points to; give how many.

    An object younger than a day is left alone: its row may not be committed yet. Interrupted at
    any point, the next run does the rest.
    """
    await connection.execute(UNUSED, KEPT_UNUSED)
    now = await connection.fetchval("select now()")
    removed = 0
    async for kept in storage.kept():
        old = [found.key for found in kept if found.since < now - KEPT_UNUSED]
        gone = [row["key"] for row in await connection.fetch(WITHOUT_ROW, old)]
        await storage.delete(gone)
        removed += len(gone)
    return removed


async def _dress(
    ctx: Context,
    organisation_id: UUID,
    media_id: UUID | None,
    purpose: MediaPurpose,
    statement: str,
) -> UUID:
    await ctx.require(Action.EDIT_PROFILE, organisation_id, field="organisation_id")
    # Locked first: of two set at once, the later one stays.
    await ctx.connection.execute(
        "select from organisation where id = $1 for update", organisation_id
    )
    url = await _replace(ctx, media_id, purpose, "organisation_id", organisation_id)
    await ctx.connection.execute(statement, organisation_id, url)
    await _organisation_edited(ctx, organisation_id)
    await ctx.audit(AuditAction(f"{purpose}_SET"), organisation_id, subject_id=media_id)
    return organisation_id


async def _described(ctx: Context, media: Mapping[str, Any]) -> None:
    """Record a new description where the picture is shown."""
    if media["person_id"] is not None:
        await person_edited(ctx, media["person_id"])
    if media["organisation_id"] is not None:
        await _organisation_edited(ctx, media["organisation_id"])
    if media["post_id"] is not None:
        post = await ctx.connection.fetchrow(POST, media["post_id"])
        if post is not None:
            await ctx.record_of_post(EventKind.POST_EDITED, post)


async def _organisation_edited(ctx: Context, organisation_id: UUID) -> None:
    await ctx.record(
        EventKind.ORGANISATION_EDITED, organisation_id=organisation_id, subject_id=organisation_id
    )


async def _replace(
    ctx: Context, media_id: UUID | None, purpose: MediaPurpose, column: str, key: UUID
) -> str | None:
    """Put an upload in the place of the one before, which goes; give where it is served."""
    url = None
    if media_id is not None:
        url = MEDIA_PATH + await _own(ctx, media_id, ctx.person().id, purpose)
    await ctx.connection.execute(
        f"delete from media where {column} = $1 and purpose = $2",  # noqa: S608 - a column of ours
        key,
        purpose,
    )
    if media_id is not None:
        await ctx.connection.execute(
            f"update media set {column} = $1 where id = $2",  # noqa: S608 - as above
            key,
            media_id,
        )
    return url


async def _own(ctx: Context, media_id: UUID, person_id: UUID, purpose: MediaPurpose | None) -> str:
    """Give the storage key of an unused upload of one's own, locked.

    Raises:
        NotFound: There is none.
        Conflict: It is in use.
        InvalidInput: It was uploaded for something else than `purpose`.
    """
    found = await ctx.connection.fetchrow(OWN, [media_id], person_id)
    if found is None:
        raise NotFound("common.not_found", field=("media_id",))
    if not found["is_waiting"]:
        raise Conflict("media.in_use", field=("media_id",))
    if purpose is not None and found["purpose"] != purpose:
        raise InvalidInput("media.wrong_purpose", field=("media_id",), expected=purpose.value)
    return str(found["storage_key"])
