"""What a mutation says when it does not do what was asked."""

from __future__ import annotations

import strawberry

from resolvers.refusals import RefusalCode

DESCRIPTIONS = {
    "NOT_SIGNED_IN": "Nobody is signed in.",
    "NOT_ALLOWED": "The viewer's role, token or standing does not permit it.",
    "NOT_FOUND": "No such thing, or the viewer may not know that it exists.",
    "INVALID": "A value that cannot be taken.",
    "TOO_MANY": "A bound that is already reached.",
    "TAKEN": "Something that may exist once is there already.",
    "CONFLICT": "It was changed meanwhile, or is in a state that does not allow this.",
    "EXPIRED": "A link, a code or an invitation that no longer counts.",
    "THROTTLED": "Too many attempts; the message says when the next one counts.",
    "KEY_REUSED": "An idempotency key that was used for another input.",
}

UserErrorCode = strawberry.enum(
    RefusalCode, name="UserErrorCode", description="Why a mutation did not do what was asked."
)
for _value in UserErrorCode.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = DESCRIPTIONS[_value.name]


@strawberry.type(description="Why a mutation did not do what was asked. Nothing was changed.")
class UserError:
    """One reason, fit for a program and for a person."""

    code: RefusalCode = strawberry.field(description="The reason, for a program.")
    field: list[str] = strawberry.field(
        description='Path of the input at fault, as in `["body"]`; empty when it is none.'
    )
    message: str = strawberry.field(
        description="The reason and what to do, in the viewer's language."
    )
