"""Keeping the network decent: reports, what moderators did and why, appeals, and who did what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum

REPORT_TEXT_MAX = 2_000
REASON_MAX = 2_000
ONE_SUBJECT = "num_nonnulls(post_id, comment_id, person_id, organisation_id) = 1"


class ReportReason(StrEnum):
    """What is wrong with something, in the reporter's eyes."""

    SPAM = "SPAM"
    HARASSMENT = "HARASSMENT"
    HATE = "HATE"
    MISINFORMATION = "MISINFORMATION"
    CONFIDENTIAL = "CONFIDENTIAL"
    IMPERSONATION = "IMPERSONATION"
    ILLEGAL = "ILLEGAL"
    OTHER = "OTHER"


class SubjectType(StrEnum):
    """What sort of thing a report or a decision is about."""

    POST = "POST"
    COMMENT = "COMMENT"
    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"


class ReportStatus(StrEnum):
    """Where a report stands."""

    OPEN = "OPEN"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"


class ModerationKind(StrEnum):
    """What moderators can do."""

    HIDE = "HIDE"
    WARN = "WARN"
    SUSPEND = "SUSPEND"
    RESTORE = "RESTORE"
    DISMISS = "DISMISS"


class AppealStatus(StrEnum):
    """Where an appeal stands."""

    OPEN = "OPEN"
    GRANTED = "GRANTED"
    REJECTED = "REJECTED"


class Report(Entity, table=True):
    """Somebody says that something should not be here."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(ONE_SUBJECT, name="one_subject"),
        CheckConstraint(f"char_length(text) <= {REPORT_TEXT_MAX}", name="text_length"),
        # One open report of a person about one thing.
        Index(
            "uq_report_open",
            "reporter_id",
            text("coalesce(post_id, comment_id, person_id, organisation_id)"),
            unique=True,
            postgresql_where=text("status = 'OPEN'"),
        ),
        # Serves the moderators' queue, oldest first.
        Index("ix_report_queue", "id", postgresql_where=text("status = 'OPEN'")),
        # Serves a case: the open reports about one thing, the oldest first.
        Index(
            "ix_report_case",
            text("coalesce(post_id, comment_id, person_id, organisation_id)"),
            "id",
            postgresql_where=text("status = 'OPEN'"),
        ),
        # Serves "does a report concern this person".
        Index(None, "addressee_id"),
        Index(None, "post_id"),
        Index(None, "comment_id"),
        Index(None, "person_id"),
        Index(None, "organisation_id"),
        Index(None, "reporter_id", "id"),
    )

    reporter_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    post_id: UUID | None = Field(default=None, foreign_key="post.id", ondelete="CASCADE")
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE")
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="CASCADE"
    )
    # Whom it concerns: the person, or who wrote the thing; nobody for an organisation.
    addressee_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    reason: ReportReason = Field(sa_type=text_enum(ReportReason, "reason"))
    text: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    status: ReportStatus = Field(
        default=ReportStatus.OPEN,
        sa_type=text_enum(ReportStatus, "status"),
        sa_column_kwargs={"server_default": ReportStatus.OPEN.value},
    )
    # What the moderators did about it.
    action_id: UUID | None = Field(
        default=None, foreign_key="moderation_action.id", ondelete="SET NULL"
    )


class ModerationAction(Entity, table=True):
    """What a moderator did, with the reason that is told to whom it concerns.

    The public log shows kind, what sort of thing it was, rule and time: no names and no texts.
    The subject may be gone by now, so its kind stands beside its keys.
    """

    __tablename__ = "moderation_action"
    __table_args__ = (
        CheckConstraint(f"char_length(reason) between 1 and {REASON_MAX}", name="reason_length"),
        Index(None, "moderator_id"),
        Index(None, "post_id"),
        Index(None, "comment_id"),
        Index(None, "person_id"),
        Index(None, "organisation_id"),
        Index(None, "addressee_id", "id"),
    )

    moderator_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    kind: ModerationKind = Field(sa_type=text_enum(ModerationKind, "kind"))
    rule: ReportReason = Field(sa_type=text_enum(ReportReason, "rule"))
    subject_type: SubjectType = Field(sa_type=text_enum(SubjectType, "subject_type"))
    post_id: UUID | None = Field(default=None, foreign_key="post.id", ondelete="SET NULL")
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id", ondelete="SET NULL")
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="SET NULL"
    )
    # Who is told and may appeal.
    addressee_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    reason: str = Field(sa_type=Text)


class Appeal(Entity, table=True):
    """Whom an action concerns asks for a second look, once."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint(f"char_length(text) between 1 and {REASON_MAX}", name="text_length"),
        Index("uq_appeal_action", "action_id", unique=True),
        # Serves the moderators' queue of appeals, oldest first.
        Index("ix_appeal_queue", "id", postgresql_where=text("status = 'OPEN'")),
        Index(None, "appellant_id"),
    )

    action_id: UUID = Field(foreign_key="moderation_action.id", ondelete="CASCADE")
    appellant_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    text: str = Field(sa_type=Text)
    status: AppealStatus = Field(
        default=AppealStatus.OPEN,
        sa_type=text_enum(AppealStatus, "status"),
        sa_column_kwargs={"server_default": AppealStatus.OPEN.value},
    )
    answer: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    decided_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)


class AuditEntry(Entity, table=True):
    """Who did what in an organisation's name. It is only added to."""

    __tablename__ = "audit_entry"
    # Serves an organisation's audit trail, newest first.
    __table_args__ = (Index(None, "organisation_id", "id"), Index(None, "actor_id"))

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    actor_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    action: str = Field(sa_type=Text)
    subject_id: UUID | None = Field(default=None)
    # Old and new values of what is no secret: roles, names of fields, a domain.
    details: dict[str, Any] = Field(
        default={}, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
