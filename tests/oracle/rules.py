"""Who may see what, in plain words over rows in memory; counts which rule answered what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

from tests.oracle import belonging, exchanging, moderating, notifying, trading
from tests.oracle.store import Row, Store

Answer = tuple[str, bool]
# The type of each table; what is not here is public.
TYPE_OF_TABLE = {
    "organisation": "Organisation",
    "organisation_strength": "OrganisationStrength",
    "person": "Person",
    "membership": "Membership",
    "invitation": "Invitation",
    "join_request": "JoinRequest",
    "domain_claim": "DomainClaim",
    "partnership": "Partnership",
    "audit_entry": "AuditEntry",
    "person_skill": "PersonSkill",
    "follow": "OrganisationFollow",
    "block": "Block",
    "report": "Report",
    "moderation_action": "ModerationAction",
    "appeal": "Appeal",
    "post": "Post",
    "comment": "Comment",
    "reaction": "Reaction",
    "post_revision": "PostRevision",
    "post_draft": "PostDraft",
    "mention": "Mention",
    "media": "Media",
    "person_follow": "PersonFollow",
    "skill_follow": "SkillFollow",
    "mute": "Mute",
    "notification": "Notification",
    "saved_search": "SavedSearch",
    "market_search": "MarketSearch",
    "session": "Session",
    "access_token": "AccessToken",
    "data_export": "DataExport",
    "passkey": "Passkey",
    "identity_provider": "IdentityProvider",
    "skill": "Skill",
    "skill_cluster": "SkillCluster",
    "skill_domain": "SkillDomain",
    "place": "Place",
    "listing": "Listing",
    "listing_skill": "ListingSkill",
    "listing_step": "ListingStep",
    "listing_look": "ListingLooker",
    "listing_match": "Match",
    "match_request": "MatchRequest",
    "match_message": "MatchMessage",
    "exchange": "Exchange",
    "agreement_version": "AgreementVersion",
    "agreement_signature": "AgreementSignature",
    "exchange_person": "ExchangePerson",
    "exchange_line": "ExchangeLine",
    "exchange_hours": "ExchangeHours",
    "exchange_receipt": "ExchangeReceipt",
    "raised_skill": "RaisedSkill",
    "skill_evidence": "SkillProof",
    "endorsement": "Endorsement",
}
TABLE_OF_TYPE = {type_name: table for table, type_name in TYPE_OF_TABLE.items()} | {
    # Further types of the same rows.
    "ModerationCase": "report",
    "ModerationLogEntry": "moderation_action",
}
# What belongs to one person alone, with what must be visible too.
OWNED = {
    "PersonFollow": ("person", "followed_id"),
    "SkillFollow": None,
    "Mute": None,
    "SavedSearch": None,
    "MarketSearch": None,
}
# Whose rule decides about rows that have none of their own.
WITHIN = {
    "Reaction": ("post", "post_id"),
    "PostRevision": ("post", "post_id"),
    "PersonSkill": ("person", "person_id"),
    "OrganisationStrength": ("organisation", "organisation_id"),
    "ListingSkill": ("listing", "listing_id"),
    "MatchMessage": ("match_request", "match_request_id"),
    **dict.fromkeys(exchanging.PARTS, ("exchange", "exchange_id")),
}
# Rules that are written elsewhere.
ELSEWHERE: Mapping[str, Callable[[Rules, Row], Answer]] = {
    **moderating.RULES,
    **belonging.RULES,
    **trading.RULES,
    **exchanging.RULES,
    "Notification": notifying.rule,
}


class Rules:
    """What one viewer may see; `viewer` is None for a visitor."""

    def __init__(self, store: Store, viewer: UUID | None) -> None:
        self.store = store
        self.viewer = viewer
        self.asked: Counter[Answer] = Counter()
        self._known: dict[tuple[str, UUID], bool] = {}
        self.unmet = set(self._blocked())
        person = store.get("person", viewer)
        self.is_moderator = (
            person is not None and person["is_moderator"] and person["suspended_at"] is None
        )

    def is_member(self, organisation_id: UUID) -> bool:
        """Tell whether the viewer works there now."""
        return self.viewer is not None and (
            (self.viewer, organisation_id) in self.store.current_members
        )

    def manages(self, organisation_id: UUID) -> bool:
        """Tell whether the viewer is an owner or administrator there now."""
        return any(
            row["role"] in {"OWNER", "ADMIN"} and row["organisation_id"] == organisation_id
            for row in self.store.by("membership", "person_id", self.viewer)
            if row["ended_on"] is None
        )

    def owns(self, organisation_id: UUID | None) -> bool:
        """Tell whether the viewer is an owner there now."""
        return any(
            row["role"] == "OWNER" and row["organisation_id"] == organisation_id
            for row in self.store.by("membership", "person_id", self.viewer)
            if row["ended_on"] is None
        )

    def is_follower(self, organisation_id: UUID) -> bool:
        """Tell whether the viewer follows it."""
        return self.viewer is not None and (self.viewer, organisation_id) in self.store.follows

    def is_partner(self, organisation_id: UUID) -> bool:
        """Tell whether the viewer works at a partner of it now."""
        return any(
            self.is_member(one) for one, other in self.store.partners if other == organisation_id
        )

    def may_meet(self, key: UUID) -> bool:
        """Tell whether no block stands between the viewer and a person or an organisation."""
        return key not in self.unmet

    def is_colleague(self, person_id: UUID) -> bool:
        """Tell whether the viewer and the person both work somewhere now."""
        return any(
            row["ended_on"] is None and self.is_member(row["organisation_id"])
            for row in self.store.by("membership", "person_id", person_id)
        )

    def sees(self, type_name: str, row: Row | None) -> bool:
        """Tell whether the viewer may see a row, whatever the path to it."""
        if row is None:
            return False
        known = self._known.get((type_name, row["id"]))
        if known is None:
            branch, known = self._answer(type_name, row)
            self.asked[f"{type_name}: {branch}", known] += 1
            self._known[type_name, row["id"]] = known
        return known

    def _blocked(self) -> Iterator[UUID]:
        """Give whom the viewer does not meet: whoever asked for the block, nobody sees anybody."""
        if self.viewer is None:
            return
        for row in self.store.rows("block"):
            person, other = row["person_id"], row["blocked_person_id"]
            if person == self.viewer:
                yield other or row["organisation_id"]
            elif other == self.viewer or (other is None and self.is_member(row["organisation_id"])):
                yield person

    def _sees(self, table: str, key: UUID) -> bool:
        return self.sees(TYPE_OF_TABLE[table], self.store.get(table, key))

    def _answer(self, type_name: str, row: Row) -> Answer:
        own = {
            "Organisation": self._organisation,
            "Person": self._person,
            "Post": self._post,
            "Comment": self._comment,
            "OrganisationFollow": self._follow,
            "Block": self._block,
            "Membership": self._membership,
            "Media": self._media,
            "Session": self._owned,
            "AccessToken": self._owned,
            "DataExport": self._owned,
            "Passkey": self._owned,
            "IdentityProvider": self._provider,
            "Mention": self._mention,
            "PostDraft": self._draft,
        }
        if type_name in own:
            return self._widened(type_name, row, own[type_name](row))
        if type_name in ELSEWHERE:
            return ELSEWHERE[type_name](self, row)
        if type_name in OWNED:
            target = OWNED[type_name]
            if row["person_id"] != self.viewer:
                return "of somebody else", False
            return "one's own", target is None or self._sees(target[0], row[target[1]])
        if type_name in WITHIN:
            table, column = WITHIN[type_name]
            return f"within its {table}", self._sees(table, row[column])
        return "public", True

    def _widened(self, type_name: str, row: Row, answer: Answer) -> Answer:
        """Give the answer, or a yes for moderators who must be able to look at it."""
        if answer[1] or not self.is_moderator:
            return answer
        concerned = (
            type_name == "Organisation"
            or (
                type_name == "Person"
                and row["deactivated_at"] is None
                and moderating.person_concerns(self.store, row)
            )
            or (type_name == "Post" and moderating.post_concerns(self.store, row))
            or (
                type_name == "Comment"
                and self._sees("post", row["post_id"])
                and moderating.comment_concerns(self.store, row)
            )
        )
        return ("for moderators", True) if concerned else answer

    def _media(self, row: Row) -> Answer:
        if row["post_id"] is not None:
            return "on a post", self._sees("post", row["post_id"])
        if row["match_message_id"] is not None:
            return "on a message", self._sees("match_message", row["match_message_id"])
        if row["organisation_id"] is not None or row["person_id"] is not None:
            return "a logo, banner or portrait", True
        return "unused", self.viewer is not None and row["uploaded_by_id"] == self.viewer

    def _mention(self, row: Row) -> Answer:
        if row["comment_id"] is not None:
            return "in a comment", self._sees("comment", row["comment_id"])
        return "in a post", self._sees("post", row["post_id"])

    def _draft(self, row: Row) -> Answer:
        if not self._sees("organisation", row["organisation_id"]):
            return "of a hidden organisation", False
        roles = (
            membership["role"]
            for membership in self.store.by("membership", "person_id", self.viewer)
            if membership["organisation_id"] == row["organisation_id"]
            and membership["ended_on"] is None
        )
        role = next(roles, None)
        if role is None:
            return "of another organisation", False
        return "of one's organisation", role != "MEMBER"

    def _membership(self, row: Row) -> Answer:
        person = self._sees("person", row["person_id"])
        organisation = self._sees("organisation", row["organisation_id"])
        if person and not organisation:
            return "within a hidden organisation", False
        return "within its person", person and organisation

    def _follow(self, row: Row) -> Answer:
        if row["person_id"] != self.viewer:
            return "somebody else's", False
        return "one's own", self._sees("organisation", row["organisation_id"])

    def _block(self, row: Row) -> Answer:
        if row["by_organisation"]:
            return "an organisation's", self.manages(row["organisation_id"])
        return "a person's", row["person_id"] == self.viewer

    def _comment(self, row: Row) -> Answer:
        if not self._sees("post", row["post_id"]):
            return "within its post", False
        if not self.may_meet(row["author_id"]):
            return "by somebody blocked", False
        if row["hidden_at"] is not None:
            return "hidden by moderators", row["author_id"] == self.viewer
        return "within its post", True

    def _provider(self, row: Row) -> Answer:
        return "by its owners", any(
            held["role"] == "OWNER" and held["organisation_id"] == row["organisation_id"]
            for held in self.store.by("membership", "person_id", self.viewer)
            if held["ended_on"] is None
        )

    def _owned(self, row: Row) -> Answer:
        return "one's own", self.viewer is not None and row["person_id"] == self.viewer

    def _organisation(self, row: Row) -> Answer:
        if not self.may_meet(row["id"]):
            return "blocked", False
        if row["suspended_at"] is None:
            return "in good standing", True
        return "suspended", self.is_member(row["id"])

    def _person(self, row: Row) -> Answer:
        if row["deactivated_at"] is not None:
            return "deactivated", False
        if row["suspended_at"] is not None:
            return "suspended", row["id"] == self.viewer
        if not self.may_meet(row["id"]):
            return "blocked", False
        if row["id"] == self.viewer:
            return "oneself", True
        visibility = row["visibility"]
        if visibility == "NETWORK":
            return visibility, self.viewer is not None
        if visibility == "COLLEAGUES":
            return visibility, self.is_colleague(row["id"])
        assert visibility == "PUBLIC"
        return visibility, True

    def _post(self, row: Row) -> Answer:
        audience, organisation_id = row["audience"], row["organisation_id"]
        member, follower = self.is_member(organisation_id), self.is_follower(organisation_id)
        partner = self.is_partner(organisation_id)
        intended = {
            "PUBLIC": True,
            "NETWORK": self.viewer is not None,
            "FOLLOWERS": member or follower,
            "PARTNERS": member or partner,
            "ORGANISATION": member,
        }[audience]
        if not self._sees("organisation", organisation_id):
            return f"{audience} of a hidden organisation", False
        if intended and not self.may_meet(row["author_id"]):
            return "by somebody blocked", False
        if intended and row["hidden_at"] is not None:
            return "hidden by moderators", row["author_id"] == self.viewer
        if audience == "FOLLOWERS" and intended:
            return f"{audience}, {'member' if member else 'follower'}", True
        if audience == "PARTNERS" and intended:
            return f"{audience}, {'member' if member else 'partner'}", True
        return audience, intended
