"""Who did what in an organisation's name: what there is to note, and reading it back as sentences.

A sentence is in `texts/audit.toml` under the name of its action. It may name {actor}, {subject},
{role}, {old_role}, {fields} and {domain}; Postgres fills them in when the trail is read, so that
people are called what they are called now, and nobody once they are erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, func, literal, union_all
from sqlmodel import col, select

from db.tables.listings import Listing
from db.tables.moderation import AuditEntry
from db.tables.organisations import Invitation, Organisation
from db.tables.people import Locale, Person, Role
from db.tables.posts import Comment, Post
from db.tables.skills import Skill
from resolvers.organisations import permits
from resolvers.permissions import Action
from resolvers.rows import Row, Viewer
from resolvers.wording import say, texts


class AuditAction(StrEnum):
    """What is noted: the object first, then what became of it."""

    ORGANISATION_CREATED = "ORGANISATION_CREATED"
    ORGANISATION_EDITED = "ORGANISATION_EDITED"
    ORGANISATION_HANDED_OVER = "ORGANISATION_HANDED_OVER"
    LOGO_SET = "LOGO_SET"
    BANNER_SET = "BANNER_SET"
    STRENGTH_DECLARED = "STRENGTH_DECLARED"
    STRENGTH_EDITED = "STRENGTH_EDITED"
    STRENGTH_WITHDRAWN = "STRENGTH_WITHDRAWN"
    MEMBERSHIP_BEGAN = "MEMBERSHIP_BEGAN"
    MEMBERSHIP_ROLE_CHANGED = "MEMBERSHIP_ROLE_CHANGED"
    MEMBERSHIP_ENDED = "MEMBERSHIP_ENDED"
    MEMBERSHIP_LEFT = "MEMBERSHIP_LEFT"
    INVITATION_CREATED = "INVITATION_CREATED"
    INVITATION_ACCEPTED = "INVITATION_ACCEPTED"
    INVITATION_DECLINED = "INVITATION_DECLINED"
    INVITATION_REVOKED = "INVITATION_REVOKED"
    JOIN_REQUEST_CREATED = "JOIN_REQUEST_CREATED"
    JOIN_REQUEST_WITHDRAWN = "JOIN_REQUEST_WITHDRAWN"
    JOIN_REQUEST_ACCEPTED = "JOIN_REQUEST_ACCEPTED"
    JOIN_REQUEST_DECLINED = "JOIN_REQUEST_DECLINED"
    DOMAIN_CLAIMED = "DOMAIN_CLAIMED"
    DOMAIN_VERIFIED = "DOMAIN_VERIFIED"
    DOMAIN_RELEASED = "DOMAIN_RELEASED"
    SIGN_ON_SET = "SIGN_ON_SET"
    SIGN_ON_REMOVED = "SIGN_ON_REMOVED"
    PARTNERSHIP_REQUESTED = "PARTNERSHIP_REQUESTED"
    PARTNERSHIP_ACCEPTED = "PARTNERSHIP_ACCEPTED"
    PARTNERSHIP_DECLINED = "PARTNERSHIP_DECLINED"
    PARTNERSHIP_ENDED = "PARTNERSHIP_ENDED"
    LISTING_OPENED = "LISTING_OPENED"
    LISTING_ENDED = "LISTING_ENDED"
    POST_EDITED = "POST_EDITED"
    POST_DELETED = "POST_DELETED"
    POST_PINNED = "POST_PINNED"
    COMMENT_DELETED = "COMMENT_DELETED"
    ANSWER_CHOSEN = "ANSWER_CHOSEN"
    PERSON_BLOCKED = "PERSON_BLOCKED"
    PERSON_UNBLOCKED = "PERSON_UNBLOCKED"
    MODERATION_HIDDEN = "MODERATION_HIDDEN"
    MODERATION_WARNED = "MODERATION_WARNED"
    MODERATION_SUSPENDED = "MODERATION_SUSPENDED"
    MODERATION_RESTORED = "MODERATION_RESTORED"
    ORGANISATION_CLOSED = "ORGANISATION_CLOSED"


# What the names of columns are called in sentences.
FIELDS = (
    *("name", "kind", "sector", "size_band", "about", "website", "location"),
    *("further_sectors", "further_locations"),
)


def visible(entry: Row, viewer: Viewer) -> ColumnElement[bool]:
    """The trail is read by those whose role permits it."""
    return permits(Action.READ_AUDIT, entry.organisation_id, viewer)


def trail(organisation: Row, actions: Any) -> Any:
    """Give what was done in an organisation's name; `actions` restricts to some."""
    statement = select(AuditEntry).where(col(AuditEntry.organisation_id) == organisation.id)
    if actions is not None:
        statement = statement.where(col(AuditEntry.action) == func.any(actions))
    return statement


def actor(entry: Row) -> Any:
    """Give who did it."""
    return select(Person).where(col(Person.id) == entry.actor_id)


def organisation(entry: Row) -> Any:
    """Give in whose name it was done."""
    return select(Organisation).where(col(Organisation.id) == entry.organisation_id)


def subject(entry: Row) -> Any:
    """Give what it was done to, as (typename, id)."""
    kinds: Mapping[str, Any] = {
        "Person": Person,
        "Organisation": Organisation,
        "Skill": Skill,
        "Invitation": Invitation,
        "Post": Post,
        "Comment": Comment,
        "Listing": Listing,
    }
    found = union_all(
        *(
            select(literal(name).label("typename"), table.id).where(table.id == entry.subject_id)
            for name, table in kinds.items()
        )
    ).subquery("subject")
    return select(found.c.typename, found.c.id)


def text(entry: Row, language: Any) -> ColumnElement[str]:
    """Give what happened as a sentence."""
    locale = Locale(language)
    sentence: ColumnElement[str] = case(
        *((entry.action == action.value, _sentence(action, locale)) for action in AuditAction),
        else_=entry.action,
    )
    for name, value in _values(entry, locale).items():
        sentence = func.replace(sentence, f"{{{name}}}", func.coalesce(value, ""))
    return func.coalesce(sentence, entry.action)


def _sentence(action: AuditAction, locale: Locale) -> str:
    return texts()[f"audit.{action.value}"][locale.value.lower()]


def _values(entry: Row, locale: Locale) -> Mapping[str, ColumnElement[Any]]:
    """Give what stands for each name in a sentence. Names of people come last: one may hold braces."""
    somebody = literal(say("audit.somebody", locale))
    names = (
        select(col(Person.name)).where(col(Person.id) == entry.subject_id),
        select(col(Organisation.name)).where(col(Organisation.id) == entry.subject_id),
        select(col(Listing.title)).where(col(Listing.id) == entry.subject_id),
        select(cast(col(Invitation.email), Text)).where(col(Invitation.id) == entry.subject_id),
        select(cast(col(Skill.label_nl if locale is Locale.NL else Skill.label_en), Text)).where(
            col(Skill.id) == entry.subject_id
        ),
    )
    who = select(col(Person.name)).where(col(Person.id) == entry.actor_id).scalar_subquery()
    return {
        "role": _role(entry.details["role"].astext, locale),
        "old_role": _role(entry.details["old_role"].astext, locale),
        "fields": _fields(entry, locale),
        "domain": entry.details["domain"].astext,
        "subject": func.coalesce(*(name.scalar_subquery() for name in names), somebody),
        "actor": func.coalesce(who, somebody),
    }


def _role(value: Any, locale: Locale) -> ColumnElement[Any]:
    return case(*((value == role.value, say(f"audit.role_{role.value}", locale)) for role in Role))


def _fields(entry: Row, locale: Locale) -> ColumnElement[Any]:
    listed = func.jsonb_array_elements_text(entry.details["fields"]).table_valued("value")
    word = case(
        *((listed.c.value == name, say(f"audit.field_{name}", locale)) for name in FIELDS),
        else_=listed.c.value,
    )
    return select(func.string_agg(word, ", ")).select_from(listed).scalar_subquery()
