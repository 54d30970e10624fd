"""Follows and mutes of the graph, as loops over rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.oracle.paging import FOLLOW_DOWN, ID_DOWN, Order
from tests.oracle.store import Row, Store

if TYPE_CHECKING:
    from tests.oracle.resolving import Asking, Thing
    from tests.oracle.rules import Rules

Found = Iterable[tuple[str, Row, Mapping[str, Any]]]
NEWEST = Order((ID_DOWN,))
LATEST_FOLLOW = Order((FOLLOW_DOWN,))
# What is followed: the type and table of the follow, and its column.
FOLLOWS = {
    "Organisation": ("OrganisationFollow", "follow", "organisation_id"),
    "Person": ("PersonFollow", "person_follow", "followed_id"),
    "Skill": ("SkillFollow", "skill_follow", "skill_id"),
}
MUTED = {"Organisation": "organisation_id", "Person": "muted_person_id", "Skill": "skill_id"}


def at_the_end(type_name: str, table: str, here: str, there: str) -> Callable[..., Found]:
    """Give the list of rows that the follows of a row lead to, with the follow's key."""

    def found(store: Store, _: Rules, parent: Row, __: Mapping[str, Any]) -> Found:
        target = type_name.lower()
        for follow in store.by(table, here, parent["id"]):
            yield type_name, store.tables[target][follow[there]], {"follow_id": follow["id"]}

    return found


def own(type_name: str, table: str) -> Callable[..., Found]:
    """Give the list of the rows of a table that are a person's."""

    def found(store: Store, _: Rules, parent: Row, __: Mapping[str, Any]) -> Found:
        for row in store.by(table, "person_id", parent["id"]):
            yield type_name, row, {}

    return found


def mutual(type_name: str) -> Callable[..., Found]:
    """Give the list of the viewer's followed people who follow a row."""
    _, table, column = FOLLOWS[type_name]

    def found(store: Store, rules: Rules, parent: Row, _: Mapping[str, Any]) -> Found:
        mine = {row["followed_id"] for row in store.by("person_follow", "person_id", rules.viewer)}
        for follow in store.by(table, column, parent["id"]):
            if follow["person_id"] in mine:
                person = store.tables["person"][follow["person_id"]]
                yield "Person", person, {"follow_id": follow["id"]}

    return found


def posts_about(store: Store, _: Rules, parent: Row, __: Mapping[str, Any]) -> Found:
    """Give the list of posts about a skill."""
    for tag in store.by("post_skill", "skill_id", parent["id"]):
        yield "Post", store.tables["post"][tag["post_id"]], {}


class Reader:
    """What one person follows and mutes, by the switch that counts."""

    def __init__(self, store: Store, viewer: UUID | None, switch: str = "in_feed") -> None:
        self.store = store
        self.organisations, self.people, self.skills = (
            {row[column] for row in store.by(table, "person_id", viewer) if row[switch]}
            for _, table, column in FOLLOWS.values()
        )
        mutes = store.by("mute", "person_id", viewer)
        self.muted = {row[column] for row in mutes for column in MUTED.values()} - {None}

    def tags(self, post: Row) -> set[UUID]:
        """Give the skills that a post is about."""
        return {row["skill_id"] for row in self.store.by("post_skill", "post_id", post["id"])}

    def mutes(self, post: Row) -> bool:
        """Tell whether a post is kept out."""
        about = {post["organisation_id"], post["author_id"], *self.tags(post)}
        return bool(about & self.muted)

    def follows(self, post: Row) -> bool:
        """Tell whether a post is of, by or about something that is followed."""
        return bool(
            post["organisation_id"] in self.organisations
            or post["author_id"] in self.people
            or self.tags(post) & self.skills
        )


def feed(store: Store, rules: Rules, _: Row, __: Mapping[str, Any]) -> Found:
    """Give the posts of the home feed, whoever may read them."""
    reader = Reader(store, rules.viewer)
    for post in store.rows("post"):
        if post["hidden_at"] is None and reader.follows(post) and not reader.mutes(post):
            yield "Post", post, {}


LISTS: Mapping[str, tuple[str, Callable[..., Found], Order]] = {
    "Organisation.mutualFollowers": ("Person", mutual("Organisation"), LATEST_FOLLOW),
    "Person.mutualFollowers": ("Person", mutual("Person"), LATEST_FOLLOW),
    "Person.followers": (
        "Person",
        at_the_end("Person", "person_follow", "followed_id", "person_id"),
        LATEST_FOLLOW,
    ),
    "Person.followingPeople": (
        "Person",
        at_the_end("Person", "person_follow", "person_id", "followed_id"),
        LATEST_FOLLOW,
    ),
    "Person.followedSkills": (
        "Skill",
        at_the_end("Skill", "skill_follow", "person_id", "skill_id"),
        LATEST_FOLLOW,
    ),
    "Person.organisationFollows": (
        "OrganisationFollow",
        own("OrganisationFollow", "follow"),
        NEWEST,
    ),
    "Person.personFollows": ("PersonFollow", own("PersonFollow", "person_follow"), NEWEST),
    "Person.skillFollows": ("SkillFollow", own("SkillFollow", "skill_follow"), NEWEST),
    "Person.mutes": ("Mute", own("Mute", "mute"), NEWEST),
    "Skill.posts": ("Post", posts_about, NEWEST),
    "Skill.followers": (
        "Person",
        at_the_end("Person", "skill_follow", "skill_id", "person_id"),
        LATEST_FOLLOW,
    ),
}
# Whose rows depend on who asks, beyond what that viewer may see.
OF_THE_VIEWER = {"Organisation.mutualFollowers", "Person.mutualFollowers"}
FOREIGN_KEYS = {
    "PersonFollow.person": "followed_id",
    "SkillFollow.skill": "skill_id",
    "Mute.organisation": "organisation_id",
    "Mute.person": "muted_person_id",
    "Mute.skill": "skill_id",
}


def _follow(thing: Thing, asking: Asking) -> Row | None:
    _, table, column = FOLLOWS[thing.type_name]
    mine = asking.store.by(table, "person_id", asking.rules.viewer)
    return next((row for row in mine if row[column] == thing.row["id"]), None)


def _viewer_follow(thing: Thing, asking: Asking) -> Thing | None:
    return asking.thing(FOLLOWS[thing.type_name][0], _follow(thing, asking))


def _viewer_mutes(thing: Thing, asking: Asking) -> bool:
    mine = asking.store.by("mute", "person_id", asking.rules.viewer)
    return any(row[MUTED[thing.type_name]] == thing.row["id"] for row in mine)


SPECIAL: dict[str, Callable[..., Any]] = {
    **{f"{name}.viewerFollow": _viewer_follow for name in ("Person", "Skill")},
    **{
        f"{name}.viewerFollows": lambda thing, asking: _follow(thing, asking) is not None
        for name in ("Person", "Skill")
    },
    **{f"{name}.viewerMutes": _viewer_mutes for name in MUTED},
    "Skill.followerCount": lambda thing, asking: len(
        asking.store.by("skill_follow", "skill_id", thing.row["id"])
    ),
}
