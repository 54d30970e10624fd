"""Signing up, the e-mail address, passwords and tokens, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.accounts import TokenScope
from db.tables.people import Locale
from resolvers.commands import access_tokens, accounts, passwords
from resolvers.commands.sessions import SecondFactor
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToAccessToken, ToPerson

PASSWORD = "10 to 256 characters, none of the commonest, and not little more than one's own name."  # noqa: S105
VIEWER = "Who is signed in now; null when refused, or while a second step is needed."
SECRET_OF_STEP = "What the second step takes, within ten minutes; null when none is needed."  # noqa: S105
FACTORS = "What the second step may be; null when none is needed."


@strawberry.input(description="Who wants an account.")
class AccountSignUpInput:
    """Who wants an account."""

    email: str = input_field("Their e-mail address.")
    name: str = input_field("Their full name, at most 120 characters.")
    password: str = input_field(f"The password they want: {PASSWORD}")
    locale: Locale | None = input_field(
        "Their language; the one that the request asks for unless said.", required=False
    )


@payload
class AccountSignUpPayload:
    """What came of signing up: the same whether or not the address has an account."""

    email: str | None = result("Where an e-mail was sent.")


@strawberry.input(description="The secret of a link in an e-mail.")
class AccountConfirmInput:
    """The secret of a link in an e-mail."""

    secret: str = input_field("What stands behind `#` in the link.")


@payload
class AccountConfirmPayload:
    """What came of confirming an account. The session is the cookie that comes with the answer."""

    viewer: ToPerson | None = result("Who is signed in now; null when refused.")


@strawberry.input(description="Who forgot their password.")
class PasswordResetRequestInput:
    """Who forgot their password."""

    email: str = input_field("The e-mail address of the account.")


@payload
class PasswordResetRequestPayload:
    """What came of asking: the same whether or not the address has an account."""

    email: str | None = result("Where an e-mail was sent.")


@strawberry.input(description="A new password, and the proof that one may set it.")
class PasswordResetInput:
    """A new password, and the proof that one may set it."""

    secret: str = input_field("What stands behind `#` in the link.")
    password: str = input_field(f"The new password: {PASSWORD}")


@payload
class PasswordResetPayload:
    """What came of setting a new password. The session is the cookie that comes with the answer."""

    viewer: ToPerson | None = result(VIEWER)
    second_factor_secret: str | None = result(SECRET_OF_STEP)
    second_factors: list[SecondFactor] | None = result(FACTORS)


@strawberry.input(description="The password as it is and as it shall be.")
class PasswordChangeInput:
    """The password as it is and as it shall be."""

    current_password: str = input_field("The password as it is.")
    password: str = input_field(f"The new password: {PASSWORD}")


@payload
class PasswordChangePayload:
    """What came of changing the password."""

    viewer: ToPerson | None = result("The person, with the session that is left.")
    revoked: int | None = result("How many other sessions were ended.")


@strawberry.input(description="The e-mail address that an account shall have.")
class EmailChangeRequestInput:
    """The e-mail address that an account shall have."""

    email: str = input_field("The new address.")
    password: str | None = input_field(
        "The person's password. Who has none signed in less than 15 minutes ago.", required=False
    )


@payload
class EmailChangeRequestPayload:
    """What came of asking: the same whether or not the address has an account."""

    email: str | None = result("Where an e-mail was sent.")


@strawberry.input(description="The secret of a link in an e-mail.")
class EmailChangeConfirmInput:
    """The secret of a link in an e-mail."""

    secret: str = input_field("What stands behind `#` in the link.")


@payload
class EmailChangeConfirmPayload:
    """What came of confirming a new address."""

    email: str | None = result("The address that the account has now.")


@strawberry.input(description="What a new token is for.")
class AccessTokenCreateInput:
    """What a new token is for."""

    name: str = input_field("What it is for, in one's own words; at most 80 characters.")
    scopes: list[TokenScope] = input_field("What may be done with it; who may write may read.")
    valid_days: int = strawberry.field(
        default=90, description="For how many days it counts, 1 to 366."
    )


@payload
class AccessTokenCreatePayload:
    """What came of making a token."""

    access_token: ToAccessToken | None = result("The token, as it will be listed.")
    secret: str | None = result("Its secret, shown this once: `Authorization: Bearer <secret>`.")


@strawberry.input(description="Which token to revoke.")
class AccessTokenRevokeInput(Keyed):
    """Which token to revoke."""

    access_token_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ACCESS_TOKEN)


@payload
class AccessTokenRevokePayload:
    """What came of revoking a token."""

    access_token: ToAccessToken | None = result(
        "The token, which counts no more; null when this request came with it."
    )


@mutations
class AccountMutations:
    """Signing up, the e-mail address, passwords and tokens."""

    account_sign_up: AccountSignUpPayload | None = mutation(
        accounts.sign_up,
        "Ask for an account. A link in an e-mail makes it, within 24 hours; until then there is none.",
        AccountSignUpInput,
        AccountSignUpPayload,
    )
    account_confirm: AccountConfirmPayload | None = mutation(
        accounts.confirm_sign_up,
        "Make the account that was asked for, and sign in.",
        AccountConfirmInput,
        AccountConfirmPayload,
    )
    password_reset_request: PasswordResetRequestPayload | None = mutation(
        passwords.request_reset,
        "Ask for a link by which a new password is set, within an hour.",
        PasswordResetRequestInput,
        PasswordResetRequestPayload,
    )
    password_reset: PasswordResetPayload | None = mutation(
        passwords.reset_password,
        "Set a new password by such a link. Ends all sessions, and signs in.",
        PasswordResetInput,
        PasswordResetPayload,
    )
    password_change: PasswordChangePayload | None = mutation(
        passwords.change_password,
        "Change the password. Ends all other sessions.",
        PasswordChangeInput,
        PasswordChangePayload,
    )
    email_change_request: EmailChangeRequestPayload | None = mutation(
        accounts.request_email_change,
        "Ask for another e-mail address. The account has it once the link sent there was followed.",
        EmailChangeRequestInput,
        EmailChangeRequestPayload,
    )
    email_change_confirm: EmailChangeConfirmPayload | None = mutation(
        accounts.confirm_email_change,
        "Give an account the e-mail address that was asked for, within 24 hours.",
        EmailChangeConfirmInput,
        EmailChangeConfirmPayload,
    )
    access_token_create: AccessTokenCreatePayload | None = mutation(
        access_tokens.create_token,
        "Make a token for a program, at most 50. Asks for a session: a token makes no tokens.",
        AccessTokenCreateInput,
        AccessTokenCreatePayload,
    )
    access_token_revoke: AccessTokenRevokePayload | None = mutation(
        access_tokens.revoke_token,
        "Make a token count no more, from its very next request on.",
        AccessTokenRevokeInput,
        AccessTokenRevokePayload,
    )
