"""The second step of signing in, as mutations."""

from __future__ import annotations

import strawberry

from resolvers.commands import factors as command
from schema.engine.mutations import input_field, mutation, mutations, payload, result
from schema.references import ToPerson

PASSWORD = "One's password; needed when one signed in more than 15 minutes ago."  # noqa: S105 - a text
CODE_OR = "A code of the app as it is now, instead of the password."
PASSWORD_OR = "One's password, instead of a code."  # noqa: S105 - a text


@strawberry.input(description="The second step of signing in: a code, or a recovery code.")
class SessionConfirmInput:
    """The second step of signing in: a code, or a recovery code."""

    secret: str = input_field("What `sessionOpen` gave as `secondFactorSecret`.")
    code: str | None = input_field("The six digits that the app shows now.", required=False)
    recovery_code: str | None = input_field(
        "One of the recovery codes, instead; it works once.", required=False
    )


@payload
class SessionConfirmPayload:
    """What came of the second step. The session itself is the cookie that comes with the answer."""

    viewer: ToPerson | None = result("Who is signed in now.")


@strawberry.input(description="Who sets up an authenticator app.")
class TotpSetUpInput:
    """Who sets up an authenticator app."""

    password: str | None = input_field(PASSWORD, required=False)


@payload
class TotpSetUpPayload:
    """What an authenticator app is told, shown this once."""

    secret: str | None = result("The secret, to type in: letters and digits (base32).")
    uri: str | None = result("The same as an address, to show as a QR code: `otpauth://totp/…`.")


@strawberry.input(description="The first code of the app.")
class TotpConfirmInput:
    """The first code of the app."""

    code: str = input_field("The six digits that it shows now.")


@payload
class TotpConfirmPayload:
    """What came of confirming the app."""

    viewer: ToPerson | None = result("The person, whose sign-in takes two steps from now on.")
    recovery_codes: list[str] | None = result(
        "Ten codes for when the app is not at hand, shown this once; each works once."
    )


@strawberry.input(description="Proof that it is the owner who removes the app.")
class TotpRemoveInput:
    """Proof that it is the owner who removes the app."""

    code: str | None = input_field(CODE_OR, required=False)
    password: str | None = input_field(PASSWORD_OR, required=False)


@payload
class TotpRemovePayload:
    """What came of removing the app."""

    viewer: ToPerson | None = result("The person, whose sign-in takes one step from now on.")


@strawberry.input(description="Proof that it is the owner who wants new recovery codes.")
class RecoveryCodesRenewInput:
    """Proof that it is the owner who wants new recovery codes."""

    code: str | None = input_field(CODE_OR, required=False)
    password: str | None = input_field(PASSWORD_OR, required=False)


@payload
class RecoveryCodesRenewPayload:
    """What came of renewing the recovery codes."""

    viewer: ToPerson | None = result("The person.")
    recovery_codes: list[str] | None = result("Ten new codes, shown this once; each works once.")


@mutations
class FactorMutations:
    """The second step of signing in."""

    session_confirm: SessionConfirmPayload | None = mutation(
        command.confirm_session,
        "Sign in: the second step, where one is needed. Five tries, then `sessionOpen` begins anew.",
        SessionConfirmInput,
        SessionConfirmPayload,
    )
    totp_set_up: TotpSetUpPayload | None = mutation(
        command.set_up_totp,
        "Make a secret for an authenticator app (RFC 6238). It is in force once `totpConfirm` "
        "was given a code. Asks for a session.",
        TotpSetUpInput,
        TotpSetUpPayload,
    )
    totp_confirm: TotpConfirmPayload | None = mutation(
        command.confirm_totp,
        "Put the app in force by one of its codes, and get the recovery codes. Asks for a session.",
        TotpConfirmInput,
        TotpConfirmPayload,
    )
    totp_remove: TotpRemovePayload | None = mutation(
        command.remove_totp,
        "Sign in without the app from now on; its recovery codes go too. Asks for a session.",
        TotpRemoveInput,
        TotpRemovePayload,
    )
    recovery_codes_renew: RecoveryCodesRenewPayload | None = mutation(
        command.renew_recovery_codes,
        "Get new recovery codes; the older ones work no more. Asks for a session.",
        RecoveryCodesRenewInput,
        RecoveryCodesRenewPayload,
    )
