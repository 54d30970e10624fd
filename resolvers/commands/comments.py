"""Comments: two levels deep, edited and taken back by whoever wrote them; and the best answer.

Whoever answers an answer is put under the comment that it answers, so no thread goes deeper. A
comment that others have answered leaves its place when it goes, without its text.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from db.tables.people import Role
from db.tables.posts import COMMENT_BODY_MAX, PostKind
from resolvers.acting import Context
from resolvers.auditing import AuditAction
from resolvers.commands.posts import managed
from resolvers.commands.writing import keep_mentions, replace_mentions, write
from resolvers.permissions import Action, permitted
from resolvers.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from resolvers.seeing import ruled, sees
from resolvers.steps import in_one_statement
from subscriptions.events import EventKind

ADD = """
with seen as ({post_seen}), fresh as (
  insert into comment (author_id, post_id, parent_id, body, body_html)
  select $1, $2, $3, $4, $5 from seen
  returning id
), counted as (
  update post set comment_count = comment_count + 1 from fresh where post.id = $2
), recorded as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select $6, $1, (select organisation_id from post where id = $2), id,
    jsonb_strip_nulls(jsonb_build_object(
      'comment_id', id, 'post_id', $2::uuid, 'author_id', $1::uuid, 'parent_id', $3::uuid))
  from fresh
)
select id from fresh
"""
PARENT = """
select id, post_id, parent_id from comment c where c.id = $2 and exists ({comment_seen})
"""
COMMENT = """
select c.*, p.organisation_id, m.role, o.suspended_at is not null as is_suspended,
  exists ({comment_seen}) as is_seen
from comment c join post p on p.id = c.post_id join organisation o on o.id = p.organisation_id
left join membership m on m.organisation_id = p.organisation_id and m.person_id = $1
  and m.ended_on is null
where c.id = $2
for update of c
"""
EDIT = """
update comment set body = $2, body_html = $3, edited_at = now(), version = version + 1
where id = $1
"""
HAS_REPLIES = "select exists (select from comment where parent_id = $1)"
REMOVE = "delete from comment where id = $1"
BURY = """
with forgotten as (delete from mention where comment_id = $1)
update comment set body = '', body_html = '', deleted_at = now(), version = version + 1
where id = $1
"""
# Its place was only kept for the answers to it.
REMOVE_EMPTY_PLACE = """
delete from comment c where c.id = $1 and c.deleted_at is not null
and not exists (select from comment where parent_id = c.id)
returning *
"""
UNCOUNT = """
update post set comment_count = comment_count - 1,
  best_answer_id = case when best_answer_id = $2 then null else best_answer_id end
where id = $1
"""


@in_one_statement
async def add_comment(
    ctx: Context, *, post_id: UUID, body: str, parent_id: UUID | None = None
) -> UUID:
    """Answer a post, or a comment on it.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post, comment or mentioned one, as far as they may know.
        InvalidInput: The text cannot be taken, or the comment is on another post.
        TooMany: It names too many.
    """
    actor = ctx.person()
    written = await write(ctx, body, at_most=COMMENT_BODY_MAX)
    if parent_id is not None:
        parent = await ctx.connection.fetchrow(ruled(PARENT), actor.id, parent_id)
        if parent is None:
            raise NotFound("common.not_found", field=("parent_id",))
        if parent["post_id"] != post_id:
            raise InvalidInput("posts.parent_elsewhere", field=("parent_id",))
        parent_id = parent["parent_id"] or parent_id
    given = (actor.id, post_id, parent_id, written.body, written.html, EventKind.COMMENT_ADDED)
    if not written.named:
        return await _add(ctx, *given)
    async with ctx.together():
        key = await _add(ctx, *given)
        await keep_mentions(ctx, written, post_id, key)
        return key


async def _add(ctx: Context, *given: Any) -> UUID:
    try:
        key: UUID | None = await ctx.connection.fetchval(ruled(ADD), *given)
    except asyncpg.ForeignKeyViolationError as error:
        # The post or the comment was deleted at this very moment.
        field = "post_id" if "post_id" in (error.constraint_name or "") else "parent_id"
        raise NotFound("common.not_found", field=(field,)) from error
    if key is None:
        raise NotFound("common.not_found", field=("post_id",))
    return key


async def edit_comment(ctx: Context, *, comment_id: UUID, expected_version: int, body: str) -> UUID:
    """Change one's own comment.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such comment or mentioned one, as far as they may know.
        NotAllowed: Somebody else wrote it.
        Conflict: It was changed meanwhile, or taken back.
        InvalidInput: The text cannot be taken.
        TooMany: It names too many.
    """
    actor = ctx.person()
    comment = await _locked(ctx, comment_id)
    if not comment["is_seen"]:
        raise NotFound("common.not_found", field=("comment_id",))
    if comment["deleted_at"] is not None:
        raise Conflict("posts.comment_deleted", field=("comment_id",))
    if comment["author_id"] != actor.id:
        raise NotAllowed("posts.comment_not_yours", field=("comment_id",))
    if comment["version"] != expected_version:
        raise Conflict("common.changed_meanwhile", field=("expected_version",))
    written = await write(ctx, body, at_most=COMMENT_BODY_MAX)
    await ctx.connection.execute(EDIT, comment_id, written.body, written.html)
    await replace_mentions(ctx, written, comment["post_id"], comment_id)
    await _recorded(ctx, EventKind.COMMENT_EDITED, comment)
    return comment_id


async def delete_comment(ctx: Context, *, comment_id: UUID) -> dict[str, Any]:
    """Take back one's own comment, or one on a post that one manages; gives post and comment.

    What others have answered keeps its place without its text; the comment is null otherwise.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such comment, as far as they may know.
        NotAllowed: Somebody else wrote it, and their role does not manage posts.
        Conflict: It was taken back before.
    """
    actor = ctx.person()
    comment = await _locked(ctx, comment_id)
    is_own = comment["author_id"] == actor.id
    if not comment["is_seen"] and not is_own:
        raise NotFound("common.not_found", field=("comment_id",))
    if comment["deleted_at"] is not None:
        raise Conflict("posts.comment_deleted", field=("comment_id",))
    role = None if comment["role"] is None else Role(comment["role"])
    if not is_own and (not permitted(Action.MANAGE_POSTS, role) or comment["is_suspended"]):
        raise NotAllowed("posts.comment_not_yours", field=("comment_id",))
    # Nobody can answer it meanwhile: its row is locked.
    is_answered = await ctx.connection.fetchval(HAS_REPLIES, comment_id)
    await ctx.connection.execute(BURY if is_answered else REMOVE, comment_id)
    if comment["parent_id"] is not None:
        await ctx.connection.execute(
            "select from comment where id = $1 for update", comment["parent_id"]
        )
        place = await ctx.connection.fetchrow(REMOVE_EMPTY_PLACE, comment["parent_id"])
        if place is not None:
            await _recorded(
                ctx, EventKind.COMMENT_DELETED, place, organisation_id=comment["organisation_id"]
            )
    await ctx.connection.execute(UNCOUNT, comment["post_id"], comment_id)
    if not is_own:
        await ctx.audit(
            AuditAction.COMMENT_DELETED, comment["organisation_id"], subject_id=comment_id
        )
    await _recorded(ctx, EventKind.COMMENT_DELETED, comment)
    is_post_seen = await sees(ctx.connection, actor.id, "post", comment["post_id"])
    return {
        "post": comment["post_id"] if is_post_seen else None,
        "comment": comment_id if is_answered and is_post_seen else None,
    }


async def choose_answer(ctx: Context, *, post_id: UUID, comment_id: UUID | None = None) -> UUID:
    """Mark the comment that answers a question best; None takes the mark away.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post or comment, as far as they may know.
        NotAllowed: The question is not theirs, and their role does not manage posts.
        Conflict: The post is not a question, or the comment was taken back.
        InvalidInput: The comment is on another post.
    """
    actor = ctx.person()
    post = await managed(ctx, post_id, or_own=True)
    if post["kind"] != PostKind.QUESTION:
        raise Conflict("posts.not_a_question", field=("post_id",))
    if comment_id is not None:
        comment = await _locked(ctx, comment_id)
        if not comment["is_seen"]:
            raise NotFound("common.not_found", field=("comment_id",))
        if comment["post_id"] != post_id:
            raise InvalidInput("posts.answer_elsewhere", field=("comment_id",))
        if comment["deleted_at"] is not None:
            raise Conflict("posts.comment_deleted", field=("comment_id",))
    if post["best_answer_id"] == comment_id:
        return post_id
    await ctx.connection.execute(
        "update post set best_answer_id = $2 where id = $1", post_id, comment_id
    )
    await ctx.record_of_post(EventKind.ANSWER_CHOSEN, post, comment_id=comment_id)
    if actor.id != post["author_id"]:
        await ctx.audit(AuditAction.ANSWER_CHOSEN, post["organisation_id"], subject_id=post_id)
    return post_id


async def _locked(ctx: Context, comment_id: UUID) -> Any:
    actor = ctx.person()
    comment = await ctx.connection.fetchrow(ruled(COMMENT), actor.id, comment_id)
    if comment is None:
        raise NotFound("common.not_found", field=("comment_id",))
    return comment


async def _recorded(
    ctx: Context,
    kind: EventKind,
    comment: asyncpg.Record,
    *,
    organisation_id: UUID | None = None,
) -> None:
    await ctx.record(
        kind,
        organisation_id=organisation_id or comment["organisation_id"],
        subject_id=comment["id"],
        comment_id=comment["id"],
        post_id=comment["post_id"],
        author_id=comment["author_id"],
        parent_id=comment["parent_id"],
        is_hidden=comment["hidden_at"] is not None,
    )
