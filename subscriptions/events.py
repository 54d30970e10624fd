"""What happened: recorded in the transaction that did it, as kinds and ids, never content.

`record` writes an event; a statement that writes in one go inserts it itself, with `post_ids` for
those about a post. `EventReader` makes of a row what its kind says:

    Event                what every event says
    ├── PostEvent        a post, whose audience may read it even when it is gone
    ├── CommentEvent     a comment, and the post that it is on
    ├── ListingEvent     an offer or a request
    ├── ListingLookEvent   an organisation looked at one of another
    ├── MatchEvent       an offer and a request that fit
    ├── MatchRequestEvent  one organisation asks another
    ├── ExchangeEvent    what two organisations agree on, and what becomes of it
    ├── OrganisationEvent, PartnershipEvent, MembershipEvent, JoiningEvent
    ├── PersonEvent      a person: profile, erased, suspended
    ├── CredentialEvent  what a person signs in with; sessions of theirs may be over
    ├── FollowEvent, BlockEvent, FeedEvent, NotificationEvent
    └── ModerationEvent  reports, decisions and appeals; what they hide has an event of its own
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from db.tables.exchanges import ExchangeStep
from db.tables.listings import ListingStatus
from db.tables.posts import Audience

# The newest form of events that this program knows; the column has it by itself.
VERSION = 1
# What a reader selects.
COLUMNS = (
    "id, transaction_id, created_at, kind, version, actor_id, organisation_id, subject_id, ids"
)
RECORD = """
insert into event (kind, actor_id, organisation_id, subject_id, ids) values ($1, $2, $3, $4, $5)
"""
# Of more notifications at once it is only said that there are news.
NOTIFICATIONS_NAMED = 100

Id: TypeAlias = UUID | StrEnum | bool | Sequence[UUID] | None

logger = logging.getLogger(__name__)


class EventKind(StrEnum):
    """What can happen: the object first, then what became of it."""

    POST_PUBLISHED = "POST_PUBLISHED"
    POST_EDITED = "POST_EDITED"
    POST_DELETED = "POST_DELETED"
    POST_PINNED = "POST_PINNED"
    POST_REACTED = "POST_REACTED"
    # Of the original.
    POST_REPOSTED = "POST_REPOSTED"
    POST_HIDDEN = "POST_HIDDEN"
    POST_RESTORED = "POST_RESTORED"
    ANSWER_CHOSEN = "ANSWER_CHOSEN"
    COMMENT_ADDED = "COMMENT_ADDED"
    COMMENT_EDITED = "COMMENT_EDITED"
    COMMENT_DELETED = "COMMENT_DELETED"
    COMMENT_HIDDEN = "COMMENT_HIDDEN"
    COMMENT_RESTORED = "COMMENT_RESTORED"
    LISTING_CHANGED = "LISTING_CHANGED"
    LISTING_LOOKED = "LISTING_LOOKED"
    MATCH_FOUND = "MATCH_FOUND"
    MATCH_DISMISSED = "MATCH_DISMISSED"
    MATCH_REQUEST_CHANGED = "MATCH_REQUEST_CHANGED"
    MATCH_MESSAGE_WRITTEN = "MATCH_MESSAGE_WRITTEN"
    EXCHANGE_CHANGED = "EXCHANGE_CHANGED"
    FOLLOW_CHANGED = "FOLLOW_CHANGED"
    ORGANISATION_CREATED = "ORGANISATION_CREATED"
    ORGANISATION_EDITED = "ORGANISATION_EDITED"
    ORGANISATION_SUSPENDED = "ORGANISATION_SUSPENDED"
    ORGANISATION_RESTORED = "ORGANISATION_RESTORED"
    DOMAIN_VERIFIED = "DOMAIN_VERIFIED"
    MEMBERSHIP_CHANGED = "MEMBERSHIP_CHANGED"
    INVITATION_CHANGED = "INVITATION_CHANGED"
    JOIN_REQUEST_CHANGED = "JOIN_REQUEST_CHANGED"
    PARTNERSHIP_CHANGED = "PARTNERSHIP_CHANGED"
    PERSON_JOINED = "PERSON_JOINED"
    PERSON_EDITED = "PERSON_EDITED"
    PERSON_SUSPENDED = "PERSON_SUSPENDED"
    PERSON_RESTORED = "PERSON_RESTORED"
    PERSON_ERASED = "PERSON_ERASED"
    SESSION_ENDED = "SESSION_ENDED"
    TOKEN_REVOKED = "TOKEN_REVOKED"  # noqa: S105 - a kind, no secret
    CREDENTIALS_CHANGED = "CREDENTIALS_CHANGED"
    NOTIFICATION_CHANGED = "NOTIFICATION_CHANGED"
    FEED_SEEN = "FEED_SEEN"
    BLOCK_CHANGED = "BLOCK_CHANGED"
    REPORT_FILED = "REPORT_FILED"
    MODERATED = "MODERATED"
    APPEAL_CHANGED = "APPEAL_CHANGED"


class Change(StrEnum):
    """What became of something whose kind of event does not say it."""

    ADDED = "ADDED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"
    READ = "READ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event says. `subject_id` is what it is about, `actor_id` who did it."""

    id: int
    transaction_id: int
    created_at: datetime
    kind: EventKind
    version: int
    actor_id: UUID | None
    organisation_id: UUID | None
    subject_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEvent(Event):
    """A post was published, changed or went; who may know of it follows from these ids alone."""

    organisation_id: UUID
    post_id: UUID
    author_id: UUID
    audience: Audience
    # Before an edit that changed it: those who are no longer meant are told that it is gone.
    was_audience: Audience | None = None
    # It was out of sight already: only its author knows of it.
    is_hidden: bool = False
    change: Change | None = None
    # Of ANSWER_CHOSEN; none when the choice was taken back.
    comment_id: UUID | None = None
    # Of POST_REPOSTED.
    repost_id: UUID | None = None
    # Of POST_DELETED: what it was about, which nothing else tells any more.
    skill_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEvent(Event):
    """A comment on a post; `author_id` wrote the comment."""

    organisation_id: UUID
    comment_id: UUID
    post_id: UUID
    author_id: UUID
    parent_id: UUID | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingEvent(Event):
    """A listing was written, changed or thrown away; `status` is where it stands now."""

    organisation_id: UUID
    listing_id: UUID
    audience: Audience
    status: ListingStatus
    change: Change
    # Before an edit that changed it.
    was_audience: Audience | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingLookEvent(Event):
    """An organisation, `looking_id`, looked at a listing of `organisation_id`; `subject_id` keeps it."""

    organisation_id: UUID
    subject_id: UUID
    listing_id: UUID
    looking_id: UUID
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEvent(Event):
    """An offer and a request were found to fit, or one side does not want to see that.

    `organisation_id` is the one that offers, or the one that dismissed it.
    """

    organisation_id: UUID
    offer_id: UUID
    request_id: UUID
    requesting_id: UUID | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRequestEvent(Event):
    """A match request, `subject_id`, of `organisation_id`; or a message about it."""

    organisation_id: UUID
    subject_id: UUID
    asked_id: UUID
    change: Change | None = None
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeEvent(Event):
    """An exchange, `subject_id`: `step` is what was done, `organisation_id` lends.

    `person_id` is whom it is about, where it is one person.
    """

    organisation_id: UUID
    subject_id: UUID
    borrower_id: UUID
    step: ExchangeStep
    change: Change
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationEvent(Event):
    """An organisation's profile, standing or strengths."""

    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEvent(Event):
    """A person's membership of an organisation began, changed or ended."""

    organisation_id: UUID
    subject_id: UUID
    person_id: UUID
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningEvent(Event):
    """An invitation, or a request to join (of `person_id`)."""

    organisation_id: UUID
    subject_id: UUID
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipEvent(Event):
    """What is between two organisations."""

    organisation_id: UUID
    subject_id: UUID
    partner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowEvent(Event):
    """Somebody follows an organisation, a person or a skill: anew, otherwise, or no longer."""

    follower_id: UUID
    change: Change
    followed_id: UUID | None = None
    skill_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEvent(Event):
    """A person came, changed, was suspended or restored, or is erased."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialEvent(Event):
    """What a person signs in with changed: whoever is connected as them has to prove it anew.

    A session or a token that ended on its own is named.
    """

    person_id: UUID
    session_id: UUID | None = None
    access_token_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationEvent(Event):
    """A person's inbox: lines were added or grew, were read, or withdrawn; or how they are told.

    Without `notification_ids` there were too many to name.
    """

    person_id: UUID
    change: Change
    notification_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent(Event):
    """A person has seen their feed up to a post, or to the time that its key holds."""

    person_id: UUID
    post_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEvent(Event):
    """Somebody is blocked, or no longer.

    By a person: `person_id`, and whom they blocked. By the organisation `organisation_id`: its
    `blocked_person_id`.
    """

    change: Change
    person_id: UUID | None = None
    blocked_person_id: UUID | None = None
    blocked_organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationEvent(Event):
    """A report, what was decided, or an appeal; `person_id` is whom it concerns."""

    subject_id: UUID
    person_id: UUID | None = None


K = EventKind
MODELS: Mapping[type[Event], tuple[EventKind, ...]] = {
    PostEvent: (
        K.POST_PUBLISHED,
        K.POST_EDITED,
        K.POST_DELETED,
        K.POST_PINNED,
        K.POST_REACTED,
        K.POST_REPOSTED,
        K.POST_HIDDEN,
        K.POST_RESTORED,
        K.ANSWER_CHOSEN,
    ),
    CommentEvent: (
        K.COMMENT_ADDED,
        K.COMMENT_EDITED,
        K.COMMENT_DELETED,
        K.COMMENT_HIDDEN,
        K.COMMENT_RESTORED,
    ),
    ListingEvent: (K.LISTING_CHANGED,),
    ListingLookEvent: (K.LISTING_LOOKED,),
    MatchEvent: (K.MATCH_FOUND, K.MATCH_DISMISSED),
    MatchRequestEvent: (K.MATCH_REQUEST_CHANGED, K.MATCH_MESSAGE_WRITTEN),
    ExchangeEvent: (K.EXCHANGE_CHANGED,),
    OrganisationEvent: (
        K.ORGANISATION_CREATED,
        K.ORGANISATION_EDITED,
        K.ORGANISATION_SUSPENDED,
        K.ORGANISATION_RESTORED,
        K.DOMAIN_VERIFIED,
    ),
    MembershipEvent: (K.MEMBERSHIP_CHANGED,),
    JoiningEvent: (K.INVITATION_CHANGED, K.JOIN_REQUEST_CHANGED),
    PartnershipEvent: (K.PARTNERSHIP_CHANGED,),
    FollowEvent: (K.FOLLOW_CHANGED,),
    PersonEvent: (
        K.PERSON_JOINED,
        K.PERSON_EDITED,
        K.PERSON_SUSPENDED,
        K.PERSON_RESTORED,
        K.PERSON_ERASED,
    ),
    CredentialEvent: (K.SESSION_ENDED, K.TOKEN_REVOKED, K.CREDENTIALS_CHANGED),
    NotificationEvent: (K.NOTIFICATION_CHANGED,),
    FeedEvent: (K.FEED_SEEN,),
    BlockEvent: (K.BLOCK_CHANGED,),
    ModerationEvent: (K.REPORT_FILED, K.MODERATED, K.APPEAL_CHANGED),
}
MODEL_OF: Mapping[EventKind, type[Event]] = {
    kind: model for model, kinds in MODELS.items() for kind in kinds
}
COMMON = frozenset(field.name for field in fields(Event))
# How an id is read, by its name; all others are keys.
READING: Mapping[str, Callable[[Any], Any]] = {
    "audience": Audience,
    "was_audience": Audience,
    "change": Change,
    "status": ListingStatus,
    "step": ExchangeStep,
    "is_hidden": bool,
    "notification_ids": lambda keys: tuple(UUID(key) for key in keys),
    "skill_ids": lambda keys: tuple(UUID(key) for key in keys),
}
# Of each model, the ids that every event has and that may not be null here, which its type says; and
# those of its own, whether they may be left out, and how they are read. Worked out once: asked of
# each event it was a quarter of the time that a process spent on reading them.
NEEDED: Mapping[type[Event], tuple[str, ...]] = {
    model: tuple(f.name for f in fields(model) if f.name in COMMON and f.type == "UUID")
    for model in MODELS
}
OWN: Mapping[type[Event], tuple[tuple[str, bool, Callable[[Any], Any]], ...]] = {
    model: tuple(
        (f.name, f.default is MISSING, READING.get(f.name, UUID))
        for f in fields(model)
        if f.name not in COMMON
    )
    for model in MODELS
}


class UnknownEvent(Exception):
    """A row is of a kind, a version or a form that this program does not know."""


class EventReader:
    """Reads events; what it does not know it skips, and says so once for each kind and version."""

    def __init__(self) -> None:
        self._skipped: set[tuple[str, int]] = set()

    def read(self, row: Mapping[str, Any]) -> Event | None:
        """Give what a row with COLUMNS says; None when this program does not know such events."""
        try:
            return event_of(row)
        except UnknownEvent as unknown:
            seen = row["kind"], row["version"]
            if seen not in self._skipped:
                self._skipped.add(seen)
                logger.warning("Events are skipped: %s", unknown)
            return None


def event_of(row: Mapping[str, Any]) -> Event:
    """Give what a row with COLUMNS says.

    Raises:
        UnknownEvent: It is of a newer program, or of one before events had these ids.
    """
    name, version = row["kind"], row["version"]
    what = f"{name}, version {version}"
    if name not in MODEL_OF or not 0 < version <= VERSION:
        raise UnknownEvent(what)
    kind = EventKind(name)
    ids = orjson.loads(row["ids"]) if isinstance(row["ids"], str) else row["ids"]
    model = MODEL_OF[kind]
    try:
        return model(**_common(row, kind, model), **_own(ids, model))
    except (LookupError, TypeError, ValueError) as error:
        raise UnknownEvent(f"{what}, {error}") from error


def post_ids(post: str, *more: str) -> str:
    """Give SQL for the ids of an event about the post with this alias; `more` are names and values."""
    pairs = (
        f"'post_id', {post}.id",
        f"'author_id', {post}.author_id",
        f"'audience', {post}.audience",
        f"'is_hidden', case when {post}.hidden_at is not null then true end",
        *more,
    )
    return ids_of(*pairs)


def ids_of(*pairs: str) -> str:
    """Give SQL for ids: pairs of a quoted name and a value; what is null is left out."""
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(pairs)}))"


async def record(
    connection: asyncpg.Connection[Any] | PoolConnectionProxy[Any],
    kind: EventKind,
    *,
    actor_id: UUID | None,
    organisation_id: UUID | None = None,
    subject_id: UUID | None = None,
    **ids: Id,
) -> None:
    """Record one event inside the caller's transaction; `ids` are further ids by name.

    What is None or False is left out.
    """
    await connection.execute(
        RECORD,
        kind.value,
        actor_id,
        organisation_id,
        subject_id,
        {
            name: _stored(value)
            for name, value in ids.items()
            if value is not None and value is not False
        },
    )


def _stored(value: Id) -> bool | str | list[str]:
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, UUID | StrEnum) else [str(key) for key in value or ()]


def _common(row: Mapping[str, Any], kind: EventKind, model: type[Event]) -> dict[str, Any]:
    common = {name: row[name] for name in COMMON}
    common["kind"] = kind
    for name in NEEDED[model]:
        if common[name] is None:
            raise LookupError(f"no {name}")
    return common


def _own(ids: Mapping[str, Any], model: type[Event]) -> dict[str, Any]:
    own = {}
    for name, is_needed, read in OWN[model]:
        if (found := ids.get(name)) is not None:
            own[name] = read(found)
        elif is_needed:
            raise LookupError(f"no {name}")
    return own
