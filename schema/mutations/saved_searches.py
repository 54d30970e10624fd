"""Saved searches, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.people import Locale
from resolvers.commands import saved_searches as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToPerson, ToSavedSearch

NAME = "What to call it, 1 to 80 characters."
QUERY = "Only posts that contain this text, at most 200 characters."
SKILLS = "Only posts about one of these skills, at most 20."
ORGANISATIONS = "Only posts of one of these organisations, at most 20."
LANGUAGES = "Only posts in one of these languages."
NOTIFY = "Whether to be told of new posts"
NOW = "The saved search as it is now."


@strawberry.input(description="What to look for; at least one condition, and all add up.")
class SavedSearchCreateInput(Keyed):
    """What to look for; at least one condition, and all add up."""

    name: str = input_field(NAME)
    query: str | None = input_field(QUERY, required=False)
    skill_ids: list[strawberry.ID] | None = input_field(
        SKILLS, prefix=prefixes.SKILL, required=False
    )
    organisation_ids: list[strawberry.ID] | None = input_field(
        ORGANISATIONS, prefix=prefixes.ORGANISATION, required=False
    )
    languages: list[Locale] | None = input_field(LANGUAGES, required=False)
    notify: bool | None = input_field(f"{NOTIFY}; false unless said.", required=False)


@payload
class SavedSearchCreatePayload:
    """What came of keeping a search."""

    saved_search: ToSavedSearch | None = result(NOW)


@strawberry.input(description="What to change of a saved search; what is left out stays.")
class SavedSearchEditInput(Keyed):
    """What to change of a saved search; what is left out stays."""

    saved_search_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SAVED_SEARCH)
    expected_version: int = input_field("Its version when it was read.")
    name: str | None = input_field(NAME, required=False)
    query: str | None = input_field(QUERY, required=False)
    skill_ids: list[strawberry.ID] | None = input_field(
        SKILLS, prefix=prefixes.SKILL, required=False
    )
    organisation_ids: list[strawberry.ID] | None = input_field(
        ORGANISATIONS, prefix=prefixes.ORGANISATION, required=False
    )
    languages: list[Locale] | None = input_field(LANGUAGES, required=False)
    notify: bool | None = input_field(f"{NOTIFY}.", required=False)


@payload
class SavedSearchEditPayload:
    """What came of changing a saved search."""

    saved_search: ToSavedSearch | None = result(NOW)


@strawberry.input(description="Which saved search to let rest.")
class SavedSearchPauseInput(Keyed):
    """Which saved search to let rest."""

    saved_search_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SAVED_SEARCH)


@payload
class SavedSearchPausePayload:
    """What came of pausing."""

    saved_search: ToSavedSearch | None = result(NOW)


@strawberry.input(description="Which saved search to go on with.")
class SavedSearchResumeInput(Keyed):
    """Which saved search to go on with."""

    saved_search_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SAVED_SEARCH)


@payload
class SavedSearchResumePayload:
    """What came of going on."""

    saved_search: ToSavedSearch | None = result(NOW)


@strawberry.input(description="Which saved search to end.")
class SavedSearchDeleteInput(Keyed):
    """Which saved search to end."""

    saved_search_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SAVED_SEARCH)


@payload
class SavedSearchDeletePayload:
    """What came of ending a saved search."""

    person: ToPerson | None = result("The viewer, whose search it was.")


@mutations
class SavedSearchMutations:
    """Saved searches."""

    saved_search_create: SavedSearchCreatePayload | None = mutation(
        command.create,
        "Keep a search as a feed of its own; at most 50.",
        SavedSearchCreateInput,
        SavedSearchCreatePayload,
    )
    saved_search_edit: SavedSearchEditPayload | None = mutation(
        command.edit,
        "Change a saved search.",
        SavedSearchEditInput,
        SavedSearchEditPayload,
    )
    saved_search_pause: SavedSearchPausePayload | None = mutation(
        command.pause,
        "Let a saved search rest: nothing new comes in, and nobody is told, until it is resumed.",
        SavedSearchPauseInput,
        SavedSearchPausePayload,
    )
    saved_search_resume: SavedSearchResumePayload | None = mutation(
        command.resume,
        "Go on with a saved search; it shows what appeared meanwhile.",
        SavedSearchResumeInput,
        SavedSearchResumePayload,
    )
    saved_search_delete: SavedSearchDeletePayload | None = mutation(
        command.delete,
        "End a saved search.",
        SavedSearchDeleteInput,
        SavedSearchDeletePayload,
    )
