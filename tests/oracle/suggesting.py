"""Suggestions of the graph, as loops over rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.oracle.following import Reader
from tests.oracle.store import Row

if TYPE_CHECKING:
    from tests.oracle.resolving import Asking, Thing

FRIENDS, EACH, SKILLS, SHOWN = 100, 30, 20, 20
# Of a suggestion: its table, the table and column of follows of it, and of the skills it has.
OF = {
    "Person": ("person_follow", "followed_id", "person_skill", "person_id"),
    "Organisation": ("follow", "organisation_id", "organisation_strength", "organisation_id"),
}
FOREIGN_KEYS = {
    "PersonSuggestion.person": "person_id",
    "OrganisationSuggestion.organisation": "organisation_id",
}
AT_MOST = {
    "Query.suggestedPeople": SHOWN,
    "Query.suggestedOrganisations": SHOWN,
    **{f"{name}Suggestion.followedBy": 3 for name in OF},
    **{f"{name}Suggestion.sharedSkills": 5 for name in OF},
}


def latest(rows: list[Row], count: int) -> list[Row]:
    """Give the newest rows."""
    return sorted(rows, key=lambda row: row["id"], reverse=True)[:count]


def suggested(asking: Asking, type_name: str) -> list[Row]:
    """Give what is suggested, the best reasons first."""
    store, rules = asking.store, asking.rules
    follows, followed, held, holder = OF[type_name]
    friends: dict[UUID, set[UUID]] = defaultdict(set)
    skills: dict[UUID, set[UUID]] = defaultdict(set)
    mine = [
        row
        for row in store.by("person_follow", "person_id", rules.viewer)
        if rules.may_meet(row["followed_id"])
    ]
    for row in latest(mine, FRIENDS):
        for way in latest(store.by(follows, "person_id", row["followed_id"]), EACH):
            friends[way[followed]].add(row["followed_id"])
    own = sorted(
        store.by("person_skill", "person_id", rules.viewer),
        key=lambda row: (-row["level"], row["id"]),
    )
    for row in own[:SKILLS]:
        ways = latest(store.by(held, "skill_id", row["skill_id"]), 10**6)
        for way in sorted(ways, key=lambda way: -way.get("level", 0))[:EACH]:
            skills[way[holder]].add(row["skill_id"])
    known = {row[followed] for row in store.by(follows, "person_id", rules.viewer)}
    known |= {rules.viewer, *Reader(store, rules.viewer).muted}
    found = [
        (-3 * len(friends[key]) - len(skills[key]), key)
        for key in {*friends, *skills}
        if key not in known and rules.sees(type_name, store.get(type_name.lower(), key))
    ]
    return [
        {
            f"{type_name.lower()}_id": key,
            "followed_by_count": len(friends[key]),
            "shared_skill_count": len(skills[key]),
        }
        for _, key in sorted(found)[:SHOWN]
    ]


def followed_by(type_name: str) -> Callable[[Thing, Asking], list[Thing]]:
    """Give the resolver of those whom the viewer follows who follow a suggestion."""
    follows, followed, _, _ = OF[type_name]

    def resolve(thing: Thing, asking: Asking) -> list[Thing]:
        key = thing.row[f"{type_name.lower()}_id"]
        theirs = {row["person_id"] for row in asking.store.by(follows, followed, key)}
        mine = asking.store.by("person_follow", "person_id", asking.rules.viewer)
        ways = latest([row for row in mine if row["followed_id"] in theirs], 3)
        people = [asking.by_key("Person", row["followed_id"]) for row in ways]
        return [person for person in people if person is not None]

    return resolve


def shared_skills(type_name: str) -> Callable[[Thing, Asking], list[Thing]]:
    """Give the resolver of the skills that the viewer and a suggestion share."""
    _, _, held, holder = OF[type_name]

    def resolve(thing: Thing, asking: Asking) -> list[Thing]:
        store = asking.store
        key = thing.row[f"{type_name.lower()}_id"]
        theirs = {row["skill_id"] for row in store.by(held, holder, key)}
        mine = {
            row["skill_id"] for row in store.by("person_skill", "person_id", asking.rules.viewer)
        }
        rows = [store.tables["skill"][skill] for skill in theirs & mine]
        first = sorted(rows, key=lambda row: (row["label_en"], row["id"]))[:5]
        return [type(thing)("Skill", row) for row in first]

    return resolve


SPECIAL: dict[str, Callable[..., Any]] = {
    **{f"{name}Suggestion.followedBy": followed_by(name) for name in OF},
    **{f"{name}Suggestion.sharedSkills": shared_skills(name) for name in OF},
}
