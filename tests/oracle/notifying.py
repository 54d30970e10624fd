"""The inbox, as loops over rows: what of it is still shown, and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from db.tables.notifications import NotificationKind
from resolvers.notification_kinds import DEFAULTS
from resolvers.wording import texts
from tests.oracle.paging import ID_DOWN, Key, Order
from tests.oracle.store import Row, Store

if TYPE_CHECKING:
    from tests.oracle.resolving import Asking, Thing
    from tests.oracle.rules import Answer, Rules

Found = Iterable[tuple[str, Row, Mapping[str, Any]]]
SPACES = re.compile(r"[ \t\n\r\f\v]+")


class Moment(datetime):
    """A time that a cursor spells as Postgres does."""

    @override
    def __str__(self) -> str:
        moment, dot, fraction = super().__str__().removesuffix("+00:00").partition(".")
        return f"{moment}{dot}{fraction.rstrip('0')}+00"


def aware(value: str) -> datetime:
    """Read a time; one without a zone is none.

    Raises:
        ValueError: It is none.
    """
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


LATEST = Order((Key("changed_at", aware, descending=True), ID_DOWN))


def count_of(rules: Rules, row: Row) -> int:
    """Count the people in a line whom its reader may meet."""
    actors = rules.store.by("notification_actor", "notification_id", row["id"])
    hidden: int = sum(not rules.may_meet(actor["person_id"]) for actor in actors)
    count: int = row["actor_count"]
    return count - hidden


def _comments(store: Store, row: Row) -> list[Row]:
    """Give the comments that a line leads to, the newest first."""
    if row["kind"] == "POST_COMMENTED":
        found = store.by("comment", "post_id", row["post_id"])
    elif row["kind"] == "COMMENT_REPLIED":
        found = store.by("comment", "parent_id", row["comment_id"])
    else:
        one = store.get("comment", row["comment_id"])
        return [one] if one else []
    rows = [
        comment
        for comment in found
        if comment["author_id"] in row["actor_ids"] and comment["deleted_at"] is None
    ]
    return sorted(rows, key=lambda comment: comment["id"], reverse=True)


def _role(rules: Rules, organisation_id: Any) -> str | None:
    rows = rules.store.by("membership", "person_id", rules.viewer)
    here = (r for r in rows if r["organisation_id"] == organisation_id and r["ended_on"] is None)
    return next((row["role"] for row in here), None)


def _still(rules: Rules, row: Row) -> Answer:
    store, kind = rules.store, row["kind"]
    if kind in {"POST_COMMENTED", "COMMENT_REPLIED"}:
        seen = any(rules.sees("Comment", comment) for comment in _comments(store, row))
        return "about comments", seen
    if kind == "JOIN_REQUESTED":
        role = _role(rules, row["organisation_id"])
        return "to be decided", role in {"OWNER", "ADMIN", "TALENT_MANAGER"}
    if kind == "PARTNERSHIP_REQUESTED":
        partnership = store.tables["partnership"][row["subject_id"]]
        role = _role(rules, partnership["addressee_id"])
        asked = partnership["status"] == "REQUESTED"
        return "to be decided on by partners", asked and role in {"OWNER", "ADMIN"}
    if kind == "INVITED":
        found = store.get("invitation", row["subject_id"])
        is_open = found is not None and (
            found["answered_at"] is None
            and found["revoked_at"] is None
            and found["expires_at"] > datetime.now(UTC)
        )
        return "an invitation", is_open
    if kind in {"MATCH_REQUESTED", "MATCH_DECIDED", "MATCH_MESSAGE"}:
        request = store.get("match_request", row["subject_id"])
        return "about a match request", rules.sees("MatchRequest", request)
    if kind in {"EXCHANGE_CHANGED", "EXCHANGE_ASKED", "EXCHANGE_REMINDER"}:
        exchange = store.get("exchange", row["subject_id"])
        is_raised = kind == "EXCHANGE_ASKED" and any(
            raised["person_id"] == row["person_id"]
            for receipt in store.by("exchange_receipt", "exchange_id", row["subject_id"])
            for raised in store.by("raised_skill", "receipt_id", receipt["id"])
        )
        return "about an exchange", is_raised or rules.sees("Exchange", exchange)
    if kind == "MATCHES_FOUND":
        listing = store.get("listing", row["subject_id"])
        managing = _role(rules, row["organisation_id"]) in {"OWNER", "ADMIN", "TALENT_MANAGER"}
        return "about matches", managing and rules.sees("Listing", listing)
    return "one's own", True


def rule(rules: Rules, row: Row) -> Answer:
    """Tell whether the viewer is shown a line."""
    if rules.viewer is None or row["person_id"] != rules.viewer:
        return "somebody else's", False
    for type_name in ("Post", "Comment", "Organisation", "Listing"):
        key = row[f"{type_name.lower()}_id"]
        if key is not None and not rules.sees(type_name, rules.store.get(type_name.lower(), key)):
            return f"about a hidden {type_name.lower()}", False
    if row["actor_count"] and count_of(rules, row) <= 0:
        return "by people who are blocked", False
    for choice in rules.store.by("notification_preference", "person_id", rules.viewer):
        if choice["kind"] == row["kind"] and not choice["in_app"]:
            return "switched off", False
    return _still(rules, row)


def _notifications(store: Store, rules: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
    if parent["id"] == rules.viewer:
        for row in store.by("notification", "person_id", parent["id"]):
            if given.get("unread") in {None, row["read_at"] is None}:
                changed = Moment.fromisoformat(row["changed_at"].isoformat())
                yield "Notification", row, {"changed_at": changed}


def _unread(thing: Thing, asking: Asking) -> int:
    asking.hidden = thing.row["id"] != asking.rules.viewer
    if asking.hidden:
        return 0
    rows = asking.store.by("notification", "person_id", thing.row["id"])
    unread = [row for row in rows if row["read_at"] is None]
    return sum(asking.rules.sees("Notification", row) for row in unread)


def _preferences(thing: Thing, asking: Asking) -> list[Thing]:
    if thing.row["id"] != asking.rules.viewer:
        return []
    chosen = {
        row["kind"]: row
        for row in asking.store.by("notification_preference", "person_id", thing.row["id"])
    }
    return [
        type(thing)(
            "NotificationPreference",
            chosen.get(kind) or {"kind": kind.value, "in_app": how.in_app, "email": how.email},
        )
        for kind, how in ((kind, DEFAULTS[kind]) for kind in NotificationKind)
    ]


def _comment(thing: Thing, asking: Asking) -> Thing | None:
    found = _comments(asking.store, thing.row)
    seen = [row for row in found if asking.rules.sees("Comment", row)]
    asking.hidden = len(seen) < len(found)
    return asking.thing("Comment", seen[0]) if seen else None


def _actors(thing: Thing, asking: Asking) -> list[Thing]:
    found = (asking.by_key("Person", key) for key in thing.row["actor_ids"])
    return [person for person in found if person is not None]


def _saved_search(thing: Thing, asking: Asking) -> Thing | None:
    if thing.row["kind"] != "SAVED_SEARCH_FOUND":
        return None
    return asking.by_key("SavedSearch", thing.row["subject_id"])


def _title(thing: Thing, asking: Asking) -> str:
    row = thing.row
    locale = asking.store.tables["person"][row["person_id"]]["locale"].lower()
    count = count_of(asking.rules, row)
    number = "one" if count == 1 else "many"
    note = (row["note"] or "-").lower()
    for ending in (f"_{note}_{number}", f"_{note}", f"_{number}", ""):
        said = texts().get(f"notifications.title_{row['kind'].lower()}{ending}")
        if said is not None:
            break
    else:
        return ""
    organisation = asking.store.get("organisation", row["organisation_id"])
    post = asking.store.get("post", row["post_id"])
    words = SPACES.sub(" ", post["body"]) if post else ""
    names = [person.row["name"] for person in _actors(thing, asking)]
    return said[locale].format(
        actors=_phrase(names, count, locale),
        organisation=organisation["name"] if organisation else "",
        post=words if len(words) <= 80 else words[:79] + "…",
        note=row["note"] or "",
    )


def _phrase(names: list[str], count: int, locale: str) -> str:
    spelled = f"{count:,}".replace(",", "." if locale == "nl" else ",")
    if not names:
        key = "nobody_one" if count <= 1 else "nobody_many"
    elif count <= 1:
        return names[0]
    elif len(names) == 1:
        key = "first_and_one" if count == 2 else "first_and_more"
    elif count == 2:
        key = "two"
    elif count == 3:
        key = "three" if len(names) == 3 else "two_and_one"
    else:
        key = "two_and_more"
    first, second, third = (*names, "", "", "")[:3]
    others = count - (1 if key == "first_and_more" else 2)
    return texts()[f"notifications.actors_{key}"][locale].format(
        first=first, second=second, third=third, count=spelled, others=others
    )


LISTS: Mapping[str, tuple[str, Callable[..., Found], Order]] = {
    "Person.notifications": ("Notification", _notifications, LATEST),
}
OF_THE_VIEWER = {"Person.notifications"}
FOREIGN_KEYS = {
    "Notification.post": "post_id",
    "Notification.organisation": "organisation_id",
}
SPECIAL: Mapping[str, Callable[..., Any]] = {
    "Person.unreadNotificationCount": _unread,
    "Person.notificationPreferences": _preferences,
    "Notification.title": _title,
    "Notification.savedSearch": _saved_search,
    "Notification.actors": _actors,
    "Notification.actorCount": lambda thing, asking: count_of(asking.rules, thing.row),
    "Notification.comment": _comment,
}
