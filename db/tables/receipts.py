"""What came of exchanges: return receipts, evidence of skills, endorsements."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, UniqueConstraint, text
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum
from db.tables.exchanges import ExchangeSide
from db.tables.people import LEVEL_MAX, LEVEL_MIN

RECEIPT_TEXT_MAX = 4_000
RAISED_MAX = 40
ENDORSEMENT_MAX = 200


class ExchangeReceipt(Entity, table=True):
    """What both sides say came of an exchange; whoever wrote last agrees, the other confirms it."""

    __tablename__ = "exchange_receipt"
    __table_args__ = (
        UniqueConstraint("exchange_id"),
        *(
            CheckConstraint(f"char_length({name}) <= {RECEIPT_TEXT_MAX}", name=f"{name}_length")
            for name in ("learned", "came_back", "notes")
        ),
    )

    exchange_id: UUID = Field(foreign_key="exchange.id", ondelete="CASCADE")
    # Goes up whenever it is recorded anew.
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    learned: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    came_back: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    notes: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    recorded_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    # LENDER or BORROWER.
    side: ExchangeSide = Field(sa_type=text_enum(ExchangeSide, "side"))
    recorded_at: datetime = Field(
        default=None, sa_type=Timestamp, sa_column_kwargs={"server_default": text("now()")}
    )
    confirmed_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    confirmed_at: datetime | None = Field(default=None, sa_type=Timestamp)


class RaisedSkill(Entity, table=True):
    """A skill of a person that an exchange raised, as its receipt says."""

    __tablename__ = "raised_skill"
    __table_args__ = (
        CheckConstraint(f"from_level between 0 and {LEVEL_MAX}", name="from_level"),
        CheckConstraint(f"to_level between {LEVEL_MIN} and {LEVEL_MAX}", name="to_level"),
        CheckConstraint("to_level >= from_level", name="raised"),
        UniqueConstraint("receipt_id", "person_id", "skill_id"),
        # Serves the evidence of a person's skill, and what a person has to decide on.
        Index(None, "person_id", "skill_id"),
    )

    receipt_id: UUID = Field(foreign_key="exchange_receipt.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    # Where that person belongs: the lender or the borrower.
    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    skill_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")
    # 0 for a skill that they did not have.
    from_level: int = Field(sa_type=SmallInteger)
    to_level: int = Field(sa_type=SmallInteger)
    # When the person took it into their profile, or declined to.
    accepted_at: datetime | None = Field(default=None, sa_type=Timestamp)
    declined_at: datetime | None = Field(default=None, sa_type=Timestamp)


class SkillEvidence(Entity, table=True):
    """A confirmed exchange shows that an organisation, or a person, has a skill."""

    __tablename__ = "skill_evidence"
    __table_args__ = (
        # One for each person and skill of an exchange, and one for the organisation itself.
        UniqueConstraint(
            "exchange_id",
            "organisation_id",
            "skill_id",
            "person_id",
            name="uq_skill_evidence_source",
            postgresql_nulls_not_distinct=True,
        ),
        # Serves an organisation's evidence, newest first, and that of one of its strengths.
        Index(None, "organisation_id", "id"),
        # Serves a person's evidence.
        Index(None, "person_id", "skill_id"),
    )

    exchange_id: UUID = Field(foreign_key="exchange.id", ondelete="CASCADE")
    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    # The other side of that exchange.
    partner_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    # Who took it into their profile; null for the organisation's own.
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    skill_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")
    # Shown by lending it, or by learning it: LENDER or BORROWER is who the organisation was.
    side: ExchangeSide = Field(sa_type=text_enum(ExchangeSide, "side"))
    from_level: int | None = Field(default=None, sa_type=SmallInteger)
    to_level: int | None = Field(default=None, sa_type=SmallInteger)


class Endorsement(Entity, table=True):
    """A line that one side of a completed exchange writes about the other."""

    __tablename__ = "endorsement"
    __table_args__ = (
        CheckConstraint(f"char_length(line) between 1 and {ENDORSEMENT_MAX}", name="line_length"),
        UniqueConstraint("exchange_id", "organisation_id"),
        # Serves an organisation's page.
        Index(None, "endorsed_id", "id"),
    )

    exchange_id: UUID = Field(foreign_key="exchange.id", ondelete="CASCADE")
    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    endorsed_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    author_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    line: str = Field(sa_type=Text)
