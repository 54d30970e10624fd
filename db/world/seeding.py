"""`seed` fills an empty database with a world: the same one for the same seed, scale and end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from time import monotonic
from typing import Any

import asyncpg

from db import counters
from db.places import load_places
from db.queue import enqueue_many
from db.tables.listings import ListingStatus
from db.taxonomy import load_taxonomy
from db.world.catalogue import read_catalogue
from db.world.clock import to_ms
from db.world.copying import QUIET_SECONDS, Copier, without_indexes
from db.world.echo import comment_rows, reaction_rows
from db.world.exchanges import exchange_rows
from db.world.follows import Follows
from db.world.listing_rows import (
    AIM_COLUMNS,
    COLUMNS,
    SKILL_COLUMNS,
    STEP_COLUMNS,
    listing_aim_rows,
    listing_rows,
    listing_skill_rows,
    listing_step_rows,
)
from db.world.listings import plan_listings, read_surroundings
from db.world.memberships import Memberships
from db.world.model import Organisation, Person, Setting
from db.world.naming import Namer
from db.world.organisations import (
    first_id,
    make_organisations,
    organisation_rows,
    strength_rows,
)
from db.world.people import make_people, person_rows, skill_rows
from db.world.posts import Posts, Readers, plan_posts, post_rows, published
from db.world.scale import SIZES, SPAN_DAYS, UNTIL, DatabaseNotEmpty, Scale, Sizes, WorldSummary
from db.world.sources import read_sources
from db.world.story import BENCH_ORGANISATION, STORY_ORGANISATIONS

__all__ = ["DatabaseNotEmpty", "Scale", "WorldSummary", "seed"]

# Two seeds at once go one after the other; the second then finds the world of the first.
ADVISORY_LOCK = 7_310_587_203
TABLES = (
    "organisation",
    "organisation_strength",
    "person",
    "membership",
    "person_skill",
    "follow",
    "post",
    "comment",
    "reaction",
    "listing",
    "listing_skill",
    "listing_aim",
    "listing_step",
    "match_request",
    "exchange",
    "exchange_person",
    "exchange_line",
    "exchange_hours",
    "exchange_receipt",
    "endorsement",
)
# Looks for what fits a listing, as when somebody opens it; matches are there once it ran.
JOB_OF_MATCHING = "match_listing"
# Where building indexes afterwards pays.
_LARGE = ("person_skill", "follow", "post", "comment", "reaction")


async def seed(
    dsn: str,
    *,
    scale: Scale,
    rng_seed: int = 20,
    until: datetime = UNTIL,
    on_progress: Callable[[str], None],
) -> WorldSummary:
    """Make a world in one transaction, taxonomy included, and say what is in it.

    The same world is made once: if it is there already, nothing changes and `created` is false.

    Args:
        dsn: A database at the newest revision.
        scale: How large.
        rng_seed: The same number gives the same rows, skills' ids excepted.
        until: The end of the world's time, a whole number of milliseconds.
        on_progress: Is told about what takes longer than two seconds.

    Raises:
        DatabaseNotEmpty: Organisations are there that are not of this world.
    """
    started = monotonic()
    world = _World(scale, rng_seed, until)
    connection = await asyncpg.connect(
        dsn, server_settings={"application_name": "world", "timezone": "UTC", "jit": "off"}
    )
    try:
        await _teach_citext(connection)
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", ADVISORY_LOCK)
            created = not await _holds(connection, world)
            if created:
                await _write(connection, world, on_progress)
        if created:
            await _tidy(connection, on_progress)
        counts = await _counts(connection)
    finally:
        await connection.close()
    return WorldSummary(
        scale=scale,
        rng_seed=rng_seed,
        created=created,
        counts=counts,
        seconds=monotonic() - started,
    )


async def _teach_citext(connection: asyncpg.Connection[Any]) -> None:
    """Let COPY write citext, which asyncpg knows as text only; it lives where it was created."""
    schema = await connection.fetchval(
        "select typnamespace::regnamespace::text from pg_type where oid = 'citext'::regtype"
    )
    await connection.set_type_codec(
        "citext", schema=schema, encoder=str.encode, decoder=bytes.decode, format="binary"
    )


@dataclass(frozen=True)
class _World:
    """Which world it is; everything else follows."""

    scale: Scale
    rng_seed: int
    until: datetime

    @property
    def sizes(self) -> Sizes:
        return SIZES[self.scale]

    @property
    def start_ms(self) -> int:
        return to_ms(self.until - timedelta(days=SPAN_DAYS))

    @property
    def until_ms(self) -> int:
        return to_ms(self.until)

    def random(self, subject: str) -> Random:
        """Give the chance of one subject, so that a change in one leaves the others alone."""
        # Not for secrets: a world must come out the same every time.
        return Random(f"{self.rng_seed} {self.scale} {self.until.isoformat()} {subject}")  # noqa: S311


async def _holds(connection: asyncpg.Connection[Any], world: _World) -> bool:
    """Tell whether the database holds this world.

    Raises:
        DatabaseNotEmpty: It holds something else.
    """
    there = await connection.fetch(
        "select id, slug from organisation order by id limit $1", len(STORY_ORGANISATIONS)
    )
    if not there:
        return False
    if there[0]["id"] == first_id(world.start_ms, world.random("organisations")):
        return True
    total = await connection.fetchval("select count(*) from organisation")
    of_story = {row["slug"] for row in there} & {*STORY_ORGANISATIONS, BENCH_ORGANISATION}
    raise DatabaseNotEmpty(
        f"There are {total:,} organisations in this database"
        + (", of a sample world with another seed, scale or end." if of_story else ".")
        + " A sample world is only made in a database without any: create an empty one."
    )


async def _write(
    connection: asyncpg.Connection[Any], world: _World, on_progress: Callable[[str], None]
) -> None:
    await load_taxonomy(connection)
    await load_places(connection)
    sources = read_sources()
    catalogue = await read_catalogue(connection, sources.topics)
    setting = Setting(sources, catalogue, world.sizes, world.start_ms, world.until_ms)
    plan = _plan(world, setting, on_progress)
    copier = Copier(connection, on_progress)
    async with AsyncExitStack() as stack:
        if world.sizes.bulk:
            await connection.execute("set local maintenance_work_mem = '512MB'")
            await stack.enter_async_context(without_indexes(connection, _LARGE, on_progress))
        await _write_network(copier, world, plan)
        await _write_posts(copier, world, plan)
        await _write_listings(connection, copier, world, plan)
    await counters.recount(connection, ["skill.person_count", "person.last_post_id"])


@dataclass(frozen=True)
class _Plan:
    setting: Setting
    organisations: list[Organisation]
    people: list[Person]
    follows: Follows
    readers: Readers
    posts: Posts


def _plan(world: _World, setting: Setting, on_progress: Callable[[str], None]) -> _Plan:
    """Decide on all that others depend on: who there is, who follows whom, who posts when."""
    started = monotonic()
    namer = Namer(
        setting.sources.words,
        world.random("names"),
        taken=(*STORY_ORGANISATIONS, BENCH_ORGANISATION),
    )
    organisations = make_organisations(setting, namer, world.random("organisations"))
    people = make_people(setting, organisations, namer, world.random("people"))
    follows = Follows(organisations, people)
    follows.draw(setting.sizes.follows, world.random("follows"), until=setting.until)
    if monotonic() - started > QUIET_SECONDS:
        on_progress(
            f"planned {len(organisations):,} organisations, {len(people):,} people"
            f" and {setting.sizes.follows:,} follows"
        )
    readers = Readers(organisations, people, follows.followers)
    posts = plan_posts(setting, organisations, readers, world.random("posts"))
    if monotonic() - started > QUIET_SECONDS:
        on_progress(f"planned {len(posts.ms):,} posts")
    return _Plan(setting, organisations, people, follows, readers, posts)


async def _write_network(copier: Copier, world: _World, plan: _Plan) -> None:
    organisations, people = plan.organisations, plan.people
    memberships = Memberships(
        people, organisations, world.random("memberships"), until=world.until_ms
    )
    post_counts, last_post_ids = published(plan.posts, len(organisations))
    await copier.copy(
        "organisation",
        "id created_at slug name kind sector size_band about website location verified_domain"
        " suspended_at follower_count member_count post_count last_post_id",
        organisation_rows(
            organisations,
            follower_counts=[len(followers) for followers in plan.follows.followers],
            member_counts=memberships.current,
            post_counts=post_counts,
            last_post_ids=last_post_ids,
        ),
    )
    await copier.copy(
        "organisation_strength",
        "id created_at organisation_id skill_id statement",
        strength_rows(organisations, plan.setting.catalogue, world.random("strengths")),
    )
    await copier.copy(
        "person",
        "id created_at email name headline location locale visibility deactivated_at",
        person_rows(people),
    )
    await copier.copy(
        "membership",
        "id created_at person_id organisation_id role title started_on ended_on",
        memberships.rows,
    )
    await copier.copy(
        "person_skill",
        "id created_at person_id skill_id level evidence last_used_on",
        skill_rows(plan.setting, people, organisations, world.random("skills")),
    )
    await copier.copy(
        "follow",
        "id created_at person_id organisation_id in_feed notify prioritise",
        plan.follows.rows(world.random("follow rows")),
    )


async def _write_posts(copier: Copier, world: _World, plan: _Plan) -> None:
    await copier.copy(
        "post",
        "id created_at organisation_id author_id body language audience"
        " comment_count reaction_count",
        post_rows(plan.setting, plan.posts, plan.organisations, plan.people, world.random("texts")),
    )
    await copier.copy(
        "comment",
        "id created_at post_id parent_id author_id body",
        comment_rows(
            plan.setting, plan.posts, plan.organisations, plan.readers, world.random("comments")
        ),
    )
    await copier.copy(
        "reaction",
        "id created_at post_id person_id kind",
        reaction_rows(plan.posts, plan.readers, world.random("reactions"), until=world.until_ms),
    )


async def _write_listings(
    connection: asyncpg.Connection[Any], copier: Copier, world: _World, plan: _Plan
) -> None:
    setting = plan.setting
    listings = plan_listings(
        setting,
        plan.organisations,
        plan.people,
        await read_surroundings(connection, setting),
        world.random("listings"),
    )
    random = world.random("listing rows")
    await copier.copy("listing", COLUMNS, listing_rows(listings))
    await copier.copy("listing_skill", SKILL_COLUMNS, listing_skill_rows(listings, setting, random))
    await copier.copy("listing_aim", AIM_COLUMNS, listing_aim_rows(listings, setting, random))
    await copier.copy("listing_step", STEP_COLUMNS, listing_step_rows(listings, random))
    exchanges = exchange_rows(setting, plan.organisations, plan.people, world.random("exchanges"))
    for table, columns, rows in exchanges:
        await copier.copy(table, columns, rows)
    await enqueue_many(
        connection,
        JOB_OF_MATCHING,
        [
            {"listing_id": listing.id}
            for listing in listings
            if listing.status is ListingStatus.OPEN
        ],
    )


async def _tidy(connection: asyncpg.Connection[Any], on_progress: Callable[[str], None]) -> None:
    started = monotonic()
    await connection.execute(f"vacuum (analyze) {', '.join((*TABLES, 'skill'))}")
    if monotonic() - started > QUIET_SECONDS:
        on_progress(f"vacuumed and analysed {len(TABLES) + 1} tables")


async def _counts(connection: asyncpg.Connection[Any]) -> dict[str, int]:
    return {
        table: await connection.fetchval(f"select count(*) from {table}")  # noqa: S608
        for table in (*TABLES, "skill")
    }
