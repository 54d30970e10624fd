"""Looking for what fits a listing: who comes into question, scored, and kept as rows.

Candidates share a skill with the listing, or have one close to its skills in the taxonomy; those with
the most of them are scored one by one (`resolvers.matching`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from db.queue import enqueue_many
from db.tables.listings import (
    ListingForm,
    ListingKind,
    ListingStatus,
    ListingTerms,
    SkillImportance,
)
from resolvers.acting import Connection
from resolvers.matching import (
    BROADER_OR_NARROWER,
    LEVEL_STEP,
    NICE_WEIGHT,
    RELATED,
    SAME_CLUSTER,
    Closeness,
    Fit,
    Held,
    NamedSkill,
    Side,
    fit,
)
from subscriptions.events import EventKind, record

# Listings with the most in common by skills alone, and how many of these are scored.
RETRIEVED, SCORED = 300, 100
# Matches of a listing that are kept when it is looked at: those that could be at once, and those
# where something stands between.
KEPT, KEPT_OF_OTHERS = 50, 10
# Matches that other listings found are looked at anew, so many at most.
LOOKED_AT_AGAIN = 50
# What meets less of a request is no match.
NEED_LEAST = 0.25
# Of so good ones both are told, of so many at once.
TOLD_SCORE, TOLD_MAX = 0.5, 10
DAYS_A_YEAR = 365.25
JOB_OF_MATCHING = "match_listing"
ADVISORY_LOCK = 7_310_587_205

CLOSE = f"""
select own.id as own_id, near.id as near_id, max(near.worth) as worth
from unnest($1::uuid[]) as own (id) cross join lateral (
  select target_id, {BROADER_OR_NARROWER}::float8 from skill_relation
  where source_id = own.id and kind = 'BROADER'
  union all
  select source_id, {BROADER_OR_NARROWER} from skill_relation
  where target_id = own.id and kind = 'BROADER'
  union all
  select target_id, {RELATED} from skill_relation where source_id = own.id and kind = 'RELATED'
  union all
  select source_id, {RELATED} from skill_relation where target_id = own.id and kind = 'RELATED'
  union all
  select other.id, {SAME_CLUSTER} from skill mine join skill other using (cluster_id)
  where mine.id = own.id and other.id <> own.id
) as near (id, worth)
group by own.id, near.id
"""  # noqa: S608 - constants
SIDE = """
select l.id, l.organisation_id, l.kind, l.form, l.audience, l.hours_per_week, l.starts_on, l.ends_on,
       l.slack_days, p.latitude, p.longitude, l.distance_km, l.is_remote, l.languages, l.capacity,
       l.terms, l.status, current_date as today, l.expires_at > now() as is_current, named.*,
       array(select skill_id from listing_aim where listing_id = l.id) as aims,
       array(select skill_id from organisation_strength s
             where s.organisation_id = l.organisation_id and l.kind = 'REQUEST') as strengths
from listing l
left join place p on p.id = l.place_id
cross join lateral (
  select coalesce(array_agg(skill_id order by id), '{}') as skill_ids,
         coalesce(array_agg(importance order by id), '{}') as importances,
         coalesce(array_agg(minimum_level order by id), '{}') as levels,
         coalesce(array_agg(holders order by id), '{}') as holders,
         coalesce(array_agg(last_used_on order by id), '{}') as last_used
  from listing_skill where listing_id = l.id
) named
"""
PARTNERS = """
exists (
  select from partnership where status = 'ACTIVE'
    and least(requester_id, addressee_id) = least($1::uuid, l.organisation_id)
    and greatest(requester_id, addressee_id) = greatest($1::uuid, l.organisation_id)
)
"""
# How much of each own skill a listing has, by those near to it, each less what lacks of its level.
HITS = f"""
  select s.listing_id, c.own_id, max(c.worth * greatest(0, 1 - {LEVEL_STEP} * greatest(
    0, case $2 when 'OFFER' then c.level - s.minimum_level else s.minimum_level - c.level end
  ))) as worth
  from close c join listing_skill s on s.skill_id = c.skill_id and s.open_as = $2::text
"""  # noqa: S608 - constants
# Those who have the skills themselves, or broader and narrower ones, are looked at first: the others
# of a cluster are ten times as many, and only asked about when there are too few of these.
CANDIDATES = f"""
with close as materialized (
  select * from unnest($4::uuid[], $5::uuid[], $6::float8[], $8::int[], $9::bool[])
    as c (own_id, skill_id, worth, level, is_strong)
), strong as materialized (
  {HITS} where c.is_strong group by s.listing_id, c.own_id
), hits as materialized (
  select listing_id, own_id, max(worth) as worth from (
    select * from strong
    union all
    {HITS} where not c.is_strong and (select count(*) from strong) < {RETRIEVED}
    group by s.listing_id, c.own_id
  ) found group by listing_id, own_id
), ranked as (
  (select listing_id, sum(worth) as worth, false as is_kept from hits group by listing_id
   order by worth desc, listing_id desc limit {RETRIEVED})
  union all
  (select request_id, 0, true from listing_match where offer_id = $7
   order by score desc limit {LOOKED_AT_AGAIN})
  union all
  (select offer_id, 0, true from listing_match where request_id = $7
   order by score desc limit {LOOKED_AT_AGAIN})
), chosen as (
  select l.id, max(r.worth) as worth, bool_or(r.is_kept) as is_kept
  from ranked r join listing l on l.id = r.listing_id
  join organisation o on o.id = l.organisation_id and o.suspended_at is null
  where l.kind = $2 and l.status = 'OPEN' and l.expires_at > now() and l.organisation_id <> $1
    and (l.audience in ('PUBLIC', 'NETWORK') or l.audience = 'PARTNERS' and {PARTNERS})
    and ($3::text in ('PUBLIC', 'NETWORK') or $3::text = 'PARTNERS' and {PARTNERS})
  group by l.id order by is_kept desc, worth desc, l.id desc limit {SCORED + LOOKED_AT_AGAIN}
)
{SIDE.replace("named.*,", "named.*, chosen.is_kept,")} join chosen on chosen.id = l.id
order by chosen.worth desc, l.id desc
"""  # noqa: S608 - constants of this module
FORGET = """
delete from listing_match where offer_id = $1 or request_id = $1
"""
KEEP = """
insert into listing_match (
  offer_id, request_id, offering_id, requesting_id, score, need, ease, gain, meaning, limiting,
  is_feasible, reasons, hurdles
)
select offer_id, request_id, offering_id, requesting_id, score, need, ease, gain, meaning, limiting,
  is_feasible, reasons::jsonb, hurdles::jsonb
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::float8[], $6::float8[], $7::float8[],
  $8::float8[], $9::float8[], $10::text[], $11::bool[], $12::text[], $13::text[])
as given (offer_id, request_id, offering_id, requesting_id, score, need, ease, gain, meaning,
  limiting, is_feasible, reasons, hurdles)
on conflict (offer_id, request_id) do update set
  score = excluded.score, need = excluded.need, ease = excluded.ease, gain = excluded.gain,
  meaning = excluded.meaning, limiting = excluded.limiting, is_feasible = excluded.is_feasible,
  reasons = excluded.reasons, hurdles = excluded.hurdles, scored_at = now()
returning id, offer_id, request_id, xmax = 0 as is_new
"""
DROP = """
delete from listing_match
where (offer_id = $1 or request_id = $1)
  and case when offer_id = $1 then request_id else offer_id end <> all($2::uuid[])
"""
# Who of an organisation holds the skills of an offer; a skill that nobody names is not known of.
HOLDERS = """
update listing_skill named set holders = found.holders, last_used_on = found.last_used_on
from listing l, lateral (
  select n.id, case when count(any_level.id) > 0 then count(s.id)::int end as holders,
         max(s.last_used_on) as last_used_on
  from listing_skill n
  left join membership m on m.organisation_id = l.organisation_id and m.ended_on is null
    and exists (select from person p where p.id = m.person_id and p.deactivated_at is null
                and p.suspended_at is null)
  left join person_skill any_level on any_level.person_id = m.person_id
    and any_level.skill_id = n.skill_id
  left join person_skill s on s.id = any_level.id and s.level >= n.minimum_level
  where n.listing_id = l.id group by n.id
) found
where l.id = $1 and l.kind = 'OFFER' and named.id = found.id
  and (named.holders, named.last_used_on) is distinct from (found.holders, found.last_used_on)
"""

# After these an organisation may have more or fewer people with the skills that it offers.
STAFFING = (
    EventKind.PERSON_EDITED,
    EventKind.PERSON_ERASED,
    EventKind.PERSON_SUSPENDED,
    EventKind.PERSON_RESTORED,
    EventKind.MEMBERSHIP_CHANGED,
)
TOUCHED = """
select distinct l.id
from event e
join membership m on m.person_id = (e.ids ->> 'person_id')::uuid
  and (m.ended_on is null or e.kind = 'MEMBERSHIP_CHANGED' and m.id = e.subject_id)
join listing l on l.organisation_id = m.organisation_id and l.kind = 'OFFER' and l.status = 'OPEN'
where e.id = any($1::bigint[])
"""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A pair of listings that was scored."""

    offer: Side
    request: Side
    fit: Fit
    # It was kept before.
    is_kept: bool

    def other(self, listing_id: UUID) -> UUID:
        """Give the listing that is not this one."""
        mine = self.offer.listing_id == listing_id
        return self.request.listing_id if mine else self.offer.listing_id


async def look_for_matches(connection: Connection, listing_id: UUID) -> int:
    """Look for what fits a listing, keep it, and tell both sides of what is new; give how many.

    What fitted before is scored anew. Of a listing that is not open nothing is kept.
    """
    # One after the other: of two sides looked at together, the later to write would overwrite the
    # score of the other with what it had read before.
    await connection.execute("select pg_advisory_xact_lock($1)", ADVISORY_LOCK)
    await connection.execute(HOLDERS, listing_id)
    row: Any = await connection.fetchrow(f"{SIDE} where l.id = $1", listing_id)
    if row is None:
        return 0
    if row["status"] != ListingStatus.OPEN or not row["is_current"]:
        await connection.execute(FORGET, listing_id)
        return 0
    found = _chosen(listing_id, await score_all(connection, row))
    rows = await _keep(connection, found)
    await connection.execute(DROP, listing_id, [each.other(listing_id) for each in found])
    await _tell(connection, found, rows)
    return len(found)


async def match_offers_anew(connection: Connection, event_ids: Sequence[int]) -> None:
    """Have the open offers looked at of organisations whose people changed, as these events say."""
    rows = await connection.fetch(TOUCHED, event_ids)
    payloads = [{"listing_id": row["id"]} for row in rows]
    await enqueue_many(connection, JOB_OF_MATCHING, payloads)


async def score_all(connection: Connection, row: Mapping[str, Any]) -> list[Found]:
    """Score all that comes into question for a listing: a row of SIDE."""
    own, kind = side_of(row), ListingKind(row["kind"])
    close = await closeness(connection, [s.skill_id for s in own.skills], [*own.aims, *own.teaches])
    weights = {
        s.skill_id: 1.0 if s.importance is SkillImportance.MUST else NICE_WEIGHT for s in own.skills
    }
    levels = {s.skill_id: s.level for s in own.skills}
    around = [(s, s, weight) for s, weight in weights.items()]
    around += [
        (mine, near, worth * weights[mine])
        for (mine, near), worth in close.items()
        if mine in weights and near != mine
    ]
    other = ListingKind.REQUEST if kind is ListingKind.OFFER else ListingKind.OFFER
    rows: Any = await connection.fetch(
        CANDIDATES,
        own.organisation_id,
        other.value,
        row["audience"],
        [mine for mine, _, _ in around],
        [near for _, near, _ in around],
        [worth for _, _, worth in around],
        own.listing_id,
        [levels[mine] for mine, _, _ in around],
        [mine == near or close[mine, near] >= BROADER_OR_NARROWER for mine, near, _ in around],
    )
    found = []
    for each in rows:
        candidate = side_of(each)
        offer, request = (own, candidate) if kind is ListingKind.OFFER else (candidate, own)
        found.append(
            Found(
                offer=offer,
                request=request,
                fit=fit(offer, request, close),
                is_kept=each["is_kept"],
            )
        )
    return found


async def closeness(
    connection: Connection, skill_ids: Iterable[UUID], further: Iterable[UUID] = ()
) -> Closeness:
    """Give how much of these skills others stand for, in both directions."""
    rows = await connection.fetch(CLOSE, list({*skill_ids, *further}))
    close = {(row["own_id"], row["near_id"]): row["worth"] for row in rows}
    close.update({(near, own): worth for (own, near), worth in list(close.items())})
    return close


def side_of(row: Mapping[str, Any]) -> Side:
    """Give a listing as it is scored: from a row of SIDE."""
    today: date = row["today"]
    held = {
        skill_id: Held(holders, (today - last_used).days / DAYS_A_YEAR if last_used else 0.0)
        for skill_id, holders, last_used in zip(
            row["skill_ids"], row["holders"], row["last_used"], strict=True
        )
        if holders is not None
    }
    return Side(
        listing_id=row["id"],
        organisation_id=row["organisation_id"],
        form=ListingForm(row["form"]),
        skills=tuple(
            NamedSkill(skill_id, SkillImportance(importance), level)
            for skill_id, importance, level in zip(
                row["skill_ids"], row["importances"], row["levels"], strict=True
            )
        ),
        aims=tuple(row["aims"]),
        hours_per_week=row["hours_per_week"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        slack_days=row["slack_days"],
        position=None if row["latitude"] is None else (row["latitude"], row["longitude"]),
        distance_km=row["distance_km"],
        is_remote=row["is_remote"],
        languages=frozenset(row["languages"]),
        capacity=row["capacity"],
        terms=ListingTerms(row["terms"]),
        held=held or None,
        teaches=frozenset(row["strengths"]),
    )


def _chosen(listing_id: UUID, found: Sequence[Found]) -> list[Found]:
    """Give what is worth keeping, the best first; what another listing found stays while it fits."""
    fitting = sorted(
        (each for each in found if each.fit.need >= NEED_LEAST),
        key=lambda each: (-each.fit.score, each.other(listing_id)),
    )
    at_once = [each for each in fitting if each.fit.is_feasible]
    others = [each for each in fitting if not each.fit.is_feasible]
    known = [each for each in at_once[KEPT:] if each.is_kept]
    return [*at_once[:KEPT], *known, *others[:KEPT_OF_OTHERS]]


async def _keep(connection: Connection, found: Sequence[Found]) -> Sequence[asyncpg.Record]:
    if not found:
        return []
    # In one order, so that two who look at once do not wait for each other.
    found = sorted(found, key=lambda each: (each.offer.listing_id, each.request.listing_id))
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        KEEP,
        [each.offer.listing_id for each in found],
        [each.request.listing_id for each in found],
        [each.offer.organisation_id for each in found],
        [each.request.organisation_id for each in found],
        [each.fit.score for each in found],
        [each.fit.need for each in found],
        [each.fit.ease for each in found],
        [each.fit.gain for each in found],
        [each.fit.meaning for each in found],
        [each.fit.limiting.value for each in found],
        [each.fit.is_feasible for each in found],
        [_stored(each.fit.reasons) for each in found],
        [_stored((*each.fit.hurdles, *each.fit.gaps)) for each in found],
    )
    return rows


def _stored(parts: Sequence[Any]) -> str:
    # As text: lists of lists would be an array of more dimensions. asyncpg has a UUID of its own.
    return orjson.dumps(parts, default=str).decode()


async def _tell(
    connection: Connection, found: Sequence[Found], rows: Sequence[asyncpg.Record]
) -> None:
    new = {(row["offer_id"], row["request_id"]): row["id"] for row in rows if row["is_new"]}
    told = 0
    for each in found:
        key = new.get((each.offer.listing_id, each.request.listing_id))
        if key is None or not each.fit.is_feasible or each.fit.score < TOLD_SCORE:
            continue
        await record(
            connection,
            EventKind.MATCH_FOUND,
            actor_id=None,
            organisation_id=each.offer.organisation_id,
            subject_id=key,
            offer_id=each.offer.listing_id,
            request_id=each.request.listing_id,
            requesting_id=each.request.organisation_id,
        )
        told += 1
        if told == TOLD_MAX:
            return
