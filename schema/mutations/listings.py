"""Listings, as mutations."""

from __future__ import annotations

from datetime import date

import strawberry

from db.tables.listings import (
    AIMS_MAX,
    BODY_MAX,
    CAPACITY_MAX,
    DISTANCE_MAX,
    OPEN_DAYS,
    OPEN_DAYS_MAX,
    RATE_CENTS_MAX,
    SKILLS_MAX,
    SLACK_DAYS_MAX,
    TITLE_MAX,
    TOTAL_HOURS_MAX,
    WEEKLY_HOURS_MAX,
    ListingAudience,
    ListingCloseReason,
    ListingForm,
    ListingKind,
    ListingTerms,
    SkillImportance,
    SpokenLanguage,
)
from db.tables.people import Locale
from resolvers.commands import listings as command
from resolvers.commands.listing_content import LEVEL
from resolvers.commands.listing_import import ROWS_MAX, import_listings
from resolvers.commands.listing_looks import look
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToListing, ToOrganisation

WHICH = "Which one."
NOW = "The listing as it is now."
DAYS = f"For how many days, 1 to {OPEN_DAYS_MAX}; {OPEN_DAYS} unless said."


@strawberry.input(description="A skill that a listing offers or asks for.")
class ListingSkillInput:
    """A skill that a listing offers or asks for."""

    skill_id: strawberry.ID = input_field("The skill.", prefix=prefixes.SKILL)
    importance: SkillImportance | None = input_field(
        "How much it matters; MUST unless said.", required=False
    )
    minimum_level: int | None = input_field(
        f"From which level on, 1 to 5; {LEVEL} unless said.", required=False
    )


@strawberry.input(description="All that a listing says. What is left out is not said.")
class ListingInput:
    """All that a listing says."""

    form: ListingForm = input_field("In what form something is to be shared.")
    title: str = input_field(f"What it is about in a line, 1 to {TITLE_MAX} characters.")
    body: str | None = input_field(
        f"The description in Markdown, at most {BODY_MAX:,} characters.", required=False
    )
    language: Locale = input_field("The language it is written in.")
    audience: ListingAudience | None = input_field(
        "Who may see it; NETWORK unless said.", required=False
    )
    skills: list[ListingSkillInput] | None = input_field(
        f"The skills that it offers or asks for, each once, at most {SKILLS_MAX}.", required=False
    )
    aim_ids: list[strawberry.ID] | None = input_field(
        f"The skills that whoever shares wants to learn by it, at most {AIMS_MAX}; none that it "
        "offers or asks for.",
        prefix=prefixes.SKILL,
        required=False,
    )
    hours_per_week: int | None = input_field(
        f"Hours a week of one person, 1 to {WEEKLY_HOURS_MAX}.", required=False
    )
    hours_total: int | None = input_field(
        f"Hours in all, 1 to {TOTAL_HOURS_MAX:,}.", required=False
    )
    starts_on: date | None = input_field("Its first day.", required=False)
    ends_on: date | None = input_field("Its last day, not before the first.", required=False)
    slack_days: int | None = input_field(
        f"By how many days the period may move either way, at most {SLACK_DAYS_MAX}.",
        required=False,
    )
    place_id: strawberry.ID | None = input_field(
        "Where it is.", prefix=prefixes.PLACE, required=False
    )
    distance_km: int | None = input_field(
        f"How far from the place it may be, in kilometres, at most {DISTANCE_MAX}.", required=False
    )
    is_remote: bool | None = input_field("Whether it can be done from anywhere.", required=False)
    languages: list[SpokenLanguage] | None = input_field(
        "The languages of which one must be spoken; any when left out.", required=False
    )
    capacity: int | None = input_field(
        f"How many people, or places, 1 to {CAPACITY_MAX}; 1 unless said.", required=False
    )
    terms: ListingTerms = input_field("What is asked or given in return.")
    rate_cents: int | None = input_field(
        f"Euro cents an hour, 1 to {RATE_CENTS_MAX:,}: with RATE always, with COST_RECOVERY if known.",
        required=False,
    )
    contact_id: strawberry.ID | None = input_field(
        "Whom to ask: a member of the organisation.", prefix=prefixes.PERSON, required=False
    )


@strawberry.input(description="A listing to be written.")
class ListingCreateInput(Keyed):
    """A listing to be written."""

    organisation_id: strawberry.ID = input_field("Whose it is.", prefix=prefixes.ORGANISATION)
    kind: ListingKind = input_field("Which side of the market it is on; stays so.")
    listing: ListingInput = input_field("What it says.")


@payload
class ListingCreatePayload:
    """What came of writing a listing."""

    listing: ToListing | None = result("The listing, a draft.")


@strawberry.input(description="What a listing shall say from now on, as a whole.")
class ListingEditInput(Keyed):
    """What a listing shall say from now on, as a whole."""

    listing_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING)
    expected_version: int = input_field("Its version when it was read.")
    listing: ListingInput = input_field("All that it says; what is left out is taken away.")


@payload
class ListingEditPayload:
    """What came of changing a listing."""

    listing: ToListing | None = result(NOW)


@strawberry.input(description="Which listing to open, and for how long.")
class ListingOpenInput(Keyed):
    """Which listing to open, and for how long."""

    listing_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING)
    days: int | None = input_field(DAYS, required=False)


@payload
class ListingOpenPayload:
    """What came of opening a listing."""

    listing: ToListing | None = result(NOW)


@strawberry.input(description="Which listing to open for another while.")
class ListingRenewInput(Keyed):
    """Which listing to open for another while."""

    listing_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING)
    days: int | None = input_field(DAYS, required=False)


@payload
class ListingRenewPayload:
    """What came of renewing a listing."""

    listing: ToListing | None = result(NOW)


@strawberry.input(description="Which listing to take out of sight.")
class ListingPauseInput(Keyed):
    """Which listing to take out of sight."""

    listing_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING)


@payload
class ListingPausePayload:
    """What came of pausing a listing."""

    listing: ToListing | None = result(NOW)


@strawberry.input(description="Which listing has found its place.")
class ListingFillInput(Keyed):
    """Which listing has found its place."""

    listing_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING)


@payload
class ListingFillPayload:
    """What came of saying that a listing has found its place."""

    listing: ToListing | None = result(NOW)


@strawberry.input(description="Which listing to end, and why.")
class ListingCloseInput(Keyed):
    """Which listing to end, and why."""

    listing_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING)
    reason: ListingCloseReason = input_field("Why it was not filled here.")


@payload
class ListingClosePayload:
    """What came of ending a listing."""

    listing: ToListing | None = result(NOW)


@strawberry.input(description="Which listing to make another one of.")
class ListingCopyInput(Keyed):
    """Which listing to make another one of."""

    listing_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING)


@payload
class ListingCopyPayload:
    """What came of copying a listing."""

    listing: ToListing | None = result("The new listing, a draft.")


@strawberry.input(description="Which draft to throw away.")
class ListingDeleteInput(Keyed):
    """Which draft to throw away."""

    listing_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING)


@payload
class ListingDeletePayload:
    """What came of throwing a draft away."""

    organisation: ToOrganisation | None = result("The organisation whose draft it was.")


@strawberry.input(description="Listings in a table, and whether to write them.")
class ListingImportInput(Keyed):
    """Listings in a table, and whether to write them."""

    organisation_id: strawberry.ID = input_field("Whose they are.", prefix=prefixes.ORGANISATION)
    csv: str = input_field(
        f"The table as CSV, at most {ROWS_MAX} rows below the titles of the columns, in English or Dutch: "
        "what `GET /organisations/<slug>/listings.csv` gives is taken. Separated by commas, semicolons or "
        "tabs; a byte order mark is passed over."
    )
    dry_run: bool | None = input_field(
        "Whether only to check it and write nothing; false unless said.", required=False
    )


@payload
class ListingImportPayload:
    """What came of reading a table of listings.

    When anything is wrong nothing is written, and `userErrors` tells of every row: `field` is `csv`,
    the number of the row in the file (the titles are row 1), and the column.
    """

    listings: list[ToListing] | None = result(
        "The new listings, drafts, in the order of the rows; none after a dry run."
    )
    row_count: int | None = result("How many rows were read, and are in order.")


@strawberry.input(description="Which listing was looked at, in the name of which organisation.")
class ListingLookedInput(Keyed):
    """Which listing was looked at, in the name of which organisation."""

    listing_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING)
    organisation_id: strawberry.ID = input_field(
        "In whose name: an organisation that the viewer works at.", prefix=prefixes.ORGANISATION
    )


@payload
class ListingLookedPayload:
    """What came of looking at a listing."""

    listing: ToListing | None = result(NOW)


@mutations
class ListingMutations:
    """Offers and requests."""

    listing_create: ListingCreatePayload | None = mutation(
        command.create,
        "Write an offer or a request, as a draft.",
        ListingCreateInput,
        ListingCreatePayload,
    )
    listing_edit: ListingEditPayload | None = mutation(
        command.edit,
        "Change what a listing says, while it is a draft, open or paused.",
        ListingEditInput,
        ListingEditPayload,
    )
    listing_open: ListingOpenPayload | None = mutation(
        command.open_listing,
        "Open a draft or a paused listing to its audience.",
        ListingOpenInput,
        ListingOpenPayload,
    )
    listing_renew: ListingRenewPayload | None = mutation(
        command.renew,
        "Open a listing for so long from now on: one that is open, or one that has ended.",
        ListingRenewInput,
        ListingRenewPayload,
    )
    listing_pause: ListingPausePayload | None = mutation(
        command.pause,
        "Take an open listing out of sight until it is opened again.",
        ListingPauseInput,
        ListingPausePayload,
    )
    listing_fill: ListingFillPayload | None = mutation(
        command.fill,
        "Say that what a listing asks or offers has found its place.",
        ListingFillInput,
        ListingFillPayload,
    )
    listing_close: ListingClosePayload | None = mutation(
        command.close,
        "End a listing that was not filled here, and say why.",
        ListingCloseInput,
        ListingClosePayload,
    )
    listing_copy: ListingCopyPayload | None = mutation(
        command.copy,
        "Make a draft of what a listing says.",
        ListingCopyInput,
        ListingCopyPayload,
    )
    listing_looked: ListingLookedPayload | None = mutation(
        look,
        "Say that an organisation looked at a listing of another, whose managers learn it; once a day. "
        "Nothing is recorded of the organisation's own listings, and of people who switched it off.",
        ListingLookedInput,
        ListingLookedPayload,
    )
    listing_import: ListingImportPayload | None = mutation(
        import_listings,
        "Write the listings of a table as drafts: all of them, or none when anything is wrong.",
        ListingImportInput,
        ListingImportPayload,
    )
    listing_delete: ListingDeletePayload | None = mutation(
        command.delete,
        "Throw a draft away. What others have seen is ended, not deleted.",
        ListingDeleteInput,
        ListingDeletePayload,
    )
