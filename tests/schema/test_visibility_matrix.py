"""Every viewer, every type, every path: what is hidden appears nowhere, what is visible everywhere.

Expected values come from the rules over rows in memory, not from the oracle's answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.oracle.following import Reader
from tests.oracle.ground import CAST_VIEWERS, Ground
from tests.oracle.rules import TABLE_OF_TYPE, Rules
from tests.oracle.running import Request, Viewer
from tests.oracle.store import Row
from tests.oracle.values import PREFIXES, TYPE_OF_PREFIX, contains, global_id

pytest_plugins = ["tests.oracle.fixtures"]

VIEWERS = ("visitor", *CAST_VIEWERS, "demo")
SOME = 60
PAGE = 100
ID = re.compile(r"\b([a-z]{3})_([0-9a-f]{8}-[0-9a-f-]{27})\b")
ROOTS = {"Organisation": "organisations", "Person": "people", "Post": "posts"}
# Lists below an object: (type, field, its items' type, their table, their column, further condition).
LISTS = (
    ("Organisation", "members", "Membership", "membership", "organisation_id"),
    (
        "Organisation",
        "strengths",
        "OrganisationStrength",
        "organisation_strength",
        "organisation_id",
    ),
    ("Organisation", "posts", "Post", "post", "organisation_id"),
    ("Organisation", "blocks", "Block", "block", "organisation_id"),
    ("Organisation", "invitations", "Invitation", "invitation", "organisation_id"),
    ("Organisation", "joinRequests", "JoinRequest", "join_request", "organisation_id"),
    ("Organisation", "domainClaims", "DomainClaim", "domain_claim", "organisation_id"),
    ("Organisation", "auditTrail", "AuditEntry", "audit_entry", "organisation_id"),
    ("Person", "memberships", "Membership", "membership", "person_id"),
    ("Person", "skills", "PersonSkill", "person_skill", "person_id"),
    ("Person", "posts", "Post", "post", "author_id"),
    ("Person", "dataExports", "DataExport", "data_export", "person_id"),
    ("Person", "sessions", "Session", "session", "person_id"),
    ("Person", "accessTokens", "AccessToken", "access_token", "person_id"),
    ("Post", "comments", "Comment", "comment", "post_id"),
    ("Post", "reactions", "Reaction", "reaction", "post_id"),
    ("Comment", "replies", "Comment", "comment", "parent_id"),
    ("Post", "reposts", "Post", "post", "repost_of_id"),
    ("Post", "revisions", "PostRevision", "post_revision", "post_id"),
    ("Organisation", "drafts", "PostDraft", "post_draft", "organisation_id"),
    ("Organisation", "listings", "Listing", "listing", "organisation_id"),
    ("Listing", "history", "ListingStep", "listing_step", "listing_id"),
    ("MatchRequest", "messages", "MatchMessage", "match_message", "match_request_id"),
    ("Exchange", "history", "ExchangeLine", "exchange_line", "exchange_id"),
    ("Exchange", "hours", "ExchangeHours", "exchange_hours", "exchange_id"),
    ("Exchange", "signatures", "AgreementSignature", "agreement_signature", "exchange_id"),
    ("Organisation", "endorsements", "Endorsement", "endorsement", "endorsed_id"),
)
# Relations: (type, field, target, column).
RELATIONS = (
    ("OrganisationStrength", "organisation", "Organisation", "organisation_id"),
    ("Membership", "person", "Person", "person_id"),
    ("Membership", "organisation", "Organisation", "organisation_id"),
    ("Invitation", "organisation", "Organisation", "organisation_id"),
    ("Invitation", "invitedBy", "Person", "invited_by_id"),
    ("JoinRequest", "person", "Person", "person_id"),
    ("Partnership", "requester", "Organisation", "requester_id"),
    ("Partnership", "addressee", "Organisation", "addressee_id"),
    ("AuditEntry", "actor", "Person", "actor_id"),
    ("PersonSkill", "person", "Person", "person_id"),
    ("OrganisationFollow", "organisation", "Organisation", "organisation_id"),
    ("Post", "author", "Person", "author_id"),
    ("Post", "organisation", "Organisation", "organisation_id"),
    ("Post", "repostOf", "Post", "repost_of_id"),
    ("Post", "bestAnswer", "Comment", "best_answer_id"),
    ("PostRevision", "post", "Post", "post_id"),
    ("PostRevision", "editedBy", "Person", "edited_by_id"),
    ("PostDraft", "author", "Person", "author_id"),
    ("PostDraft", "organisation", "Organisation", "organisation_id"),
    ("Mention", "person", "Person", "person_id"),
    ("Mention", "organisation", "Organisation", "organisation_id"),
    ("Comment", "author", "Person", "author_id"),
    ("Comment", "post", "Post", "post_id"),
    ("Comment", "parent", "Comment", "parent_id"),
    ("Reaction", "person", "Person", "person_id"),
    ("Reaction", "post", "Post", "post_id"),
    ("Listing", "organisation", "Organisation", "organisation_id"),
    ("Listing", "contact", "Person", "contact_id"),
    ("ListingSkill", "listing", "Listing", "listing_id"),
    ("ListingStep", "listing", "Listing", "listing_id"),
    ("ListingStep", "actor", "Person", "actor_id"),
    ("Match", "offer", "Listing", "offer_id"),
    ("Match", "request", "Listing", "request_id"),
    ("MatchRequest", "asking", "Organisation", "asking_id"),
    ("MatchRequest", "asked", "Organisation", "asked_id"),
    ("MatchRequest", "listing", "Listing", "listing_id"),
    ("MatchRequest", "ownListing", "Listing", "own_listing_id"),
    ("MatchRequest", "counterTo", "MatchRequest", "counter_to_id"),
    ("MatchRequest", "askedBy", "Person", "asked_by_id"),
    ("MatchRequest", "answeredBy", "Person", "answered_by_id"),
    ("MatchMessage", "author", "Person", "author_id"),
    ("MatchMessage", "organisation", "Organisation", "organisation_id"),
    ("MatchMessage", "matchRequest", "MatchRequest", "match_request_id"),
    ("Exchange", "lender", "Organisation", "lender_id"),
    ("Exchange", "borrower", "Organisation", "borrower_id"),
    ("Exchange", "offer", "Listing", "offer_id"),
    ("Exchange", "request", "Listing", "request_id"),
    ("Exchange", "matchRequest", "MatchRequest", "match_request_id"),
    ("AgreementVersion", "author", "Person", "author_id"),
    ("AgreementVersion", "exchange", "Exchange", "exchange_id"),
    ("AgreementSignature", "person", "Person", "person_id"),
    ("AgreementSignature", "version", "AgreementVersion", "version_id"),
    ("ExchangePerson", "person", "Person", "person_id"),
    ("ExchangeLine", "actor", "Person", "actor_id"),
    ("ExchangeHours", "person", "Person", "person_id"),
    ("ExchangeHours", "confirmedBy", "Person", "confirmed_by_id"),
    ("ExchangeReceipt", "exchange", "Exchange", "exchange_id"),
    ("RaisedSkill", "person", "Person", "person_id"),
    ("RaisedSkill", "receipt", "ExchangeReceipt", "receipt_id"),
    ("SkillProof", "exchange", "Exchange", "exchange_id"),
    ("SkillProof", "person", "Person", "person_id"),
    ("Endorsement", "author", "Person", "author_id"),
)
SEARCHES = ("oracle", "echo", "same name", "col", "pat p", "ber", "gemeente")
viewers = pytest.mark.parametrize("name", VIEWERS)
types = pytest.mark.parametrize("type_name", list(PREFIXES))


class Asker:
    """One viewer with the rules for them."""

    def __init__(self, ground: Ground, name: str) -> None:
        self.ground = ground
        self.viewer: Viewer = ground.viewer(name)
        self.rules: Rules = ground.oracle.rules(self.viewer.key)
        self.store = ground.oracle.store

    async def ask(self, text: str, **variables: Any) -> Any:
        """Ask, and check that every id in the answer is of something visible."""
        answer = await self.ground.compiled.answer(Request(text, variables), self.viewer)
        assert answer.text is not None, (answer.codes, text)
        for prefix, key in set(ID.findall(answer.text)):
            type_name = TYPE_OF_PREFIX[prefix]
            row = self.store.get(TABLE_OF_TYPE[type_name], UUID(key))
            assert self.rules.sees(type_name, row), f"{type_name} {key} is hidden"
        return answer.data

    def ids(self, type_name: str, rows: Iterable[Row]) -> list[str]:
        """Give the ids of the rows that may be seen."""
        return [global_id(type_name, row["id"]) for row in rows if self.rules.sees(type_name, row)]

    async def walk(self, field: str, arguments: str = "") -> tuple[list[str], list[str], int]:
        """Give the ids of a whole list by its edges and by its nodes, and its count."""
        edges: list[str] = []
        nodes: list[str] = []
        after: str | None = None
        while True:
            data = await self.ask(
                f"query ($after: String) {{ list: {field}({arguments} first: {PAGE}, after: $after)"
                " { totalCount edges { node { ... on Node { id } } } nodes { ... on Node { id } }"
                " pageInfo { hasNextPage endCursor } } }",
                after=after,
            )
            page = data["list"]
            edges += [edge["node"]["id"] for edge in page["edges"]]
            nodes += [node["id"] for node in page["nodes"]]
            if not page["pageInfo"]["hasNextPage"]:
                return edges, nodes, page["totalCount"]
            after = page["pageInfo"]["endCursor"]


def sample(ground: Ground, type_name: str) -> list[Row]:
    """Give the rows of the cast and some of the world."""
    rows = ground.oracle.store.rows(TABLE_OF_TYPE[type_name])
    cast = set(ground.cast.keys.values())
    others = [row for row in rows if row["id"] not in cast]
    step = max(1, len(others) // SOME)
    return [row for row in rows if row["id"] in cast] + others[::step]


def chunks(values: list[str], size: int) -> Iterator[list[str]]:
    """Give the values in portions."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def in_force(row: Row) -> bool:
    """Tell whether a session or token has not ended."""
    expires = row["expires_at"]
    return row["revoked_at"] is None and (expires is None or expires > datetime.now(UTC))


@viewers
@types
async def test_by_id(ground: Ground, name: str, type_name: str) -> None:
    """`node` and `nodes` give what is visible and null for the rest, in the order asked."""
    asker = Asker(ground, name)
    rows = sample(ground, type_name)
    ids = [global_id(type_name, row["id"]) for row in rows]
    expected = [asker.rules.sees(type_name, row) for row in rows]
    found: list[bool] = []
    for portion in chunks(ids, PAGE):
        data = await asker.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=portion)
        assert [node and node["id"] for node in data["nodes"]] == [
            value if node else None for value, node in zip(portion, data["nodes"], strict=True)
        ]
        found += [node is not None for node in data["nodes"]]
    assert found == expected
    for value, visible in list(zip(ids, expected, strict=True))[:: max(1, len(ids) // 12)]:
        data = await asker.ask("query ($id: ID!) { node(id: $id) { id } }", id=value)
        assert data == {"node": {"id": value} if visible else None}


@viewers
@pytest.mark.parametrize("type_name", list(ROOTS))
async def test_in_the_list_of_all(ground: Ground, name: str, type_name: str) -> None:
    asker = Asker(ground, name)
    rows = asker.store.rows(TABLE_OF_TYPE[type_name])
    expected = asker.ids(type_name, rows)
    edges, nodes, total = await asker.walk(ROOTS[type_name])
    assert edges == nodes
    assert sorted(edges) == sorted(expected)
    assert total == len(expected)


@viewers
async def test_by_name(ground: Ground, name: str) -> None:
    """`organisation`, `person` and `listing`, by id and by slug."""
    asker = Asker(ground, name)
    for row in sample(ground, "Organisation")[:30]:
        value = global_id("Organisation", row["id"])
        data = await asker.ask(
            """query ($id: ID!, $slug: String!) { a: organisation(id: $id) { id }
            b: organisation(slug: $slug) { id } }""",
            id=value,
            slug=row["slug"],
        )
        shown = {"id": value} if asker.rules.sees("Organisation", row) else None
        assert data == {"a": shown, "b": shown}
    for row in sample(ground, "Person")[:30]:
        value = global_id("Person", row["id"])
        data = await asker.ask("query ($id: ID!) { person(id: $id) { id } }", id=value)
        assert data == {"person": {"id": value} if asker.rules.sees("Person", row) else None}
    for row in sample(ground, "Listing"):
        value = global_id("Listing", row["id"])
        data = await asker.ask("query ($id: ID!) { listing(id: $id) { id } }", id=value)
        assert data == {"listing": {"id": value} if asker.rules.sees("Listing", row) else None}


@viewers
@pytest.mark.parametrize("query", SEARCHES)
async def test_in_the_search(ground: Ground, name: str, query: str) -> None:
    asker = Asker(ground, name)
    expected = [
        value
        for type_name in ("Organisation", "Person")
        for value in asker.ids(
            type_name,
            [row for row in asker.store.rows(type_name.lower()) if contains(row["name"], query)],
        )
    ]
    edges, nodes, total = await asker.walk("search", f"query: {json.dumps(query)},")
    skills = [value for value in edges if value.startswith("skl_")]
    assert edges == nodes
    assert sorted(set(edges) - set(skills)) == sorted(expected)
    assert total == len(edges) == len(set(edges))
    for field, prefix in (("organisations", "org_"), ("people", "per_")):
        edges, nodes, total = await asker.walk(field, f"search: {json.dumps(query)},")
        assert edges == nodes
        assert total == len(edges)
        assert {value for value in expected if value.startswith(prefix)} <= set(edges)


@viewers
async def test_in_the_feed(ground: Ground, name: str) -> None:
    asker = Asker(ground, name)
    reader = Reader(asker.store, asker.viewer.key)
    rows = [
        row
        for row in asker.store.rows("post")
        if row["hidden_at"] is None and reader.follows(row) and not reader.mutes(row)
    ]
    expected = sorted(asker.ids("Post", rows), reverse=True)
    edges, nodes, total = await asker.walk("feed")
    assert edges == nodes == expected
    assert total == len(expected)


@viewers
@pytest.mark.parametrize("path", LISTS, ids=lambda path: f"{path[0]}.{path[1]}")
async def test_in_the_lists_of_what_is_visible(
    ground: Ground, name: str, path: tuple[str, str, str, str, str]
) -> None:
    parent, field, item, table, column = path
    asker = Asker(ground, name)
    parents = asker.ids(parent, sample(ground, parent))
    text = (
        f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {parent} {{ id {field}(first: {PAGE})"
        " { totalCount edges { node { id } } nodes { id } pageInfo { hasNextPage } } } } }"
    )
    for portion in chunks(parents, 12):
        data = await asker.ask(text, ids=portion)
        for node in data["nodes"]:
            rows = asker.store.by(table, column, UUID(node["id"].partition("_")[2]))
            if field == "blocks":
                rows = [row for row in rows if row["by_organisation"]]
            if field == "members":
                rows = [row for row in rows if row["ended_on"] is None]
            if field in {"sessions", "accessTokens"}:
                rows = [row for row in rows if in_force(row)]
            expected = sorted(asker.ids(item, rows))
            page = node[field]
            edges = [edge["node"]["id"] for edge in page["edges"]]
            assert edges == [inner["id"] for inner in page["nodes"]]
            assert page["totalCount"] == len(expected)
            assert page["pageInfo"]["hasNextPage"] == (len(expected) > PAGE)
            assert len(edges) == min(PAGE, len(expected))
            assert set(edges) <= set(expected)


@viewers
async def test_in_the_lists_of_who_follows_whom(ground: Ground, name: str) -> None:
    asker = Asker(ground, name)
    for parent, field, item, here, there in (
        ("Organisation", "followers", "Person", "organisation_id", "person_id"),
        ("Person", "following", "Organisation", "person_id", "organisation_id"),
    ):
        text = (
            f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {parent} {{ id list: {field}"
            f"(first: {PAGE}) {{ totalCount edges {{ node {{ id }} }} nodes {{ id }} }} }} }} }}"
        )
        for portion in chunks(asker.ids(parent, sample(ground, parent)), 12):
            for node in (await asker.ask(text, ids=portion))["nodes"]:
                key = UUID(node["id"].partition("_")[2])
                follows = sorted(asker.store.by("follow", here, key), key=lambda row: row["id"])
                rows = [asker.store.tables[item.lower()][row[there]] for row in reversed(follows)]
                expected = asker.ids(item, rows)
                assert node["list"]["totalCount"] == len(expected)
                assert [inner["id"] for inner in node["list"]["nodes"]] == expected[:PAGE]
                edges = [edge["node"]["id"] for edge in node["list"]["edges"]]
                assert edges == expected[:PAGE]


@viewers
@pytest.mark.parametrize("path", RELATIONS, ids=lambda path: f"{path[0]}.{path[1]}")
async def test_through_a_relation(
    ground: Ground, name: str, path: tuple[str, str, str, str]
) -> None:
    type_name, field, target, column = path
    asker = Asker(ground, name)
    ids = asker.ids(type_name, sample(ground, type_name))
    text = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_name} {{ id {field} {{ id }} }} }} }}"
    for portion in chunks(ids, PAGE):
        for node in (await asker.ask(text, ids=portion))["nodes"]:
            row = asker.store.tables[TABLE_OF_TYPE[type_name]][UUID(node["id"].partition("_")[2])]
            around = asker.store.get(TABLE_OF_TYPE[target], row[column])
            visible = asker.rules.sees(target, around)
            if type_name == "Comment" and field == "author":
                visible = visible and row["deleted_at"] is None
            shown = {"id": global_id(target, row[column])} if visible else None
            assert node[field] == shown


@viewers
async def test_what_only_oneself_sees(ground: Ground, name: str) -> None:
    asker = Asker(ground, name)
    ids = asker.ids("Person", sample(ground, "Person"))
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Person { id email locale visibility digest version } } }"
    for portion in chunks(ids, PAGE):
        for node in (await asker.ask(text, ids=portion))["nodes"]:
            key = UUID(node.pop("id").partition("_")[2])
            row = asker.store.tables["person"][key]
            own = key == asker.viewer.key
            assert node == {column: row[column] if own else None for column in node}


async def test_each_path_tells_viewers_apart(ground: Ground) -> None:
    """The matrix would prove nothing if all viewers saw the same."""
    for type_name in (
        "Organisation",
        "OrganisationFollow",
        "Person",
        "Post",
        "Comment",
        "Reaction",
        "Membership",
        "Listing",
        "Match",
        "MatchRequest",
        "Exchange",
        "SkillProof",
    ):
        rows = sample(ground, type_name)
        seen = {name: frozenset(Asker(ground, name).ids(type_name, rows)) for name in VIEWERS}
        assert len(set(seen.values())) > 1, type_name
