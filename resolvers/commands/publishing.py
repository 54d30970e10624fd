"""Putting a post on the network: what publishing, reposting, drafts and the clock have in common.

Permission, post, counters and event are one statement, so that publishing costs one round trip
beside the transaction's own. Skills, mentions and uploads cost more, when there are any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.counters import recount
from db.tables.people import Locale
from db.tables.posts import FOR_FOLLOWERS, SKILLS_MAX, WORDLESS_REPOST, Audience, PostKind
from resolvers.acting import Connection, Context, ids_of_post
from resolvers.commands.media import attach_to_post
from resolvers.commands.writing import Written, keep_mentions
from resolvers.permissions import Action, permitting
from resolvers.refusals import Conflict, NotFound, Taken, TooMany
from resolvers.seeing import sees
from subscriptions.events import EventKind, post_ids, record

# Posts for these do not count, nor are they the newest: not every follower may see them.
FOR_FEWER = frozenset({Audience.PARTNERS, Audience.ORGANISATION})
PUBLISHERS = permitting(Action.PUBLISH)
# Keys are in the order of time, also those of two that publish at once and commit in the other
# order: the newest key stays. Organisations are written before people, everywhere.
PUBLISH = f"""
with allowed as (
  select from membership m join organisation o on o.id = m.organisation_id
  where m.person_id = $1 and m.organisation_id = $2 and m.ended_on is null
    and m.role = any($3) and o.suspended_at is null
), fresh as (
  insert into post (author_id, organisation_id, kind, body, body_html, language, audience, repost_of_id, listing_id)
  select $1, $2, $4, $5, $6, $7, $8, $9, $12 from allowed
  on conflict (organisation_id, repost_of_id) where {WORDLESS_REPOST} do nothing
  returning id, organisation_id, author_id, audience, hidden_at
), counted as (
  update organisation set post_count = post_count + 1,
    last_post_id = greatest(organisation.last_post_id, fresh.id)
  from fresh where organisation.id = fresh.organisation_id and $10
), latest as (
  update person set last_post_id = greatest(person.last_post_id, fresh.id)
  from fresh where person.id = fresh.author_id and $10
), recorded as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select $11, author_id, organisation_id, id, {post_ids("fresh")} from fresh
)
select id from fresh
"""  # noqa: S608 - a constant
TAG = """
insert into post_skill (post_id, skill_id)
select $1, skill.id from skill where skill.id = any($2)
"""
GONE = """
id, organisation_id, author_id, audience, hidden_at, kind, repost_of_id,
array(select skill_id from post_skill where post_id = post.id) as skill_ids,
audience not in ('PARTNERS', 'ORGANISATION') and hidden_at is null as is_counted
"""
REMOVE_EMPTY = f"""
delete from post where id in (
  select id from post where kind = 'REPOST' and body = '' and repost_of_id is null
  union all
  select shared.id from post join post shared on shared.repost_of_id = post.id
    and shared.kind = 'REPOST' and shared.body = ''
  where post.organisation_id = any($1::uuid[])
) returning {GONE}
"""  # noqa: S608 - a constant
LOCK_ORGANISATIONS = """
select from organisation where id = any($1::uuid[]) order by id for no key update
"""
LOCK_PEOPLE = "select from person where id = any($1::uuid[]) order by id for no key update"
# A statement of its own after the locks: it must see what those waited for has written.
RESTATE = f"""
with organisations as (
  update organisation set post_count = post_count - given.gone, last_post_id = (
    select post.id from post where post.organisation_id = organisation.id and {FOR_FOLLOWERS}
    order by post.id desc limit 1)
  from unnest($1::uuid[], $2::integer[]) as given (id, gone) where organisation.id = given.id
)
update person set last_post_id = (
  select post.id from post where post.author_id = person.id and {FOR_FOLLOWERS}
  order by post.id desc limit 1)
where id = any($3::uuid[])
"""  # noqa: S608 - as above


@dataclass(frozen=True, kw_only=True)
class NewPost:
    """What is to be published."""

    organisation_id: UUID
    written: Written
    language: Locale
    audience: Audience
    kind: PostKind
    skill_ids: Sequence[UUID] = ()
    media_ids: Sequence[UUID] = ()
    repost_of_id: UUID | None = None
    listing_id: UUID | None = None


async def publish(ctx: Context, post: NewPost) -> UUID:
    """Publish in the organisation's name, if the actor may; give the post's key.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The actor's role there may not publish.
        NotFound: There is no such organisation, skill, listing or upload, as far as they may know.
        TooMany: More than SKILLS_MAX skills.
        InvalidInput: Uploads that a post cannot carry together.
        Conflict: An upload is in use.
        Taken: It is a wordless repost, and the organisation has one of that post already.
    """
    await check_listing(ctx, post.listing_id)
    if not (post.skill_ids or post.media_ids or post.written.named):
        return await _publish(ctx, post)
    async with ctx.together():
        key = await _publish(ctx, post)
        await tag(ctx, key, post.skill_ids)
        await keep_mentions(ctx, post.written, key)
        if post.media_ids:
            await attach_to_post(ctx, key, post.media_ids)
        return key


async def _publish(ctx: Context, post: NewPost) -> UUID:
    actor = ctx.person()
    key: UUID | None = await ctx.connection.fetchval(
        PUBLISH,
        actor.id,
        post.organisation_id,
        PUBLISHERS,
        post.kind,
        post.written.body,
        post.written.html,
        post.language,
        post.audience,
        post.repost_of_id,
        post.audience not in FOR_FEWER,
        EventKind.POST_PUBLISHED,
        post.listing_id,
    )
    if key is None:
        # Says what of the permission is missing, if it is that.
        await ctx.require(Action.PUBLISH, post.organisation_id, field="organisation_id")
        if post.kind is PostKind.REPOST:
            raise Taken("posts.reposted_already", field=("post_id",))
        raise Conflict("common.try_again")
    return key


async def check_listing(ctx: Context, listing_id: UUID | None) -> None:
    """Refuse a post about a listing that the actor may not see.

    Raises:
        NotFound: There is none, as far as they may know.
    """
    if listing_id is not None and not await sees(
        ctx.connection, ctx.person().id, "listing", listing_id
    ):
        raise NotFound("common.not_found", field=("listing_id",))


async def tag(ctx: Context, post_id: UUID, skill_ids: Sequence[UUID]) -> None:
    """Say what a post without skills is about.

    Raises:
        TooMany: More than SKILLS_MAX.
        NotFound: One of them does not exist.
    """
    wanted = check_skills(skill_ids)
    if not wanted:
        return
    if await ctx.connection.execute(TAG, post_id, wanted) != f"INSERT 0 {len(wanted)}":
        raise NotFound("posts.skill_unknown", field=("skill_ids",))


def check_skills(skill_ids: Sequence[UUID]) -> list[UUID]:
    """Give the skills, each once.

    Raises:
        TooMany: More than SKILLS_MAX.
    """
    wanted = list(dict.fromkeys(skill_ids))
    if len(wanted) > SKILLS_MAX:
        raise TooMany("posts.skills_too_many", field=("skill_ids",), limit=SKILLS_MAX)
    return wanted


async def remove_empty_reposts(connection: Connection, closed: Sequence[UUID] = ()) -> int:
    """Remove reposts without words whose original is gone, or of an organisation in `closed`.

    As with a post that is deleted, within the caller's transaction; give how many. Originals go
    past all commands when their organisation or author is removed: a foreign key takes them along.
    """
    gone = await connection.fetch(REMOVE_EMPTY, closed)
    if gone:
        await restate(
            connection,
            [(row["organisation_id"], row["author_id"]) for row in gone if row["is_counted"]],
        )
        originals = {row["repost_of_id"] for row in gone if row["repost_of_id"] is not None}
        await recount(connection, ["post.repost_count"], ids=sorted(originals))
    for row in gone:
        await record(
            connection,
            EventKind.POST_DELETED,
            actor_id=None,
            organisation_id=row["organisation_id"],
            subject_id=row["id"],
            **ids_of_post(row),
        )
    return len(gone)


async def restate(connection: Connection, gone: Sequence[tuple[UUID, UUID]]) -> None:
    """Mend the counters of organisations and authors after posts for all followers went.

    `gone` holds organisation and author of each post that was deleted, hidden or made one for
    fewer, in this transaction.
    """
    if not gone:
        return
    organisations = sorted({organisation for organisation, _ in gone})
    people = sorted({author for _, author in gone})
    counts = [sum(1 for place, _ in gone if place == key) for key in organisations]
    await connection.execute(LOCK_ORGANISATIONS, organisations)
    await connection.execute(LOCK_PEOPLE, people)
    await connection.execute(RESTATE, organisations, counts, people)
