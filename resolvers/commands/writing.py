"""The text of a post or comment: checked, made HTML, and whom it names looked up and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from db.tables.posts import MENTIONS_MAX
from resolvers import checking
from resolvers.acting import Context
from resolvers.markdown import ORGANISATION, PERSON, Shown, Subject, Text
from resolvers.refusals import NotFound, TooMany
from resolvers.seeing import seen_among

BODY = "body"
# Whoever is no longer named loses the mention; whoever stays keeps the one they were told of.
FORGET = """
delete from mention where post_id = $1 and comment_id is not distinct from $2
and coalesce(person_id, organisation_id) <> all($3::uuid[])
"""
NAME = """
insert into mention (post_id, comment_id, person_id, organisation_id)
select $1, $2, named.person_id, named.organisation_id
from unnest($3::uuid[], $4::uuid[]) as named (person_id, organisation_id)
on conflict do nothing
"""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text as it is stored."""

    body: str
    html: str
    named: tuple[Subject, ...] = ()


async def write(ctx: Context, body: str, *, at_most: int, at_least: int = 1) -> Written:
    """Check a text and make its HTML. Costs a statement for each kind of subject it names.

    Raises:
        InvalidInput: It is too short or too long, or holds what cannot be shown.
        TooMany: It names more than MENTIONS_MAX.
        NotFound: It names somebody who does not exist, as far as the actor may know.
    """
    body = checking.text(body, BODY, at_most=at_most, at_least=at_least, multiline=True)
    text = Text(body)
    if not text.named:
        return Written(body=body, html=text.html())
    if len(text.named) > MENTIONS_MAX:
        raise TooMany("posts.mentions_too_many", field=(BODY,), limit=MENTIONS_MAX)
    shown = await _shown(ctx, text.named)
    for kind, key in text.named:
        if (kind, key) not in shown:
            raise NotFound("posts.mention_unknown", field=(BODY,), id=f"{kind}_{key}")
    return Written(body=body, html=text.html(shown), named=text.named)


async def keep_mentions(
    ctx: Context, written: Written, post_id: UUID, comment_id: UUID | None = None
) -> None:
    """Keep whom a new text names."""
    if not written.named:
        return
    people = [key if kind == PERSON else None for kind, key in written.named]
    organisations = [key if kind == ORGANISATION else None for kind, key in written.named]
    await ctx.connection.execute(NAME, post_id, comment_id, people, organisations)


async def replace_mentions(
    ctx: Context, written: Written, post_id: UUID, comment_id: UUID | None = None
) -> None:
    """Keep whom a text names that replaces another."""
    kept = [key for _, key in written.named]
    await ctx.connection.execute(FORGET, post_id, comment_id, kept)
    await keep_mentions(ctx, written, post_id, comment_id)


async def _shown(ctx: Context, named: tuple[Subject, ...]) -> Mapping[Subject, Shown]:
    viewer_id = ctx.actor.id if ctx.actor else None
    shown: dict[Subject, Shown] = {}
    people = [key for kind, key in named if kind == PERSON]
    if people:
        rows = await seen_among(ctx.connection, viewer_id, "person", people, "name")
        shown |= {
            (PERSON, key): Shown(row["name"], f"/people/{PERSON}_{key}")
            for key, row in rows.items()
        }
    organisations = [key for kind, key in named if kind == ORGANISATION]
    if organisations:
        rows = await seen_among(
            ctx.connection, viewer_id, "organisation", organisations, "name", "slug"
        )
        shown |= {
            (ORGANISATION, key): Shown(row["name"], f"/organisations/{row['slug']}")
            for key, row in rows.items()
        }
    return shown
