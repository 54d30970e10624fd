"""Reports, cases, what moderators did, appeals and the public log, in the graph."""

from __future__ import annotations

from datetime import datetime

from db.tables import moderation as tables
from db.tables.moderation import (
    AppealStatus,
    ModerationKind,
    ReportReason,
    ReportStatus,
    SubjectType,
)
from resolvers import moderation as resolve
from schema import prefixes
from schema.engine.declare import column, connection, one, table, value
from schema.engine.relay import Connection, Node
from schema.references import ToAppeal, ToComment, ToOrganisation, ToPerson, ToPost

POST = "The post, if it is about one that the viewer may see."
COMMENT = "The comment, if it is about one that the viewer may see."
PERSON = "The person, if it is about one whom the viewer may see."
ORGANISATION = "The organisation, if it is about one that the viewer may see."


@table(tables.ModerationAction, prefix=prefixes.MODERATION_ACTION, visible=resolve.action_visible)
class ModerationAction(Node):
    """What a moderator did and why, told to whom it concerns."""

    kind: ModerationKind = column("What was done.")
    rule: ReportReason = column("The rule that it rests on.")
    subject_type: SubjectType = column("What sort of thing it was about.")
    reason: str = column("Why, in the moderator's words.")
    created_at: datetime = column("When.")
    post: ToPost | None = one(resolve.post, POST)
    comment: ToComment | None = one(resolve.comment, COMMENT)
    person: ToPerson | None = one(resolve.person, PERSON)
    organisation: ToOrganisation | None = one(resolve.organisation, ORGANISATION)
    appeal: ToAppeal | None = one(
        resolve.action_appeal, "The appeal against it; null when there is none to be seen."
    )


@table(tables.Appeal, prefix=prefixes.APPEAL, visible=resolve.appeal_visible)
class Appeal(Node):
    """A request for a second look at what a moderator did, decided by another one."""

    text: str = column("Why it should be taken back.")
    status: AppealStatus = column("Where it stands.")
    answer: str = column("What the deciding moderator says; empty until then.")
    created_at: datetime = column("When it was made.")
    decided_at: datetime | None = column("When it was decided; null until then.")
    action: ModerationAction | None = one(
        resolve.appealed_action, "What it is against; null when the viewer may not see that."
    )
    appellant: ToPerson | None = one(
        resolve.appellant, "Who made it; null when the viewer may not see that person."
    )


@table(tables.Report, prefix=prefixes.REPORT, visible=resolve.report_visible)
class Report(Node):
    """That somebody thinks a thing should not be here; whom it concerns does not see it."""

    reason: ReportReason = column("What is wrong.")
    text: str = column("More about it, in the reporter's words; may be empty.")
    status: ReportStatus = column("Where it stands.")
    created_at: datetime = column("When it was filed.")
    subject_type: SubjectType = value(resolve.subject_type, "What sort of thing it is about.")
    post: ToPost | None = one(resolve.post, POST)
    comment: ToComment | None = one(resolve.comment, COMMENT)
    person: ToPerson | None = one(resolve.person, PERSON)
    organisation: ToOrganisation | None = one(resolve.organisation, ORGANISATION)
    reporter: ToPerson | None = one(
        resolve.reporter, "Who filed it; null when the viewer may not see that person."
    )
    action: ModerationAction | None = one(
        resolve.report_action, "What was done about it, for those who may see that."
    )


@table(tables.Report, prefix=prefixes.MODERATION_CASE, visible=resolve.case_visible)
class ModerationCase(Node):
    """All open reports about one thing, for moderators."""

    subject_type: SubjectType = value(resolve.subject_type, "What sort of thing it is about.")
    created_at: datetime = column("When the first of the reports was filed.")
    report_count: int = value(resolve.case_report_count, "How many open reports there are.")
    reports: Connection[Report] = connection(
        resolve.case_reports, "The open reports, the oldest first.", order=("id",)
    )
    post: ToPost | None = one(resolve.post, POST)
    comment: ToComment | None = one(resolve.comment, COMMENT)
    person: ToPerson | None = one(resolve.person, PERSON)
    organisation: ToOrganisation | None = one(resolve.organisation, ORGANISATION)


@table(tables.ModerationAction, prefix=prefixes.MODERATION_LOG_ENTRY, visible=None)
class ModerationLogEntry(Node):
    """One line of the public log: what was done by which rule; no names and no texts."""

    kind: ModerationKind = column("What was done.")
    rule: ReportReason = column("The rule that it rests on.")
    subject_type: SubjectType = column("What sort of thing it was about.")
    created_at: datetime = column("When.")
    appeal_status: AppealStatus | None = value(
        resolve.appeal_status, "Where the appeal against it stands; null when there is none."
    )
