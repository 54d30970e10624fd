"""Reports, what moderators did about them, appeals, the public log: who reads what of it.

What moderators may read beyond others is decided here (`post_concerns`, `comment_concerns`,
`person_concerns`): what somebody reported, what is hidden or suspended, and who is involved.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.moderation import (
    Appeal,
    AppealStatus,
    ModerationAction,
    Report,
    ReportStatus,
    SubjectType,
)
from db.tables.organisations import Organisation
from db.tables.people import Membership, Person, Role
from db.tables.posts import Comment, Post
from resolvers.rows import Row, Viewer


def post_concerns(post: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Moderators read a post that is hidden or reported, or on which a comment was reported."""
    report: Any = aliased(Report)
    comment: Any = aliased(Comment)
    on_comment = (
        select(report.id)
        .join(comment, col(comment.id) == col(report.comment_id))
        .where(col(comment.post_id) == post.id)
    )
    reported: Any = aliased(Report)
    return and_(
        viewer.is_moderator,
        or_(
            post.hidden_at.is_not(None),
            select(reported.id).where(col(reported.post_id) == post.id).exists(),
            on_comment.exists(),
        ),
    )


def comment_concerns(comment: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Moderators read a comment that is hidden or reported."""
    report: Any = aliased(Report)
    return and_(
        viewer.is_moderator,
        or_(
            comment.hidden_at.is_not(None),
            select(report.id).where(col(report.comment_id) == comment.id).exists(),
        ),
    )


def person_concerns(person: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Moderators see who is suspended, whom a report concerns, and who filed one."""
    about: Any = aliased(Report)
    by: Any = aliased(Report)
    return and_(
        viewer.is_moderator,
        or_(
            person.suspended_at.is_not(None),
            select(about.id).where(col(about.addressee_id) == person.id).exists(),
            select(by.id).where(col(by.reporter_id) == person.id).exists(),
        ),
    )


def report_visible(report: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A report is read by whoever filed it and by moderators; never by whom it concerns."""
    return or_(report.reporter_id == viewer.id, viewer.is_moderator)


def case_visible(opened: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A case is read by moderators: the oldest open report about a thing stands for all of them."""
    older: Any = aliased(Report)
    return and_(
        viewer.is_moderator,
        opened.status == ReportStatus.OPEN.value,
        not_(
            select(older.id)
            .where(
                col(older.status) == ReportStatus.OPEN,
                _subject(older) == _subject(opened),
                col(older.id) < opened.id,
            )
            .exists()
        ),
    )


def action_visible(action: Row, viewer: Viewer) -> ColumnElement[bool]:
    """What a moderator did is told to whom it concerns: a person, or owners of an organisation."""
    owner = select(Membership.id).where(
        col(Membership.person_id) == viewer.id,
        col(Membership.organisation_id) == action.organisation_id,
        col(Membership.role) == Role.OWNER,
        col(Membership.ended_on).is_(None),
    )
    return or_(action.addressee_id == viewer.id, viewer.is_moderator, owner.exists())


def appeal_visible(appeal: Row, viewer: Viewer) -> ColumnElement[bool]:
    """An appeal is read by whoever made it and by moderators."""
    return or_(appeal.appellant_id == viewer.id, viewer.is_moderator)


def reports(viewer: Viewer) -> Any:
    """Give what the viewer reported."""
    return select(Report).where(col(Report.reporter_id) == viewer.id)


def queue(viewer: Viewer) -> Any:
    """Give the open cases, whoever may see them."""
    return select(Report).where(col(Report.status) == ReportStatus.OPEN, viewer.is_moderator)


def appeal_queue(viewer: Viewer) -> Any:
    """Give the appeals that nobody has decided."""
    return select(Appeal).where(col(Appeal.status) == AppealStatus.OPEN, viewer.is_moderator)


def log() -> Any:
    """Give all that moderators did."""
    return select(ModerationAction)


def notices(viewer: Viewer) -> Any:
    """Give what moderators did about the viewer, or about an organisation that the viewer owns."""
    owned = select(Membership.organisation_id).where(
        col(Membership.person_id) == viewer.id,
        col(Membership.role) == Role.OWNER,
        col(Membership.ended_on).is_(None),
    )
    return select(ModerationAction).where(
        or_(
            col(ModerationAction.addressee_id) == viewer.id,
            col(ModerationAction.organisation_id) == func.any(func.array(owned.scalar_subquery())),
        )
    )


def subject_type(report: Row) -> Any:
    """Give what sort of thing was reported."""
    return case(
        (report.post_id.is_not(None), SubjectType.POST.value),
        (report.comment_id.is_not(None), SubjectType.COMMENT.value),
        (report.person_id.is_not(None), SubjectType.PERSON.value),
        else_=SubjectType.ORGANISATION.value,
    )


def post(of: Row) -> Any:
    """Give the post that it is about."""
    return select(Post).where(col(Post.id) == of.post_id)


def comment(of: Row) -> Any:
    """Give the comment that it is about."""
    return select(Comment).where(col(Comment.id) == of.comment_id)


def person(of: Row) -> Any:
    """Give the person that it is about."""
    return select(Person).where(col(Person.id) == of.person_id)


def organisation(of: Row) -> Any:
    """Give the organisation that it is about."""
    return select(Organisation).where(col(Organisation.id) == of.organisation_id)


def reporter(report: Row) -> Any:
    """Give who filed a report."""
    return select(Person).where(col(Person.id) == report.reporter_id)


def report_action(report: Row) -> Any:
    """Give what was done about a report."""
    return select(ModerationAction).where(col(ModerationAction.id) == report.action_id)


def case_reports(opened: Row) -> Any:
    """Give all open reports about the same thing."""
    return select(Report).where(
        col(Report.status) == ReportStatus.OPEN, _subject(Report) == _subject(opened)
    )


def case_report_count(opened: Row) -> Any:
    """Count the open reports about the same thing."""
    same: Any = aliased(Report)
    counted = (
        select(func.count())
        .select_from(same)
        .where(col(same.status) == ReportStatus.OPEN, _subject(same) == _subject(opened))
    )
    return func.coalesce(counted.scalar_subquery(), 0)


def action_appeal(action: Row) -> Any:
    """Give the appeal against an action."""
    return select(Appeal).where(col(Appeal.action_id) == action.id)


def appeal_status(action: Row) -> Any:
    """Give where the appeal against an action stands."""
    return select(Appeal.status).where(col(Appeal.action_id) == action.id)


def appealed_action(appeal: Row) -> Any:
    """Give the action that an appeal is against."""
    return select(ModerationAction).where(col(ModerationAction.id) == appeal.action_id)


def appellant(appeal: Row) -> Any:
    """Give who appealed."""
    return select(Person).where(col(Person.id) == appeal.appellant_id)


def _subject(report: Any) -> Any:
    """Give the key of what a report is about, as the index of open reports has it."""
    return func.coalesce(
        report.post_id, report.comment_id, report.person_id, report.organisation_id
    )
