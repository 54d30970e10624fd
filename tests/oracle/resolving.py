"""What each field of the graph answers, for one viewer and over rows in memory."""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from graphql import GraphQLResolveInfo

from resolvers.permissions import PERMISSIONS, Action
from tests.oracle import (
    belonging,
    exchanging,
    feeds,
    following,
    looking,
    moderating,
    notifying,
    publishing,
    suggesting,
    trading,
)
from tests.oracle.lists import LISTS, item, order_of
from tests.oracle.paging import Item, Page, in_order, paged
from tests.oracle.rules import TABLE_OF_TYPE, Rules
from tests.oracle.store import Row, Store
from tests.oracle.values import TYPE_OF_PREFIX, global_id, key_of, spelled, split_id

Resolver = Callable[..., Any]
PAGING = {"first", "after", "last", "before"}
MARKET_PARTS = ("Connection", "Edge", "Facets", "SkillCount")
# Lists whose rows depend on who asks.
OF_THE_VIEWER = {
    "Query.feed",
    "Query.blocks",
    *following.OF_THE_VIEWER,
    *moderating.OF_THE_VIEWER,
    *feeds.OF_THE_VIEWER,
    *notifying.OF_THE_VIEWER,
    *publishing.OF_THE_VIEWER,
    *publishing.OF_THE_VIEWER,
    *belonging.OF_THE_VIEWER,
    *exchanging.OF_THE_VIEWER,
}
LISTS_KEPT = 2_000
# What is ranked, or is not in the database.
BEYOND = ("Discovery", "ListingTemplate", *(f"Market{part}" for part in MARKET_PARTS))
OF_SELF = {
    "Person.email",
    "Person.emailVerifiedAt",
    "Person.locale",
    "Person.visibility",
    "Person.digest",
    "Person.showsLooks",
    "Person.erasureRequestedAt",
    "Person.version",
}
FOREIGN_KEYS = {
    "OrganisationStrength.skill": "skill_id",
    "OrganisationStrength.organisation": "organisation_id",
    "Membership.person": "person_id",
    "Membership.organisation": "organisation_id",
    "PersonSkill.skill": "skill_id",
    "PersonSkill.person": "person_id",
    "Post.author": "author_id",
    "Post.organisation": "organisation_id",
    "Comment.post": "post_id",
    "Comment.parent": "parent_id",
    "Reaction.person": "person_id",
    "Reaction.post": "post_id",
    "OrganisationFollow.organisation": "organisation_id",
    "Skill.cluster": "cluster_id",
    "SkillCluster.domain": "domain_id",
    **feeds.FOREIGN_KEYS,
    **suggesting.FOREIGN_KEYS,
    **following.FOREIGN_KEYS,
    **publishing.FOREIGN_KEYS,
    **moderating.FOREIGN_KEYS,
    **belonging.FOREIGN_KEYS,
    **notifying.FOREIGN_KEYS,
    **trading.FOREIGN_KEYS,
    **looking.FOREIGN_KEYS,
}


@dataclass(frozen=True)
class Thing:
    """A row as an object of the graph."""

    type_name: str
    row: Row

    @property
    def seen(self) -> tuple[str, Row]:
        """What the rules are asked about."""
        return self.type_name, self.row


class Lists:
    """Whole lists in their order, whoever may see them, kept: many viewers ask for the same."""

    def __init__(self) -> None:
        self._known: OrderedDict[Any, list[Item]] = OrderedDict()

    def get(
        self, asking: Asking, where: str, source: Thing | None, arguments: dict[str, Any]
    ) -> list[Item]:
        """Give the items of a list in order, hidden ones among them."""
        order = order_of(where, arguments)
        given = {name: value for name, value in arguments.items() if name not in PAGING}
        if where == feeds.RANKED:
            given["mark"] = feeds.mark_of(arguments)
        parent = source.row["id"] if source else None
        viewer = asking.rules.viewer if where in OF_THE_VIEWER else None
        key = (where, parent, viewer, repr(given))
        if key not in self._known:
            rows = LISTS[where][1](asking.store, asking.rules, source.row if source else {}, given)
            items = (item(Thing(kind, row), row, extra, order) for kind, row, extra in rows)
            self._known[key] = in_order(items, order)
            if len(self._known) > LISTS_KEPT:
                self._known.popitem(last=False)
        return self._known[key]


@dataclass
class Asking:
    """One viewer's request: what they may see, and a record of what was asked and seen."""

    store: Store
    rules: Rules
    lists: Lists
    # By "Type.field": "yes" for something, "no" for nothing, "hidden" where something was kept from
    # the viewer; "(name)" for each argument that was given.
    outcomes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    hidden: bool = False

    def thing(self, type_name: str, row: Row | None) -> Thing | None:
        """Give a row as an object if the viewer may see it."""
        if row is None:
            return None
        if not self.rules.sees(type_name, row):
            self.hidden = True
            return None
        return Thing(type_name, row)

    def own(self, thing: Thing, column: str) -> Any:
        """Give a value that only the person themself is shown."""
        self.hidden = thing.row["id"] != self.rules.viewer
        return None if self.hidden else thing.row[column]

    def by_key(self, type_name: str, key: UUID | None) -> Thing | None:
        """Give the row of a type with this key if the viewer may see it."""
        return self.thing(type_name, self.store.get(TABLE_OF_TYPE[type_name], key))

    def by_id(self, value: str) -> Thing | None:
        """Give any object by its id."""
        prefix, key = split_id(value)
        type_name = TYPE_OF_PREFIX.get(prefix)
        return None if type_name is None else self.by_key(type_name, key)


def recorded(name: str, resolve: Resolver) -> Resolver:
    def answer(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        asking: Asking = info.context
        asking.hidden = False
        value = resolve(source, asking, **arguments)
        outcomes = asking.outcomes[name]
        outcomes.add("no" if value is None or value is False else "yes")
        if asking.hidden:
            outcomes.add("hidden")
        for node in info.field_nodes:
            outcomes.update(f"({argument.name.value})" for argument in node.arguments or ())
        return value

    return answer


def resolver_of(type_name: str, name: str) -> Resolver:
    """Give the resolver of a field."""
    where = f"{type_name}.{name}"
    if where in SPECIAL:
        return SPECIAL[where]
    if where in LISTS:
        return _list(where)
    if where in FOREIGN_KEYS:
        return _relation(where)
    if type_name.startswith(BEYOND):
        return _beyond
    for ending, resolvers in (("Connection", CONNECTION), ("Edge", EDGE), ("PageInfo", PAGE_INFO)):
        if type_name.endswith(ending):
            return resolvers[name]
    column = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
    if name == "id":
        return lambda thing, _: global_id(thing.type_name, thing.row["id"])
    if where in OF_SELF:
        return lambda thing, asking: spelled(asking.own(thing, column))
    return lambda thing, _: spelled(thing.row[column])


def _beyond(*_: Any) -> Any:
    raise AssertionError(
        "What is ranked has no naive answer; see tests/web/test_discover.py and test_market.py."
    )


def _relation(where: str) -> Resolver:
    key, field_name = FOREIGN_KEYS[where], where.partition(".")[2]
    target = {"author": "Person", "parent": "Comment", "cluster": "SkillCluster"} | {
        "domain": "SkillDomain",
        "reporter": "Person",
        "appellant": "Person",
        "action": "ModerationAction",
    }
    type_name = target.get(field_name, field_name.capitalize())
    return lambda thing, asking: asking.by_key(type_name, thing.row[key])


def _list(where: str) -> Resolver:
    type_name = LISTS[where][0]

    def connection(source: Thing | None, asking: Asking, **arguments: Any) -> Page:
        order = order_of(where, arguments)
        everything = asking.lists.get(asking, where, source, arguments)
        shown = [found for found in everything if asking.rules.sees(*found.node.seen)]
        asking.hidden = len(shown) < len(everything)
        if not shown:
            asking.outcomes[where].add("no")
        page = paged(type_name, shown, order, arguments)
        if where == feeds.RANKED:
            # The count is of the list as it is now, whatever the cursor's mark.
            now = asking.lists.get(asking, where, source, {})
            page = replace(page, total=len(now))
        return page

    return connection


def _node(_: Any, asking: Asking, id: str) -> Thing | None:  # noqa: A002
    return asking.by_id(id)


def _person(_: Any, asking: Asking, id: str) -> Thing | None:  # noqa: A002
    return asking.by_key("Person", key_of(id, "Person"))


def _nodes(_: Any, asking: Asking, ids: list[str]) -> list[Thing | None]:
    return [asking.by_id(value) for value in ids]


def _one_of(type_name: str) -> Resolver:
    def found(
        _: Any,
        asking: Asking,
        slug: str | None = None,
        id: str | None = None,  # noqa: A002
    ) -> Thing | None:
        if id is not None:
            return asking.by_key(type_name, key_of(id, type_name))
        rows = asking.store.rows(TABLE_OF_TYPE[type_name])
        return next((asking.thing(type_name, row) for row in rows if row["slug"] == slug), None)

    return found


def _label(thing: Thing, _: Asking, language: str) -> Any:
    return thing.row["label_nl" if language == "NL" else "label_en"]


def _aliases(thing: Thing, asking: Asking, language: str | None = None) -> list[str]:
    return sorted(
        said["label"]
        for said in asking.store.by("skill_term", "skill_id", thing.row["id"])
        if not said["preferred"] and language in {None, said["language"]}
    )


def _viewer_role(thing: Thing, asking: Asking) -> Any:
    rows = asking.store.by("membership", "person_id", asking.rules.viewer)
    here = [row for row in rows if row["organisation_id"] == thing.row["id"]]
    return next((row["role"] for row in here if row["ended_on"] is None), None)


def _viewer_follow(thing: Thing, asking: Asking) -> Thing | None:
    rows = asking.store.by("follow", "person_id", asking.rules.viewer)
    here = (row for row in rows if row["organisation_id"] == thing.row["id"])
    return asking.thing("OrganisationFollow", next(here, None))


def _viewer_permissions(thing: Thing, asking: Asking) -> list[str]:
    role = None if thing.row["suspended_at"] else _viewer_role(thing, asking)
    return [action.value for action in Action if role and role in PERMISSIONS[action]]


def _html(html: str, source: str) -> Resolver:
    """Give stored HTML, or the text in paragraphs."""

    def answer(thing: Thing, _: Asking) -> str:
        stored: str | None = thing.row[html]
        if stored is not None:
            return stored
        text: str = thing.row[source]
        for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.replace(sign, name)
        inside = re.sub("\n{2,}", "</p><p>", text).replace("\n", "<br>")
        return f"<p>{inside}</p>" if text else ""

    return answer


def _viewer_reaction(thing: Thing, asking: Asking) -> Any:
    rows = asking.store.by("reaction", "post_id", thing.row["id"])
    viewer = asking.rules.viewer
    return next((r["kind"] for r in rows if viewer is not None and r["person_id"] == viewer), None)


def _current_membership(thing: Thing, asking: Asking) -> Thing | None:
    rows = asking.store.by("membership", "person_id", thing.row["id"])
    current = sorted((row for row in rows if row["ended_on"] is None), key=lambda row: row["id"])
    seen = [row for row in current if asking.rules.sees("Membership", row)]
    asking.hidden = len(seen) < len(current)
    return Thing("Membership", seen[-1]) if seen else None


def _excerpt(thing: Thing, _: Asking, length: int) -> Any:
    return thing.row["body"][:length]


def _on_post(purpose: str) -> Resolver:
    def media(thing: Thing, asking: Asking) -> list[Thing]:
        rows = asking.store.by("media", "post_id", thing.row["id"])
        return _in_order("Media", [row for row in rows if row["purpose"] == purpose])

    return media


def _in_order(type_name: str, rows: list[Row]) -> list[Thing]:
    return [Thing(type_name, row) for row in sorted(rows, key=lambda row: row["position"])]


def _blocked(thing: Thing, asking: Asking) -> str:
    row = thing.row
    person = row["person_id"] if row["by_organisation"] else row["blocked_person_id"]
    found = asking.store.get("person", person) or asking.store.get(
        "organisation", row["organisation_id"]
    )
    return "" if found is None else str(found["name"])


def _sign_on_path(thing: Thing, asking: Asking) -> str | None:
    for row in asking.store.by("identity_provider", "organisation_id", thing.row["id"]):
        if row["email_domain"] == thing.row["verified_domain"]:
            return f"/sign-on/{thing.row['slug']}"
    return None


def _identity_provider(thing: Thing, asking: Asking) -> Thing | None:
    rows = asking.store.by("identity_provider", "organisation_id", thing.row["id"])
    return asking.thing("IdentityProvider", rows[0] if rows else None)


def _sign_on_for(_: Any, asking: Asking, email: str) -> Thing | None:
    domain = email.rpartition("@")[2].lower()
    for row in asking.store.rows("identity_provider"):
        place = asking.store.get("organisation", row["organisation_id"])
        if place and row["email_domain"] == place["verified_domain"] == domain:
            return asking.thing("Organisation", place)
    return None


def _second_factors(thing: Thing, asking: Asking) -> list[str] | None:
    person_id = asking.own(thing, "id")
    if person_id is None:
        return None
    apps = asking.store.by("totp_credential", "person_id", person_id)
    if not any(row["confirmed_at"] for row in apps):
        return []
    return ["TOTP", "RECOVERY_CODE"] if _recovery_codes_left(thing, asking) else ["TOTP"]


def _recovery_codes_left(thing: Thing, asking: Asking) -> int | None:
    person_id = asking.own(thing, "id")
    if person_id is None:
        return None
    codes = asking.store.by("recovery_code", "person_id", person_id)
    return sum(row["used_at"] is None for row in codes)


def _suggested(type_name: str) -> Resolver:
    return lambda _, asking: [
        Thing(f"{type_name}Suggestion", row) for row in suggesting.suggested(asking, type_name)
    ]


def _new_in_feed(_: Any, asking: Asking) -> Thing | None:
    row = feeds.new_in_feed(asking)
    return None if row is None else Thing("NewInFeed", row)


SPECIAL: dict[str, Resolver] = {
    "Query.viewer": lambda _, asking: asking.by_key("Person", asking.rules.viewer),
    "Query.node": _node,
    "Query.nodes": _nodes,
    "Query.organisation": _one_of("Organisation"),
    "Query.skill": _one_of("Skill"),
    "Query.person": _person,
    "Query.taxonomy": lambda _, asking: _in_order("SkillDomain", asking.store.rows("skill_domain")),
    "SkillDomain.clusters": lambda thing, asking: _in_order(
        "SkillCluster", asking.store.by("skill_cluster", "domain_id", thing.row["id"])
    ),
    "SkillDomain.label": _label,
    "SkillCluster.label": _label,
    "Skill.label": _label,
    "Skill.aliases": _aliases,
    "Organisation.viewerFollows": lambda thing, asking: asking.rules.is_follower(thing.row["id"]),
    "Block.name": _blocked,
    "Block.isOrganisation": lambda thing, _: (
        thing.row["organisation_id"] is not None and not thing.row["by_organisation"]
    ),
    "Organisation.viewerFollow": _viewer_follow,
    "Organisation.viewerRole": _viewer_role,
    "Organisation.viewerPermissions": _viewer_permissions,
    "Organisation.aboutHtml": _html("about_html", "about"),
    "Post.viewerReaction": _viewer_reaction,
    "Post.bodyHtml": _html("body_html", "body"),
    "Comment.bodyHtml": _html("body_html", "body"),
    "Listing.bodyHtml": _html("body_html", "body"),
    "MatchMessage.bodyHtml": _html("body_html", "body"),
    "Post.excerpt": _excerpt,
    "Post.images": _on_post("IMAGE"),
    "Post.attachments": _on_post("FILE"),
    "Media.url": lambda thing, _: f"/media/{thing.row['storage_key']}",
    "Person.currentMembership": _current_membership,
    **feeds.SPECIAL,
    **suggesting.SPECIAL,
    "Query.suggestedPeople": _suggested("Person"),
    "Query.suggestedOrganisations": _suggested("Organisation"),
    **following.SPECIAL,
    "Organisation.signOnPath": _sign_on_path,
    "Organisation.identityProvider": _identity_provider,
    "Query.signOnFor": _sign_on_for,
    "Person.secondFactors": _second_factors,
    "Person.recoveryCodesLeft": _recovery_codes_left,
    "Query.newInFeed": _new_in_feed,
    # Those of the cast have expired long ago, will in a long time, or are being made.
    "DataExport.url": lambda thing, _: (
        f"/exports/exp_{thing.row['id']}"
        if thing.row["expires_at"] and thing.row["expires_at"] > datetime.now(UTC)
        else None
    ),
    "Session.browser": lambda thing, _: thing.row["user_agent"],
    # Everybody here signs in with a token.
    "Session.isCurrent": lambda _, __: False,
    **publishing.SPECIAL,
    **moderating.SPECIAL,
    **belonging.SPECIAL,
    **notifying.SPECIAL,
    **trading.SPECIAL,
    **looking.SPECIAL,
    **exchanging.SPECIAL,
}


def _edge_cursor(edge: tuple[Page, Item], _: Asking) -> str:
    return edge[0].order.cursor(edge[1].values)


def _end(index: int) -> Resolver:
    def cursor(page: Page, _: Asking) -> str | None:
        return page.order.cursor(page.items[index].values) if page.items else None

    return cursor


CONNECTION: dict[str, Resolver] = {
    "edges": lambda page, _: [(page, found) for found in page.items],
    "nodes": lambda page, _: [found.node for found in page.items],
    "pageInfo": lambda page, _: page,
    "totalCount": lambda page, _: page.total,
}
EDGE: dict[str, Resolver] = {"cursor": _edge_cursor, "node": lambda edge, _: edge[1].node}
PAGE_INFO: dict[str, Resolver] = {
    "hasNextPage": lambda page, _: page.has_next,
    "hasPreviousPage": lambda page, _: page.has_previous,
    "startCursor": _end(0),
    "endCursor": _end(-1),
}
