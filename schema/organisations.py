"""Organisations in the graph."""

from __future__ import annotations

from datetime import datetime

import strawberry

from db.tables import organisations as tables
from db.tables.exchanges import ExchangeSide, ExchangeStatus
from db.tables.listings import ListingForm, ListingKind, ListingStatus
from db.tables.match_requests import MatchRequestStatus
from db.tables.organisations import (
    JoinOutcome,
    OrganisationKind,
    PartnershipStatus,
    Sector,
    SizeBand,
)
from db.tables.people import Role
from db.tables.posts import PINNED_MAX
from resolvers import auditing as resolve_auditing
from resolvers import blocks as resolve_blocks
from resolvers import domains as resolve_domains
from resolvers import exchanges as resolve_exchanges
from resolvers import joining as resolve_joining
from resolvers import listings as resolve_listings
from resolvers import match_requests as resolve_match_requests
from resolvers import matches as resolve_matches
from resolvers import network as resolve_network
from resolvers import organisations as resolve
from resolvers import partnerships as resolve_partnerships
from resolvers import posts as resolve_posts
from resolvers import receipts as resolve_receipts
from resolvers import sign_on as resolve_sign_on
from resolvers import skills as resolve_skills
from resolvers.auditing import AuditAction
from resolvers.permissions import Action
from schema import prefixes
from schema.engine.declare import (
    argument,
    column,
    connection,
    id_argument,
    id_input,
    many,
    one,
    table,
    value,
)
from schema.engine.relay import Connection, Node
from schema.receipts import EnrichmentRatio, HoursBalance
from schema.references import (
    ToAuditEntry,
    ToBlock,
    ToDomainClaim,
    ToEndorsement,
    ToExchange,
    ToIdentityProvider,
    ToInvitation,
    ToJoinRequest,
    ToListing,
    ToMatch,
    ToMatchRequest,
    ToMembership,
    ToOrganisation,
    ToOrganisationFollow,
    ToOrganisationStrength,
    ToPartnership,
    ToPerson,
    ToPost,
    ToPostDraft,
    ToSkill,
    ToSkillProof,
)


@strawberry.input(description="Which organisations to list. Conditions add up.")
class OrganisationFilter:
    """Which organisations to list."""

    kinds: list[OrganisationKind] | None = strawberry.field(
        description="Only of one of these kinds.", default=strawberry.UNSET
    )
    sectors: list[Sector] | None = strawberry.field(
        description="Only in one of these sectors.", default=strawberry.UNSET
    )
    size_bands: list[SizeBand] | None = strawberry.field(
        description="Only of one of these sizes.", default=strawberry.UNSET
    )
    location: str | None = strawberry.field(
        description="Only with this in their location.", default=strawberry.UNSET
    )
    strengths: list[strawberry.ID] | None = id_input(
        prefixes.SKILL, "Only those that declare one of these skills as a strength."
    )
    verified: bool | None = strawberry.field(
        description="Only those with, or without, a verified domain.", default=strawberry.UNSET
    )


@table(tables.Organisation, prefix=prefixes.ORGANISATION, visible=resolve.visible)
class Organisation(Node):
    """An organisation on the network. A suspended one is seen by its own members only."""

    slug: str = column("Its name in addresses: lower case, unique.")
    name: str = column("What it is called.")
    kind: OrganisationKind = column("What it is in law and purpose.")
    sector: Sector = column("The field it works in.")
    size_band: SizeBand = column("How many people work there.")
    about: str = column("What it says about itself, in Markdown; may be empty.")
    about_html: str = value(resolve.about_html, "The same as safe HTML; may be empty.")
    website: str | None = column("Address of its own site.")
    location: str | None = column("Town or region.")
    further_sectors: list[Sector] = column("The fields it works in beside the first; may be empty.")
    further_locations: list[str] = column("Towns and regions beside the first; may be empty.")
    verified_domain: str | None = column("Domain that it has proved to own.")
    logo_url: str | None = column("Address of its logo.")
    banner_url: str | None = column("Address of its banner.")
    created_at: datetime = column("When it joined the network.")
    suspended_at: datetime | None = column(
        "Since when it is suspended; null for an organisation in good standing."
    )
    version: int = column("Counts edits; an edit says on which version it was made.")
    follower_count: int = column("How many people follow it.")
    member_count: int = column("How many people work there now, as far as the network knows.")
    post_count: int = column("How many posts it published for others than its own members.")
    sign_on_path: str | None = value(
        resolve_sign_on.sign_on_path,
        "Where its people sign in with its own sign-in; null when it has none in force. "
        "`?return=/path` says where to go then.",
    )
    identity_provider: ToIdentityProvider | None = one(
        resolve_sign_on.identity_provider,
        "Its own sign-in; null when it has none, and for all but its owners.",
    )
    viewer_follows: bool = value(resolve.viewer_follows, "Whether the viewer follows it.")
    viewer_follow: ToOrganisationFollow | None = one(
        resolve_network.viewer_follow, "How the viewer follows it; null when not."
    )
    viewer_mutes: bool = value(
        resolve_network.viewer_mutes_organisation,
        "Whether the viewer keeps its posts out of the home feed.",
    )
    viewer_role: Role | None = value(
        resolve.viewer_role, "The viewer's role in it; null when not a member."
    )
    viewer_permissions: list[Action] = value(
        resolve.viewer_permissions,
        "What the viewer may do in its name, or to it; empty for whoever is no member, and while "
        "it is suspended.",
    )
    members: Connection[ToMembership] = connection(
        resolve.members,
        "Who works there now, the newest member first.",
        order=("-id",),
        roles=argument(list[Role] | None, "Only members with one of these roles."),
    )
    invitations: Connection[ToInvitation] = connection(
        resolve_joining.invitations,
        "Its invitations, the newest first; a viewer who may not invite sees their own alone.",
        order=("-id",),
        pending=argument(
            bool | None, "Only those that can still be answered, or only those that cannot."
        ),
    )
    join_requests: Connection[ToJoinRequest] = connection(
        resolve_joining.requests,
        "Who asked to join, the newest first; a viewer who may not decide sees their own alone.",
        order=("-id",),
        outcomes=argument(list[JoinOutcome] | None, "Only those that stand like one of these."),
    )
    viewer_join_request: ToJoinRequest | None = one(
        resolve_joining.viewer_request, "The viewer's open request to join; null when none."
    )
    domain_claims: Connection[ToDomainClaim] = connection(
        resolve_domains.claims,
        "The domains that it claims, the newest first; empty for a viewer who may not verify them.",
        order=("-id",),
    )
    partners: Connection[ToOrganisation] = connection(
        resolve_partnerships.partners,
        "The organisations that it partners with, the newest partnership first.",
        order=("-partnership_id",),
    )
    partnerships: Connection[ToPartnership] = connection(
        resolve_partnerships.partnerships,
        "Its partnerships, asked for or agreed, the newest first; a viewer who is a member of "
        "neither side sees none.",
        order=("-id",),
        statuses=argument(
            list[PartnershipStatus] | None, "Only those that stand like one of these."
        ),
    )
    audit_trail: Connection[ToAuditEntry] = connection(
        resolve_auditing.trail,
        "What was done in its name, or to it, the newest first; empty for a viewer who may not "
        "read it.",
        order=("-id",),
        actions=argument(list[AuditAction] | None, "Only these."),
    )
    followers: Connection[ToPerson] = connection(
        resolve.followers, "The people who follow it, the newest first.", order=("-follow_id",)
    )
    mutual_followers: Connection[ToPerson] = connection(
        resolve_network.mutual_followers_of_organisation,
        "Those who follow it and whom the viewer follows, the newest first.",
        order=("-follow_id",),
    )
    strengths: Connection[ToOrganisationStrength] = connection(
        resolve.strengths,
        "What it declares to be strong in, in the order of declaring.",
        order=("id",),
    )
    blocks: Connection[ToBlock] = connection(
        resolve_blocks.of_organisation,
        "Whom it blocked, the newest first; empty for all who may not block in its name.",
        order=("-id",),
    )
    posts: Connection[ToPost] = connection(
        resolve.posts, "Its posts that the viewer may read, newest first.", order=("-id",)
    )
    listings: Connection[ToListing] = connection(
        resolve_listings.of_organisation,
        "What it offers and asks for, as far as the viewer may see it; the newest first.",
        order=("-id",),
        kinds=argument(list[ListingKind] | None, "Only of these kinds."),
        statuses=argument(list[ListingStatus] | None, "Only those that stand like one of these."),
    )
    match_suggestions: Connection[ToMatch] = connection(
        resolve_matches.of_organisation,
        "What fits its open offers and requests, the best first, without what it dismissed; empty "
        "for all who manage listings on neither side.",
        order=("-score", "-id"),
        near_misses=argument(
            bool, "Whether to give those too where something stands between.", default=False
        ),
    )
    match_requests: Connection[ToMatchRequest] = connection(
        resolve_match_requests.of_organisation,
        "What it asked others and what others asked it, the newest first; empty for all who manage "
        "listings on neither side.",
        order=("-id",),
        received=argument(bool | None, "Only what it was asked, or only what it asked."),
        statuses=argument(
            list[MatchRequestStatus] | None, "Only those that stand like one of these."
        ),
    )
    exchanges: Connection[ToExchange] = connection(
        resolve_exchanges.of_organisation,
        "What it lends and borrows, the newest first; a viewer who manages exchanges on neither side "
        "sees those alone in which they go.",
        order=("-id",),
        side=argument(
            ExchangeSide | None,
            "Only where it is on this side: LENDER or BORROWER; none for EMPLOYEE.",
        ),
        statuses=argument(list[ExchangeStatus] | None, "Only those that stand like one of these."),
    )
    skill_proofs: Connection[ToSkillProof] = connection(
        resolve_receipts.proofs_of_organisation,
        "What exchanges have shown that it can, the newest first.",
        order=("-id",),
    )
    endorsements: Connection[ToEndorsement] = connection(
        resolve_receipts.endorsements,
        "What others wrote about it after exchanges with it, the newest first.",
        order=("-id",),
    )
    balance: list[HoursBalance] = many(
        resolve_receipts.balance,
        "The confirmed hours that it gave and received: in all, then by skill; empty for all who do "
        "not manage its exchanges.",
        at_most=resolve_receipts.BALANCES_MAX,
        partner_id=id_argument(
            strawberry.ID | None, prefixes.ORGANISATION, "Only in exchanges with this one."
        ),
    )
    enrichment: list[EnrichmentRatio] = many(
        resolve_receipts.enrichment,
        "How often its exchanges that are over enriched it, by form.",
        at_most=len(ListingForm),
    )
    pinned_posts: list[ToPost] = many(
        resolve_posts.pinned,
        "The posts at the top of its page, the last one pinned first.",
        at_most=PINNED_MAX,
    )
    drafts: Connection[ToPostDraft] = connection(
        resolve_posts.drafts,
        "Its posts that are not published yet, the newest first; empty for those who may not publish.",
        order=("-id",),
    )


@table(
    tables.OrganisationStrength,
    prefix=prefixes.STRENGTH,
    visible=None,
    within={"organisation_id": "Organisation"},
)
class OrganisationStrength(Node):
    """A skill that an organisation declares to be strong in."""

    statement: str = column("What it says about this strength; may be empty.")
    proofs: list[ToSkillProof] = many(
        resolve_receipts.proofs_of_strength,
        "The exchanges that have shown it, the newest first, 20 at most.",
        at_most=resolve_receipts.PROOFS_SHOWN,
    )
    created_at: datetime = column("When it was declared.")
    skill: ToSkill = one(resolve_skills.of, "The skill.")
    organisation: Organisation = one(
        resolve.strength_organisation, "The organisation that declares it."
    )
