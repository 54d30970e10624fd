"""Reporting, and what moderators do about it: hide, warn, suspend, restore, dismiss; and appeals.

Whom it concerns is told in the inbox and by e-mail, with the rule and the reason, and may appeal
once, also while suspended. Another moderator decides, if there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.counters import recount
from db.tables.moderation import (
    REASON_MAX,
    REPORT_TEXT_MAX,
    AppealStatus,
    ModerationKind,
    ReportReason,
    ReportStatus,
    SubjectType,
)
from resolvers import checking
from resolvers.acting import AUDIT, Actor, Context
from resolvers.auditing import AuditAction
from resolvers.refusals import Conflict, InvalidInput, NotAllowed, NotFound, Taken, TooMany
from resolvers.seeing import ruled
from subscriptions.events import EventKind

# Open reports of one person.
REPORTS_MAX = 100

# Of a thing ($2): whose it is, and whether the reporter ($1) sees it and may report more.
ADDRESSEE = {
    SubjectType.POST: "(select author_id from post where id = $2)",
    SubjectType.COMMENT: "(select author_id from comment where id = $2)",
    SubjectType.PERSON: "$2::uuid",
    SubjectType.ORGANISATION: "null::uuid",
}
BEFORE_REPORTING = {
    type_: f"""
    select {addressee} as addressee_id, exists ({{{type_.value.lower()}_seen}}) as is_seen,
      (select count(*) from report where reporter_id = $1 and status = 'OPEN') as open
    """  # noqa: S608 - constants
    for type_, addressee in ADDRESSEE.items()
}
REPORT = """
insert into report
  (reporter_id, post_id, comment_id, person_id, organisation_id, addressee_id, reason, text)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict do nothing returning id
"""
# The row is locked: of two moderators at once, the second sees what the first did.
STANDING: Mapping[SubjectType, str] = {
    SubjectType.POST: "select author_id as addressee_id, hidden_at as since,"
    " exists ({post_seen}) as is_seen, post.* from post where id = $2 for no key update",
    SubjectType.COMMENT: "select author_id as addressee_id, null::uuid as organisation_id,"
    " hidden_at as since, id, post_id, author_id, parent_id,"
    " (select organisation_id from post where id = post_id) as place_id,"
    " exists ({comment_seen}) as is_seen from comment where id = $2 for no key update",
    SubjectType.PERSON: "select id as addressee_id, null::uuid as organisation_id,"
    " suspended_at as since, exists ({person_seen}) as is_seen"
    " from person where id = $2 for no key update",
    SubjectType.ORGANISATION: """
      select (
        select person_id from membership
        where organisation_id = $2 and role = 'OWNER' and ended_on is null order by id limit 1
      ) as addressee_id, id as organisation_id, suspended_at as since,
      exists ({organisation_seen}) as is_seen
      from organisation where id = $2 for no key update
    """,
}
# With where a mail reaches whom it concerns.
STANDING_AND_ADDRESS: Mapping[SubjectType, str] = {
    type_: f"""
    select standing.*, whom.email as told_email, whom.locale as told_locale
    from ({standing}) standing
    left join person whom on whom.id = standing.addressee_id and whom.deactivated_at is null
    """  # noqa: S608 - constants
    for type_, standing in STANDING.items()
}
SET: Mapping[SubjectType, str] = {
    SubjectType.POST: "update post set hidden_at = {value} where id = $1",
    SubjectType.COMMENT: "update comment set hidden_at = {value} where id = $1",
    SubjectType.PERSON: "update person set suspended_at = {value} where id = $1",
    SubjectType.ORGANISATION: "update organisation set suspended_at = {value} where id = $1",
}
WRITTEN = frozenset({SubjectType.POST, SubjectType.COMMENT})
# What a hidden thing is taken out of sight by, and what brings it back.
ENDS_SIGHT = {
    ModerationKind.HIDE: WRITTEN,
    ModerationKind.SUSPEND: frozenset(SubjectType) - WRITTEN,
}
# What is recorded when something goes out of sight, and when it comes back.
OUT_OF_SIGHT = {
    SubjectType.POST: (EventKind.POST_HIDDEN, EventKind.POST_RESTORED),
    SubjectType.COMMENT: (EventKind.COMMENT_HIDDEN, EventKind.COMMENT_RESTORED),
    SubjectType.PERSON: (EventKind.PERSON_SUSPENDED, EventKind.PERSON_RESTORED),
    SubjectType.ORGANISATION: (EventKind.ORGANISATION_SUSPENDED, EventKind.ORGANISATION_RESTORED),
}
# What an organisation's trail says of each.
AUDITED = {
    ModerationKind.HIDE: AuditAction.MODERATION_HIDDEN,
    ModerationKind.WARN: AuditAction.MODERATION_WARNED,
    ModerationKind.SUSPEND: AuditAction.MODERATION_SUSPENDED,
    ModerationKind.RESTORE: AuditAction.MODERATION_RESTORED,
}
ACT = """
insert into moderation_action
  (moderator_id, kind, rule, subject_type, post_id, comment_id, person_id, organisation_id,
   addressee_id, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id
"""
CLOSE = """
update report set status = $2, action_id = $3
where status = 'OPEN' and coalesce(post_id, comment_id, person_id, organisation_id) = $1
"""
# Whoever published meanwhile is waited for, so that the newest post is worked out from all there are.
LOCK_AUTHOR = "select from person where id = $1 for no key update"
LOCK_ORGANISATION = "select from organisation where id = $1 for no key update"
APPEALABLE = frozenset({ModerationKind.HIDE, ModerationKind.WARN, ModerationKind.SUSPEND})
# An action as its addressee, or an owner of the organisation, may know of it.
MINE = """
select a.kind from moderation_action a where a.id = $2 and (
  a.addressee_id = $1 or exists (
    select from membership m where m.person_id = $1 and m.organisation_id = a.organisation_id
    and m.role = 'OWNER' and m.ended_on is null
  )
)
"""
APPEAL = """
insert into appeal (action_id, appellant_id, text) values ($1, $2, $3)
on conflict (action_id) do nothing returning id
"""
APPEALED = """
select p.status, p.appellant_id, a.id as action_id, a.moderator_id, a.kind, a.subject_type,
  a.post_id, a.comment_id, a.person_id, a.organisation_id, whom.email as told_email,
  whom.locale as told_locale,
  exists (
    select from person o where o.is_moderator and o.suspended_at is null
    and o.deactivated_at is null and o.id not in (a.moderator_id, p.appellant_id)
  ) as has_other
from appeal p join moderation_action a on a.id = p.action_id
left join person whom on whom.id = p.appellant_id and whom.deactivated_at is null
where p.id = $1 for no key update of p
"""
DECIDE = """
update appeal set status = $2, answer = $3, decided_by_id = $4, decided_at = now() where id = $1
"""


@dataclass(frozen=True)
class Subject:
    """What a report or an action is about."""

    type: SubjectType
    id: UUID

    def of(self, type_: SubjectType) -> UUID | None:
        """Give the key if it is of this type."""
        return self.id if self.type is type_ else None

    @property
    def columns(self) -> tuple[UUID | None, ...]:
        """Give the keys for the columns post_id, comment_id, person_id and organisation_id."""
        return tuple(self.of(type_) for type_ in SubjectType)


async def file_report(
    ctx: Context,
    *,
    reason: ReportReason,
    text: str = "",
    post_id: UUID | None = None,
    comment_id: UUID | None = None,
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> UUID:
    """Tell the moderators that something should not be here.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: It is about no thing or several, or about oneself; the text is too long.
        NotFound: There is no such thing, as far as they may know.
        Taken: They have reported it, and nobody has looked yet.
        TooMany: 100 reports of theirs are open.
    """
    actor = ctx.person()
    subject = _subject(post_id, comment_id, person_id, organisation_id)
    text = checking.text(text or "", "text", at_most=REPORT_TEXT_MAX, multiline=True)
    field = (f"{subject.type.value.lower()}_id",)
    found = await _row(ctx, ruled(BEFORE_REPORTING[subject.type]), actor.id, subject.id)
    if not found["is_seen"]:
        raise NotFound("common.not_found", field=field)
    if found["addressee_id"] == actor.id:
        raise InvalidInput("moderation.own_report", field=field)
    if found["open"] >= REPORTS_MAX:
        raise TooMany("moderation.too_many_reports", limit=REPORTS_MAX)
    key: UUID | None = await ctx.connection.fetchval(
        REPORT, actor.id, *subject.columns, found["addressee_id"], reason.value, text
    )
    if key is None:
        raise Taken("moderation.reported_already", field=field)
    await ctx.record(EventKind.REPORT_FILED, subject_id=key)
    return key


async def moderate(  # noqa: PLR0913 - one keyword for each field of the input
    ctx: Context,
    *,
    kind: ModerationKind,
    rule: ReportReason,
    reason: str,
    post_id: UUID | None = None,
    comment_id: UUID | None = None,
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> UUID:
    """Do something about a thing, close what is reported about it, and tell whom it concerns.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They do not moderate, or it is about their own.
        InvalidInput: It is about no thing or several; this kind does not apply to it; no reason.
        NotFound: There is no such thing, as far as a moderator may know.
        Conflict: It is hidden, suspended or restored already.
    """
    actor = _moderator(ctx)
    subject = _subject(post_id, comment_id, person_id, organisation_id)
    reason = checking.text(reason, "reason", at_most=REASON_MAX, at_least=1, multiline=True)
    if subject.type not in ENDS_SIGHT.get(kind, SubjectType):
        raise InvalidInput("moderation.kind_unfit", field=("kind",))
    field = (f"{subject.type.value.lower()}_id",)
    statement = ruled(STANDING_AND_ADDRESS[subject.type])
    standing = await _row(ctx, statement, actor.id, subject.id)
    if not standing or not standing["is_seen"]:
        raise NotFound("common.not_found", field=field)
    if standing["addressee_id"] == actor.id:
        raise NotAllowed("moderation.own", field=field)
    is_out_of_sight = standing["since"] is not None
    if (kind in ENDS_SIGHT and is_out_of_sight) or (
        kind is ModerationKind.RESTORE and not is_out_of_sight
    ):
        raise Conflict("moderation.already", field=field)
    if kind in ENDS_SIGHT or kind is ModerationKind.RESTORE:
        await _set(ctx, subject, standing, hidden=kind in ENDS_SIGHT)
    # Nobody is told that a report about them was dismissed: they need not know of it.
    addressee: UUID | None = None if kind is ModerationKind.DISMISS else standing["addressee_id"]
    key: UUID = await ctx.connection.fetchval(
        ACT,
        actor.id,
        kind.value,
        rule.value,
        subject.type.value,
        *subject.columns,
        addressee,
        reason,
    )
    upheld = kind in APPEALABLE
    status = ReportStatus.UPHELD if upheld else ReportStatus.DISMISSED
    await ctx.connection.execute(CLOSE, subject.id, status.value, key)
    if standing["organisation_id"] is not None and kind in AUDITED:
        await _audit(ctx, AUDITED[kind], standing["organisation_id"], subject)
    await ctx.record(EventKind.MODERATED, subject_id=key, person_id=addressee)
    if addressee is not None:
        await _tell(ctx, standing, reason, f"told_{kind.value.lower()}")
    return key


async def file_appeal(ctx: Context, *, action_id: UUID, text: str) -> UUID:
    """Ask for a second look at what a moderator did; also while suspended.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such action that concerns them.
        InvalidInput: It says nothing, or too much.
        Conflict: There is nothing to take back.
        Taken: There is an appeal already.
    """
    actor = ctx.person(even_suspended=True)
    kind = await ctx.connection.fetchval(MINE, actor.id, action_id)
    if kind is None:
        raise NotFound("common.not_found", field=("action_id",))
    if ModerationKind(kind) not in APPEALABLE:
        raise Conflict("moderation.nothing_to_appeal", field=("action_id",))
    text = checking.text(text, "text", at_most=REASON_MAX, at_least=1, multiline=True)
    key: UUID | None = await ctx.connection.fetchval(APPEAL, action_id, actor.id, text)
    if key is None:
        raise Taken("moderation.appealed_already", field=("action_id",))
    await ctx.record(EventKind.APPEAL_CHANGED, subject_id=key, person_id=actor.id)
    return key


async def decide_appeal(ctx: Context, *, appeal_id: UUID, granted: bool, answer: str) -> UUID:
    """Decide an appeal; granting it restores what was hidden or suspended.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They do not moderate, it is their own, or another moderator must decide.
        NotFound: There is no such appeal.
        InvalidInput: The answer is empty or too long.
        Conflict: It is decided.
    """
    actor = _moderator(ctx)
    answer = checking.text(answer, "answer", at_most=REASON_MAX, at_least=1, multiline=True)
    found = await _row(ctx, APPEALED, appeal_id)
    if not found:
        raise NotFound("common.not_found", field=("appeal_id",))
    if found["appellant_id"] == actor.id:
        raise NotAllowed("moderation.own", field=("appeal_id",))
    if found["moderator_id"] == actor.id and found["has_other"]:
        raise NotAllowed("moderation.another_decides", field=("appeal_id",))
    if found["status"] != AppealStatus.OPEN:
        raise Conflict("moderation.decided", field=("appeal_id",))
    status = AppealStatus.GRANTED if granted else AppealStatus.REJECTED
    await ctx.connection.execute(DECIDE, appeal_id, status.value, answer, actor.id)
    key: UUID | None = found[f"{found['subject_type'].lower()}_id"]
    subject = None if key is None else Subject(SubjectType(found["subject_type"]), key)
    if granted and subject is not None and ModerationKind(found["kind"]) in ENDS_SIGHT:
        standing = await _row(ctx, ruled(STANDING[subject.type]), actor.id, subject.id)
        if standing["since"] is not None:
            await _set(ctx, subject, standing, hidden=False)
        if standing["organisation_id"] is not None:
            await _audit(ctx, AuditAction.MODERATION_RESTORED, standing["organisation_id"], subject)
    await ctx.record(
        EventKind.APPEAL_CHANGED, subject_id=appeal_id, person_id=found["appellant_id"]
    )
    await _tell(ctx, found, answer, "appeal_granted" if granted else "appeal_rejected")
    return appeal_id


def _moderator(ctx: Context) -> Actor:
    actor = ctx.person()
    if not actor.is_moderator:
        raise NotAllowed("moderation.moderators_only")
    return actor


def _subject(
    post_id: UUID | None,
    comment_id: UUID | None,
    person_id: UUID | None,
    organisation_id: UUID | None,
) -> Subject:
    keys = zip(SubjectType, (post_id, comment_id, person_id, organisation_id), strict=True)
    given = [Subject(type_, key) for type_, key in keys if key is not None]
    if len(given) != 1:
        raise InvalidInput("moderation.one_thing")
    return given[0]


async def _row(ctx: Context, statement: str, *arguments: Any) -> Mapping[str, Any]:
    """Give a row by the names of its columns; empty when there is none."""
    return dict(await ctx.connection.fetchrow(statement, *arguments) or {})


async def _audit(
    ctx: Context, action: AuditAction, organisation_id: UUID, subject: Subject
) -> None:
    """Write into an organisation's trail what moderators did, but not which of them."""
    await ctx.connection.execute(AUDIT, organisation_id, None, action.value, subject.id, {})


async def _set(
    ctx: Context, subject: Subject, standing: Mapping[str, Any], *, hidden: bool
) -> None:
    """Take something out of sight or bring it back, with the counters that a post moves."""
    value = "now()" if hidden else "null"
    await ctx.connection.execute(SET[subject.type].format(value=value), subject.id)
    await _set_recorded(ctx, subject, standing, hidden=hidden)
    if subject.type is not SubjectType.POST:
        return
    organisation_id, author_id = standing["organisation_id"], standing["addressee_id"]
    await ctx.connection.execute(LOCK_ORGANISATION, organisation_id)
    await ctx.connection.execute(LOCK_AUTHOR, author_id)
    of_organisation = ["organisation.post_count", "organisation.last_post_id"]
    await recount(ctx.connection, of_organisation, ids=[organisation_id])
    await recount(ctx.connection, ["person.last_post_id"], ids=[author_id])


async def _set_recorded(
    ctx: Context, subject: Subject, standing: Mapping[str, Any], *, hidden: bool
) -> None:
    """Record that something went out of sight or came back, for those who had it before them."""
    kind = OUT_OF_SIGHT[subject.type][0 if hidden else 1]
    match subject.type:
        case SubjectType.POST:
            # Those who read it are to be told, so it does not count as hidden.
            await ctx.record_of_post(kind, {**standing, "hidden_at": None})
        case SubjectType.COMMENT:
            await ctx.record(
                kind,
                organisation_id=standing["place_id"],
                subject_id=subject.id,
                comment_id=subject.id,
                post_id=standing["post_id"],
                author_id=standing["author_id"],
                parent_id=standing["parent_id"],
            )
        case SubjectType.PERSON:
            await ctx.record(kind, subject_id=subject.id, person_id=subject.id)
        case SubjectType.ORGANISATION:
            await ctx.record(kind, subject_id=subject.id, organisation_id=subject.id)


async def _tell(ctx: Context, found: Mapping[str, Any], reason: str, text: str) -> None:
    """Tell whom `found` names by e-mail, reason included: whoever is suspended may not come by otherwise.

    The line in the inbox comes of the event.
    """
    if found["told_email"] is not None:
        await ctx.enqueue(
            "mail",
            template=f"moderation.{text}",
            to=found["told_email"],
            locale=found["told_locale"],
            values={"reason": reason, "url": f"{ctx.services.base_url}/settings/moderation"},
        )
