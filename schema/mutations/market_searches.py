"""Searches of the market that are kept, as mutations."""

from __future__ import annotations

import strawberry

from resolvers.commands import market_searches as command
from resolvers.commands.saved_searches import SEARCHES_MAX
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.market import ListingFilter
from schema.references import ToMarketSearch, ToPerson

NAME = "What to call it, 1 to 80 characters."
QUERY = "A text to look for, at most 200 characters, as `market` does."
FILTER = (
    "Which listings, as `market` takes it; here a list that is empty restricts nothing. It is given as "
    "a whole."
)
NOTIFY = "Whether to be told of listings that are opened or changed, and fit"
NOW = "The search as it is now."


@strawberry.input(description="What to look for; at least one condition, and all add up.")
class MarketSearchCreateInput(Keyed):
    """What to look for; at least one condition, and all add up."""

    name: str = input_field(NAME)
    query: str | None = input_field(QUERY, required=False)
    filter: ListingFilter | None = input_field(FILTER, required=False)
    notify: bool | None = input_field(f"{NOTIFY}; false unless said.", required=False)


@payload
class MarketSearchCreatePayload:
    """What came of keeping a search."""

    market_search: ToMarketSearch | None = result(NOW)


@strawberry.input(description="What to change of a search of the market; what is left out stays.")
class MarketSearchEditInput(Keyed):
    """What to change of a search of the market; what is left out stays."""

    market_search_id: strawberry.ID = input_field("Which one.", prefix=prefixes.MARKET_SEARCH)
    expected_version: int = input_field("Its version when it was read.")
    name: str | None = input_field(NAME, required=False)
    query: str | None = input_field(QUERY, required=False)
    filter: ListingFilter | None = input_field(FILTER, required=False)
    notify: bool | None = input_field(f"{NOTIFY}.", required=False)


@payload
class MarketSearchEditPayload:
    """What came of changing a search of the market."""

    market_search: ToMarketSearch | None = result(NOW)


@strawberry.input(description="Which search of the market to let rest.")
class MarketSearchPauseInput(Keyed):
    """Which search of the market to let rest."""

    market_search_id: strawberry.ID = input_field("Which one.", prefix=prefixes.MARKET_SEARCH)


@payload
class MarketSearchPausePayload:
    """What came of pausing."""

    market_search: ToMarketSearch | None = result(NOW)


@strawberry.input(description="Which search of the market to go on with.")
class MarketSearchResumeInput(Keyed):
    """Which search of the market to go on with."""

    market_search_id: strawberry.ID = input_field("Which one.", prefix=prefixes.MARKET_SEARCH)


@payload
class MarketSearchResumePayload:
    """What came of going on."""

    market_search: ToMarketSearch | None = result(NOW)


@strawberry.input(description="Which search of the market to end.")
class MarketSearchDeleteInput(Keyed):
    """Which search of the market to end."""

    market_search_id: strawberry.ID = input_field("Which one.", prefix=prefixes.MARKET_SEARCH)


@payload
class MarketSearchDeletePayload:
    """What came of ending a search of the market."""

    person: ToPerson | None = result("The viewer, whose search it was.")


@mutations
class MarketSearchMutations:
    """Searches of the market that are kept."""

    market_search_create: MarketSearchCreatePayload | None = mutation(
        command.create,
        f"Keep a search of the market; at most {SEARCHES_MAX}.",
        MarketSearchCreateInput,
        MarketSearchCreatePayload,
    )
    market_search_edit: MarketSearchEditPayload | None = mutation(
        command.edit,
        "Change a search of the market.",
        MarketSearchEditInput,
        MarketSearchEditPayload,
    )
    market_search_pause: MarketSearchPausePayload | None = mutation(
        command.pause,
        "Let a search of the market rest: nothing new comes in, and nobody is told, until it is resumed.",
        MarketSearchPauseInput,
        MarketSearchPausePayload,
    )
    market_search_resume: MarketSearchResumePayload | None = mutation(
        command.resume,
        "Go on with a search of the market; it shows what was opened meanwhile.",
        MarketSearchResumeInput,
        MarketSearchResumePayload,
    )
    market_search_delete: MarketSearchDeletePayload | None = mutation(
        command.delete,
        "End a search of the market.",
        MarketSearchDeleteInput,
        MarketSearchDeletePayload,
    )
