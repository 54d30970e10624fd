"""What came of exchanges, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.exchanges import ExchangeSide
from db.tables.receipts import ENDORSEMENT_MAX, RAISED_MAX, RECEIPT_TEXT_MAX
from resolvers.commands import receipts as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.mutations.exchanges import NOW, SIDE, WHICH
from schema.references import ToEndorsement, ToExchange, ToRaisedSkill

TEXT = f"at most {RECEIPT_TEXT_MAX:,} characters."


@strawberry.input(description="A skill of a person that an exchange raised.")
class RaisedSkillInput:
    """A skill of a person that an exchange raised."""

    person_id: strawberry.ID = input_field(
        "Whose: somebody who went, or who works at one's own organisation.", prefix=prefixes.PERSON
    )
    skill_id: strawberry.ID = input_field("Which skill.", prefix=prefixes.SKILL)
    from_level: int = input_field("Their level before, 0 to 5; 0 for one that was not there.")
    to_level: int = input_field("Their level after, 1 to 5, not below the one before.")


@strawberry.input(description="All that a receipt says. What is left out is not said.")
class ReceiptInput:
    """All that a receipt says."""

    learned: str | None = input_field(f"What was learned, {TEXT}", required=False)
    came_back: str | None = input_field(
        f"What came back to the lender by it, {TEXT}", required=False
    )
    notes: str | None = input_field(f"What else there is to say, {TEXT}", required=False)
    raised: list[RaisedSkillInput] | None = input_field(
        f"The skills that it raised, each person's once, at most {RAISED_MAX}.", required=False
    )


@strawberry.input(description="What came of which exchange, as a whole.")
class ReceiptRecordInput(Keyed):
    """What came of which exchange, as a whole."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    expected_version: int = input_field("The receipt's version when it was read; 0 for none yet.")
    receipt: ReceiptInput = input_field("All that it says; what is left out is taken away.")
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ReceiptRecordPayload:
    """What came of recording a receipt."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Of which exchange to confirm the receipt.")
class ReceiptConfirmInput(Keyed):
    """Of which exchange to confirm the receipt."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    expected_version: int = input_field("The receipt's version when it was read.")
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ReceiptConfirmPayload:
    """What came of confirming a receipt."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Whether to take a raised skill into one's profile.")
class RaisedSkillDecideInput(Keyed):
    """Whether to take a raised skill into one's profile."""

    raised_skill_id: strawberry.ID = input_field("Which one.", prefix=prefixes.RAISED_SKILL)
    accept: bool = input_field("Whether to.")


@payload
class RaisedSkillDecidePayload:
    """What came of deciding on a raised skill."""

    raised_skill: ToRaisedSkill | None = result("The raised skill as it is now.")


@strawberry.input(description="A line about the other side of an exchange that is over.")
class EndorsementWriteInput(Keyed):
    """A line about the other side of an exchange that is over."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    line: str = input_field(f"What to say, 1 to {ENDORSEMENT_MAX} characters; all can read it.")
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class EndorsementWritePayload:
    """What came of endorsing."""

    endorsement: ToEndorsement | None = result("The endorsement.")


@strawberry.input(description="Of which exchange to take one's endorsement back.")
class EndorsementRemoveInput(Keyed):
    """Of which exchange to take one's endorsement back."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class EndorsementRemovePayload:
    """What came of taking an endorsement back."""

    exchange: ToExchange | None = result(NOW)


@mutations
class ReceiptMutations:
    """What came of exchanges."""

    receipt_record: ReceiptRecordPayload | None = mutation(
        command.record_receipt,
        "Record what came of an exchange that is over, for the other side to confirm.",
        ReceiptRecordInput,
        ReceiptRecordPayload,
    )
    receipt_confirm: ReceiptConfirmPayload | None = mutation(
        command.confirm_receipt,
        "Confirm what the other side recorded. From then on it is evidence of skills.",
        ReceiptConfirmInput,
        ReceiptConfirmPayload,
    )
    raised_skill_decide: RaisedSkillDecidePayload | None = mutation(
        command.decide,
        "Take a skill that an exchange raised into one's profile, with the exchange as its evidence; "
        "or decline to.",
        RaisedSkillDecideInput,
        RaisedSkillDecidePayload,
    )
    endorsement_write: EndorsementWritePayload | None = mutation(
        command.endorse,
        "Endorse the other side of an exchange that is over, in a line on its page.",
        EndorsementWriteInput,
        EndorsementWritePayload,
    )
    endorsement_remove: EndorsementRemovePayload | None = mutation(
        command.unendorse,
        "Take an endorsement back.",
        EndorsementRemoveInput,
        EndorsementRemovePayload,
    )
