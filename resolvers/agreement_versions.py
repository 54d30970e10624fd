"""Versions of an agreement: what each says, what it changed, who signed it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, any_, cast, column, func, literal
from sqlmodel import col, select

from db.tables.exchanges import AgreementField, AgreementSignature, AgreementVersion, ExchangePerson
from db.tables.listings import Place
from db.tables.people import Person
from db.tables.skills import Skill
from resolvers.agreement_papers import PAPERS_PATH
from resolvers.rows import Row

CHANGES_MAX = len(AgreementField)
# As the graph begins their ids; `schema.agreements` makes sure of it.
VERSION_PREFIX = "agv"


def skills(version: Row) -> Any:
    """Give what is lent, by English label."""
    return _skills(version.skill_ids)


def aims(version: Row) -> Any:
    """Give what is to be learned, by English label."""
    return _skills(version.aim_ids)


def _skills(keys: Any) -> Any:
    return (
        select(Skill)
        .where(col(Skill.id) == any_(keys))
        .order_by(col(Skill.label_en), col(Skill.id))
    )


def people(version: Row) -> Any:
    """Give whom it sends."""
    return (
        select(ExchangePerson)
        .where(
            col(ExchangePerson.exchange_id) == version.exchange_id,
            col(ExchangePerson.person_id) == any_(version.person_ids),
        )
        .order_by(col(ExchangePerson.id))
    )


def place(version: Row) -> Any:
    """Give where it is."""
    return select(Place).where(col(Place.id) == version.place_id)


def author(version: Row) -> Any:
    """Give who wrote it."""
    return select(Person).where(col(Person.id) == version.author_id)


def signatures(version: Row) -> Any:
    """Give who signed it, the first first."""
    return (
        select(AgreementSignature)
        .where(col(AgreementSignature.version_id) == version.id)
        .order_by(col(AgreementSignature.id))
    )


def changes(version: Row) -> Any:
    """Give what differs from the version before, in the order of AgreementField."""
    listed: Any = (
        func.jsonb_to_recordset(version.changes)
        .table_valued(column("field", Text), column("before", Text), column("after", Text))
        .render_derived(name="changed", with_types=True)
    )
    return select(listed)


def paper_path(version: Row) -> Any:
    """Give where it is as a PDF."""
    key = cast(version.id, Text)
    return func.concat(literal(f"{PAPERS_PATH}{VERSION_PREFIX}_"), key, literal(".pdf"))


def of_signature(signature: Row) -> Any:
    """Give the version that was signed."""
    return select(AgreementVersion).where(col(AgreementVersion.id) == signature.version_id)
