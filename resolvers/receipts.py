"""What came of exchanges: receipts, evidence of skills, endorsements, hours given and received."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Uuid,
    and_,
    case,
    cast,
    column,
    func,
    literal_column,
    null,
    or_,
)
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.tables.exchanges import (
    AgreementVersion,
    Exchange,
    ExchangeHours,
    ExchangeStatus,
)
from db.tables.organisations import Organisation
from db.tables.people import Person
from db.tables.receipts import Endorsement, ExchangeReceipt, RaisedSkill, SkillEvidence
from resolvers.organisations import permits
from resolvers.permissions import Action
from resolvers.rows import Row, Viewer
from resolvers.seeing import seen_here

PROOFS_SHOWN = 20
# Skills of an organisation with hours, and one line for all.
BALANCES_MAX = 500


def of_exchange(exchange: Row) -> Any:
    """Give what both sides say came of it."""
    return select(ExchangeReceipt).where(col(ExchangeReceipt.exchange_id) == exchange.id)


def raised(receipt: Row) -> Any:
    """Give the skills that it names as raised, in the order of naming."""
    return (
        select(RaisedSkill)
        .where(col(RaisedSkill.receipt_id) == receipt.id)
        .order_by(col(RaisedSkill.id))
    )


def receipt_of(raised_skill: Row) -> Any:
    """Give the receipt that names it."""
    return select(ExchangeReceipt).where(col(ExchangeReceipt.id) == raised_skill.receipt_id)


def recorded_by(receipt: Row) -> Any:
    """Give who recorded it."""
    return select(Person).where(col(Person.id) == receipt.recorded_by_id)


def raised_visible(raised_skill: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A raised skill is seen by its person, and by those who see the exchange."""
    seen = (
        select(ExchangeReceipt.id)
        .where(
            col(ExchangeReceipt.id) == raised_skill.receipt_id,
            seen_here("exchange", col(ExchangeReceipt.exchange_id), "raising_exchange"),
        )
        .exists()
    )
    return or_(raised_skill.person_id == viewer.id, seen)


def raised_of_person(person: Row, viewer: Viewer) -> Any:
    """Give what confirmed receipts say that exchanges raised of a person, to that person alone."""
    return (
        select(RaisedSkill)
        .join(ExchangeReceipt, col(ExchangeReceipt.id) == col(RaisedSkill.receipt_id))
        .where(
            col(RaisedSkill.person_id) == person.id,
            col(ExchangeReceipt.confirmed_at).is_not(None),
            person.id == viewer.id,
        )
    )


def organisation(part: Row) -> Any:
    """Give the organisation that it belongs to."""
    return select(Organisation).where(col(Organisation.id) == part.organisation_id)


def partner(proof: Row) -> Any:
    """Give the other side of the exchange."""
    return select(Organisation).where(col(Organisation.id) == proof.partner_id)


def endorsed(endorsement: Row) -> Any:
    """Give who is endorsed."""
    return select(Organisation).where(col(Organisation.id) == endorsement.endorsed_id)


def author(endorsement: Row) -> Any:
    """Give who wrote it."""
    return select(Person).where(col(Person.id) == endorsement.author_id)


def form(part: Row) -> Any:
    """Give the form of the exchange that it came from."""
    return (
        select(AgreementVersion.form)
        .join(Exchange, col(Exchange.id) == col(AgreementVersion.exchange_id))
        .where(
            col(Exchange.id) == part.exchange_id,
            col(AgreementVersion.number) == col(Exchange.version),
        )
        .scalar_subquery()
    )


def proofs_of_organisation(organisation: Row) -> Any:
    """Give the evidence of what an organisation can do."""
    return select(SkillEvidence).where(
        col(SkillEvidence.organisation_id) == organisation.id,
        col(SkillEvidence.person_id).is_(None),
    )


def proofs_of_strength(strength: Row) -> Any:
    """Give the evidence of a strength, the newest first."""
    return (
        select(SkillEvidence)
        .where(
            col(SkillEvidence.organisation_id) == strength.organisation_id,
            col(SkillEvidence.skill_id) == strength.skill_id,
            col(SkillEvidence.person_id).is_(None),
        )
        .order_by(col(SkillEvidence.id).desc())
    )


def proofs_of_person_skill(held: Row) -> Any:
    """Give the evidence of a skill that a person has, the newest first."""
    return (
        select(SkillEvidence)
        .where(
            col(SkillEvidence.person_id) == held.person_id,
            col(SkillEvidence.skill_id) == held.skill_id,
        )
        .order_by(col(SkillEvidence.id).desc())
    )


def endorsements(organisation: Row) -> Any:
    """Give what others wrote about an organisation after exchanges with it."""
    return select(Endorsement).where(col(Endorsement.endorsed_id) == organisation.id)


def balance(organisation: Row, viewer: Viewer, partner_id: Any) -> Any:
    """Give the confirmed minutes that an organisation gave and received: in all, then by skill.

    An hour counts whole for each skill of its agreement, so the skills together may be more than
    all. Nobody but those who manage exchanges there is given any.
    """
    lends = col(Exchange.lender_id) == organisation.id
    # All of it stands under no skill.
    tallied: Any = (
        func.unnest(func.array_prepend(cast(null(), Uuid()), col(AgreementVersion.skill_ids)))
        .table_valued(column("id", Uuid))
        .render_derived(name="tallied")
    )
    skill_id = tallied.c.id
    statement = (
        select_columns(
            skill_id.label("skill_id"),
            _added(col(ExchangeHours.minutes), lends).label("given_minutes"),
            _added(col(ExchangeHours.minutes), ~lends).label("received_minutes"),
        )
        .select_from(Exchange)
        .join(
            AgreementVersion,
            and_(
                col(AgreementVersion.exchange_id) == col(Exchange.id),
                col(AgreementVersion.number) == col(Exchange.version),
            ),
        )
        .join(ExchangeHours, col(ExchangeHours.exchange_id) == col(Exchange.id))
        .join(tallied, literal_column("true"))
        .where(
            or_(lends, col(Exchange.borrower_id) == organisation.id),
            col(ExchangeHours.confirmed_at).is_not(None),
            permits(Action.MANAGE_EXCHANGES, organisation.id, viewer),
        )
        .group_by(skill_id)
        .order_by(skill_id.is_not(None), skill_id)
    )
    if partner_id is not None:
        other = case((lends, col(Exchange.borrower_id)), else_=col(Exchange.lender_id))
        statement = statement.where(other == partner_id)
    return statement


def _added(minutes: Any, condition: Any) -> Any:
    added = func.sum(case((condition, minutes), else_=literal_column("0")))
    return func.coalesce(added, literal_column("0"))


def enrichment(organisation: Row) -> Any:
    """Count by form the exchanges of an organisation that are over, that both answered for, that enriched it.

    It is enriched when a confirmed receipt names a raised skill of somebody of its own, or, where it
    lent, says what came back.
    """
    raised_there = (
        select(RaisedSkill.id)
        .where(
            col(RaisedSkill.receipt_id) == col(ExchangeReceipt.id),
            col(RaisedSkill.organisation_id) == organisation.id,
            col(RaisedSkill.to_level) > col(RaisedSkill.from_level),
        )
        .exists()
    )
    came_back = and_(
        col(Exchange.lender_id) == organisation.id,
        func.char_length(col(ExchangeReceipt.came_back)) > literal_column("0"),
    )
    form_of: Any = col(AgreementVersion.form)
    return (
        select_columns(
            form_of.label("form"),
            func.count(col(Exchange.id)).label("completed"),
            func.count(col(ExchangeReceipt.id)).label("answered"),
            func.count(case((or_(raised_there, came_back), col(ExchangeReceipt.id)))).label(
                "enriched"
            ),
        )
        .select_from(Exchange)
        .join(
            AgreementVersion,
            and_(
                col(AgreementVersion.exchange_id) == col(Exchange.id),
                col(AgreementVersion.number) == col(Exchange.version),
            ),
        )
        .outerjoin(
            ExchangeReceipt,
            and_(
                col(ExchangeReceipt.exchange_id) == col(Exchange.id),
                col(ExchangeReceipt.confirmed_at).is_not(None),
            ),
        )
        .where(
            or_(
                col(Exchange.lender_id) == organisation.id,
                col(Exchange.borrower_id) == organisation.id,
            ),
            col(Exchange.status) == ExchangeStatus.COMPLETED,
        )
        .group_by(form_of)
        .order_by(form_of)
    )


def ratio(counts: Row) -> Any:
    """Give the enriched among those that were answered for, null for none."""
    return cast(counts.enriched, Float()) / func.nullif(counts.answered, literal_column("0"))


def unanswered(counts: Row) -> Any:
    """Give the share that was not answered for."""
    share: Any = literal_column("1.0") - cast(counts.answered, Float()) / counts.completed
    return func.coalesce(share, literal_column("0.0"))
