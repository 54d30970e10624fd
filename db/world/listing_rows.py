"""The rows of offers and requests, of their skills, aims and history."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from db.tables.listings import ListingAction, ListingStatus
from db.world.clock import RANDOM_BITS, make_id, to_moment
from db.world.listings import PlannedListing
from db.world.model import Setting

COLUMNS = (
    "id created_at organisation_id author_id contact_id kind form status close_reason audience title"
    " body language hours_per_week hours_total starts_on ends_on slack_days place_id distance_km"
    " is_remote languages capacity terms rate_cents opened_at expires_at ended_at version"
)
SKILL_COLUMNS = "id created_at listing_id skill_id importance minimum_level open_as"
AIM_COLUMNS = "id created_at listing_id skill_id"
STEP_COLUMNS = "id created_at listing_id actor_id action"


def listing_rows(listings: list[PlannedListing]) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `listing`, in the order of COLUMNS."""
    names = COLUMNS.split()
    for listing in listings:
        yield tuple(listing.columns[name] for name in names)


def listing_skill_rows(
    listings: list[PlannedListing], setting: Setting, random: Random
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `listing_skill`: open ones are found by their skills."""
    for listing in listings:
        is_open = listing.status is ListingStatus.OPEN
        for slug, importance, level in listing.skills:
            yield (
                make_id(listing.ms, random.getrandbits(RANDOM_BITS)),
                to_moment(listing.ms),
                listing.id,
                setting.catalogue.ids[slug],
                importance,
                level,
                listing.kind if is_open else None,
            )


def listing_aim_rows(
    listings: list[PlannedListing], setting: Setting, random: Random
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `listing_aim`."""
    for listing in listings:
        for slug in listing.aims:
            yield (
                make_id(listing.ms, random.getrandbits(RANDOM_BITS)),
                to_moment(listing.ms),
                listing.id,
                setting.catalogue.ids[slug],
            )


def listing_step_rows(listings: list[PlannedListing], random: Random) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `listing_step`: what ran out was ended by nobody."""
    for listing in listings:
        for action, ms in listing.steps:
            yield (
                make_id(ms, random.getrandbits(RANDOM_BITS)),
                to_moment(ms),
                listing.id,
                None if action is ListingAction.EXPIRED else listing.author.id,
                action,
            )
