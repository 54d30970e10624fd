"""Every list of the graph, written as a loop over rows: which rows, of what type, in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from tests.oracle import (
    belonging,
    exchanging,
    feeds,
    looking,
    moderating,
    notifying,
    publishing,
    trading,
)
from tests.oracle import following as network
from tests.oracle.paging import (
    FOLLOW_DOWN,
    ID,
    ID_DOWN,
    Item,
    Key,
    Order,
    integer,
    small_integer,
    text,
)
from tests.oracle.rules import Rules
from tests.oracle.store import Row, Store
from tests.oracle.values import contains, folded, key_of

Arguments = Mapping[str, Any]
# (type, row, what the order's keys are of besides the row's own columns)
Found = Iterable[tuple[str, Row, Mapping[str, Any]]]
List = Callable[[Store, Rules, Row, Arguments], Found]

NAME = Key("name", text)
LABEL_EN = Key("label_en", text)
LABEL_NL = Key("label_nl", text)
NEWEST = Order((ID_DOWN,))
OLDEST = Order((ID,))
LATEST_FOLLOW = Order((FOLLOW_DOWN,))
BY_NAME = Order((NAME, ID))
BY_LABEL = Order((LABEL_EN, ID))
BY_LEVEL = Order((Key("level", small_integer, descending=True), ID_DOWN))
ORDERS: Mapping[str, Mapping[str, tuple[Key, ...]]] = {
    "Query.organisations": {
        "NAME": (NAME, ID),
        "FOLLOWERS": (Key("follower_count", integer, descending=True), ID_DOWN),
        "NEWEST": (ID_DOWN,),
    },
    "Query.people": {"NAME": (NAME, ID), "NEWEST": (ID_DOWN,)},
    "Query.skills": {
        "LABEL_EN": (LABEL_EN, ID),
        "LABEL_NL": (LABEL_NL, ID),
        "PEOPLE": (Key("person_count", integer, descending=True), ID_DOWN),
    },
}
NOTHING: Mapping[str, Any] = {}


def of(type_name: str, rows: Iterable[Row]) -> Found:
    """Give rows of one type, ordered by columns of their own."""
    return ((type_name, row, NOTHING) for row in rows)


def among(values: Any, value: Any) -> bool:
    """Tell whether a list of a filter is absent or holds the value."""
    return values is None or value in values


def keys_in(filter_: Arguments, name: str, type_name: str) -> set[Any] | None:
    """Give the keys of the ids in a filter, None when it has none."""
    ids = filter_.get(name)
    return None if ids is None else {key_of(value, type_name) for value in ids}


def organisations(store: Store, _: Rules, __: Row, arguments: Arguments) -> Found:
    wanted: Arguments = arguments.get("filter") or NOTHING
    strengths = keys_in(wanted, "strengths", "Skill")
    search, location = arguments.get("search"), wanted.get("location")
    for row in store.rows("organisation"):
        declared = {
            held["skill_id"]
            for held in store.by("organisation_strength", "organisation_id", row["id"])
        }
        if (
            (search is None or contains(row["name"], search))
            and among(wanted.get("kinds"), row["kind"])
            and among(wanted.get("sectors"), row["sector"])
            and among(wanted.get("sizeBands"), row["size_band"])
            and (location is None or contains(row["location"], location))
            and (strengths is None or declared & strengths)
            and wanted.get("verified") in {None, row["verified_domain"] is not None}
        ):
            yield "Organisation", row, NOTHING


def people(store: Store, _: Rules, __: Row, arguments: Arguments) -> Found:
    wanted: Arguments = arguments.get("filter") or NOTHING
    skills = keys_in(wanted, "skills", "Skill")
    places = keys_in(wanted, "organisations", "Organisation")
    level, location = wanted.get("minimumLevel"), wanted.get("location")
    search = arguments.get("search")
    for row in store.rows("person"):
        held = store.by("person_skill", "person_id", row["id"])
        places_now = {
            membership["organisation_id"]
            for membership in store.by("membership", "person_id", row["id"])
            if membership["ended_on"] is None
        }
        if (
            (search is None or contains(row["name"], search) or contains(row["headline"], search))
            and (
                skills is None
                or any(h["skill_id"] in skills and h["level"] >= (level or 0) for h in held)
            )
            and (places is None or places & places_now)
            and (location is None or contains(row["location"], location))
        ):
            yield "Person", row, NOTHING


def posts(store: Store, _: Rules, __: Row, arguments: Arguments) -> Found:
    wanted: Arguments = arguments.get("filter") or NOTHING
    organisations_ = keys_in(wanted, "organisations", "Organisation")
    authors = keys_in(wanted, "authors", "Person")
    since, until = wanted.get("since"), wanted.get("until")
    for row in store.rows("post"):
        if (
            among(organisations_, row["organisation_id"])
            and among(authors, row["author_id"])
            and among(wanted.get("languages"), row["language"])
            and among(wanted.get("kinds"), row["kind"])
            and among(wanted.get("audiences"), row["audience"])
            and (since is None or row["created_at"] >= since)
            and (until is None or row["created_at"] < until)
        ):
            yield "Post", row, NOTHING


def in_force(table: str, type_name: str) -> List:
    """Give the list of sessions or tokens of the parent that have not ended."""

    def found(store: Store, _: Rules, parent: Row, __: Arguments) -> Found:
        now = datetime.now(UTC)
        for row in store.by(table, "person_id", parent["id"]):
            expires = row["expires_at"]
            if row["revoked_at"] is None and (expires is None or expires > now):
                yield type_name, row, NOTHING

    return found


def has_term(store: Store, skill: Row, term: str, language: str | None) -> bool:
    """Tell whether a label or alias of the skill contains the folded term."""
    return any(
        term in said["folded"] and language in {None, said["language"]}
        for said in store.by("skill_term", "skill_id", skill["id"])
    )


def skills(store: Store, _: Rules, __: Row, arguments: Arguments) -> Found:
    wanted: Arguments = arguments.get("filter") or NOTHING
    clusters = keys_in(wanted, "clusters", "SkillCluster")
    kinds = wanted.get("kinds")
    search = arguments.get("search")
    term = None if search is None else folded(search)
    for row in store.rows("skill"):
        if (
            among(clusters, row["cluster_id"])
            and among(kinds, row["kind"])
            and (term is None or has_term(store, row, term, arguments.get("language")))
        ):
            yield "Skill", row, NOTHING


def search(store: Store, _: Rules, __: Row, arguments: Arguments) -> Found:
    query = arguments["query"]
    for type_name, table in (("Organisation", "organisation"), ("Person", "person")):
        for row in store.rows(table):
            if contains(row["name"], query):
                yield type_name, row, NOTHING
    term = folded(query)
    for row in store.rows("skill"):
        if has_term(store, row, term, None):
            yield "Skill", row, {"name": row["label_en"]}


def members(store: Store, _: Rules, parent: Row, arguments: Arguments) -> Found:
    roles = arguments.get("roles")
    for row in store.by("membership", "organisation_id", parent["id"]):
        if row["ended_on"] is None and among(roles, row["role"]):
            yield "Membership", row, NOTHING


def memberships(store: Store, _: Rules, parent: Row, arguments: Arguments) -> Found:
    for row in store.by("membership", "person_id", parent["id"]):
        if arguments.get("current") in {None, row["ended_on"] is None}:
            yield "Membership", row, NOTHING


def followers(store: Store, _: Rules, parent: Row, __: Arguments) -> Found:
    for follow in store.by("follow", "organisation_id", parent["id"]):
        yield "Person", store.tables["person"][follow["person_id"]], {"follow_id": follow["id"]}


def following(store: Store, _: Rules, parent: Row, __: Arguments) -> Found:
    for follow in store.by("follow", "person_id", parent["id"]):
        row = store.tables["organisation"][follow["organisation_id"]]
        yield "Organisation", row, {"follow_id": follow["id"]}


def blocks(store: Store, rules: Rules, _: Row, __: Arguments) -> Found:
    rows = store.by("block", "person_id", rules.viewer)
    return of("Block", (row for row in rows if not row["by_organisation"]))


def blocks_of(store: Store, _: Rules, parent: Row, __: Arguments) -> Found:
    rows = store.by("block", "organisation_id", parent["id"])
    return of("Block", (row for row in rows if row["by_organisation"]))


def at_level(rows: Iterable[Row], arguments: Arguments) -> Found:
    level = arguments.get("minimumLevel")
    return of("PersonSkill", (row for row in rows if level is None or row["level"] >= level))


def comments(store: Store, _: Rules, parent: Row, arguments: Arguments) -> Found:
    for row in store.by("comment", "post_id", parent["id"]):
        if not arguments["threaded"] or row["parent_id"] is None:
            yield "Comment", row, NOTHING


def reactions(store: Store, _: Rules, parent: Row, arguments: Arguments) -> Found:
    kinds = arguments.get("kinds")
    for row in store.by("reaction", "post_id", parent["id"]):
        if among(kinds, row["kind"]):
            yield "Reaction", row, NOTHING


def relations(*ends: tuple[str, str, str]) -> List:
    """Give the list of skills at the other end of relations (this end, other end, kind)."""

    def found(store: Store, _: Rules, parent: Row, __: Arguments) -> Found:
        keys = {
            row[there]
            for here, there, kind in ends
            for row in store.by("skill_relation", here, parent["id"])
            if row["kind"] == kind
        }
        return of("Skill", (store.tables["skill"][key] for key in keys))

    return found


def declarers(store: Store, _: Rules, parent: Row, __: Arguments) -> Found:
    for strength in store.by("organisation_strength", "skill_id", parent["id"]):
        yield "Organisation", store.tables["organisation"][strength["organisation_id"]], NOTHING


def children(type_name: str, table: str, column: str) -> List:
    """Give the list of rows of a table that point to the parent."""
    return lambda store, _, parent, __: of(type_name, store.by(table, column, parent["id"]))


# Field: the type of its connection, its rows, its order (None: the argument `order` chooses).
LISTS: Mapping[str, tuple[str, List, Order | None]] = {
    "Query.organisations": ("Organisation", organisations, None),
    "Query.people": ("Person", people, None),
    "Query.posts": ("Post", posts, NEWEST),
    "Query.feed": ("Post", network.feed, NEWEST),
    **moderating.LISTS,
    "Query.blocks": ("Block", blocks, NEWEST),
    "Query.skills": ("Skill", skills, None),
    "Query.search": ("Findable", search, BY_NAME),
    "Organisation.members": ("Membership", members, NEWEST),
    "Organisation.followers": ("Person", followers, LATEST_FOLLOW),
    "Organisation.strengths": (
        "OrganisationStrength",
        children("OrganisationStrength", "organisation_strength", "organisation_id"),
        OLDEST,
    ),
    "Organisation.blocks": ("Block", blocks_of, NEWEST),
    "Organisation.posts": ("Post", children("Post", "post", "organisation_id"), NEWEST),
    "Person.sessions": ("Session", in_force("session", "Session"), NEWEST),
    "Person.dataExports": (
        "DataExport",
        children("DataExport", "data_export", "person_id"),
        NEWEST,
    ),
    "Person.accessTokens": ("AccessToken", in_force("access_token", "AccessToken"), NEWEST),
    "Person.passkeys": ("Passkey", children("Passkey", "passkey", "person_id"), NEWEST),
    "Person.memberships": ("Membership", memberships, NEWEST),
    "Person.skills": (
        "PersonSkill",
        lambda store, _, parent, given: at_level(
            store.by("person_skill", "person_id", parent["id"]), given
        ),
        BY_LEVEL,
    ),
    "Person.posts": ("Post", children("Post", "post", "author_id"), NEWEST),
    "Person.following": ("Organisation", following, LATEST_FOLLOW),
    "Post.comments": ("Comment", comments, OLDEST),
    "Post.reactions": ("Reaction", reactions, NEWEST),
    "Comment.replies": ("Comment", children("Comment", "comment", "parent_id"), OLDEST),
    "SkillCluster.skills": ("Skill", children("Skill", "skill", "cluster_id"), BY_LABEL),
    "Skill.broader": ("Skill", relations(("source_id", "target_id", "BROADER")), BY_LABEL),
    "Skill.narrower": ("Skill", relations(("target_id", "source_id", "BROADER")), BY_LABEL),
    "Skill.related": (
        "Skill",
        relations(("source_id", "target_id", "RELATED"), ("target_id", "source_id", "RELATED")),
        BY_LABEL,
    ),
    "Skill.people": (
        "PersonSkill",
        lambda store, _, parent, given: at_level(
            store.by("person_skill", "skill_id", parent["id"]), given
        ),
        BY_LEVEL,
    ),
    "Skill.organisations": ("Organisation", declarers, BY_NAME),
    **network.LISTS,
    **feeds.LISTS,
    **notifying.LISTS,
    **publishing.LISTS,
    **belonging.LISTS,
    **trading.LISTS,
    **looking.LISTS,
    **exchanging.LISTS,
}


def order_of(field: str, arguments: Arguments) -> Order:
    """Give the order of a list."""
    order = LISTS[field][2]
    if order is not None:
        return order
    tag = arguments["order"]
    return Order(ORDERS[field][tag], tag)


def item(node: Any, row: Row, extra: Mapping[str, Any], order: Order) -> Item:
    """Give an item with the values of its order's keys."""
    return Item(node, tuple({**row, **extra}[key.name] for key in order.keys))
