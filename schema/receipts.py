"""What came of exchanges, in the graph: receipts, evidence of skills, endorsements, tallies of hours."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Integer, Text, Uuid

from db.tables import receipts as tables
from db.tables.exchanges import ExchangeSide
from db.tables.listings import ListingForm
from db.tables.receipts import RAISED_MAX
from resolvers import exchanges as resolve_exchanges
from resolvers import receipts as resolve
from resolvers import skills as resolve_skills
from schema import prefixes
from schema.engine.declare import column, derived, many, one, table, value
from schema.engine.relay import Node
from schema.references import ToExchange, ToOrganisation, ToPerson, ToSkill


@table(
    tables.ExchangeReceipt,
    prefix=prefixes.EXCHANGE_RECEIPT,
    visible=None,
    within={"exchange_id": "Exchange"},
)
class ExchangeReceipt(Node):
    """What both sides say came of an exchange. Whoever recorded it agrees; the other side confirms it."""

    version: int = column("Goes up whenever it is recorded anew.")
    learned: str = column("What was learned; may be empty.")
    came_back: str = column("What came back to the lender by it; may be empty.")
    notes: str = column("What else there is to say; may be empty.")
    side: ExchangeSide = column("Which side recorded it last: LENDER or BORROWER.")
    recorded_at: datetime = column("When it was recorded last.")
    confirmed_at: datetime | None = column(
        "When the other side confirmed it; null before. From then on it stays as it is."
    )
    raised: list[RaisedSkill] = many(
        resolve.raised, "The skills that the exchange raised.", at_most=RAISED_MAX
    )
    recorded_by: ToPerson | None = one(
        resolve.recorded_by, "Who recorded it; null when that person is gone or not to be seen."
    )
    confirmed_by: ToPerson | None = one(
        resolve_exchanges.confirmed_by,
        "Who confirmed it; null when nobody did, or that person is gone or not to be seen.",
    )
    exchange: ToExchange = one(resolve_exchanges.of_part, "The exchange.")


@table(
    tables.RaisedSkill,
    prefix=prefixes.RAISED_SKILL,
    visible=resolve.raised_visible,
    within={"organisation_id": "Organisation"},
)
class RaisedSkill(Node):
    """A skill of a person that an exchange raised. Seen by that person, and by who sees the exchange."""

    name: str = value(resolve_exchanges.person_name, "What the person is called.")
    from_level: int = column("Their level before, 0 to 5; 0 for a skill that they did not have.")
    to_level: int = column("Their level after, 1 to 5.")
    accepted_at: datetime | None = column("When they took it into their profile; null when not.")
    declined_at: datetime | None = column("When they declined to; null when not.")
    skill: ToSkill = one(resolve_skills.of, "The skill.")
    person: ToPerson | None = one(
        resolve_exchanges.person, "Whose it is; null when the viewer may not see their profile."
    )
    organisation: ToOrganisation = one(
        resolve.organisation, "Where they belong: the lender or the borrower."
    )
    receipt: ExchangeReceipt | None = one(
        resolve.receipt_of, "The receipt that names it; null for who does not see the exchange."
    )


@table(
    tables.SkillEvidence,
    prefix=prefixes.SKILL_PROOF,
    visible=None,
    within={
        "organisation_id": "Organisation",
        "partner_id": "Organisation",
        "person_id": "Person",
    },
)
class SkillProof(Node):
    """An exchange whose receipt both sides confirmed shows a skill: of an organisation, or of a person."""

    side: ExchangeSide = column("Who the organisation was in the exchange: LENDER or BORROWER.")
    form: ListingForm | None = value(resolve.form, "In what form it was.")
    from_level: int | None = column("The level before, 0 to 5; null for what was only lent.")
    to_level: int | None = column("The level after, 1 to 5; null for what was only lent.")
    created_at: datetime = column("Since when it counts.")
    skill: ToSkill = one(resolve_skills.of, "The skill.")
    organisation: ToOrganisation = one(resolve.organisation, "Where the skill is.")
    partner: ToOrganisation = one(resolve.partner, "The other side of the exchange.")
    person: ToPerson | None = one(
        resolve_exchanges.person, "Who took it into their profile; null for an organisation's own."
    )
    exchange: ToExchange | None = one(
        resolve_exchanges.of_part, "The exchange; null for all who do not see it."
    )


@table(
    tables.Endorsement,
    prefix=prefixes.ENDORSEMENT,
    visible=None,
    within={"organisation_id": "Organisation", "endorsed_id": "Organisation"},
)
class Endorsement(Node):
    """A line that an organisation wrote about another after an exchange that is over."""

    line: str = column("What it says.")
    created_at: datetime = column("When it was written.")
    form: ListingForm | None = value(resolve.form, "In what form the exchange was.")
    organisation: ToOrganisation = one(resolve.organisation, "Who says it.")
    endorsed: ToOrganisation = one(resolve.endorsed, "Of whom.")
    author: ToPerson | None = one(
        resolve.author, "Who wrote it; null when that person is gone or not to be seen."
    )


@derived(
    Column("skill_id", Uuid),
    Column("given_minutes", Integer, nullable=False),
    Column("received_minutes", Integer, nullable=False),
)
class HoursBalance:
    """Confirmed minutes that an organisation gave and received; never set off against each other."""

    skill: ToSkill | None = one(
        resolve_skills.of, "Of which skill; null for all, each minute counted once."
    )
    given_minutes: int = column("What it gave as the lender.")
    received_minutes: int = column("What it received as the borrower.")


@derived(
    Column("form", Text, nullable=False),
    Column("completed", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("enriched", Integer, nullable=False),
)
class EnrichmentRatio:
    """How often exchanges of a form enriched an organisation, and how often nobody said.

    An exchange enriched it when a receipt that both sides confirmed names a raised skill of somebody
    of its own, or, where it lent, says what came back.
    """

    form: ListingForm = column("Which form.")
    completed: int = column("Its exchanges of that form that are over.")
    answered: int = column("Those of them with a receipt that both sides confirmed.")
    enriched: int = column("Those of them that enriched it.")
    ratio: float | None = value(
        resolve.ratio, "`enriched` of `answered`, 0 to 1; null when none was answered."
    )
    unanswered_share: float = value(
        resolve.unanswered, "The share of `completed` that was not answered, 0 to 1."
    )
