"""People in the graph."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from db.tables import people as tables
from db.tables.people import Digest, Locale, ProfileVisibility, Role
from resolvers import accounts
from resolvers import calendars as resolve_calendars
from resolvers import exchanges as resolve_exchanges
from resolvers import exports as resolve_exports
from resolvers import factors as resolve_factors
from resolvers import joining as resolve_joining
from resolvers import market_searches as resolve_market_searches
from resolvers import network as resolve_network
from resolvers import notifications as resolve_notifications
from resolvers import people as resolve
from resolvers import posts as resolve_posts
from resolvers import receipts as resolve_receipts
from resolvers import saved_searches as resolve_saved_searches
from resolvers import skills as resolve_skills
from resolvers.commands.sessions import SecondFactor
from schema import prefixes
from schema.engine.declare import (
    argument,
    column,
    connection,
    id_input,
    int_input,
    many,
    one,
    table,
    value,
)
from schema.engine.relay import Connection, Node
from schema.references import (
    ToAccessToken,
    ToDataExport,
    ToExchange,
    ToInvitation,
    ToJoinRequest,
    ToMarketSearch,
    ToMembership,
    ToMute,
    ToNotification,
    ToNotificationPreference,
    ToOrganisation,
    ToOrganisationFollow,
    ToPasskey,
    ToPerson,
    ToPersonFollow,
    ToPersonSkill,
    ToPost,
    ToRaisedSkill,
    ToSavedSearch,
    ToSession,
    ToSkill,
    ToSkillFollow,
    ToSkillProof,
)

LEVELS = (tables.LEVEL_MIN, tables.LEVEL_MAX)


@strawberry.input(description="Which people to list. Conditions add up.")
class PersonFilter:
    """Which people to list."""

    skills: list[strawberry.ID] | None = id_input(
        prefixes.SKILL, "Only those who have one of these skills."
    )
    minimum_level: int | None = int_input(
        LEVELS, "Only with one of `skills` at this level or higher, 1 to 5."
    )
    organisations: list[strawberry.ID] | None = id_input(
        prefixes.ORGANISATION, "Only those who work at one of these organisations now."
    )
    location: str | None = strawberry.field(
        description="Only with this in their location.", default=strawberry.UNSET
    )


@table(tables.Person, prefix=prefixes.PERSON, visible=resolve.visible)
class Person(Node):
    """A person on the network, seen by whom they chose: all, the network, or colleagues."""

    name: str = column("Full name.")
    headline: str | None = column("What they do, in one line.")
    location: str | None = column("Town or region.")
    avatar_url: str | None = column("Address of their portrait.")
    created_at: datetime = column("When they joined the network.")
    email: str | None = column(
        "E-mail address; null for everybody but the person.", visible=accounts.is_viewer
    )
    locale: Locale | None = column(
        "The language they use the network in; null for everybody but the person.",
        visible=accounts.is_viewer,
    )
    visibility: ProfileVisibility | None = column(
        "Who may see the profile; null for everybody but the person.", visible=accounts.is_viewer
    )
    digest: Digest | None = column(
        "How often they get a summary by e-mail; null for everybody but the person.",
        visible=accounts.is_viewer,
    )
    shows_looks: bool | None = column(
        "Whether organisations learn that they looked at a listing in the name of their own; null for "
        "everybody but the person.",
        visible=accounts.is_viewer,
    )
    email_verified_at: datetime | None = column(
        "When they proved that the e-mail address is theirs; null for everybody but the person.",
        visible=accounts.is_viewer,
    )
    version: int | None = column(
        "The number of times that the profile was edited, for `expectedVersion`; null for "
        "everybody but the person.",
        visible=accounts.is_viewer,
    )
    second_factors: list[SecondFactor] | None = value(
        resolve_factors.second_factors,
        "What signing in can ask for as its second step, empty for none; null for everybody but "
        "the person.",
    )
    recovery_codes_left: int | None = value(
        resolve_factors.recovery_codes_left,
        "How many recovery codes still work; null for everybody but the person.",
    )
    passkeys: Connection[ToPasskey] = connection(
        resolve_factors.passkeys,
        "Their passkeys, the newest first; empty for everybody but the person.",
        order=("-id",),
    )
    sessions: Connection[ToSession] = connection(
        accounts.sessions,
        "Where they are signed in, the newest first; empty for everybody but the person.",
        order=("-id",),
    )
    erasure_requested_at: datetime | None = column(
        "When they asked for their account to be erased, which is done 14 days later unless they take "
        "it back; null for everybody but the person.",
        visible=accounts.is_viewer,
    )
    data_exports: Connection[ToDataExport] = connection(
        resolve_exports.exports,
        "The exports of their data that they asked for, the newest first; empty for everybody but the "
        "person.",
        order=("-id",),
    )
    access_tokens: Connection[ToAccessToken] = connection(
        accounts.access_tokens,
        "The tokens that they gave to programs, the newest first; empty for everybody but the person.",
        order=("-id",),
    )
    notifications: Connection[ToNotification] = connection(
        resolve_notifications.notifications,
        "What they are told, what changed last first; empty for everybody but the person.",
        order=("-changed_at", "-id"),
        unread=argument(bool | None, "Only what is unread, or only what is read."),
    )
    unread_notification_count: int = value(
        resolve_notifications.unread_count,
        "How much of it is unread, 1,000 at most; 0 for everybody but the person.",
    )
    notification_preferences: list[ToNotificationPreference] = many(
        resolve_notifications.preferences,
        "How they are told of each kind; empty for everybody but the person.",
        at_most=50,
    )
    memberships: Connection[ToMembership] = connection(
        resolve.memberships,
        "Where they work or worked, the newest first.",
        order=("-id",),
        current=argument(bool | None, "Only where they work now, or only where they no longer do."),
    )
    current_membership: ToMembership | None = one(
        resolve.current_membership,
        "Where they work now; the newest that the viewer may see when there are several.",
        order=("-id",),
    )
    skills: Connection[ToPersonSkill] = connection(
        resolve.skills,
        "What they can do, the highest level first.",
        order=("-level", "-id"),
        minimum_level=argument(int | None, "Only at this level or higher, 1 to 5.", range=LEVELS),
    )
    invitations: Connection[ToInvitation] = connection(
        resolve_joining.invitations_of,
        "The open invitations for their verified address, the newest first; empty for everybody "
        "but the person.",
        order=("-id",),
    )
    join_requests: Connection[ToJoinRequest] = connection(
        resolve_joining.requests_of,
        "What they asked to join, the newest first; empty for everybody but the person.",
        order=("-id",),
    )
    exchanges: Connection[ToExchange] = connection(
        resolve_exchanges.of_person,
        "The exchanges that they go in, the newest first; empty for everybody but the person.",
        order=("-id",),
    )
    calendar_opened_at: datetime | None = value(
        resolve_calendars.feed,
        "Since when their calendar of exchanges has its secret address; null while it has none, and "
        "for everybody but the person.",
    )
    raised_skills: Connection[ToRaisedSkill] = connection(
        resolve_receipts.raised_of_person,
        "What exchanges raised of theirs, as both sides confirmed, the newest first; empty for "
        "everybody but the person.",
        order=("-id",),
    )
    posts: Connection[ToPost] = connection(
        resolve.posts, "What they wrote in an organisation's name, newest first.", order=("-id",)
    )
    bookmarks: Connection[ToPost] = connection(
        resolve_posts.bookmarks,
        "The posts they keep for later, the last one kept first; empty for everybody else.",
        order=("-bookmark_id",),
    )
    following: Connection[ToOrganisation] = connection(
        resolve.following, "The organisations they follow, the newest first.", order=("-follow_id",)
    )
    following_people: Connection[ToPerson] = connection(
        resolve_network.following_people,
        "The people they follow, the newest first.",
        order=("-follow_id",),
    )
    followed_skills: Connection[ToSkill] = connection(
        resolve_network.followed_skills,
        "The skills they follow, the newest first.",
        order=("-follow_id",),
    )
    followers: Connection[ToPerson] = connection(
        resolve_network.followers_of_person,
        "The people who follow them, the newest first.",
        order=("-follow_id",),
    )
    mutual_followers: Connection[ToPerson] = connection(
        resolve_network.mutual_followers_of_person,
        "Those who follow them and whom the viewer follows, the newest first.",
        order=("-follow_id",),
    )
    viewer_follows: bool = value(
        resolve_network.viewer_follows_person, "Whether the viewer follows them."
    )
    viewer_follow: ToPersonFollow | None = one(
        resolve_network.viewer_follow_of_person, "How the viewer follows them; null when not."
    )
    viewer_mutes: bool = value(
        resolve_network.viewer_mutes_person,
        "Whether the viewer keeps what they write out of the home feed.",
    )
    organisation_follows: Connection[ToOrganisationFollow] = connection(
        resolve_network.organisation_follows,
        "How they follow organisations, the newest first; empty for everybody but the person.",
        order=("-id",),
    )
    person_follows: Connection[ToPersonFollow] = connection(
        resolve_network.person_follows,
        "How they follow people, the newest first; empty for everybody but the person.",
        order=("-id",),
    )
    skill_follows: Connection[ToSkillFollow] = connection(
        resolve_network.skill_follows,
        "How they follow skills, the newest first; empty for everybody but the person.",
        order=("-id",),
    )
    saved_searches: Connection[ToSavedSearch] = connection(
        resolve_saved_searches.saved_searches,
        "The searches they keep as feeds, the newest first; empty for everybody but the person.",
        order=("-id",),
    )
    market_searches: Connection[ToMarketSearch] = connection(
        resolve_market_searches.market_searches,
        "The searches of the market that they keep, the newest first; empty for everybody but the "
        "person.",
        order=("-id",),
    )
    mutes: Connection[ToMute] = connection(
        resolve_network.mutes,
        "What they keep out of their home feed, the newest first; empty for everybody but the person.",
        order=("-id",),
    )


@table(
    tables.Membership,
    prefix=prefixes.MEMBERSHIP,
    visible=None,
    within={"person_id": "Person", "organisation_id": "Organisation"},
)
class Membership(Node):
    """A person's place in an organisation. Seen by who may see both."""

    role: Role = column("What the person may do there.")
    title: str = column("What the person is called there; may be empty.")
    started_on: date = column("First day.")
    ended_on: date | None = column("Last day; null while it lasts.")
    person: Person = one(resolve.membership_person, "Who works there.")
    organisation: ToOrganisation = one(resolve.membership_organisation, "Where.")


@table(
    tables.PersonSkill, prefix=prefixes.PERSON_SKILL, visible=None, within={"person_id": "Person"}
)
class PersonSkill(Node):
    """A skill that a person has."""

    level: int = column("1 aware, 2 practised, 3 independent, 4 guides others, 5 expert.")
    evidence: str = column("Why it may be believed; may be empty.")
    last_used_on: date | None = column("When it was last used.")
    proofs: list[ToSkillProof] = many(
        resolve_receipts.proofs_of_person_skill,
        "The exchanges that have shown it, the newest first, 20 at most.",
        at_most=resolve_receipts.PROOFS_SHOWN,
    )
    skill: ToSkill = one(resolve_skills.of, "The skill.")
    person: Person = one(resolve.skill_person, "Who has it.")
