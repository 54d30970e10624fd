"""Exchanges, as mutations: what is agreed, signed, called back and ended."""

from __future__ import annotations

from datetime import date

import strawberry

from db.tables.exchanges import (
    AGREEMENT_TEXT_MAX,
    CLAUSE_MAX,
    NOTE_MAX,
    PERSONS_MAX,
    RECALL_DAYS,
    RECALL_DAYS_MAX,
    SIGNED_NAME_MAX,
    ExchangeEndReason,
    ExchangeSide,
)
from db.tables.listings import (
    AIMS_MAX,
    RATE_CENTS_MAX,
    SKILLS_MAX,
    TOTAL_HOURS_MAX,
    WEEKLY_HOURS_MAX,
    ListingForm,
    ListingTerms,
)
from resolvers.commands import exchanges as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToExchange

WHICH = "Which one."
NOW = "The exchange as it is now."
SIDE = "On which side, for whoever is on several; found out when left out."
VERSION = "The number of the newest version when it was read."
NOTE = f"Some words along with it, at most {NOTE_MAX:,} characters."


@strawberry.input(description="All that an agreement says. What is left out is not said.")
class AgreementInput:
    """All that an agreement says."""

    form: ListingForm = input_field("In what form something is shared.")
    skill_ids: list[strawberry.ID] | None = input_field(
        f"The skills that are lent, at most {SKILLS_MAX}.", prefix=prefixes.SKILL, required=False
    )
    person_ids: list[strawberry.ID] | None = input_field(
        f"Who goes, at most {PERSONS_MAX} members of the lender; as it was when left out. The lender "
        "alone names them, and the other side knows of them from then on.",
        prefix=prefixes.PERSON,
        required=False,
    )
    hours_per_week: int | None = input_field(
        f"Hours a week of one person, 1 to {WEEKLY_HOURS_MAX}.", required=False
    )
    hours_total: int | None = input_field(
        f"Hours in all, 1 to {TOTAL_HOURS_MAX:,}.", required=False
    )
    starts_on: date | None = input_field(
        "Its first day; has to be said before it is offered.", required=False
    )
    ends_on: date | None = input_field("Its last day, not before the first.", required=False)
    place_id: strawberry.ID | None = input_field(
        "Where it is.", prefix=prefixes.PLACE, required=False
    )
    is_remote: bool | None = input_field("Whether it can be done from anywhere.", required=False)
    terms: ListingTerms = input_field("What is given in return.")
    rate_cents: int | None = input_field(
        f"Euro cents an hour, 1 to {RATE_CENTS_MAX:,}: with RATE always, with COST_RECOVERY if known.",
        required=False,
    )
    aim_ids: list[strawberry.ID] | None = input_field(
        f"The skills that the lender's people want to learn by it, at most {AIMS_MAX}.",
        prefix=prefixes.SKILL,
        required=False,
    )
    recall_days: int | None = input_field(
        f"With how many days' notice the lender may call back who goes, 0 to {RECALL_DAYS_MAX}; "
        f"{RECALL_DAYS} unless said.",
        required=False,
    )
    backfill: str | None = input_field(
        f"Who does the work at home meanwhile, at most {CLAUSE_MAX:,} characters.", required=False
    )
    confidentiality: str | None = input_field(
        f"What is kept to themselves, and how, at most {CLAUSE_MAX:,} characters.", required=False
    )
    text: str | None = input_field(
        f"What else is agreed, at most {AGREEMENT_TEXT_MAX:,} characters.", required=False
    )


@strawberry.input(description="What an agreement shall say from now on, as a whole.")
class ExchangeAmendInput(Keyed):
    """What an agreement shall say from now on, as a whole."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    expected_version: int = input_field(VERSION)
    agreement: AgreementInput = input_field("All that it says; what is left out is taken away.")
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeAmendPayload:
    """What came of amending an agreement."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Which agreement to offer to be signed.")
class ExchangeOfferInput(Keyed):
    """Which agreement to offer to be signed."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    expected_version: int = input_field(VERSION)
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeOfferPayload:
    """What came of offering an agreement."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="To going in which exchange one agrees.")
class ExchangeConsentInput(Keyed):
    """To going in which exchange one agrees."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)


@payload
class ExchangeConsentPayload:
    """What came of consenting."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="To going in which exchange one no longer agrees.")
class ExchangeRevokeInput(Keyed):
    """To going in which exchange one no longer agrees."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    note: str | None = input_field(NOTE, required=False)


@payload
class ExchangeRevokePayload:
    """What came of taking one's consent back."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Which version to sign, for whom, under which name.")
class ExchangeSignInput(Keyed):
    """Which version to sign, for whom, under which name."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    expected_version: int = input_field(VERSION)
    name: str = input_field(f"One's name in full, 1 to {SIGNED_NAME_MAX} characters.")
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeSignPayload:
    """What came of signing."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Which exchange to begin.")
class ExchangeStartInput(Keyed):
    """Which exchange to begin."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeStartPayload:
    """What came of beginning."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="From which exchange to call back who goes, and by when.")
class ExchangeRecallInput(Keyed):
    """From which exchange to call back who goes, and by when."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    last_day: date = input_field("Their last day there.")
    ask_borrower: bool | None = input_field(
        "Whether to ask the borrower when the notice is shorter than agreed; else it is refused.",
        required=False,
    )
    note: str | None = input_field(NOTE, required=False)


@payload
class ExchangeRecallPayload:
    """What came of calling somebody back."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Whether to accept a recall on shorter notice than agreed.")
class ExchangeAnswerRecallInput(Keyed):
    """Whether to accept a recall on shorter notice than agreed."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    accept: bool = input_field("Whether they may go by then.")


@payload
class ExchangeAnswerRecallPayload:
    """What came of answering."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Which exchange is over.")
class ExchangeCompleteInput(Keyed):
    """Which exchange is over."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    note: str | None = input_field(NOTE, required=False)
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeCompletePayload:
    """What came of saying that an exchange is over."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Which exchange to call off, and why.")
class ExchangeCancelInput(Keyed):
    """Which exchange to call off, and why."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    reason: ExchangeEndReason = input_field(
        "Why: NOT_AGREED, PLANS_CHANGED, NO_CAPACITY or OTHER; the others are for what has begun."
    )
    note: str | None = input_field(NOTE, required=False)
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeCancelPayload:
    """What came of calling an exchange off."""

    exchange: ToExchange | None = result(NOW)


@mutations
class ExchangeMutations:
    """Exchanges."""

    exchange_amend: ExchangeAmendPayload | None = mutation(
        command.amend,
        "Write a new version of the agreement, until it has begun. Signatures lose their force.",
        ExchangeAmendInput,
        ExchangeAmendPayload,
    )
    exchange_offer: ExchangeOfferPayload | None = mutation(
        command.offer,
        "Offer the newest version to be signed by both sides and by all who go.",
        ExchangeOfferInput,
        ExchangeOfferPayload,
    )
    exchange_consent: ExchangeConsentPayload | None = mutation(
        command.consent,
        "Agree to going. Nobody is lent who has not.",
        ExchangeConsentInput,
        ExchangeConsentPayload,
    )
    exchange_revoke: ExchangeRevokePayload | None = mutation(
        command.revoke,
        "Refuse to go, or take one's consent back at any time: what goes on ends, unless others go on.",
        ExchangeRevokeInput,
        ExchangeRevokePayload,
    )
    exchange_sign: ExchangeSignPayload | None = mutation(
        command.sign,
        "Sign the version that is offered. With the last signature it is agreed.",
        ExchangeSignInput,
        ExchangeSignPayload,
    )
    exchange_start: ExchangeStartPayload | None = mutation(
        command.start,
        "Begin what is agreed, from its first day on. It begins by itself soon after.",
        ExchangeStartInput,
        ExchangeStartPayload,
    )
    exchange_recall: ExchangeRecallPayload | None = mutation(
        command.recall,
        "Call back who goes, with at least the notice that was agreed.",
        ExchangeRecallInput,
        ExchangeRecallPayload,
    )
    exchange_answer_recall: ExchangeAnswerRecallPayload | None = mutation(
        command.answer_recall,
        "Accept or refuse a recall on shorter notice than agreed.",
        ExchangeAnswerRecallInput,
        ExchangeAnswerRecallPayload,
    )
    exchange_complete: ExchangeCompletePayload | None = mutation(
        command.complete,
        "Say that who went is back: the borrower at any time, the lender from the last day on.",
        ExchangeCompleteInput,
        ExchangeCompletePayload,
    )
    exchange_cancel: ExchangeCancelPayload | None = mutation(
        command.cancel,
        "Call off what has not begun.",
        ExchangeCancelInput,
        ExchangeCancelPayload,
    )
