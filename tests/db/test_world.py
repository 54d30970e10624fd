"""The sample world is the same every time, believable, whole or not there at all."""

# ruff: noqa: S311 - statements hold constants of this module; chance must repeat itself

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from random import Random
from uuid import UUID

import asyncpg
import orjson
import pytest

from db import counters, migrating
from db.pools import open_write_pool
from db.tables.exchanges import ExchangeStatus
from db.tables.listings import (
    ListingAudience,
    ListingForm,
    ListingKind,
    ListingStatus,
    ListingTerms,
)
from db.tables.people import Locale, Role
from db.world.phrases import with_article
from db.world.scale import SIZES, UNTIL, DatabaseNotEmpty, Scale
from db.world.seeding import JOB_OF_MATCHING, TABLES, seed
from db.world.shares import shared_out
from db.world.sources import LANGUAGES, read_sources
from db.world.story import (
    DEMO_FOLLOWS,
    DEMO_PEOPLE,
    HOSPITAL,
    MUNICIPALITY,
    POLICE,
    STORY_ORGANISATIONS,
    STORY_SKILL,
    WATER_BOARD,
    DemoPerson,
)
from resolvers import match_finding
from resolvers.match_finding import look_for_matches

_FOREIGN = re.compile(r'("(?:skill_id|place_id)":")([0-9a-f-]{36})')


def silent(_: str) -> None:
    """Progress is for people."""


async def fingerprints(dsn: str) -> dict[str, str]:
    """Give a hash of every table's rows; skills and places by slug because their ids are not ours."""
    connection = await asyncpg.connect(dsn)
    try:
        slugs = {
            str(row["id"]): row["slug"]
            for row in await connection.fetch(
                "select id, slug from skill union all select id, slug from place"
            )
        }
        found = {}
        for table in TABLES:
            digest = hashlib.sha256()
            for (row,) in await connection.fetch(
                f"select row_to_json(t)::text from {table} t order by id"
            ):
                text = _FOREIGN.sub(lambda found: found[1] + slugs[found[2]], row)
                digest.update(text.encode())
            found[table] = digest.hexdigest()
        return found
    finally:
        await connection.close()


async def definitions(dsn: str) -> set[str]:
    """Give the definitions of all indexes and constraints."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(
            "select pg_get_indexdef(indexrelid) from pg_index"
            " join pg_class on pg_class.oid = indrelid"
            " where relnamespace = 'public'::regnamespace"
            " union all select conrelid::regclass || ' ' || conname || ' '"
            " || pg_get_constraintdef(oid) || convalidated from pg_constraint"
            " where connamespace = 'public'::regnamespace"
        )
        return {row[0] for row in rows}
    finally:
        await connection.close()


async def test_world_has_the_promised_size(world: str) -> None:
    summary = await seed(world, scale=Scale.SMALL, on_progress=silent)
    sizes = SIZES[Scale.SMALL]
    assert not summary.created
    assert {
        "organisation": sizes.organisations,
        "person": sizes.people,
        "post": sizes.posts,
        "follow": sizes.follows,
        "reaction": sizes.reactions,
        "comment": sizes.comments,
        "listing": sizes.listings,
    }.items() <= summary.counts.items()


async def test_an_exchange_stands_in_each_state_and_its_hash_is_right(
    world_pool: asyncpg.Pool,
) -> None:
    rows = await world_pool.fetch(
        "select e.status, v.canonical, v.content_hash from exchange e"
        " join agreement_version v on v.exchange_id = e.id and v.number = e.version"
    )
    assert {row["status"] for row in rows} == {status.value for status in ExchangeStatus}
    for row in rows:
        assert hashlib.sha256(row["canonical"].encode()).hexdigest() == row["content_hash"]


async def test_same_seed_gives_the_same_rows(world: str, scratch_database: str) -> None:
    summary = await seed(scratch_database, scale=Scale.SMALL, on_progress=silent)
    assert summary.created
    before = await fingerprints(scratch_database)
    assert before == await fingerprints(world)
    again = await seed(scratch_database, scale=Scale.SMALL, on_progress=silent)
    assert not again.created
    assert again.counts == summary.counts
    assert await fingerprints(scratch_database) == before


async def test_other_worlds_and_organisations_are_refused(
    scratch_connection: asyncpg.Connection, scratch_database: str
) -> None:
    await scratch_connection.execute(
        "insert into organisation (slug, name, kind, sector, size_band)"
        " values ('one', 'One', 'COMPANY', 'TECHNOLOGY', 'SMALL')"
    )
    with pytest.raises(DatabaseNotEmpty, match=r"There are 1 organisations in this database\. A"):
        await seed(scratch_database, scale=Scale.SMALL, on_progress=silent)
    await scratch_connection.execute("delete from organisation")
    await seed(scratch_database, scale=Scale.SMALL, on_progress=silent)
    other_end = datetime(2026, 11, 1, tzinfo=UTC)
    for other in (
        partial(seed, scale=Scale.SMALL, rng_seed=21),
        partial(seed, scale=Scale.SMALL, until=other_end),
        partial(seed, scale=Scale.BENCH),
    ):
        with pytest.raises(DatabaseNotEmpty, match="another seed, scale or end"):
            await other(scratch_database, on_progress=silent)


async def test_interruption_leaves_nothing(
    scratch_database: str,
    scratch_connection: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = await definitions(scratch_database)

    async def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(SIZES, Scale.SMALL, replace(SIZES[Scale.SMALL], bulk=True))
    monkeypatch.setattr(counters, "recount", interrupted)
    with pytest.raises(KeyboardInterrupt):
        await seed(scratch_database, scale=Scale.SMALL, on_progress=silent)
    for table in TABLES:
        assert not await scratch_connection.fetchval(f"select count(*) from {table}")
    assert await definitions(scratch_database) == before


async def test_bulk_gives_the_same_world_and_the_same_schema(
    world: str, scratch_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await definitions(scratch_database)
    monkeypatch.setitem(SIZES, Scale.SMALL, replace(SIZES[Scale.SMALL], bulk=True))
    await seed(scratch_database, scale=Scale.SMALL, on_progress=silent)
    assert await definitions(scratch_database) == before
    await migrating.check(scratch_database)
    assert await fingerprints(scratch_database) == await fingerprints(world)


@pytest.mark.parametrize("table", TABLES)
async def test_ids_carry_the_time(world_pool: asyncpg.Pool, table: str) -> None:
    wrong = await world_pool.fetchval(
        f"select count(*) from {table} where uuid_extract_version(id) <> 7"
        " or substr(id::text, 20, 1) not in ('8', '9', 'a', 'b')"
        " or uuid_extract_timestamp(id) <> created_at or created_at > $1",
        UNTIL,
    )
    assert wrong == 0


async def test_counters_are_right(world: str) -> None:
    connection = await asyncpg.connect(world)
    try:
        assert await counters.check(connection) == []
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "select from organisation o where not exists (select from membership m where"
            " m.organisation_id = o.id and m.role = 'OWNER' and m.ended_on is null)",
            id="organisation without owner",
        ),
        pytest.param(
            "select from post p where not exists (select from membership m where"
            " m.organisation_id = p.organisation_id and m.person_id = p.author_id)",
            id="post by an outsider",
        ),
        pytest.param(
            "select from post p join organisation o on o.id = p.organisation_id"
            " join person a on a.id = p.author_id where p.created_at >= o.suspended_at"
            " or p.created_at >= a.deactivated_at or p.created_at < o.created_at"
            " or p.created_at < a.created_at",
            id="post of nobody there",
        ),
        pytest.param(
            "select from comment c join post p on p.id = c.post_id join person a on a.id ="
            " c.author_id where c.id < p.id or c.created_at < a.created_at",
            id="comment too early",
        ),
        pytest.param(
            "select from comment c join comment p on p.id = c.parent_id where c.id < p.id"
            " or c.post_id <> p.post_id or p.parent_id is not null",
            id="reply out of place",
        ),
        pytest.param(
            "select from reaction r join post p on p.id = r.post_id join person a on a.id ="
            " r.person_id where r.id < p.id or r.created_at < a.created_at",
            id="reaction too early",
        ),
        pytest.param(
            "select from (select post_id, author_id as person_id from comment union all"
            " select post_id, person_id from reaction) e join post p on p.id = e.post_id"
            " where p.audience in ('FOLLOWERS', 'ORGANISATION') and not exists (select from"
            " membership m where m.organisation_id = p.organisation_id and m.person_id ="
            " e.person_id and m.ended_on is null) and (p.audience = 'ORGANISATION' or not exists"
            " (select from follow f where f.organisation_id = p.organisation_id and f.person_id ="
            " e.person_id))",
            id="answer to what one cannot read",
        ),
        pytest.param(
            "select from follow f join person a on a.id = f.person_id join organisation o"
            " on o.id = f.organisation_id where f.created_at < a.created_at"
            " or f.created_at < o.created_at",
            id="follow too early",
        ),
        pytest.param(
            "select from (select body from post union all select body from comment union all"
            " select headline from person union all select evidence from person_skill union all"
            " select about || name from organisation union all select statement from"
            r" organisation_strength union all select title || ' ' || body from listing) t (text)"
            r" where text ~ '[{}]|  |\m(None|null)\M|^[a-zé]'",
            id="text with a hole",
        ),
        pytest.param(
            "select from listing l where not exists (select from membership m where"
            " m.organisation_id = l.organisation_id and m.person_id = l.author_id and m.ended_on"
            " is null and m.role in ('OWNER', 'ADMIN', 'TALENT_MANAGER')) or not exists (select"
            " from membership m where m.organisation_id = l.organisation_id and m.person_id ="
            " l.contact_id and m.ended_on is null) or exists (select from organisation o where"
            " o.id = l.organisation_id and (o.suspended_at is not null or o.created_at >"
            " l.created_at))",
            id="listing by an outsider",
        ),
        pytest.param(
            "select from listing l where not exists (select from listing_skill s where"
            " s.listing_id = l.id and s.importance = 'MUST')",
            id="listing without a skill",
        ),
        pytest.param(
            "select from listing l join listing_skill s on s.listing_id = l.id where s.open_as is"
            " distinct from case when l.status = 'OPEN' then l.kind end",
            id="listing that is found though not open",
        ),
        pytest.param(
            "select from listing l join listing_skill s on s.listing_id = l.id where"
            " l.kind = 'OFFER' and s.importance = 'MUST' and not exists (select from membership m"
            " join person_skill p on p.person_id = m.person_id where m.organisation_id ="
            " l.organisation_id and m.ended_on is null and p.skill_id = s.skill_id)"
            " and not exists (select from organisation_strength x where x.organisation_id ="
            " l.organisation_id and x.skill_id = s.skill_id)",
            id="offer of what nobody there can",
        ),
        pytest.param(
            "select from listing where status = 'OPEN' and expires_at < '2026-12-01' or"
            " expires_at > opened_at + interval '366 days' or (terms = 'RATE') > (rate_cents is"
            " not null) or (distance_km is not null and place_id is null) or (opened_at is null)"
            " <> (status = 'DRAFT') or (ended_at is null) = (status in ('FILLED', 'CLOSED',"
            " 'EXPIRED')) or version <> (select count(*) from listing_step s where s.listing_id ="
            " listing.id)",
            id="listing that contradicts itself",
        ),
        pytest.param(
            "select from listing_aim a join listing_skill s on s.listing_id = a.listing_id and"
            " s.skill_id = a.skill_id",
            id="aim to learn what is offered",
        ),
        pytest.param(
            "select from person where email !~ '\\.example$'"
            " union all select from organisation where website !~ '\\.example$'",
            id="real address",
        ),
    ],
)
async def test_there_is_no(world_pool: asyncpg.Pool, statement: str) -> None:
    assert await world_pool.fetchval(f"select count(*) from ({statement})") == 0


async def test_the_market_is_varied(world_pool: asyncpg.Pool) -> None:
    rows = await world_pool.fetch("select * from listing")
    for column, values in (
        ("kind", ListingKind),
        ("form", ListingForm),
        ("status", ListingStatus),
        ("audience", ListingAudience),
        ("terms", ListingTerms),
        ("language", Locale),
    ):
        assert {row[column] for row in rows} == {value.value for value in values}, column
    kinds = Counter(row["kind"] for row in rows)
    assert min(kinds.values()) > 25
    assert sum(row["status"] == "OPEN" for row in rows) > 30
    assert len({row["place_id"] for row in rows}) > 25
    assert len({row["organisation_id"] for row in rows}) > 50
    assert len({row["body"] for row in rows}) == len(rows)
    assert len({row["title"] for row in rows}) > 0.95 * len(rows)


async def test_the_job_finds_the_matches_of_what_is_open(
    scratch_database: str, scratch_connection: asyncpg.Connection
) -> None:
    await seed(scratch_database, scale=Scale.SMALL, on_progress=silent)
    payloads = await scratch_connection.fetch(
        "select payload from jobs.pgqueuer where entrypoint = $1", JOB_OF_MATCHING
    )
    waiting = {UUID(orjson.loads(row["payload"])["listing_id"]) for row in payloads}
    open_ones = await scratch_connection.fetch("select id from listing where status = 'OPEN'")
    assert waiting == {row["id"] for row in open_ones}
    assert JOB_OF_MATCHING == match_finding.JOB_OF_MATCHING
    pool = await open_write_pool(scratch_database, name="test", size=1)
    try:
        async with pool.acquire() as worker:
            for key in sorted(waiting):
                await look_for_matches(worker, key)
    finally:
        await pool.close()
    best = await scratch_connection.fetchrow(
        """
        select offering.slug as offering, requesting.slug as requesting, m.is_feasible, m.score
        from listing_match m join organisation offering on offering.id = m.offering_id
        join organisation requesting on requesting.id = m.requesting_id
        order by m.score desc limit 1
        """
    )
    assert best is not None
    assert (best["offering"], best["requesting"], best["is_feasible"]) == (
        POLICE,
        MUNICIPALITY,
        True,
    )
    assert best["score"] > 0.8
    assert await scratch_connection.fetchval("select count(*) from listing_match") >= 20


async def test_organisations_declare_three_to_six_strengths(world_pool: asyncpg.Pool) -> None:
    counts = await world_pool.fetch(
        "select count(s.id), count(distinct s.statement) from organisation o"
        " left join organisation_strength s on s.organisation_id = o.id group by o.id"
    )
    assert all(3 <= count <= 6 and count == different for count, different in counts)


async def test_posts_are_varied(world_pool: asyncpg.Pool) -> None:
    bodies = [body for (body,) in await world_pool.fetch("select body from post")]
    assert len(set(bodies)) > 0.98 * len(bodies)


async def test_few_have_much_and_most_have_little(world_pool: asyncpg.Pool) -> None:
    for statement in (
        "select follower_count from organisation",
        "select count(*) from follow group by person_id",
        "select reaction_count from post",
        "select comment_count from post",
    ):
        numbers = sorted(row[0] for row in await world_pool.fetch(statement))
        median, most = numbers[len(numbers) // 2], numbers[-1]
        assert most >= 6 * max(1, median), statement


@pytest.mark.parametrize("person", DEMO_PEOPLE, ids=lambda person: person.role)
async def test_demo_people_have_a_live_feed(world_pool: asyncpg.Pool, person: DemoPerson) -> None:
    (row,) = await world_pool.fetch(
        """
        select p.name, m.role, o.slug,
               (select count(*) from follow f where f.person_id = p.id) as follows,
               (select count(*) from follow f join post t using (organisation_id)
                where f.person_id = p.id and t.audience in ('PUBLIC', 'NETWORK')
                  and t.created_at > $2::timestamptz - interval '14 days') as fresh,
               (select count(*) from follow f join organisation t on t.id = f.organisation_id
                where f.person_id = p.id and t.slug = any($3)) as of_story
        from person p join membership m on m.person_id = p.id
        join organisation o on o.id = m.organisation_id
        where p.email = $1 and o.slug = $4 and m.ended_on is null
        """,
        person.email,
        UNTIL,
        STORY_ORGANISATIONS,
        person.organisation,
    )
    assert tuple(row)[:4] == (person.name, person.role, person.organisation, DEMO_FOLLOWS)
    assert row["of_story"] == len(STORY_ORGANISATIONS)
    assert row["fresh"] >= 10


async def test_founding_story_is_told(world_pool: asyncpg.Pool) -> None:
    answering = await world_pool.fetch(
        """
        select distinct o.slug from comment c join post p on p.id = c.post_id
        join organisation host on host.id = p.organisation_id
        join membership m on m.person_id = c.author_id and m.ended_on is null
        join organisation o on o.id = m.organisation_id
        where host.slug = $1
        """,
        POLICE,
    )
    assert {MUNICIPALITY, HOSPITAL, WATER_BOARD} <= {slug for (slug,) in answering}
    languages = await world_pool.fetch(
        "select distinct p.language from post p join organisation o on o.id = p.organisation_id"
        " where o.slug = $1 and p.body ~* 'politiek gevoelige situaties|politically sensitive'",
        POLICE,
    )
    assert {language for (language,) in languages} == {"NL", "EN"}
    skilled = await world_pool.fetchval(
        """
        select count(*) from person_skill ps join skill s on s.id = ps.skill_id
        join membership m on m.person_id = ps.person_id and m.ended_on is null
        join organisation o on o.id = m.organisation_id
        where o.slug = $1 and s.slug = $2 and ps.level >= 4
        """,
        POLICE,
        STORY_SKILL,
    )
    assert skilled >= 3
    statement = await world_pool.fetchval(
        "select statement from organisation_strength x join skill s on s.id = x.skill_id"
        " join organisation o on o.id = x.organisation_id where o.slug = $1 and s.slug = $2",
        POLICE,
        STORY_SKILL,
    )
    assert statement


def test_there_are_many_templates() -> None:
    sources = read_sources()
    for language in LANGUAGES:
        assert sum(map(len, sources.posts[language].values())) >= 60
        assert {group: len(texts) for group, texts in sources.posts[language].items()} == {
            group: len(texts) for group, texts in sources.posts["nl"].items()
        }


async def test_words_fit_the_taxonomy(world_pool: asyncpg.Pool) -> None:
    sources = read_sources()
    skills = {slug for (slug,) in await world_pool.fetch("select slug from skill")}
    clusters = {slug for (slug,) in await world_pool.fetch("select slug from skill_cluster")}
    assert set(sources.topics) <= skills
    assert {c for archetype in sources.archetypes for c in archetype.clusters} <= clusters
    assert {c for job in sources.jobs.values() for c in job.clusters} <= clusters


def test_demo_people_have_different_roles() -> None:
    assert [person.role for person in DEMO_PEOPLE] == [
        Role.TALENT_MANAGER,
        Role.OWNER,
        Role.MEMBER,
    ]


@pytest.mark.parametrize(
    "phrase", ["a UX designer", "an HR adviser", "an auditor", "a jurist", "an inspector"]
)
def test_english_article(phrase: str) -> None:
    assert with_article(phrase.partition(" ")[2]) == phrase


def test_shares_add_up_and_keep_to_caps() -> None:
    random = Random(4)
    weights = [random.paretovariate(0.8) for _ in range(500)]
    caps = [random.randrange(40) for _ in weights]
    for total in (0, 1, 500, 5_000, sum(caps)):
        shares = shared_out(total, weights, caps, random)
        assert sum(shares) == total
        assert all(share <= cap for share, cap in zip(shares, caps, strict=True))
    with pytest.raises(ValueError, match="do not fit"):
        shared_out(sum(caps) + 1, weights, caps, random)
