"""Reports, what moderators did about them, and appeals, for the cast of the oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.oracle.cast_writing import Cast, Writer

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
SUBJECT_TYPES = {
    "post": "POST",
    "comment": "COMMENT",
    "person": "PERSON",
    "org": "ORGANISATION",
}
# What moderators did: about what, told to whom.
ACTIONS: Mapping[str, tuple[str, str, str | None]] = {
    "hide": ("HIDE", "post.open_col_network", "col"),
    "warn": ("WARN", "person.member", "member"),
    "shut": ("SUSPEND", "org.shut", "insider"),
    "suspend": ("SUSPEND", "person.sus", "sus"),
    "dismiss": ("DISMISS", "post.open_pat_public", None),
    "warn_open": ("WARN", "org.open", "former"),
    # About what the addressee does not see.
    "far_post": ("WARN", "post.gone_same_1_public", "stranger"),
    "far_comment": ("WARN", "comment.shut_insider_public_0", "stranger"),
    "far_person": ("WARN", "person.dex", "stranger"),
    "far_org": ("WARN", "org.gone", "stranger"),
}
# Who reported what, and what was done about it.
REPORTS: Sequence[tuple[str, str, str | None]] = (
    ("member", "post.town_author_followers", None),
    ("nel", "post.town_author_followers", None),
    ("pat", "comment.open_pat_public_1", None),
    ("stranger", "person.cor", None),
    ("follower", "org.open", None),
    ("dex", "org.town", None),
    ("pat", "person.dex", None),
    ("pat", "comment.town_nel_organisation_0", None),
    ("author", "post.open_col_network", "hide"),
    ("member", "post.open_pat_public", "dismiss"),
    ("stranger", "post.gone_same_1_public", "far_post"),
    ("stranger", "comment.shut_insider_public_0", "far_comment"),
    ("stranger", "person.dex", "far_person"),
    ("stranger", "org.gone", "far_org"),
)
# Against what, by whom, where it stands.
APPEALS: Sequence[tuple[str, str, str]] = (
    ("hide", "col", "OPEN"),
    ("warn", "dex", "OPEN"),
    ("shut", "insider", "REJECTED"),
    ("suspend", "sus", "OPEN"),
    ("warn_open", "former", "GRANTED"),
    ("dismiss", "stranger", "REJECTED"),
)


async def add_moderation(writer: Writer) -> None:
    """Add the rows; their subjects are there."""
    cast = writer.cast
    authors = {
        row["id"]: row["author_id"]
        for table in ("post", "comment")
        for row in await writer.connection.fetch(f"select id, author_id from {table}")
    }
    await writer.insert(
        "moderation_action",
        [
            {
                "id": writer.key(f"action.{name}", _moment(210 + index)),
                **_subject(cast, subject),
                "moderator_id": cast["person.mod"],
                "kind": kind,
                "rule": ("SPAM", "HATE", "OTHER")[index % 3],
                "subject_type": SUBJECT_TYPES[subject.partition(".")[0]],
                "addressee_id": None if told is None else cast[f"person.{told}"],
                "reason": f"Because of {name}.",
                "created_at": _moment(210 + index, index),
            }
            for index, (name, (kind, subject, told)) in enumerate(ACTIONS.items())
        ],
    )
    await writer.insert(
        "report",
        [
            {
                "id": writer.key(f"report.{who}_{subject}", _moment(205 + index)),
                **_subject(cast, subject),
                "reporter_id": cast[f"person.{who}"],
                "addressee_id": authors.get(
                    cast[subject], cast[subject] if subject.startswith("person.") else None
                ),
                "reason": ("HARASSMENT", "ILLEGAL")[index % 2],
                "text": "" if index % 3 else "Look at this.",
                "status": "OPEN" if action is None else ("UPHELD", "DISMISSED")[index % 2],
                "action_id": None if action is None else cast[f"action.{action}"],
                "created_at": _moment(205 + index, index),
            }
            for index, (who, subject, action) in enumerate(REPORTS)
        ],
    )
    await writer.insert(
        "appeal",
        [
            {
                "id": writer.key(f"appeal.{action}", _moment(230 + index)),
                "action_id": cast[f"action.{action}"],
                "appellant_id": cast[f"person.{who}"],
                "text": f"Not {action}!",
                "status": status,
                "answer": "" if status == "OPEN" else "We have looked.",
                "decided_at": None if status == "OPEN" else _moment(240 + index),
                "created_at": _moment(230 + index, index),
            }
            for index, (action, who, status) in enumerate(APPEALS)
        ],
    )
    # The same rows are objects of a second type.
    cast.keys |= {
        f"{other}.{name.partition('.')[2]}": key
        for kind, other in (("report", "case"), ("action", "line"))
        for name, key in cast.keys.items()
        if name.startswith(f"{kind}.")
    }


def _subject(cast: Cast, name: str) -> dict[str, UUID | None]:
    table = SUBJECT_TYPES[name.partition(".")[0]].lower()
    return {
        f"{one}_id": cast[name] if one == table else None
        for one in ("post", "comment", "person", "organisation")
    }


def _moment(days: float, micros: int = 0) -> datetime:
    return START + timedelta(days=days, microseconds=micros)
