"""Invitations, requests, domains, partnerships and the audit trail, as loops over rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from resolvers.permissions import PERMISSIONS, Action
from resolvers.wording import texts
from tests.oracle.paging import ID_DOWN, Key, Order
from tests.oracle.store import Row, Store

if TYPE_CHECKING:
    from tests.oracle.cast_writing import Writer
    from tests.oracle.resolving import Asking, Thing
    from tests.oracle.rules import Answer, Rules

Found = Iterable[tuple[str, Row, Mapping[str, Any]]]
NEWEST = Order((ID_DOWN,))
LATEST_PARTNERSHIP = Order((Key("partnership_id", UUID, descending=True),))
LONG_AGO = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
FAR_AWAY = datetime(2090, 1, 1, tzinfo=UTC)
# Organisation, whose address (or one of nobody), role, what became of it.
INVITATIONS: Sequence[tuple[str, str, str, str]] = (
    ("open", "follower", "EDITOR", "PENDING"),
    ("open", "member", "MEMBER", "PENDING"),
    ("open", "author", "ADMIN", "EXPIRED"),
    ("open", "former", "MEMBER", "ACCEPTED"),
    ("open", "nobody", "TALENT_MANAGER", "DECLINED"),
    ("open", "nel", "MEMBER", "REVOKED"),
    ("town", "follower", "MEMBER", "PENDING"),
    ("shut", "follower", "OWNER", "PENDING"),
)
REQUESTS: Sequence[tuple[str, str, str]] = (
    ("open", "stranger", "PENDING"),
    ("open", "follower", "DECLINED"),
    ("open", "author", "ACCEPTED"),
    ("town", "follower", "PENDING"),
    ("shut", "follower", "PENDING"),
    ("echo_1", "member", "PENDING"),
    ("echo_2", "member", "WITHDRAWN"),
    ("zed", "member", "WITHDRAWN"),
)
# Organisation, domain, proof, whether it is proved.
CLAIMS: Sequence[tuple[str, str, str, bool]] = (
    ("town", "town.example", "DNS", True),
    ("town", "mail.town.example", "EMAIL", False),
    ("town", "third.town.example", "DNS", False),
    ("open", "open.example", "DNS", False),
    ("shut", "shut.example", "DNS", True),
)
# Organisation, who did it, what, to what, in detail.
ENTRIES: Sequence[tuple[str, str | None, str, str | None, dict[str, Any]]] = (
    ("town", "author", "POST_EDITED", "post.town_author_network", {}),
    (
        "town",
        "member",
        "MEMBERSHIP_ROLE_CHANGED",
        "person.author",
        {"role": "EDITOR", "old_role": "MEMBER"},
    ),
    ("town", "member", "ORGANISATION_EDITED", "org.town", {"fields": ["name", "about", "other"]}),
    ("town", None, "DOMAIN_VERIFIED", "claim.town_0", {"domain": "town.example"}),
    ("town", "former", "PARTNERSHIP_REQUESTED", "org.accents", {}),
    ("town", "dex", "STRENGTH_DECLARED", "skill", {}),
    ("town", "member", "INVITATION_CREATED", "invitation.town_6", {"role": "MEMBER"}),
    ("town", "author", "COMMENT_DELETED", "comment.town_author_followers_0", {}),
    ("open", "pat", "PERSON_BLOCKED", "person.same_2", {}),
    ("open", "pat", "MEMBERSHIP_BEGAN", "person.nel", {"role": "TALENT_MANAGER"}),
    ("shut", "insider", "LOGO_SET", None, {}),
    ("town", "member", "LISTING_OPENED", "listing.town_public", {}),
    ("town", None, "LISTING_ENDED", "listing.town_draft", {}),
    ("open", "pat", "LISTING_ENDED", "listing.open_closed", {}),
)


async def add_belonging(writer: Writer, skills: list[UUID]) -> None:
    """Add these rows to the cast."""
    cast = writer.cast
    moment = LONG_AGO
    await writer.insert(
        "invitation",
        [
            {
                "id": writer.key(f"invitation.{place}_{number}", moment + timedelta(days=number)),
                "organisation_id": cast[f"org.{place}"],
                "email": f"{name.upper()}@oracle.example",
                "role": role,
                "invited_by_id": cast[f"person.{('pat', 'dex', 'nel')[number % 3]}"],
                "secret_hash": f"oracle {number}".encode(),
                "expires_at": LONG_AGO if status == "EXPIRED" else FAR_AWAY,
                "answered_at": moment if status in {"ACCEPTED", "DECLINED"} else None,
                "accepted": {"ACCEPTED": True, "DECLINED": False}.get(status),
                "revoked_at": moment if status == "REVOKED" else None,
                "created_at": moment,
            }
            for number, (place, name, role, status) in enumerate(INVITATIONS)
        ],
    )
    await writer.insert(
        "join_request",
        [
            {
                "id": writer.key(f"request.{place}_{name}", moment + timedelta(days=number)),
                "organisation_id": cast[f"org.{place}"],
                "person_id": cast[f"person.{name}"],
                "message": "" if number % 2 else 'Let me "in"\nplease',
                "outcome": outcome,
                "decided_at": None if outcome == "PENDING" else moment,
                "created_at": moment,
            }
            for number, (place, name, outcome) in enumerate(REQUESTS)
        ],
    )
    await writer.insert(
        "domain_claim",
        [
            {
                "id": writer.key(f"claim.{place}_{number}", moment + timedelta(days=number)),
                "organisation_id": cast[f"org.{place}"],
                "domain": domain,
                "proof": proof,
                "token": f"token{number}",
                "checked_at": moment if number % 2 else None,
                "verified_at": moment if proved else None,
                "created_at": moment,
            }
            for number, (place, domain, proof, proved) in enumerate(CLAIMS)
        ],
    )
    await writer.insert(
        "audit_entry",
        [
            {
                "id": writer.key(f"audit.{place}_{number}", moment + timedelta(days=number)),
                "organisation_id": cast[f"org.{place}"],
                "actor_id": None if actor is None else cast[f"person.{actor}"],
                "action": action,
                "subject_id": skills[0]
                if subject == "skill"
                else None
                if subject is None
                else cast[subject],
                "details": json.dumps(details),
                "created_at": moment,
            }
            for number, (place, actor, action, subject, details) in enumerate(ENTRIES)
        ],
    )


# Who sees what.


def _permits(rules: Rules, action: Action, organisation_id: UUID) -> bool:
    return any(
        row["role"] in PERMISSIONS[action] and row["organisation_id"] == organisation_id
        for row in rules.store.by("membership", "person_id", rules.viewer)
        if row["ended_on"] is None
    )


def _invitation(rules: Rules, row: Row) -> Answer:
    person = rules.store.get("person", rules.viewer)
    is_own = (
        person is not None
        and person["email_verified_at"] is not None
        and person["email"].lower() == row["email"].lower()
    )
    if is_own:
        return "one's own", True
    return "of one's organisation", _permits(rules, Action.INVITE, row["organisation_id"])


def _request(rules: Rules, row: Row) -> Answer:
    if row["person_id"] == rules.viewer:
        return "one's own", True
    return "of one's organisation", _permits(rules, Action.INVITE, row["organisation_id"])


def _claim(rules: Rules, row: Row) -> Answer:
    return "by role", _permits(rules, Action.VERIFY_DOMAIN, row["organisation_id"])


def _entry(rules: Rules, row: Row) -> Answer:
    return "by role", _permits(rules, Action.READ_AUDIT, row["organisation_id"])


def _partnership(rules: Rules, row: Row) -> Answer:
    return "of either", any(rules.is_member(row[f"{side}_id"]) for side in SIDES)


SIDES = ("requester", "addressee")
WITHIN_ORGANISATION: Mapping[str, Callable[[Rules, Row], Answer]] = {
    "Invitation": _invitation,
    "JoinRequest": _request,
    "DomainClaim": _claim,
    "AuditEntry": _entry,
}


def _within(rule: Callable[[Rules, Row], Answer]) -> Callable[[Rules, Row], Answer]:
    """Give the rule of what is seen within its organisation."""

    def answer(rules: Rules, row: Row) -> Answer:
        around = rules.store.get("organisation", row["organisation_id"])
        if not rules.sees("Organisation", around):
            return "within a hidden organisation", False
        return rule(rules, row)

    return answer


RULES: Mapping[str, Callable[[Rules, Row], Answer]] = {
    **{name: _within(rule) for name, rule in WITHIN_ORGANISATION.items()},
    "Partnership": _partnership,
}
BRANCHES = {
    *((f"{name}: within a hidden organisation", False) for name in WITHIN_ORGANISATION),
    *((f"{name}: one's own", True) for name in ("Invitation", "JoinRequest")),
    *(
        (f"{name}: of one's organisation", seen)
        for name in ("Invitation", "JoinRequest")
        for seen in (True, False)
    ),
    *(
        (f"{name}: by role", seen)
        for name in ("DomainClaim", "AuditEntry")
        for seen in (True, False)
    ),
    ("Partnership: of either", True),
    ("Partnership: of either", False),
}


# Lists.


def _is_open(row: Row) -> bool:
    return _status(row) == "PENDING"


def _status(row: Row) -> str:
    if row["answered_at"] is not None:
        return "ACCEPTED" if row["accepted"] else "DECLINED"
    if row["revoked_at"] is not None:
        return "REVOKED"
    return "EXPIRED" if row["expires_at"] <= datetime.now(UTC) else "PENDING"


def _invitations(store: Store, _: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
    for row in store.by("invitation", "organisation_id", parent["id"]):
        if given.get("pending") in {None, _is_open(row)}:
            yield "Invitation", row, {}


def _own_invitations(store: Store, rules: Rules, parent: Row, _: Mapping[str, Any]) -> Found:
    for row in store.rows("invitation"):
        is_own = parent["id"] == rules.viewer and row["email"].lower() == parent["email"].lower()
        if is_own and _is_open(row):
            yield "Invitation", row, {}


def _chosen(
    type_name: str, table: str, column: str, argument: str
) -> Callable[[Store, Rules, Row, Mapping[str, Any]], Found]:
    """Give the list of an organisation's rows with one of the values of an argument."""

    def found(store: Store, _: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
        wanted = given.get(argument)
        for row in store.by(table, "organisation_id", parent["id"]):
            if wanted is None or row[column] in wanted:
                yield type_name, row, {}

    return found


def _own_requests(store: Store, rules: Rules, parent: Row, _: Mapping[str, Any]) -> Found:
    for row in store.by("join_request", "person_id", parent["id"]):
        if parent["id"] == rules.viewer:
            yield "JoinRequest", row, {}


def _claims(store: Store, _: Rules, parent: Row, __: Mapping[str, Any]) -> Found:
    for row in store.by("domain_claim", "organisation_id", parent["id"]):
        yield "DomainClaim", row, {}


def _partnerships(store: Store, _: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
    wanted = given.get("statuses")
    for row in store.rows("partnership"):
        is_of = parent["id"] in {row["requester_id"], row["addressee_id"]}
        if is_of and (wanted is None or row["status"] in wanted):
            yield "Partnership", row, {}


def _partners(store: Store, _: Rules, parent: Row, __: Mapping[str, Any]) -> Found:
    for row in store.rows("partnership"):
        pair = [row["requester_id"], row["addressee_id"]]
        if row["status"] == "ACTIVE" and parent["id"] in pair:
            pair.remove(parent["id"])
            yield (
                "Organisation",
                store.tables["organisation"][pair[0]],
                {"partnership_id": row["id"]},
            )


LISTS: Mapping[str, tuple[str, Callable[..., Found], Order]] = {
    "Organisation.invitations": ("Invitation", _invitations, NEWEST),
    "Organisation.joinRequests": (
        "JoinRequest",
        _chosen("JoinRequest", "join_request", "outcome", "outcomes"),
        NEWEST,
    ),
    "Organisation.domainClaims": ("DomainClaim", _claims, NEWEST),
    "Organisation.partners": ("Organisation", _partners, LATEST_PARTNERSHIP),
    "Organisation.partnerships": ("Partnership", _partnerships, NEWEST),
    "Organisation.auditTrail": (
        "AuditEntry",
        _chosen("AuditEntry", "audit_entry", "action", "actions"),
        NEWEST,
    ),
    "Person.invitations": ("Invitation", _own_invitations, NEWEST),
    "Person.joinRequests": ("JoinRequest", _own_requests, NEWEST),
}
# Whose rows depend on who asks, beyond what that viewer may see.
OF_THE_VIEWER = {"Person.invitations", "Person.joinRequests"}
FOREIGN_KEYS = {
    f"{name}.organisation": "organisation_id"
    for name in ("Invitation", "JoinRequest", "DomainClaim", "AuditEntry")
} | {"JoinRequest.person": "person_id"}


# Fields.


def _viewer_request(thing: Thing, asking: Asking) -> Thing | None:
    rows = asking.store.by("join_request", "person_id", asking.rules.viewer)
    here = (row for row in rows if row["organisation_id"] == thing.row["id"])
    return asking.thing(
        "JoinRequest", next((row for row in here if row["outcome"] == "PENDING"), None)
    )


def _person_name(thing: Thing, asking: Asking) -> str:
    name: str = asking.store.tables["person"][thing.row["person_id"]]["name"]
    return name


def _by_dns(text: Callable[[Row], str]) -> Callable[[Thing, Asking], str | None]:
    return lambda thing, _: text(thing.row) if thing.row["proof"] == "DNS" else None


SUBJECTS = {
    "Person": ("person", "name"),
    "Organisation": ("organisation", "name"),
    "Invitation": ("invitation", "email"),
    "Skill": ("skill", "label"),
    "Post": ("post", None),
    "Listing": ("listing", "title"),
    "Comment": ("comment", None),
}


def _subject(thing: Thing, asking: Asking) -> Thing | None:
    for type_name, (table, _) in SUBJECTS.items():
        row = asking.store.get(table, thing.row["subject_id"])
        if row is not None:
            return asking.thing(type_name, row)
    return None


def _called(store: Store, key: UUID | None, language: str) -> str | None:
    """Give what the subject of an entry is called."""
    for table, column in SUBJECTS.values():
        row = store.get(table, key)
        if row is not None and column is not None:
            name: str = row[f"label_{language}" if column == "label" else column]
            return name
    return None


def _text(thing: Thing, asking: Asking, language: str) -> str:
    row, language = thing.row, language.lower()
    details = json.loads(row["details"])

    def word(name: str) -> str:
        return texts()[f"audit.{name}"][language]

    def field(name: str) -> str:
        found = texts().get(f"audit.field_{name}")
        return name if found is None else found[language]

    actor = asking.store.get("person", row["actor_id"])
    subject = _called(asking.store, row["subject_id"], language)
    values = {
        "role": word(f"role_{details['role']}") if "role" in details else "",
        "old_role": word(f"role_{details['old_role']}") if "old_role" in details else "",
        "fields": ", ".join(field(name) for name in details.get("fields", [])),
        "domain": details.get("domain", ""),
        "subject": word("somebody") if subject is None else subject,
        "actor": word("somebody") if actor is None else actor["name"],
    }
    sentence = word(row["action"])
    for name, value in values.items():
        sentence = sentence.replace(f"{{{name}}}", value)
    return sentence


def _organisation_of(side: str) -> Callable[[Thing, Asking], Thing | None]:
    return lambda thing, asking: asking.by_key("Organisation", thing.row[f"{side}_id"])


SPECIAL: Mapping[str, Callable[..., Any]] = {
    "Invitation.status": lambda thing, _: _status(thing.row),
    "Invitation.invitedBy": lambda thing, asking: asking.by_key(
        "Person", thing.row["invited_by_id"]
    ),
    "JoinRequest.personName": _person_name,
    "Organisation.viewerJoinRequest": _viewer_request,
    "DomainClaim.recordName": _by_dns(lambda row: f"_talent-commons.{row['domain']}"),
    "DomainClaim.recordValue": _by_dns(lambda row: f"talent-commons-verification={row['token']}"),
    "AuditEntry.actor": lambda thing, asking: asking.by_key("Person", thing.row["actor_id"]),
    "AuditEntry.subject": _subject,
    "AuditEntry.text": _text,
    **{f"Partnership.{side}": _organisation_of(side) for side in SIDES},
}
