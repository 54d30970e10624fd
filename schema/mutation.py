"""Everything that can be done: one class a domain, put together here."""

from __future__ import annotations

import strawberry

# First of all: inputs refer to enums, which have their names and texts from there.
import schema.enums  # noqa: F401
from schema.mutations.accounts import AccountMutations
from schema.mutations.blocks import BlockMutations
from schema.mutations.calendars import CalendarMutations
from schema.mutations.comments import CommentMutations
from schema.mutations.domains import DomainMutations
from schema.mutations.exchange_hours import ExchangeHoursMutations
from schema.mutations.exchanges import ExchangeMutations
from schema.mutations.factors import FactorMutations
from schema.mutations.feed import FeedMutations
from schema.mutations.joining import JoiningMutations
from schema.mutations.listings import ListingMutations
from schema.mutations.market_searches import MarketSearchMutations
from schema.mutations.match_requests import MatchRequestMutations
from schema.mutations.matches import MatchMutations
from schema.mutations.media import MediaMutations
from schema.mutations.memberships import MembershipMutations
from schema.mutations.moderation import ModerationMutations
from schema.mutations.network import NetworkMutations
from schema.mutations.notifications import NotificationMutations
from schema.mutations.organisations import OrganisationMutations
from schema.mutations.partnerships import PartnershipMutations
from schema.mutations.passkeys import PasskeyMutations
from schema.mutations.people import PersonMutations
from schema.mutations.post_drafts import PostDraftMutations
from schema.mutations.posts import PostMutations
from schema.mutations.privacy import PrivacyMutations
from schema.mutations.reactions import ReactionMutations
from schema.mutations.receipts import ReceiptMutations
from schema.mutations.saved_searches import SavedSearchMutations
from schema.mutations.sessions import SessionMutations
from schema.mutations.sign_on import SignOnMutations


@strawberry.type(
    description="Everything that can be done. Each mutation is one transaction: it is done as a whole, "
    "or `userErrors` says why nothing was done."
)
class Mutation(
    DomainMutations,
    AccountMutations,
    BlockMutations,
    CalendarMutations,
    CommentMutations,
    ExchangeHoursMutations,
    ExchangeMutations,
    FactorMutations,
    FeedMutations,
    JoiningMutations,
    ListingMutations,
    MatchMutations,
    MatchRequestMutations,
    MediaMutations,
    MembershipMutations,
    ModerationMutations,
    NetworkMutations,
    NotificationMutations,
    OrganisationMutations,
    PartnershipMutations,
    PasskeyMutations,
    PersonMutations,
    PostDraftMutations,
    PostMutations,
    PrivacyMutations,
    ReactionMutations,
    ReceiptMutations,
    SavedSearchMutations,
    MarketSearchMutations,
    SessionMutations,
    SignOnMutations,
):
    """The root of all mutations."""
