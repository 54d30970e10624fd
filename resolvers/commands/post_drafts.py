"""Drafts: kept for those who publish in the same name, published by hand or when their time comes.

A draft becomes a post with a new key when it is published, so that posts stay in the order in
which people could read them. Whoever last edited or scheduled a draft answers for it as its author.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from db.tables.notifications import NotificationKind
from db.tables.people import Locale
from db.tables.posts import POST_BODY_MAX, WAITING, Audience, PostKind
from resolvers import checking
from resolvers.acting import Actor, Connection, Context, Origin, Services
from resolvers.checking import KEPT, Kept
from resolvers.commands.media import check_media
from resolvers.commands.posts import message_or_question
from resolvers.commands.publishing import (
    PUBLISHERS,
    NewPost,
    check_listing,
    check_skills,
    publish,
)
from resolvers.commands.writing import write
from resolvers.notifying import tell
from resolvers.permissions import Action
from resolvers.refusals import Conflict, InvalidInput, NotAllowed, NotFound, Refusal

AHEAD_MAX = timedelta(days=365)
SAVE = """
insert into post_draft
  (organisation_id, author_id, kind, body, language, audience, skill_ids, media_ids, listing_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
"""
DRAFT = """
select d.* from post_draft d
join membership m on m.organisation_id = d.organisation_id and m.person_id = $1
  and m.ended_on is null and m.role = any($3)
where d.id = $2
for update of d
"""
EDIT = """
update post_draft set author_id = $2, kind = $3, body = $4, language = $5, audience = $6,
  skill_ids = $7, media_ids = $8, listing_id = $9, version = version + 1, refused_at = null, refusal = null
where id = $1
"""
SCHEDULE = """
update post_draft set author_id = $2, scheduled_for = $3, version = version + 1,
  refused_at = null, refusal = null
where id = $1
"""
DUE = """
select * from post_draft
where scheduled_for <= now() and refused_at is null
order by scheduled_for limit 1
for update skip locked
"""
REFUSED = "update post_draft set refused_at = now(), refusal = $2 where id = $1"
AUTHOR = """
select id, name, locale, is_moderator, suspended_at is not null as is_suspended
from person where id = $1 and deactivated_at is null
"""
# Whoever takes a draft over takes over the uploads that wait for it to be published.
TAKE_OVER = f"""
update media set uploaded_by_id = $2 where id = any($1) and {WAITING}
"""  # noqa: S608 - a constant
DELETE = "delete from post_draft where id = $1"


async def save_draft(  # noqa: PLR0913 - the fields of the input
    ctx: Context,
    *,
    organisation_id: UUID,
    body: str,
    language: Locale | None = None,
    audience: Audience | None = None,
    kind: PostKind | None = None,
    skill_ids: Sequence[UUID] | None = None,
    media_ids: Sequence[UUID] | None = None,
    listing_id: UUID | None = None,
) -> UUID:
    """Keep a post to be published later; its text may be empty and is not parsed yet.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role there may not publish.
        NotFound: No such organisation, skill or upload, as far as they may know.
        InvalidInput: The text or the uploads cannot be taken.
        Conflict: An upload is in use.
        TooMany: Too many skills.
    """
    actor = await ctx.require(Action.PUBLISH, organisation_id, field="organisation_id")
    await check_listing(ctx, listing_id)
    await check_media(ctx, media_ids or ())
    key: UUID = await ctx.connection.fetchval(
        SAVE,
        organisation_id,
        actor.id,
        message_or_question(kind) or PostKind.MESSAGE,
        _text(body),
        language or actor.locale,
        audience or Audience.NETWORK,
        await _skills(ctx, skill_ids or ()),
        media_ids or [],
        listing_id,
    )
    return key


async def edit_draft(  # noqa: PLR0913 - the fields of the input
    ctx: Context,
    *,
    draft_id: UUID,
    expected_version: int,
    body: str | None = None,
    language: Locale | None = None,
    audience: Audience | None = None,
    kind: PostKind | None = None,
    skill_ids: Sequence[UUID] | None = None,
    media_ids: Sequence[UUID] | None = None,
    listing_id: UUID | Kept | None = KEPT,
) -> UUID:
    """Change a draft; what is not given stays, and a listing can be taken away by None. It keeps its time, unless that was refused.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such draft, skill or upload, as far as they may know.
        Conflict: It was changed meanwhile, or an upload is in use.
        InvalidInput: The text or the uploads cannot be taken.
        TooMany: Too many skills.
    """
    actor = ctx.person()
    draft = await _taken_over(ctx, draft_id, expected_version)
    if listing_id is not KEPT:
        await check_listing(ctx, listing_id)
    await check_media(ctx, media_ids or ())
    await ctx.connection.execute(
        EDIT,
        draft_id,
        actor.id,
        message_or_question(kind) or draft["kind"],
        draft["body"] if body is None else _text(body),
        language or draft["language"],
        audience or draft["audience"],
        draft["skill_ids"] if skill_ids is None else await _skills(ctx, skill_ids),
        draft["media_ids"] if media_ids is None else media_ids,
        draft["listing_id"] if listing_id is KEPT else listing_id,
    )
    return draft_id


async def schedule_draft(
    ctx: Context, *, draft_id: UUID, expected_version: int, scheduled_for: datetime | None = None
) -> UUID:
    """Have a draft published at a time within a year; None takes the time away.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such draft or mentioned one, as far as they may know.
        Conflict: It was changed meanwhile.
        InvalidInput: The time is past, too far or without its offset, or there is no text yet.
        TooMany: It names too many.
    """
    actor = ctx.person()
    draft = await _taken_over(ctx, draft_id, expected_version)
    if scheduled_for is not None:
        _check_time(scheduled_for)
        await write(ctx, draft["body"], at_most=POST_BODY_MAX)
    await ctx.connection.execute(SCHEDULE, draft_id, actor.id, scheduled_for)
    return draft_id


async def publish_draft(ctx: Context, *, draft_id: UUID, expected_version: int) -> UUID:
    """Publish a draft now, as its actor's post; the draft is gone then.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such draft, skill or mentioned one, as far as they may know.
        NotAllowed: The organisation is suspended.
        Conflict: It was changed meanwhile.
        InvalidInput: There is no text yet.
        TooMany: It names too many.
    """
    return await _publish(ctx, await _taken_over(ctx, draft_id, expected_version))


async def delete_draft(ctx: Context, *, draft_id: UUID) -> UUID:
    """Throw a draft away; gives the key of the organisation in whose name it was.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such draft, as far as they may know.
    """
    draft = await _draft(ctx, draft_id, None)
    await ctx.connection.execute(DELETE, draft_id)
    organisation_id: UUID = draft["organisation_id"]
    return organisation_id


async def publish_due(connection: Connection, services: Services) -> list[UUID]:
    """Publish every draft whose time has come, one transaction each; give the posts' keys.

    What its author may not publish any longer, or names somebody who has gone, is marked with the
    code of the refusal and left for people. Several workers may do this at once: each takes other
    drafts. `connection` is one of the write pool, outside a transaction.
    """
    published: list[UUID] = []
    while True:
        async with connection.transaction():
            draft = await connection.fetchrow(DUE)
            if draft is None:
                return published
            ctx = Context(connection=connection, actor=None, origin=Origin(), services=services)
            try:
                # Within the transaction: a refusal undoes what was written, and is then marked.
                async with connection.transaction():
                    ctx.actor = await _author(connection, draft["author_id"])
                    published.append(await _publish(ctx, draft))
            except Refusal as refusal:
                await connection.execute(REFUSED, draft["id"], refusal.code)
                await tell(
                    ctx,
                    NotificationKind.SCHEDULED_POST_REFUSED,
                    [draft["author_id"]],
                    subject_id=draft["id"],
                    organisation_id=draft["organisation_id"],
                    note=refusal.code,
                )


async def _publish(ctx: Context, draft: asyncpg.Record) -> UUID:
    post_id = await publish(
        ctx,
        NewPost(
            organisation_id=draft["organisation_id"],
            written=await write(ctx, draft["body"], at_most=POST_BODY_MAX),
            language=Locale(draft["language"]),
            audience=Audience(draft["audience"]),
            kind=PostKind(draft["kind"]),
            skill_ids=draft["skill_ids"],
            media_ids=draft["media_ids"],
            listing_id=draft["listing_id"],
        ),
    )
    await ctx.connection.execute(DELETE, draft["id"])
    return post_id


async def _draft(ctx: Context, draft_id: UUID, expected_version: int | None) -> Any:
    """Lock a draft of an organisation in whose name the actor may publish."""
    actor = ctx.person()
    draft = await ctx.connection.fetchrow(DRAFT, actor.id, draft_id, PUBLISHERS)
    if draft is None:
        raise NotFound("common.not_found", field=("draft_id",))
    if expected_version is not None and draft["version"] != expected_version:
        raise Conflict("common.changed_meanwhile", field=("expected_version",))
    return draft


async def _taken_over(ctx: Context, draft_id: UUID, expected_version: int) -> Any:
    """Lock a draft for its next author, with the uploads that wait for it."""
    actor = ctx.person()
    draft = await _draft(ctx, draft_id, expected_version)
    if draft["media_ids"] and draft["author_id"] != actor.id:
        await ctx.connection.execute(TAKE_OVER, draft["media_ids"], actor.id)
    return draft


async def _author(connection: Connection, person_id: UUID) -> Actor:
    found = await connection.fetchrow(AUTHOR, person_id)
    if found is None:
        raise NotAllowed("common.role_missing")
    return Actor(
        id=found["id"],
        name=found["name"],
        locale=Locale(found["locale"]),
        is_moderator=found["is_moderator"],
        is_suspended=found["is_suspended"],
        may_write=True,
        session_id=None,
        token_id=None,
    )


async def _skills(ctx: Context, skill_ids: Sequence[UUID]) -> list[UUID]:
    wanted = check_skills(skill_ids)
    known = await ctx.connection.fetchval("select count(*) from skill where id = any($1)", wanted)
    if known != len(wanted):
        raise NotFound("posts.skill_unknown", field=("skill_ids",))
    return wanted


def _text(body: str) -> str:
    return checking.text(body, "body", at_most=POST_BODY_MAX, multiline=True)


def _check_time(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise InvalidInput("posts.time_without_offset", field=("scheduled_for",))
    now = datetime.now(UTC)
    if moment <= now:
        raise InvalidInput("posts.time_past", field=("scheduled_for",))
    if moment > now + AHEAD_MAX:
        raise InvalidInput("posts.time_too_far", field=("scheduled_for",))
