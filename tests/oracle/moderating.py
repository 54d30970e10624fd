"""Reports, actions and appeals: who sees them, and what their fields and lists answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tests.oracle.paging import ID, ID_DOWN, Order
from tests.oracle.store import Row, Store

if TYPE_CHECKING:
    from tests.oracle.resolving import Asking, Thing
    from tests.oracle.rules import Answer, Rules

Found = Iterable[tuple[str, Row, Mapping[str, Any]]]
NEWEST, OLDEST = Order((ID_DOWN,)), Order((ID,))
SUBJECTS = ("post", "comment", "person", "organisation")
OF_THE_VIEWER = {
    f"Query.{name}" for name in ("reports", "moderationQueue", "appealQueue", "moderationNotices")
}
FOREIGN_KEYS = {
    **{
        f"{type_name}.{subject}": f"{subject}_id"
        for type_name in ("Report", "ModerationCase", "ModerationAction")
        for subject in SUBJECTS
    },
    "Report.reporter": "reporter_id",
    "Report.action": "action_id",
    "Appeal.appellant": "appellant_id",
    "Appeal.action": "action_id",
}


def subject_of(report: Row) -> Any:
    """Give the key of what a report is about."""
    return next(report[f"{name}_id"] for name in SUBJECTS if report[f"{name}_id"] is not None)


def open_about_the_same(store: Store, report: Row) -> list[Row]:
    """Give all open reports about what a report is about."""
    subject = subject_of(report)
    rows = (row for row in store.rows("report") if row["status"] == "OPEN")
    return sorted((row for row in rows if subject_of(row) == subject), key=lambda row: row["id"])


def reported(store: Store, column: str, key: Any) -> bool:
    """Tell whether there ever was a report with this key in a column."""
    return bool(store.by("report", column, key))


def post_concerns(store: Store, row: Row) -> bool:
    """Tell whether moderators read a post whatever its audience."""
    comments = store.by("comment", "post_id", row["id"])
    return (
        row["hidden_at"] is not None
        or reported(store, "post_id", row["id"])
        or any(reported(store, "comment_id", comment["id"]) for comment in comments)
    )


def comment_concerns(store: Store, row: Row) -> bool:
    """Tell whether moderators read a comment whatever stands against it."""
    return row["hidden_at"] is not None or reported(store, "comment_id", row["id"])


def person_concerns(store: Store, row: Row) -> bool:
    """Tell whether moderators see a person whatever the profile says."""
    return (
        row["suspended_at"] is not None
        or reported(store, "addressee_id", row["id"])
        or reported(store, "reporter_id", row["id"])
    )


def _report(rules: Rules, row: Row) -> Answer:
    if row["reporter_id"] == rules.viewer and rules.viewer is not None:
        return "one's own", True
    return "somebody else's", rules.is_moderator


def _case(rules: Rules, row: Row) -> Answer:
    if row["status"] != "OPEN":
        return "closed", False
    if open_about_the_same(rules.store, row)[0]["id"] != row["id"]:
        return "a later report", False
    return "the first open report", rules.is_moderator


def _action(rules: Rules, row: Row) -> Answer:
    if rules.viewer is not None and row["addressee_id"] == rules.viewer:
        return "about oneself", True
    if rules.owns(row["organisation_id"]):
        return "about one's organisation", True
    return "about somebody else", rules.is_moderator


def _appeal(rules: Rules, row: Row) -> Answer:
    if row["appellant_id"] == rules.viewer:
        return "one's own", True
    return "somebody else's", rules.is_moderator


RULES: Mapping[str, Callable[[Rules, Row], Answer]] = {
    "Report": _report,
    "ModerationCase": _case,
    "ModerationAction": _action,
    "Appeal": _appeal,
}


def _reports(store: Store, rules: Rules, _: Row, __: Mapping[str, Any]) -> Found:
    return (("Report", row, {}) for row in store.by("report", "reporter_id", rules.viewer))


def _queue(store: Store, rules: Rules, _: Row, __: Mapping[str, Any]) -> Found:
    rows = store.rows("report") if rules.is_moderator else []
    return (("ModerationCase", row, {}) for row in rows if row["status"] == "OPEN")


def _appeals(store: Store, rules: Rules, _: Row, __: Mapping[str, Any]) -> Found:
    rows = store.rows("appeal") if rules.is_moderator else []
    return (("Appeal", row, {}) for row in rows if row["status"] == "OPEN")


def _notices(store: Store, rules: Rules, _: Row, __: Mapping[str, Any]) -> Found:
    for row in store.rows("moderation_action"):
        to_viewer = rules.viewer is not None and row["addressee_id"] == rules.viewer
        if to_viewer or rules.owns(row["organisation_id"]):
            yield "ModerationAction", row, {}


def _log(store: Store, _: Rules, __: Row, ___: Mapping[str, Any]) -> Found:
    return (("ModerationLogEntry", row, {}) for row in store.rows("moderation_action"))


def _of_case(store: Store, _: Rules, parent: Row, __: Mapping[str, Any]) -> Found:
    return (("Report", row, {}) for row in open_about_the_same(store, parent))


LISTS: Mapping[str, tuple[str, Callable[..., Found], Order]] = {
    "Query.reports": ("Report", _reports, NEWEST),
    "Query.moderationQueue": ("ModerationCase", _queue, OLDEST),
    "Query.appealQueue": ("Appeal", _appeals, OLDEST),
    "Query.moderationNotices": ("ModerationAction", _notices, NEWEST),
    "Query.moderationLog": ("ModerationLogEntry", _log, NEWEST),
    "ModerationCase.reports": ("Report", _of_case, OLDEST),
}


def _subject_type(thing: Thing, _: Asking) -> str:
    return next(name for name in SUBJECTS if thing.row[f"{name}_id"] is not None).upper()


def _appeal_of(thing: Thing, asking: Asking) -> Thing | None:
    rows = asking.store.by("appeal", "action_id", thing.row["id"])
    return asking.thing("Appeal", rows[0] if rows else None)


def _appeal_status(thing: Thing, asking: Asking) -> str | None:
    rows = asking.store.by("appeal", "action_id", thing.row["id"])
    return rows[0]["status"] if rows else None


SPECIAL: Mapping[str, Callable[..., Any]] = {
    "Report.subjectType": _subject_type,
    "ModerationCase.subjectType": _subject_type,
    "ModerationCase.reportCount": lambda thing, asking: len(
        open_about_the_same(asking.store, thing.row)
    ),
    "ModerationAction.appeal": _appeal_of,
    "ModerationLogEntry.appealStatus": _appeal_status,
}
