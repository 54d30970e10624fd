"""Names for the rows of a world: what `<<org.open>>` in a document stands for."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any
from uuid import UUID

from tests.oracle.cast_writing import Cast
from tests.oracle.documents.cases import Case
from tests.oracle.documents.connections import MODERATED, PATHS, cursor_query
from tests.oracle.graph import Oracle
from tests.oracle.running import Request
from tests.oracle.store import Store
from tests.oracle.values import PREFIXES, global_id

KINDS = {
    "org": "Organisation",
    "strength": "OrganisationStrength",
    "person": "Person",
    "membership": "Membership",
    "invitation": "Invitation",
    "request": "JoinRequest",
    "claim": "DomainClaim",
    "partnership": "Partnership",
    "audit": "AuditEntry",
    "skill": "PersonSkill",
    "follow": "OrganisationFollow",
    "block": "Block",
    "report": "Report",
    "case": "ModerationCase",
    "action": "ModerationAction",
    "line": "ModerationLogEntry",
    "appeal": "Appeal",
    "post": "Post",
    "comment": "Comment",
    "reaction": "Reaction",
    "revision": "PostRevision",
    "draft": "PostDraft",
    "mention": "Mention",
    "media": "Media",
    "person_follow": "PersonFollow",
    "skill_follow": "SkillFollow",
    "mute": "Mute",
    "notification": "Notification",
    "saved_search": "SavedSearch",
    "market_search": "MarketSearch",
    "session": "Session",
    "token": "AccessToken",
    "export": "DataExport",
    "passkey": "Passkey",
    "provider": "IdentityProvider",
    "place": "Place",
    "listing": "Listing",
    "listing_skill": "ListingSkill",
    "step": "ListingStep",
    "look": "ListingLooker",
    "match": "Match",
    "match_request": "MatchRequest",
    "message": "MatchMessage",
    "exchange": "Exchange",
    "version": "AgreementVersion",
    "signature": "AgreementSignature",
    "going": "ExchangePerson",
    "xline": "ExchangeLine",
    "hours": "ExchangeHours",
    "receipt": "ExchangeReceipt",
    "raised": "RaisedSkill",
    "proof": "SkillProof",
    "endorsement": "Endorsement",
}
TOKEN = re.compile(r"<<([^<>]+)>>")
CURSOR = re.compile(r"cursor (.+)\|(-?\d+)")


class Names:
    """The ids and cursors of one world by name."""

    def __init__(self, oracle: Oracle, cast: Cast, reader: UUID) -> None:
        self.oracle = oracle
        self.reader = reader
        self.moderator = cast["person.mod"]
        self.values = _names(oracle.store, cast)
        self._cursors: dict[str, list[str]] = {}

    def request(self, case: Case) -> Request:
        """Give a fixed document with the ids of this world."""
        text = TOKEN.sub(lambda found: json.dumps(self.value(found[1])), case.text)
        return Request(text, self._filled(case.variables), case.operation_name)

    def value(self, name: str) -> str:
        """Give the id or cursor of this name."""
        cursor = CURSOR.fullmatch(name)
        if cursor is None:
            return self.values[name]
        cursors = self.cursors(cursor[1])
        return cursors[max(-1, min(int(cursor[2]), len(cursors) - 1))]

    def cursors(self, place: str) -> list[str]:
        """Give the cursors of a list as the reader sees it."""
        if place not in self._cursors:
            request = self.request(Case(place, cursor_query(PATHS[place])))
            reader = self.moderator if place in MODERATED else self.reader
            answer = self.oracle.answer(request.text, viewer=reader)
            self._cursors[place] = [edge["cursor"] for edge in _edges(answer.data)]
            assert self._cursors[place], f"nothing in {place}"
        return self._cursors[place]

    def cursors_by_field(self) -> dict[str, list[str]]:
        """Give some cursors of each connection field, in its first order mostly."""
        found: dict[str, list[str]] = {}
        for place, path in PATHS.items():
            listed = re.search(r"list: (\w+)", path)
            type_name = re.search(r"\.\.\. on (\w+)", path)
            assert listed is not None
            parent = (
                type_name[1] if type_name else "Skill" if path.startswith("skill(") else "Query"
            )
            cursors = found.setdefault(f"{parent}.{listed[1]}", [])
            cursors += self.cursors(place)[: 2 if cursors else 12]
        return found

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner) for inner in value]
        token = TOKEN.fullmatch(value) if isinstance(value, str) else None
        return value if token is None else self.value(token[1])


def _edges(data: Any) -> list[Any]:
    if "edges" in data:
        found: list[Any] = data["edges"]
        return found
    return _edges(next(iter(data.values())))


def _names(store: Store, cast: Cast) -> dict[str, str]:
    names = {
        name: global_id(KINDS[name.partition(".")[0]], key)
        for name, key in cast.keys.items()
        if name.partition(".")[0] in KINDS
    }
    names |= {f"key.{name}": str(key) for name, key in cast.keys.items()}
    none = UUID("00000000-0000-7000-8000-000000000000")
    names |= {f"missing.{prefix}": f"{prefix}_{none}" for prefix in PREFIXES.values()}
    names["wrong.org"] = f"org_{cast['person.pat']}"
    names["capitals.pat"] = f"per_{str(cast['person.pat']).upper()}"
    by_label = sorted(store.rows("skill"), key=lambda row: (row["label_en"], row["id"]))
    for index, row in enumerate(by_label[:10]):
        names[f"skl.{index}"] = global_id("Skill", row["id"])
        names[f"slug.skl.{index}"] = row["slug"]
    for prefix, table in (("scl", "skill_cluster"), ("sdm", "skill_domain")):
        rows = sorted(store.rows(table), key=lambda row: row["slug"])
        type_name = "SkillCluster" if prefix == "scl" else "SkillDomain"
        for index, row in enumerate(rows[:5]):
            names[f"{prefix}.{index}"] = global_id(type_name, row["id"])
    broader = [r for r in store.rows("skill_relation") if r["kind"] == "BROADER"]
    related = [r for r in store.rows("skill_relation") if r["kind"] == "RELATED"]
    ends = [row[end] for row in related for end in ("source_id", "target_id")]
    most = {
        "skl.held": [row["skill_id"] for row in store.rows("person_skill")],
        "skl.declared": [row["skill_id"] for row in store.rows("organisation_strength")],
        "skl.broad": [row["target_id"] for row in broader],
        "skl.narrow": [row["source_id"] for row in broader],
        "skl.related": ends,
        "skl.posted": [row["skill_id"] for row in store.rows("post_skill")],
        "skl.followed": [row["skill_id"] for row in store.rows("skill_follow")],
        "skl.listed": [row["skill_id"] for row in store.rows("listing_skill")],
        "scl.large": [row["cluster_id"] for row in store.rows("skill")],
        "person.busy": [row["author_id"] for row in store.rows("post")],
    }
    types = {"skl": "Skill", "scl": "SkillCluster", "person": "Person"}
    for name, keys in most.items():
        [(key, _)] = Counter(sorted(keys)).most_common(1)
        names[name] = global_id(types[name.partition(".")[0]], key)
    return names
