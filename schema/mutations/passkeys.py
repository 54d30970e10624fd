"""Passkeys, as mutations. Options and responses are JSON, as browsers make and take it."""

from __future__ import annotations

import strawberry

from resolvers.commands import passkeys as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.mutations.factors import PASSWORD
from schema.references import ToPasskey, ToPerson

SECRET = "What the first step gave as `secret`; it works once, for five minutes."  # noqa: S105
RESPONSE = "The credential that the browser gave, as JSON (`credential.toJSON()`)."


@strawberry.input(description="Who adds a passkey.")
class PasskeyRegisterBeginInput:
    """Who adds a passkey."""

    password: str | None = input_field(PASSWORD, required=False)


@payload
class PasskeyRegisterBeginPayload:
    """What a browser is told to make a passkey."""

    secret: str | None = result("What the next step takes, within five minutes.")
    options: str | None = result(
        "JSON for `PublicKeyCredential.parseCreationOptionsFromJSON`, then `credentials.create`."
    )


@strawberry.input(description="A passkey that a browser made.")
class PasskeyRegisterFinishInput(Keyed):
    """A passkey that a browser made."""

    secret: str = input_field(SECRET)
    response: str = input_field(RESPONSE)
    name: str = input_field("What to call it, at most 80 characters.")


@payload
class PasskeyRegisterFinishPayload:
    """What came of adding a passkey."""

    passkey: ToPasskey | None = result("The passkey.")


@strawberry.input(
    description="Somebody who signs in with a passkey: not even an address is asked for."
)
class PasskeySignInBeginInput:
    """Somebody who signs in with a passkey: not even an address is asked for."""

    replaces: str | None = input_field(
        "The `secret` of an attempt that was given up; it works no more.", required=False
    )


@payload
class PasskeySignInBeginPayload:
    """What a browser is told to use a passkey."""

    secret: str | None = result("What the next step takes, within five minutes.")
    options: str | None = result(
        "JSON for `PublicKeyCredential.parseRequestOptionsFromJSON`, then `credentials.get`."
    )


@strawberry.input(description="The answer of a passkey.")
class PasskeySignInFinishInput:
    """The answer of a passkey."""

    secret: str = input_field(SECRET)
    response: str = input_field(RESPONSE)


@payload
class PasskeySignInFinishPayload:
    """What came of signing in. The session itself is the cookie that comes with the answer."""

    viewer: ToPerson | None = result("Who is signed in now.")


@strawberry.input(description="Which passkey to call something else.")
class PasskeyRenameInput(Keyed):
    """Which passkey to call something else."""

    passkey_id: strawberry.ID = input_field("Which one.", prefix=prefixes.PASSKEY)
    name: str = input_field("What to call it, at most 80 characters.")


@payload
class PasskeyRenamePayload:
    """What came of renaming a passkey."""

    passkey: ToPasskey | None = result("The passkey.")


@strawberry.input(description="Which passkey to remove.")
class PasskeyRemoveInput:
    """Which passkey to remove."""

    passkey_id: strawberry.ID = input_field("Which one.", prefix=prefixes.PASSKEY)
    password: str | None = input_field(PASSWORD, required=False)


@payload
class PasskeyRemovePayload:
    """What came of removing a passkey."""

    viewer: ToPerson | None = result("The person, with the passkeys that are left.")


@mutations
class PasskeyMutations:
    """Passkeys."""

    passkey_register_begin: PasskeyRegisterBeginPayload | None = mutation(
        command.begin_registration,
        "Begin to add a passkey, at most 25. Asks for a session.",
        PasskeyRegisterBeginInput,
        PasskeyRegisterBeginPayload,
    )
    passkey_register_finish: PasskeyRegisterFinishPayload | None = mutation(
        command.finish_registration,
        "Add the passkey that the browser made. Asks for a session.",
        PasskeyRegisterFinishInput,
        PasskeyRegisterFinishPayload,
    )
    passkey_sign_in_begin: PasskeySignInBeginPayload | None = mutation(
        command.begin_sign_in,
        "Begin to sign in with a passkey. No e-mail address is needed: the browser knows its passkeys.",
        PasskeySignInBeginInput,
        PasskeySignInBeginPayload,
    )
    passkey_sign_in_finish: PasskeySignInFinishPayload | None = mutation(
        command.finish_sign_in,
        "Sign in with a passkey. It is both steps at once: no code is asked for.",
        PasskeySignInFinishInput,
        PasskeySignInFinishPayload,
    )
    passkey_rename: PasskeyRenamePayload | None = mutation(
        command.rename_passkey,
        "Call a passkey something else. Asks for a session.",
        PasskeyRenameInput,
        PasskeyRenamePayload,
    )
    passkey_remove: PasskeyRemovePayload | None = mutation(
        command.remove_passkey,
        "Sign in no more with a passkey. Asks for a session.",
        PasskeyRemoveInput,
        PasskeyRemovePayload,
    )
