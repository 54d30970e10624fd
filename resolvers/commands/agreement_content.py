"""What an agreement says, as people send it: checked as a whole, ready to be stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from db.agreements import Agreement
from db.tables.exchanges import (
    AGREEMENT_TEXT_MAX,
    CLAUSE_MAX,
    PERSONS_MAX,
    RECALL_DAYS,
    RECALL_DAYS_MAX,
    ExchangeSide,
)
from db.tables.listings import (
    AIMS_MAX,
    RATE_CENTS_MAX,
    SKILLS_MAX,
    TOTAL_HOURS_MAX,
    WEEKLY_HOURS_MAX,
    ListingForm,
    ListingTerms,
)
from resolvers import checking
from resolvers.acting import Connection, Context
from resolvers.commands.listing_content import place_exists
from resolvers.refusals import InvalidInput, NotFound, TooMany, within
from resolvers.seeing import seen_among

AGREEMENT = "agreement"
# Nobody goes: something is written down or answered.
WITHOUT_PEOPLE = frozenset({ListingForm.DOCUMENT, ListingForm.ANSWER})
MEMBERS = """
select m.person_id from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and m.person_id = any($2) and m.ended_on is null
  and p.deactivated_at is null and p.suspended_at is null
"""


class Given(Protocol):
    """An agreement as it was sent: the whole of it, None for what was left out."""

    form: ListingForm
    skill_ids: Sequence[UUID] | None
    person_ids: Sequence[UUID] | None
    hours_per_week: int | None
    hours_total: int | None
    starts_on: date | None
    ends_on: date | None
    place_id: UUID | None
    is_remote: bool | None
    terms: ListingTerms
    rate_cents: int | None
    aim_ids: Sequence[UUID] | None
    recall_days: int | None
    backfill: str | None
    confidentiality: str | None
    text: str | None


async def check(
    ctx: Context, *, lender_id: UUID, given: Given, before: Agreement, side: ExchangeSide
) -> Agreement:
    """Check a whole agreement; who goes stays as it was unless the lender says otherwise.

    Raises:
        InvalidInput: A value cannot be taken, or contradicts another; or the borrower names people.
        TooMany: It names too many skills or people.
        NotFound: A skill or the place does not exist, or somebody does not work at the lender.
    """
    with within(AGREEMENT):
        starts, ends = given.starts_on, given.ends_on
        checking.period(starts, ends, "ends_on")
        recall = RECALL_DAYS if given.recall_days is None else given.recall_days
        agreement = Agreement(
            form=ListingForm(given.form),
            skill_ids=_keys(given.skill_ids, "skill_ids", SKILLS_MAX),
            person_ids=await _people(ctx.connection, lender_id, given, before, side),
            hours_per_week=checking.number(
                given.hours_per_week, "hours_per_week", 1, WEEKLY_HOURS_MAX
            ),
            hours_total=checking.number(given.hours_total, "hours_total", 1, TOTAL_HOURS_MAX),
            starts_on=starts,
            ends_on=ends,
            place_id=given.place_id,
            is_remote=bool(given.is_remote),
            terms=ListingTerms(given.terms),
            rate_cents=_rate(given),
            aim_ids=_keys(given.aim_ids, "aim_ids", AIMS_MAX),
            recall_days=checking.number(recall, "recall_days", 0, RECALL_DAYS_MAX) or 0,
            backfill=_clause(given.backfill, "backfill"),
            confidentiality=_clause(given.confidentiality, "confidentiality"),
            body=checking.text(
                given.text or "", "text", at_most=AGREEMENT_TEXT_MAX, multiline=True
            ),
        )
        await _exist(ctx.connection, agreement)
    return agreement


def check_whole(agreement: Agreement, today: date) -> None:
    """Make sure that an agreement says enough to be signed.

    Raises:
        InvalidInput: It has no first day, is over already, or somebody has to go and nobody is named.
    """
    if agreement.starts_on is None:
        raise InvalidInput("exchanges.first_day_missing", field=("exchange_id",))
    if agreement.ends_on is not None and agreement.ends_on < today:
        raise InvalidInput("exchanges.period_over", field=("exchange_id",))
    if not agreement.person_ids and agreement.form not in WITHOUT_PEOPLE:
        raise InvalidInput("exchanges.nobody_goes", field=("exchange_id",))


def _clause(value: str | None, field: str) -> str:
    return checking.text(value or "", field, at_most=CLAUSE_MAX, multiline=True)


def _rate(given: Given) -> int | None:
    terms = ListingTerms(given.terms)
    rate = checking.number(given.rate_cents, "rate_cents", 1, RATE_CENTS_MAX)
    if terms is ListingTerms.RATE and rate is None:
        raise InvalidInput("listings.rate_missing", field=("rate_cents",))
    if rate is not None and terms not in {ListingTerms.RATE, ListingTerms.COST_RECOVERY}:
        raise InvalidInput("listings.rate_without_terms", field=("rate_cents",))
    return rate


def _keys(given: Sequence[UUID] | None, field: str, most: int) -> tuple[UUID, ...]:
    keys = tuple(dict.fromkeys(given or ()))
    if len(keys) > most:
        raise TooMany("exchanges.too_many_named", field=(field,), limit=most)
    return keys


async def _people(
    connection: Connection, lender_id: UUID, given: Given, before: Agreement, side: ExchangeSide
) -> tuple[UUID, ...]:
    if given.person_ids is None or set(given.person_ids) == set(before.person_ids):
        return before.person_ids
    keys = _keys(given.person_ids, "person_ids", PERSONS_MAX)
    if side is not ExchangeSide.LENDER:
        raise InvalidInput("exchanges.lender_names_people", field=("person_ids",))
    rows: Any = await connection.fetch(MEMBERS, lender_id, list(keys))
    there = {row["person_id"] for row in rows}
    for number, key in enumerate(keys):
        if key not in there:
            raise NotFound("exchanges.not_of_the_lender", field=("person_ids", str(number)))
    return keys


async def _exist(connection: Connection, agreement: Agreement) -> None:
    named = {"skill_ids": agreement.skill_ids, "aim_ids": agreement.aim_ids}
    wanted = [key for keys in named.values() for key in keys]
    known = await seen_among(connection, None, "skill", wanted) if wanted else {}
    for field, keys in named.items():
        for number, key in enumerate(keys):
            if key not in known:
                raise NotFound("common.not_found", field=(field, str(number)))
    await place_exists(connection, agreement.place_id)
