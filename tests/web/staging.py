"""A stage: people, organisations and posts with names, and what is recorded of what they do, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

import httpx2
import pytest

from schema import prefixes
from subscriptions.events import COLUMNS, Event, event_of
from tests.making import Maker, Place, Someone
from tests.web.serving import ask, data_of

PREFIXES = {
    "person": prefixes.PERSON,
    "organisation": prefixes.ORGANISATION,
    "organisation_strength": prefixes.STRENGTH,
    "membership": prefixes.MEMBERSHIP,
    "person_skill": prefixes.PERSON_SKILL,
    "post": prefixes.POST,
    "post_draft": prefixes.POST_DRAFT,
    "comment": prefixes.COMMENT,
    "skill": prefixes.SKILL,
    "invitation": prefixes.INVITATION,
    "join_request": prefixes.JOIN_REQUEST,
    "partnership": prefixes.PARTNERSHIP,
    "domain_claim": prefixes.DOMAIN_CLAIM,
    "block": prefixes.BLOCK,
    "media": prefixes.MEDIA,
    "moderation_action": prefixes.MODERATION_ACTION,
    "appeal": prefixes.APPEAL,
    "notification": prefixes.NOTIFICATION,
    "market_search": prefixes.MARKET_SEARCH,
    "saved_search": prefixes.SAVED_SEARCH,
    "session": prefixes.SESSION,
    "access_token": prefixes.ACCESS_TOKEN,
    "listing": prefixes.LISTING,
    "listing_match": prefixes.LISTING_MATCH,
    "match_request": prefixes.MATCH_REQUEST,
    "exchange": prefixes.EXCHANGE,
    "exchange_hours": prefixes.EXCHANGE_HOURS,
    "raised_skill": prefixes.RAISED_SKILL,
}
INSERTED = re.compile(r"insert into (\w+)")


@dataclass
class Case:
    """A mutation as somebody sends it, and the events that it is."""

    mutation: str
    who: str
    given: dict[str, Any]
    events: list[str]
    # What is there before: name of the row, statement.
    before: list[tuple[str, str]] = field(default_factory=list)
    # Sent anew it may do a new thing.
    repeats: bool = False
    name: str = ""


def case(
    mutation: str,
    who: str,
    given: dict[str, Any],
    *events: str,
    before: list[tuple[str, str]] | None = None,
    repeats: bool = False,
    name: str = "",
) -> Any:
    """Give a parameter of the table."""
    return pytest.param(
        Case(mutation, who, given, list(events), before or [], repeats),
        id=f"{mutation} {name}".strip(),
    )


class Stage:
    """Some people and what they did, each by a name, and the events since."""

    def __init__(self, make: Maker, client: httpx2.Client) -> None:
        self.make = make
        self.client = client
        self.people: dict[str, Someone] = {}
        self.keys: dict[str, UUID] = {}
        self.ids: dict[str, str] = {}
        self.emails: dict[str, str] = {}
        self.last = 0

    async def set(self) -> None:
        """Make who and what every case knows."""
        for name in ("ann", "ben", "cyd", "eve", "mod"):
            columns = {"is_moderator": True} if name == "mod" else {}
            person = await self.make.person(name.title(), **columns)
            self.people[name] = person
            self.emails[name] = person.email
            self.call(name, "person", person.key)
        await self.make.connection.execute(
            "update person set email_verified_at = now() where id = $1", self.keys["cyd"]
        )
        for name, owner in (("quay", "ann"), ("mill", "eve")):
            place: Place = await self.make.organisation(name.title())
            self.call(name, "organisation", place.key)
            role = await self.make.member(self.people[owner], place, "OWNER")
            self.call(f"of {owner}", "membership", role)
            if name == "quay":
                ben = await self.make.member(self.people["ben"], place, "ADMIN")
                self.call("of ben", "membership", ben)
        skill = await self.make.connection.fetchval("select id from skill order by id limit 1")
        self.call("skill", "skill", skill)
        insert = (
            "insert into post (organisation_id, author_id, kind, body, language, audience)"
            " values ({quay}, {ann}, '%s', 'x', 'EN', 'NETWORK') returning id"
        )
        await self.run("post", insert % "MESSAGE")
        await self.run("question", insert % "QUESTION")
        await self.run(
            "comment",
            "insert into comment (post_id, author_id, body) values ({question}, {cyd}, 'x') returning id",
        )

    def call(self, name: str, table: str, key: UUID) -> None:
        """Give a row a name."""
        self.keys[name] = key
        self.ids[name] = f"{PREFIXES[table]}_{key}"

    async def run(self, name: str, statement: str) -> None:
        """Run a statement with names in braces; what it inserts gets a name."""
        values = {each: f"'{key}'::uuid" for each, key in self.keys.items()}
        values |= {f"email of {each}": f"'{email}'" for each, email in self.emails.items()}
        made = await self.make.connection.fetchval(
            re.sub(
                r"\{\{(\w+)\}\}|\{([\w ]+)\}",
                lambda m: f"{{{m[1]}}}" if m[1] else values[m[2]],
                statement,
            )
        )
        found = INSERTED.search(statement)
        if name and found:
            self.call(name, found[1], made)

    def send(self, case: Case, *, key: str | None = None, is_visitor: bool = False) -> Any:
        """Send the mutation and give the data."""
        given = {
            field: [self.ids.get(each, each) for each in value]
            if isinstance(value, list)
            else self.ids.get(value, value)
            if isinstance(value, str)
            else value
            for field, value in case.given.items()
        }
        if key:
            given["idempotencyKey"] = key
        name = case.mutation
        kind = f"{name[0].upper()}{name[1:]}Input"
        text = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code field }} }} }}"
        token = None if is_visitor else self.people[case.who].token
        return data_of(ask(self.client, text, {"input": given}, token=token))

    async def pass_over(self) -> None:
        """Forget what was recorded so far, such as what other tests did."""
        self.last = await self.make.connection.fetchval("select coalesce(max(id), 0) from event")

    async def news(self) -> list[str]:
        """Give what was recorded since the last time, in words."""
        rows = await self.make.connection.fetch(
            f"select {COLUMNS} from event where id > $1 order by id", self.last
        )
        self.last = max([self.last, *(row["id"] for row in rows)])
        names = {key: name for name, key in self.keys.items()}

        def said(value: Any) -> str:
            if value is None:
                return "-"
            if isinstance(value, tuple):
                return ",".join(map(said, value))
            if not isinstance(value, UUID):
                return str(value)
            if value not in names:
                names[value] = "other" if "new" in names.values() else "new"
            return names[value]

        told = []
        for event in (event_of(dict(row)) for row in rows):
            assert event.version == 1
            words = [event.kind, said(event.actor_id), said(event.subject_id)]
            own = [
                f"{each.name}={said(value)}"
                for each in fields(event)
                if each.name not in {common.name for common in fields(Event)}
                and (value := getattr(event, each.name)) not in {None, False, ()}
            ]
            told.append(" ".join([*words, said(event.organisation_id), *own]))
        return told
