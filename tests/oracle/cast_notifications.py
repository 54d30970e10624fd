"""Inboxes for the cast of the oracle: a line for each branch of who may still see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from tests.oracle.cast_writing import Writer

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
# Reader, kind, organisation, post, people (the last first), how many more, note.
LINES: Sequence[tuple[str, str, str | None, str | None, tuple[str, ...], int, str | None]] = (
    ("pat", "POST_REACTED", "open", "open_pat_public", ("member",), 0, None),
    ("pat", "POST_REACTED", "open", "open_pat_network", ("nel", "member"), 0, None),
    ("pat", "POST_REACTED", "open", "open_pat_followers", ("col", "nel", "member"), 0, None),
    ("pat", "POST_REACTED", "open", "open_pat_partners", ("col", "nel", "member"), 1, None),
    (
        "pat",
        "POST_REACTED",
        "accents",
        "accents_pat_public",
        ("nel", "stranger", "mod"),
        1_997,
        None,
    ),
    ("pat", "POST_REPOSTED", "open", "open_pat_public", ("stranger",), 0, None),
    ("pat", "POST_REPOSTED", "open", "open_pat_network", ("stranger", "nel"), 0, None),
    ("pat", "POST_REPOSTED", "open", "open_pat_followers", ("stranger", "dex"), 0, None),
    ("pat", "FOLLOWED", None, None, ("former",), 0, None),
    ("pat", "FOLLOWED", None, None, ("former", "nel", "stranger"), 1, None),
    ("pat", "POST_COMMENTED", "open", "open_pat_public", ("mod",), 0, None),
    ("pat", "APPEAL_DECIDED", None, None, (), 0, "GRANTED"),
    ("member", "POST_PUBLISHED", "town", "town_author_followers", ("author",), 0, None),
    ("member", "POST_PUBLISHED", "gone", "gone_same_1_public", ("author",), 0, None),
    ("member", "FOLLOWED", None, None, ("cas",), 0, None),
    ("member", "FOLLOWED", None, None, ("nel", "cas"), 0, None),
    ("member", "MENTIONED", "open", "open_pat_public", ("pat",), 0, "ORGANISATION"),
    ("member", "JOIN_REQUESTED", "open", None, ("stranger", "nel"), 0, None),
    ("member", "ROLE_CHANGED", "town", None, (), 0, "ADMIN"),
    ("member", "MODERATED", None, None, (), 0, "WARN"),
    ("member", "SAVED_SEARCH_FOUND", None, None, (), 0, "Cranes {and} 100%"),
    ("member", "SCHEDULED_POST_REFUSED", "accents", None, (), 0, "NOT_ALLOWED"),
    ("member", "JOIN_DECIDED", "echo_1", None, (), 0, "DECLINED"),
    ("member", "PARTNERSHIP_DECIDED", "zed", None, (), 0, "ACTIVE"),
    ("col", "JOIN_REQUESTED", "open", None, ("nel",), 0, None),
    ("col", "POST_PUBLISHED", "town", "town_author_organisation", ("author",), 0, None),
    ("nel", "POST_PUBLISHED", "open", "open_pat_public", ("pat",), 0, None),
    ("nel", "FOLLOWED", None, None, ("col",), 0, None),
    ("author", "POST_REACTED", "town", "town_author_network", ("stranger",), 0, None),
    ("stranger", "POST_PUBLISHED", "open", "open_pat_public", ("pat",), 0, None),
    ("mod", "POST_PUBLISHED", "open", "open_pat_public", ("pat",), 0, None),
    ("member", "ANSWER_CHOSEN", None, None, (), 0, None),
    # Of a search that is somebody else's.
    ("pat", "SAVED_SEARCH_FOUND", None, None, (), 0, "Hers"),
)
PREFERENCES = (
    ("nel", "FOLLOWED", False, False),
    ("member", "ANSWER_CHOSEN", False, False),
    ("nel", "MENTIONED", True, False),
    ("member", "POST_REACTED", True, True),
)


async def add_notifications(writer: Writer) -> None:
    """Add the rows; what they are about is there."""
    cast = writer.cast
    lines = []
    for index, (reader, kind, organisation, post, people, more, note) in enumerate(LINES):
        lines.append(
            _line(writer, f"{reader}_{index}", index)
            | {
                "person_id": cast[f"person.{reader}"],
                "kind": kind,
                # Of its own, so that lines about one thing stay apart.
                "subject_id": cast["saved_search.member_places"]
                if kind == "SAVED_SEARCH_FOUND"
                else writer.key(f"subject.{index}", START),
                "organisation_id": cast[f"org.{organisation}"] if organisation else None,
                "post_id": cast[f"post.{post}"] if post else None,
                "actor_ids": [cast[f"person.{name}"] for name in people],
                "actor_count": len(people) + more,
                "note": note,
            }
        )
    lines += await _about_comments(writer)
    lines += await _to_be_decided(writer)
    await writer.insert("notification", lines)
    await writer.insert(
        "notification_actor",
        [
            {"notification_id": line["id"], "person_id": person_id}
            for line in lines
            for person_id in line["actor_ids"]
        ],
    )
    await writer.insert(
        "notification_preference",
        [
            {"person_id": cast[f"person.{name}"], "kind": kind, "in_app": in_app, "email": email}
            for name, kind, in_app, email in PREFERENCES
        ],
    )


def _line(writer: Writer, name: str, index: int) -> dict[str, Any]:
    changed = START + timedelta(days=250 - index // 2, microseconds=index * 100)
    return {
        "id": writer.key(f"notification.{name}", START + timedelta(days=249, minutes=index)),
        "organisation_id": None,
        "post_id": None,
        "comment_id": None,
        "note": None,
        "created_at": START + timedelta(days=240),
        "changed_at": changed,
        "read_at": changed + timedelta(hours=1) if index % 3 == 2 else None,
    }


async def _about_comments(writer: Writer) -> list[dict[str, Any]]:
    """Give lines to whom comments were written for, and from whom, on all posts of the cast."""
    found = await writer.connection.fetch(
        """select c.id, c.author_id, c.post_id, a.id as parent_id, a.author_id as parent_author,
          p.author_id as post_author, p.organisation_id
        from comment c join post p on p.id = c.post_id left join comment a on a.id = c.parent_id
        where p.id = any($1::uuid[]) and c.deleted_at is null order by c.id""",
        [key for name, key in writer.cast.keys.items() if name.startswith("post.")],
    )
    lines = []
    for index, row in enumerate(found):
        post = {"post_id": row["post_id"], "organisation_id": row["organisation_id"]}
        for kind, reader, comment_id in (
            ("POST_COMMENTED", row["post_author"], None),
            ("COMMENT_REPLIED", row["parent_author"], row["parent_id"]),
            ("MENTIONED", row["parent_author"] or row["post_author"], row["id"]),
        ):
            if reader is not None and reader != row["author_id"]:
                lines.append(
                    _line(writer, f"{kind}_{index}", 50 + index)
                    | post
                    | {
                        "person_id": reader,
                        "kind": kind,
                        "subject_id": writer.key(f"subject.{kind}_{index}", START),
                        "comment_id": comment_id,
                        "actor_ids": [row["author_id"]],
                        "actor_count": 1,
                    }
                )
    return lines


async def _to_be_decided(writer: Writer) -> list[dict[str, Any]]:
    cast = writer.cast
    await writer.insert(
        "invitation",
        [
            {
                "id": writer.key(f"invitation.{name}", START),
                "organisation_id": cast["org.zed"],
                "email": f"{name}@oracle.example",
                "role": "MEMBER",
                "secret_hash": sha256(name.encode()).digest(),
                "expires_at": START + timedelta(days=expires),
                "revoked_at": START if name == "revoked" else None,
            }
            for name, expires in (("open", 36_500), ("late", 1), ("revoked", 36_500))
        ],
    )
    await writer.insert(
        "partnership",
        [
            {
                "id": writer.key("partnership.percent_town", START),
                "requester_id": cast["org.percent"],
                "addressee_id": cast["org.town"],
                "status": "REQUESTED",
            }
        ],
    )
    about = (
        ("member", "INVITED", "invitation.open", "zed"),
        ("member", "INVITED", "invitation.late", "zed"),
        ("member", "INVITED", "invitation.revoked", "zed"),
        ("member", "PARTNERSHIP_REQUESTED", "partnership.percent_town", "percent"),
        ("member", "PARTNERSHIP_REQUESTED", "partnership.town_open", "zed"),
        ("author", "PARTNERSHIP_REQUESTED", "partnership.percent_town", "percent"),
    )
    return [
        _line(writer, f"{reader}_{kind}_{index}", 40 + index)
        | {
            "person_id": cast[f"person.{reader}"],
            "kind": kind,
            "subject_id": cast[subject],
            "organisation_id": cast[f"org.{organisation}"],
            "actor_ids": [],
            "actor_count": 0,
        }
        for index, (reader, kind, subject, organisation) in enumerate(about)
    ]
