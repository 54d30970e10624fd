"""Posts: published and reposted in an organisation's name, edited, pinned, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from db.tables.people import Locale, Role
from db.tables.posts import PINNED_MAX, POST_BODY_MAX, Audience, PostKind
from resolvers.acting import Actor, Context
from resolvers.auditing import AuditAction
from resolvers.checking import KEPT, Kept
from resolvers.commands.media import attach_to_post
from resolvers.commands.publishing import (
    FOR_FEWER,
    GONE,
    NewPost,
    check_listing,
    check_skills,
    publish,
    restate,
    tag,
)
from resolvers.commands.writing import Written, replace_mentions, write
from resolvers.permissions import Action, permitted
from resolvers.refusals import Conflict, InvalidInput, NotAllowed, NotFound, Taken, TooMany
from resolvers.seeing import ruled
from resolvers.steps import in_one_statement
from subscriptions.events import Change, EventKind

# Who may already read a post that is for the key: what an edit may change it to.
NARROWER: dict[Audience, frozenset[Audience]] = {
    Audience.PUBLIC: frozenset(Audience),
    Audience.NETWORK: frozenset(Audience) - {Audience.PUBLIC},
    Audience.FOLLOWERS: frozenset({Audience.FOLLOWERS, Audience.ORGANISATION}),
    Audience.PARTNERS: frozenset({Audience.PARTNERS, Audience.ORGANISATION}),
    Audience.ORGANISATION: frozenset({Audience.ORGANISATION}),
}
MANAGED = """
select p.*, m.role, o.suspended_at is not null as is_suspended, exists ({post_seen}) as is_seen
from post p join organisation o on o.id = p.organisation_id
left join membership m on m.organisation_id = p.organisation_id and m.person_id = $1
  and m.ended_on is null
where p.id = $2
for no key update of p
"""
ORIGINAL = """
select p.id, p.body, p.kind, p.repost_of_id from post p where p.id = $2 and exists ({post_seen})
"""
COUNT_REPOST = "update post set repost_count = repost_count + $2 where id = $1 returning *"
KEEP_REVISION = "insert into post_revision (post_id, body, edited_by_id) values ($1, $2, $3)"
EDIT = """
update post set body = $2, body_html = $3, language = $4, audience = $5, kind = $6::text,
  best_answer_id = case when $6::text = 'QUESTION' then best_answer_id end,
  listing_id = $7, edited_at = now(), version = version + 1
where id = $1
"""
# A repost without words says nothing once the post that it shows is gone.
DELETE = f"""
delete from post where id = $1 or (repost_of_id = $1 and kind = 'REPOST' and body = '')
returning {GONE}
"""  # noqa: S608 - a constant
PINNED = (
    "select count(*) from post where organisation_id = $1 and pinned_at is not null and id <> $2"
)


@in_one_statement
async def publish_post(  # noqa: PLR0913 - the fields of the input
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
    """Publish a post in the organisation's name.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role there may not publish.
        NotFound: No such organisation, skill, upload, listing or mentioned one, as far as they may know.
        InvalidInput: The body cannot be taken, or uploads that a post cannot carry together.
        Conflict: An upload is in use.
        TooMany: Too many skills or mentions.
    """
    actor = ctx.person()
    return await publish(
        ctx,
        NewPost(
            organisation_id=organisation_id,
            written=await write(ctx, body, at_most=POST_BODY_MAX),
            language=language or actor.locale,
            audience=audience or Audience.NETWORK,
            kind=message_or_question(kind) or PostKind.MESSAGE,
            skill_ids=skill_ids or (),
            media_ids=media_ids or (),
            listing_id=listing_id,
        ),
    )


async def repost(
    ctx: Context,
    *,
    post_id: UUID,
    organisation_id: UUID,
    body: str | None = None,
    language: Locale | None = None,
    audience: Audience | None = None,
) -> UUID:
    """Share a post in the organisation's name, with or without words of its own.

    A repost without words is itself reposted as what it shows.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role there may not publish.
        NotFound: No such post or organisation, as far as they may know.
        Taken: Without words, and the organisation did so before.
    """
    actor = ctx.person()
    written = (
        await write(ctx, body, at_most=POST_BODY_MAX, at_least=0)
        if body
        else Written(body="", html="")
    )
    original = await _original(ctx, actor, post_id)
    if original["kind"] == PostKind.REPOST and not original["body"]:
        if original["repost_of_id"] is None:
            raise NotFound("common.not_found", field=("post_id",))
        original = await _original(ctx, actor, original["repost_of_id"])
    try:
        key = await publish(
            ctx,
            NewPost(
                organisation_id=organisation_id,
                written=written,
                language=language or actor.locale,
                audience=audience or Audience.NETWORK,
                kind=PostKind.REPOST,
                repost_of_id=original["id"],
            ),
        )
    except asyncpg.ForeignKeyViolationError as error:
        # Deleted at this very moment.
        raise NotFound("common.not_found", field=("post_id",)) from error
    await _count_repost(ctx, original["id"], key, Change.ADDED)
    return key


async def edit_post(  # noqa: PLR0913 - the fields of the input
    ctx: Context,
    *,
    post_id: UUID,
    expected_version: int,
    body: str | None = None,
    language: Locale | None = None,
    audience: Audience | None = None,
    kind: PostKind | None = None,
    skill_ids: Sequence[UUID] | None = None,
    media_ids: Sequence[UUID] | None = None,
    listing_id: UUID | Kept | None = KEPT,
) -> UUID:
    """Change a post; what is not given stays, and a listing can be taken away by None. What it said before is kept and can be read.

    The audience can only shrink: those who answered did so before the eyes of the old one.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post, skill, upload or mentioned one, as far as they may know.
        NotAllowed: It is not theirs, and their role does not manage posts.
        Conflict: It was changed meanwhile, or an upload is in use.
        InvalidInput: The body or the uploads cannot be taken, or the audience would grow.
        TooMany: Too many skills or mentions.
    """
    actor = ctx.person()
    post = await managed(ctx, post_id, or_own=True)
    _check_edit(post, expected_version, audience, kind)
    if listing_id is not KEPT:
        await check_listing(ctx, listing_id)
    is_repost = post["kind"] == PostKind.REPOST
    written = None
    if body is not None:
        written = await write(ctx, body, at_most=POST_BODY_MAX, at_least=0 if is_repost else 1)
    try:
        await ctx.connection.execute(
            EDIT,
            post_id,
            written.body if written else post["body"],
            written.html if written else post["body_html"],
            language or post["language"],
            audience or post["audience"],
            post["kind"] if is_repost else message_or_question(kind) or post["kind"],
            post["listing_id"] if listing_id is KEPT else listing_id,
        )
    except asyncpg.UniqueViolationError as error:
        raise Taken("posts.reposted_already", field=("body",)) from error
    if written and written.body != post["body"]:
        await ctx.connection.execute(KEEP_REVISION, post_id, post["body"], actor.id)
        await replace_mentions(ctx, written, post_id)
    if skill_ids is not None:
        wanted = check_skills(skill_ids)
        await ctx.connection.execute("delete from post_skill where post_id = $1", post_id)
        await tag(ctx, post_id, wanted)
    if media_ids is not None:
        await attach_to_post(ctx, post_id, media_ids)
    if audience in FOR_FEWER and post["audience"] not in FOR_FEWER and not post["hidden_at"]:
        await restate(ctx.connection, [(post["organisation_id"], post["author_id"])])
    if actor.id != post["author_id"]:
        await ctx.audit(AuditAction.POST_EDITED, post["organisation_id"], subject_id=post_id)
    was = Audience(post["audience"])
    await ctx.record_of_post(
        EventKind.POST_EDITED,
        post,
        audience=audience or was,
        was_audience=was if audience not in {None, was} else None,
    )
    return post_id


async def delete_post(ctx: Context, *, post_id: UUID) -> UUID:
    """Delete a post for good, with its comments and reactions, and reposts of it without words.

    Gives the key of the organisation in whose name it was.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post, as far as they may know.
        NotAllowed: It is not theirs, and their role does not manage posts.
    """
    actor = ctx.person()
    post = await managed(ctx, post_id, or_own=True)
    gone = await ctx.connection.fetch(DELETE, post_id)
    await restate(
        ctx.connection,
        [(row["organisation_id"], row["author_id"]) for row in gone if row["is_counted"]],
    )
    if post["kind"] == PostKind.REPOST and post["repost_of_id"] is not None:
        await _count_repost(ctx, post["repost_of_id"], post_id, Change.REMOVED)
    if actor.id != post["author_id"]:
        await ctx.audit(AuditAction.POST_DELETED, post["organisation_id"], subject_id=post_id)
    for row in gone:
        await ctx.record_of_post(EventKind.POST_DELETED, row)
    organisation_id: UUID = post["organisation_id"]
    return organisation_id


async def pin_post(ctx: Context, *, post_id: UUID) -> UUID:
    """Put a post at the top of its organisation's page.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post, as far as they may know.
        NotAllowed: Their role does not manage posts.
        TooMany: PINNED_MAX others are pinned.
    """
    post = await managed(ctx, post_id)
    if post["pinned_at"] is not None:
        return post_id
    # Two who pin at once wait here for each other, so that both count right.
    await ctx.connection.execute(
        "select from organisation where id = $1 for no key update", post["organisation_id"]
    )
    if await ctx.connection.fetchval(PINNED, post["organisation_id"], post_id) >= PINNED_MAX:
        raise TooMany("posts.pinned_too_many", field=("post_id",), limit=PINNED_MAX)
    await ctx.connection.execute("update post set pinned_at = now() where id = $1", post_id)
    await _pinning_recorded(ctx, post, Change.ADDED)
    return post_id


async def unpin_post(ctx: Context, *, post_id: UUID) -> UUID:
    """Take a post from the top of its organisation's page.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post, as far as they may know.
        NotAllowed: Their role does not manage posts.
    """
    post = await managed(ctx, post_id)
    if post["pinned_at"] is not None:
        await ctx.connection.execute("update post set pinned_at = null where id = $1", post_id)
        await _pinning_recorded(ctx, post, Change.REMOVED)
    return post_id


async def managed(ctx: Context, post_id: UUID, *, or_own: bool = False) -> Any:
    """Lock a post that the actor may manage, and give it.

    With `or_own` its author may as well, while their role lets them publish.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post, as far as they may know.
        NotAllowed: Their role does not permit it, or the organisation is suspended.
    """
    actor = ctx.person()
    post = await ctx.connection.fetchrow(ruled(MANAGED), actor.id, post_id)
    if post is None or not post["is_seen"]:
        raise NotFound("common.not_found", field=("post_id",))
    role = None if post["role"] is None else Role(post["role"])
    may = permitted(Action.MANAGE_POSTS, role) or (
        or_own and post["author_id"] == actor.id and permitted(Action.PUBLISH, role)
    )
    if not may or post["is_suspended"]:
        raise NotAllowed("common.role_missing", field=("post_id",))
    return post


def _check_edit(
    post: Any, expected_version: int, audience: Audience | None, kind: PostKind | None
) -> None:
    if post["version"] != expected_version:
        raise Conflict("common.changed_meanwhile", field=("expected_version",))
    if audience is not None and audience not in NARROWER[Audience(post["audience"])]:
        raise InvalidInput("posts.audience_wider", field=("audience",))
    if post["kind"] == PostKind.REPOST and kind not in {None, PostKind.REPOST}:
        raise InvalidInput("posts.kind_of_repost", field=("kind",))


def message_or_question(kind: PostKind | None) -> PostKind | None:
    """Give the kind of a post with a body of its own.

    Raises:
        InvalidInput: It is a repost.
    """
    if kind is PostKind.REPOST:
        raise InvalidInput("posts.kind_repost", field=("kind",))
    return kind


async def _original(ctx: Context, actor: Actor, post_id: UUID) -> Any:
    original = await ctx.connection.fetchrow(ruled(ORIGINAL), actor.id, post_id)
    if original is None:
        raise NotFound("common.not_found", field=("post_id",))
    return original


async def _count_repost(ctx: Context, post_id: UUID, repost_id: UUID, change: Change) -> None:
    """Count a repost of a post, which is an event of the original; that may be gone by now."""
    by = 1 if change is Change.ADDED else -1
    original = await ctx.connection.fetchrow(COUNT_REPOST, post_id, by)
    if original is not None:
        await ctx.record_of_post(
            EventKind.POST_REPOSTED, original, repost_id=repost_id, change=change
        )


async def _pinning_recorded(ctx: Context, post: Mapping[str, Any], change: Change) -> None:
    await ctx.audit(AuditAction.POST_PINNED, post["organisation_id"], subject_id=post["id"])
    await ctx.record_of_post(EventKind.POST_PINNED, post, change=change)
