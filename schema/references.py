"""Types that refer to each other across modules: `to.Post` is resolved when the schema is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from schema.accounts import AccessToken, Passkey, Session
    from schema.agreements import AgreementSignature, AgreementVersion, ExchangePerson
    from schema.audit import AuditEntry
    from schema.blocks import Block
    from schema.domains import DomainClaim
    from schema.exchanges import Exchange, ExchangeHours
    from schema.feed import FeedReason, SavedSearch
    from schema.joining import Invitation, JoinRequest
    from schema.listings import Listing, ListingLooker, ListingSkill, ListingStep, Place
    from schema.market_searches import MarketSearch
    from schema.match_requests import MatchMessage, MatchRequest
    from schema.matches import Match
    from schema.media import Media
    from schema.moderation import Appeal, ModerationAction, Report
    from schema.network import Mute, OrganisationFollow, PersonFollow, SkillFollow
    from schema.notifications import Notification, NotificationPreference
    from schema.organisations import Organisation, OrganisationStrength
    from schema.partnerships import Partnership
    from schema.people import Membership, Person, PersonSkill
    from schema.posts import Comment, Mention, Post, PostDraft, PostRevision, Reaction
    from schema.privacy import DataExport
    from schema.receipts import Endorsement, ExchangeReceipt, RaisedSkill, SkillProof
    from schema.sign_on import IdentityProvider
    from schema.skills import Skill, SkillCluster, SkillDomain

ToOrganisation: TypeAlias = Annotated["Organisation", strawberry.lazy("schema.organisations")]
ToOrganisationStrength: TypeAlias = Annotated[
    "OrganisationStrength", strawberry.lazy("schema.organisations")
]
ToOrganisationFollow: TypeAlias = Annotated["OrganisationFollow", strawberry.lazy("schema.network")]
ToSavedSearch: TypeAlias = Annotated["SavedSearch", strawberry.lazy("schema.feed")]
ToFeedReason: TypeAlias = Annotated["FeedReason", strawberry.lazy("schema.feed")]
ToPersonFollow: TypeAlias = Annotated["PersonFollow", strawberry.lazy("schema.network")]
ToSkillFollow: TypeAlias = Annotated["SkillFollow", strawberry.lazy("schema.network")]
ToMute: TypeAlias = Annotated["Mute", strawberry.lazy("schema.network")]
ToBlock: TypeAlias = Annotated["Block", strawberry.lazy("schema.blocks")]
ToModerationAction: TypeAlias = Annotated["ModerationAction", strawberry.lazy("schema.moderation")]
ToAppeal: TypeAlias = Annotated["Appeal", strawberry.lazy("schema.moderation")]
ToReport: TypeAlias = Annotated["Report", strawberry.lazy("schema.moderation")]
ToDataExport: TypeAlias = Annotated["DataExport", strawberry.lazy("schema.privacy")]
ToListing: TypeAlias = Annotated["Listing", strawberry.lazy("schema.listings")]
ToListingSkill: TypeAlias = Annotated["ListingSkill", strawberry.lazy("schema.listings")]
ToListingLooker: TypeAlias = Annotated["ListingLooker", strawberry.lazy("schema.listings")]
ToListingStep: TypeAlias = Annotated["ListingStep", strawberry.lazy("schema.listings")]
ToMarketSearch: TypeAlias = Annotated["MarketSearch", strawberry.lazy("schema.market_searches")]
ToMatch: TypeAlias = Annotated["Match", strawberry.lazy("schema.matches")]
ToMatchRequest: TypeAlias = Annotated["MatchRequest", strawberry.lazy("schema.match_requests")]
ToMatchMessage: TypeAlias = Annotated["MatchMessage", strawberry.lazy("schema.match_requests")]
ToExchange: TypeAlias = Annotated["Exchange", strawberry.lazy("schema.exchanges")]
ToExchangeHours: TypeAlias = Annotated["ExchangeHours", strawberry.lazy("schema.exchanges")]
ToExchangePerson: TypeAlias = Annotated["ExchangePerson", strawberry.lazy("schema.agreements")]
ToAgreementVersion: TypeAlias = Annotated["AgreementVersion", strawberry.lazy("schema.agreements")]
ToAgreementSignature: TypeAlias = Annotated[
    "AgreementSignature", strawberry.lazy("schema.agreements")
]
ToExchangeReceipt: TypeAlias = Annotated["ExchangeReceipt", strawberry.lazy("schema.receipts")]
ToRaisedSkill: TypeAlias = Annotated["RaisedSkill", strawberry.lazy("schema.receipts")]
ToSkillProof: TypeAlias = Annotated["SkillProof", strawberry.lazy("schema.receipts")]
ToEndorsement: TypeAlias = Annotated["Endorsement", strawberry.lazy("schema.receipts")]
ToPlace: TypeAlias = Annotated["Place", strawberry.lazy("schema.listings")]
ToPerson: TypeAlias = Annotated["Person", strawberry.lazy("schema.people")]
ToMembership: TypeAlias = Annotated["Membership", strawberry.lazy("schema.people")]
ToPersonSkill: TypeAlias = Annotated["PersonSkill", strawberry.lazy("schema.people")]
ToPost: TypeAlias = Annotated["Post", strawberry.lazy("schema.posts")]
ToComment: TypeAlias = Annotated["Comment", strawberry.lazy("schema.posts")]
ToMention: TypeAlias = Annotated["Mention", strawberry.lazy("schema.posts")]
ToPostDraft: TypeAlias = Annotated["PostDraft", strawberry.lazy("schema.posts")]
ToPostRevision: TypeAlias = Annotated["PostRevision", strawberry.lazy("schema.posts")]
ToReaction: TypeAlias = Annotated["Reaction", strawberry.lazy("schema.posts")]
ToMedia: TypeAlias = Annotated["Media", strawberry.lazy("schema.media")]
ToSkill: TypeAlias = Annotated["Skill", strawberry.lazy("schema.skills")]
ToSkillCluster: TypeAlias = Annotated["SkillCluster", strawberry.lazy("schema.skills")]
ToSkillDomain: TypeAlias = Annotated["SkillDomain", strawberry.lazy("schema.skills")]
ToNotification: TypeAlias = Annotated["Notification", strawberry.lazy("schema.notifications")]
ToNotificationPreference: TypeAlias = Annotated[
    "NotificationPreference", strawberry.lazy("schema.notifications")
]
ToSession: TypeAlias = Annotated["Session", strawberry.lazy("schema.accounts")]
ToIdentityProvider: TypeAlias = Annotated["IdentityProvider", strawberry.lazy("schema.sign_on")]
ToPasskey: TypeAlias = Annotated["Passkey", strawberry.lazy("schema.accounts")]
ToAccessToken: TypeAlias = Annotated["AccessToken", strawberry.lazy("schema.accounts")]
ToInvitation: TypeAlias = Annotated["Invitation", strawberry.lazy("schema.joining")]
ToJoinRequest: TypeAlias = Annotated["JoinRequest", strawberry.lazy("schema.joining")]
ToPartnership: TypeAlias = Annotated["Partnership", strawberry.lazy("schema.partnerships")]
ToAuditEntry: TypeAlias = Annotated["AuditEntry", strawberry.lazy("schema.audit")]
ToDomainClaim: TypeAlias = Annotated["DomainClaim", strawberry.lazy("schema.domains")]
