"""Rows on posts that a sample world lacks: shares, edits, mentions, drafts, bookmarks, best answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.oracle.cast_writing import Writer

START = datetime(2026, 10, 1, 9, tzinfo=UTC)
# Name, in whose name, by whom, for whom, of which post, with which words.
SHARES: Sequence[tuple[str, str, str, str, str | None, str]] = (
    ("worded", "zed", "insider", "PUBLIC", "open_pat_public", "Look <here> & *there*"),
    ("wordless", "zed", "insider", "NETWORK", "open_pat_public", ""),
    ("inside", "open", "pat", "ORGANISATION", "open_pat_public", "Among us\n\nonly\nus"),
    ("of_few", "accents", "pat", "PUBLIC", "town_author_followers", ""),
    ("of_hidden", "echo_1", "cas", "PUBLIC", "open_col_network", "Gone?"),
    ("of_none", "echo_1", "cas", "PUBLIC", None, ""),
)
# Questions, and the comment that answers each best.
ANSWERED = {
    "open_pat_public": "open_pat_public_5",
    "open_pat_network": "open_pat_network_0",
    "open_col_followers": "open_col_followers_0",
    "town_author_network": "town_author_network_1",
    "zed_insider_network": None,
    "shut_insider_public": "shut_insider_public_0",
}
PINNED = (
    "open_pat_public",
    "open_pat_organisation",
    "open_col_followers",
    "town_author_followers",
    "town_author_public",
    "shut_insider_public",
)
# Which post said what before, and who changed it.
REVISIONS: Sequence[tuple[str, str, str | None]] = (
    ("open_0", "open_pat_public", "pat"),
    ("open_1", "open_pat_public", "col"),
    ("open_2", "open_pat_public", "dex"),
    ("open_3", "open_pat_public", None),
    ("town_0", "town_author_followers", "author"),
    ("shut_0", "shut_insider_public", "insider"),
)
# Post or comment, and whom it names.
MENTIONS: Sequence[tuple[str, str]] = (
    ("post.open_pat_public", "person.col"),
    ("post.open_pat_public", "org.shut"),
    ("post.open_pat_public", "org.open"),
    ("post.open_pat_public", "person.nel"),
    ("post.town_author_followers", "person.author"),
    ("comment.open_pat_public_0", "person.pat"),
    ("comment.open_pat_public_0", "org.town"),
    ("comment.open_pat_public_5", "org.open"),
    ("comment.open_pat_public_3", "person.member"),
    ("post.shut_insider_public", "person.insider"),
)
# Name, in whose name, by whom, why it was refused.
DRAFTS: Sequence[tuple[str, str, str, str | None]] = (
    ("open_0", "open", "pat", None),
    ("open_1", "open", "dex", "NOT_ALLOWED"),
    ("open_2", "open", "nel", None),
    ("open_3", "open", "col", "NOT_FOUND"),
    ("town_0", "town", "author", None),
    ("shut_0", "shut", "insider", None),
    ("gone_0", "gone", "same_1", None),
)
BOOKMARKS: Sequence[tuple[str, str]] = (
    ("member", "open_pat_public"),
    ("member", "town_author_network"),
    ("member", "shut_insider_public"),
    ("member", "open_col_network"),
    ("member", "share_inside"),
    ("member", "zed_insider_network"),
    ("follower", "open_pat_followers"),
    ("follower", "open_pat_organisation"),
    ("pat", "open_pat_public"),
    ("stranger", "town_author_public"),
    ("author", "town_author_public"),
)


def _moment(hours: float) -> datetime:
    return START + timedelta(hours=hours)


async def add_to_posts(writer: Writer, skills: Sequence[UUID]) -> None:
    """Add the rows; the posts and comments of the cast are there."""
    await _shares(writer)
    await _changes(writer)
    await _mentions(writer)
    await _drafts(writer, skills)
    cast = writer.cast
    await writer.insert(
        "bookmark",
        [
            {
                "id": writer.key(f"bookmark.{person}_{post}", _moment(50 + number)),
                "person_id": cast[f"person.{person}"],
                "post_id": cast[f"post.{post}"],
            }
            for number, (person, post) in enumerate(BOOKMARKS)
        ],
    )


async def _shares(writer: Writer) -> None:
    cast = writer.cast
    await writer.insert(
        "post",
        [
            {
                "id": writer.key(f"post.share_{name}", _moment(number)),
                "organisation_id": cast[f"org.{organisation}"],
                "author_id": cast[f"person.{person}"],
                "kind": "REPOST",
                "repost_of_id": cast[f"post.{of}"] if of else None,
                "body": body,
                "language": "EN",
                "audience": audience,
                "created_at": _moment(number),
            }
            for number, (name, organisation, person, audience, of, body) in enumerate(SHARES)
        ],
    )


async def _changes(writer: Writer) -> None:
    cast, connection = writer.cast, writer.connection
    for post, comment in ANSWERED.items():
        await connection.execute(
            """update post set kind = 'QUESTION', version = 3, best_answer_id = $2,
            body_html = '<p>Stored <a href="x">HTML</a></p>' where id = $1""",
            cast[f"post.{post}"],
            cast[f"comment.{comment}"] if comment else None,
        )
    for number, post in enumerate(PINNED):
        await connection.execute(
            "update post set pinned_at = $2 where id = $1", cast[f"post.{post}"], _moment(number)
        )
    await connection.execute(
        "update comment set body = '', body_html = '', deleted_at = $2, version = 2 where id = $1",
        cast["comment.town_author_followers_0"],
        _moment(8),
    )
    await connection.execute(
        "update comment set body_html = '<p>Stored</p>' where id = $1",
        cast["comment.open_pat_public_1"],
    )
    await writer.insert(
        "post_revision",
        [
            {
                "id": writer.key(f"revision.{name}", _moment(10 + number)),
                "post_id": cast[f"post.{post}"],
                "body": f'It said\n"{name}"',
                "edited_by_id": cast[f"person.{by}"] if by else None,
                "created_at": _moment(10 + number),
            }
            for number, (name, post, by) in enumerate(REVISIONS)
        ],
    )


async def _mentions(writer: Writer) -> None:
    cast = writer.cast
    rows: list[dict[str, Any]] = []
    for number, (where, whom) in enumerate(MENTIONS):
        comment = cast[where] if where.startswith("comment.") else None
        post = where.replace("comment.", "post.").rpartition("_")[0] if comment else where
        rows.append(
            {
                "id": writer.key(f"mention.{number}", _moment(20 + number)),
                "post_id": cast[post],
                "comment_id": comment,
                "person_id": cast[whom] if whom.startswith("person.") else None,
                "organisation_id": cast[whom] if whom.startswith("org.") else None,
            }
        )
    await writer.insert("mention", rows)


async def _drafts(writer: Writer, skills: Sequence[UUID]) -> None:
    cast = writer.cast
    await writer.insert(
        "post_draft",
        [
            {
                "id": writer.key(f"draft.{name}", _moment(30 + number)),
                "organisation_id": cast[f"org.{organisation}"],
                "author_id": cast[f"person.{person}"],
                "kind": "QUESTION" if number % 2 else "MESSAGE",
                "body": "" if number == 2 else f"Draft {name} \\ é",
                "language": "NL" if number % 2 else "EN",
                "audience": ("PUBLIC", "PARTNERS", "NETWORK")[number % 3],
                "skill_ids": [skills[5], skills[0], skills[3]][: number % 4],
                "media_ids": [cast["media.other"], cast["media.unused"]][: 2 - number % 3],
                "scheduled_for": _moment(500 + number) if number % 2 else None,
                "refused_at": _moment(40) if refusal else None,
                "refusal": refusal,
                "version": number + 1,
                "created_at": _moment(30 + number),
            }
            for number, (name, organisation, person, refusal) in enumerate(DRAFTS)
        ],
    )
