"""The feeds of the graph beside the chronological one, as loops over rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.oracle.following import NEWEST, Found, Reader, feed, own
from tests.oracle.paging import ID_DOWN, Key, Order, integer
from tests.oracle.store import Row, Store
from tests.oracle.values import contains

if TYPE_CHECKING:
    from tests.oracle.resolving import Asking, Thing
    from tests.oracle.rules import Rules

CANDIDATES, EACH = 300, 10
PRIORITISED, RESPONSE, SKILL, AGAIN = 1440, 180, 120, 360
REASONS = (
    "FOLLOWS_ORGANISATION",
    "FOLLOWS_PERSON",
    "FOLLOWS_SKILL",
    "COLLEAGUE",
    "PARTNER",
    "SHARED_SKILL",
    "RESPONSES",
)
RANKED = "Query.rankedFeed"
MARKED = Order(
    (Key("mark", UUID, descending=True), Key("score", integer, descending=True), ID_DOWN)
)


def newest(rows: Iterable[Row], count: int) -> list[Row]:
    """Give the newest rows, the newest first."""
    return sorted(rows, key=lambda row: row["id"], reverse=True)[:count]


def mark_of(arguments: Mapping[str, Any]) -> UUID | None:
    """Give the mark in a cursor: the list is ranked as of it."""
    cursor = arguments.get("after") or arguments.get("before")
    return None if cursor is None else MARKED.position(cursor)[0]


def candidates(store: Store, rules: Rules, mark: UUID | None) -> list[Row]:
    """Give what is ranked: of each thing that is followed its newest posts."""
    reader = Reader(store, rules.viewer)
    there = [
        post
        for _, post, _ in feed(store, rules, {}, {})
        if rules.sees("Post", post) and (mark is None or post["id"] <= mark)
    ]
    found: dict[UUID, Row] = {}

    def take(rows: Iterable[Row], keep: Callable[[Row], bool] = lambda _: True) -> None:
        found.update({post["id"]: post for post in newest(rows, EACH) if keep(post)})

    few = {"PARTNERS", "ORGANISATION"}
    for key in reader.organisations:
        of = [post for post in there if post["organisation_id"] == key]
        take(post for post in of if post["audience"] not in few)
        take(post for post in of if post["audience"] in few)

    def elsewhere(post: Row) -> bool:
        return post["organisation_id"] not in reader.organisations

    for key in reader.people:
        take((post for post in there if post["author_id"] == key), elsewhere)
    for key in reader.skills:
        take(
            (post for post in there if key in reader.tags(post)),
            lambda post: elsewhere(post) and post["author_id"] not in reader.people,
        )
    return newest(found.values(), CANDIDATES)


def responses(store: Store, post: Row, mark: UUID | None = None) -> int:
    """Give how many different people but the author reacted or commented, up to 63."""

    def until(table: str) -> list[Row]:
        rows = store.by(table, "post_id", post["id"])
        return [row for row in rows if mark is None or row["id"] <= mark]

    people = {row["person_id"] for row in until("reaction")} | {
        row["author_id"]
        for row in until("comment")
        if row["deleted_at"] is None and row["hidden_at"] is None
    }
    return min(len(people - {post["author_id"]}), 63)


def ranked(store: Store, rules: Rules, _: Row, arguments: Mapping[str, Any]) -> Found:
    """Give the ranked feed with the marks and scores to order by."""
    mark = arguments["mark"]
    listed = candidates(store, rules, mark)
    first = Reader(store, rules.viewer, "prioritise")
    mine = {row["skill_id"] for row in store.by("person_skill", "person_id", rules.viewer)}
    said = [
        row["id"]
        for post in listed
        for table in ("reaction", "comment")
        for row in store.by(table, "post_id", post["id"])
    ]
    latest = mark or max([*said, *(post["id"] for post in listed)], default=None)
    met: dict[UUID, int] = {}
    for post in listed:
        again = met[post["organisation_id"]] = met.get(post["organisation_id"], -1) + 1
        people = responses(store, post, mark)
        score = (
            int(post["created_at"].timestamp() // 60)
            + PRIORITISED * first.follows(post)
            + RESPONSE * sum(people >= step for step in (1, 3, 7, 15, 31, 63))
            + SKILL * min(3, len(first.tags(post) & mine))
            - AGAIN * again
        )
        yield "Post", post, {"mark": latest, "score": score}


def _reasons(thing: Thing, asking: Asking) -> list[Thing]:
    return [_thing(thing, row) for row in sorted(_rows(thing.row, asking), key=_place)]


def _thing(thing: Thing, row: Row) -> Thing:
    return type(thing)("FeedReason", row)


def _place(row: Row) -> tuple[Any, ...]:
    keys = (row["organisation_id"], row["person_id"], row["skill_id"])
    return (REASONS.index(row["kind"]), *(str(key) for key in keys))


def _rows(post: Row, asking: Asking) -> Iterator[Row]:
    store, rules = asking.store, asking.rules
    reader, first = Reader(store, rules.viewer), Reader(store, rules.viewer, "prioritise")
    place, author, tags = post["organisation_id"], post["author_id"], reader.tags(post)
    if place in reader.organisations:
        prioritised = place in first.organisations
        yield _reason("FOLLOWS_ORGANISATION", organisation_id=place, is_prioritised=prioritised)
    if author in reader.people:
        yield _reason("FOLLOWS_PERSON", person_id=author, is_prioritised=author in first.people)
    for skill in tags & reader.skills:
        yield _reason("FOLLOWS_SKILL", skill_id=skill, is_prioritised=skill in first.skills)
    if rules.is_member(place):
        yield _reason("COLLEAGUE", organisation_id=place)
    elif post["audience"] == "PARTNERS":
        for one, other in store.partners:
            if other == place and rules.is_member(one):
                yield _reason("PARTNER", organisation_id=one)
    held = {row["skill_id"] for row in store.by("person_skill", "person_id", rules.viewer)}
    for skill in tags & held:
        yield _reason("SHARED_SKILL", skill_id=skill)
    if people := responses(store, post):
        yield _reason("RESPONSES", people_count=people)


def _reason(kind: str, **given: Any) -> Row:
    nothing = dict.fromkeys(("organisation_id", "person_id", "skill_id", "people_count"))
    return {"kind": kind, "is_prioritised": False, **nothing, **given}


def new_in_feed(asking: Asking) -> Row | None:
    """Give how much is newer than what the viewer saw last."""
    store, rules = asking.store, asking.rules
    if rules.viewer is None:
        return None
    visit = store.get("feed_visit", rules.viewer)
    mark = visit["seen_post_id"] if visit else None
    shown = [post for _, post, _ in feed(store, rules, {}, {}) if rules.sees("Post", post)]
    new = [post for post in shown if mark is None or post["id"] > mark]
    return {"count": min(len(new), 99), "since": visit["seen_at"] if visit else None}


def saved_posts(store: Store, _: Rules, saved: Row, __: Mapping[str, Any]) -> Found:
    """Give what a saved search finds."""
    skills, places, spoken = (
        saved[name] for name in ("skill_ids", "organisation_ids", "languages")
    )
    paused = saved["paused_at"]
    for post in store.rows("post"):
        tags = {row["skill_id"] for row in store.by("post_skill", "post_id", post["id"])}
        if (
            post["hidden_at"] is None
            and (not skills or tags & set(skills))
            and (not places or post["organisation_id"] in places)
            and (not spoken or post["language"] in spoken)
            and (not saved["query"] or contains(post["body"], saved["query"]))
            and (paused is None or post["created_at"] <= paused)
        ):
            yield "Post", post, {}


def _subjects(thing: Thing, asking: Asking) -> list[Thing]:
    found = []
    for column, type_name in (("skill", "Skill"), ("organisation", "Organisation")):
        for key in thing.row[f"{column}_ids"]:
            row = asking.store.get(type_name.lower(), key)
            keys = {"skill_id": None, "organisation_id": None, f"{column}_id": key}
            found.append(
                type(thing)(
                    "SavedSearchSubject",
                    {**keys, "is_gone": not asking.rules.sees(type_name, row)},
                )
            )
    return found


LISTS: Mapping[str, tuple[str, Callable[..., Found], Order]] = {
    RANKED: ("Post", ranked, MARKED),
    "Person.savedSearches": ("SavedSearch", own("SavedSearch", "saved_search"), NEWEST),
    "SavedSearch.posts": ("Post", saved_posts, NEWEST),
}
OF_THE_VIEWER = {RANKED}
FOREIGN_KEYS = {
    "FeedReason.organisation": "organisation_id",
    "FeedReason.person": "person_id",
    "FeedReason.skill": "skill_id",
    "SavedSearchSubject.skill": "skill_id",
    "SavedSearchSubject.organisation": "organisation_id",
}
SPECIAL: dict[str, Callable[..., Any]] = {
    "Post.feedReasons": _reasons,
    "SavedSearch.subjects": _subjects,
}
AT_MOST = {"Post.feedReasons": 20, "SavedSearch.subjects": 40}
