"""Publishing, answering and reacting, as a client does it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2

from tests.making import Maker, Place, Someone
from tests.web.serving import Answer, ask, data_of, done, refused

ERRORS = "userErrors { code field message }"
POST = """
  id kind body bodyHtml language audience editedAt version pinnedAt commentCount reactionCount
  repostCount viewerReaction viewerHasBookmarked viewerCanEdit author { id name } organisation { id }
  skills { id } mentions { person { id } organisation { id } } repostOf { id } bestAnswer { id }
"""
COMMENT = """
  id body bodyHtml isDeleted editedAt version viewerCanEdit viewerCanDelete author { id } parent { id } post { id commentCount }
  mentions { person { id } organisation { id } }
"""
DRAFT = """
  id kind body language audience scheduledFor refusedAt refusal version author { id }
  organisation { id } skills { id }
"""
# Mutation: the type of its input, and what is asked of its payload.
MUTATIONS = {
    "postPublish": ("PostPublishInput", f"post {{ {POST} }}"),
    "postRepost": ("PostRepostInput", f"post {{ {POST} }}"),
    "postEdit": ("PostEditInput", f"post {{ {POST} revisions(first: 10) {{ nodes {{ body editedBy {{ id }} }} }} }}"),
    "postDelete": ("PostDeleteInput", "organisation { id postCount }"),
    "postPin": ("PostPinInput", f"post {{ {POST} }}"),
    "postUnpin": ("PostUnpinInput", f"post {{ {POST} }}"),
    "postReact": ("PostReactInput", f"post {{ {POST} }}"),
    "postUnreact": ("PostUnreactInput", f"post {{ {POST} }}"),
    "postBookmark": ("PostBookmarkInput", f"post {{ {POST} }}"),
    "postUnbookmark": ("PostUnbookmarkInput", f"post {{ {POST} }}"),
    "commentAdd": ("CommentAddInput", f"comment {{ {COMMENT} }}"),
    "commentEdit": ("CommentEditInput", f"comment {{ {COMMENT} }}"),
    "commentDelete": ("CommentDeleteInput", f"comment {{ {COMMENT} }} post {{ id commentCount bestAnswer {{ id }} }}"),
    "postChooseAnswer": ("PostChooseAnswerInput", f"post {{ {POST} }}"),
    "postDraftSave": ("PostDraftSaveInput", f"draft {{ {DRAFT} }}"),
    "postDraftEdit": ("PostDraftEditInput", f"draft {{ {DRAFT} }}"),
    "postDraftSchedule": ("PostDraftScheduleInput", f"draft {{ {DRAFT} }}"),
    "postDraftPublish": ("PostDraftPublishInput", f"post {{ {POST} }}"),
    "postDraftDelete": ("PostDraftDeleteInput", "organisation { id }"),
}  # fmt: skip


def document(name: str) -> str:
    """Give the document that asks for a mutation."""
    given, payload = MUTATIONS[name]
    return f"mutation ($input: {given}!) {{ {name}(input: $input) {{ {payload} {ERRORS} }} }}"


class Poster:
    """Sends mutations as one person or another."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client

    def send(self, who: Someone | None, name: str, **given: Any) -> Answer:
        """Send a mutation and give the data of its answer."""
        token = who.token if who else None
        return data_of(ask(self.client, document(name), {"input": given}, token=token))

    def do(self, who: Someone, name: str, **given: Any) -> Any:
        """Do something, and give the object of the payload."""
        payload = done(self.send(who, name, **given), name)
        return next(iter(payload.values()))

    def refuse(self, who: Someone | None, name: str, **given: Any) -> list[tuple[str, list[str]]]:
        """Try something that is refused; give code and field of each reason."""
        return refused(self.send(who, name, **given), name)

    def publish(self, who: Someone, where: Place, body: str = "Hello", **given: Any) -> Any:
        """Publish a post and give it."""
        return self.do(who, "postPublish", organisationId=where.id, body=body, **given)

    def read(self, who: Someone | None, text: str, **variables: Any) -> Any:
        """Ask something and give the data."""
        token = who.token if who else None
        return data_of(ask(self.client, text, variables, token=token))


def key_of(identifier: str) -> UUID:
    """Give the key in a global id."""
    return UUID(identifier.partition("_")[2])


async def editor(make: Maker, where: Place, name: str = "Robin", **columns: Any) -> Someone:
    """Make somebody who may publish there."""
    person = await make.person(name, **columns)
    await make.member(person, where, "EDITOR")
    return person


async def partners(make: Maker, one: Place, other: Place) -> None:
    """Make two organisations partners."""
    await make.connection.execute(
        """insert into partnership (requester_id, addressee_id, status) values ($1, $2, 'ACTIVE')""",
        one.key,
        other.key,
    )


async def some_skills(make: Maker, count: int) -> list[str]:
    """Give the ids of some skills, by English label."""
    rows = await make.connection.fetch("select id from skill order by label_en, id limit $1", count)
    return [f"skl_{row['id']}" for row in rows]


async def at_once(
    site: str, name: str, requests: Sequence[tuple[Someone, dict[str, Any]]]
) -> list[Answer]:
    """Send mutations at the same time; give the data of their answers."""
    async with httpx2.AsyncClient(base_url=site, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json={"query": document(name), "variables": {"input": given}},
                    headers={"Authorization": f"Bearer {person.token}"},
                )
                for person, given in requests
            )
        )
    return [data_of(answer) for answer in answers]


def codes_of(answers: Sequence[Answer]) -> list[list[str]]:
    """Give the codes of each answer, sorted; nothing for what was done."""
    return sorted(
        [error["code"] for payload in answer.values() for error in payload["userErrors"]]
        for answer in answers
    )


async def block(make: Maker, one: Someone, other: Someone) -> None:
    """Have one person block another."""
    await make.connection.execute(
        "insert into block (person_id, blocked_person_id) values ($1, $2)", one.key, other.key
    )


def now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


async def some_media(make: Maker, person: Someone, purpose: str = "IMAGE") -> str:
    """Make an upload of a person's that is not used yet, and give its id."""
    size = None if purpose == "FILE" else 10
    key = await make.connection.fetchval(
        """insert into media (uploaded_by_id, purpose, storage_key, content_type, byte_count, width,
        height) values ($1, $2, uuidv7()::text, 'image/webp', 10, $3, $3) returning id""",
        person.key,
        purpose,
        size,
    )
    return f"med_{key}"
