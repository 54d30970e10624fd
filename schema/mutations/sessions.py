"""Signing in and out, as mutations."""

from __future__ import annotations

import strawberry

from resolvers.commands import sessions as command
from resolvers.commands.sessions import SecondFactor
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToPerson, ToSession


@strawberry.input(description="Who signs in.")
class SessionOpenInput:
    """Who signs in."""

    email: str = input_field("Their e-mail address; capitals make no difference.")
    password: str = input_field("Their password.")


@payload
class SessionOpenPayload:
    """What came of signing in. The session itself is the cookie that comes with the answer."""

    viewer: ToPerson | None = result(
        "Who is signed in now; null when refused, or while a second step is needed."
    )
    second_factor_secret: str | None = result(
        "What the second step takes, within ten minutes; null when none is needed."
    )
    second_factors: list[SecondFactor] | None = result(
        "What the second step may be; null when none is needed."
    )


@strawberry.input(description="Nothing needs to be said to sign out.")
class SessionCloseInput(Keyed):
    """Nothing needs to be said to sign out."""


@payload
class SessionClosePayload:
    """What came of signing out."""

    closed: bool | None = result("Whether the session has ended; its cookie is taken back.")


@strawberry.input(description="Which session to end.")
class SessionRevokeInput(Keyed):
    """Which session to end."""

    session_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SESSION)


@payload
class SessionRevokePayload:
    """What came of ending a session."""

    session: ToSession | None = result("The session, which has ended.")


@strawberry.input(description="Nothing needs to be said to end all other sessions.")
class SessionsRevokeOthersInput(Keyed):
    """Nothing needs to be said to end all other sessions."""


@payload
class SessionsRevokeOthersPayload:
    """What came of ending all other sessions."""

    viewer: ToPerson | None = result("The person, with the sessions that are left.")
    revoked: int | None = result("How many sessions were ended.")


@mutations
class SessionMutations:
    """Signing in and out."""

    session_open: SessionOpenPayload | None = mutation(
        command.sign_in,
        "Sign in. The answer is the same whether the address or the password is wrong.",
        SessionOpenInput,
        SessionOpenPayload,
    )
    session_close: SessionClosePayload | None = mutation(
        command.close_session,
        "Sign out: end the session that this request came with.",
        SessionCloseInput,
        SessionClosePayload,
    )
    session_revoke: SessionRevokePayload | None = mutation(
        command.revoke_session,
        "End a session of one's own, in another browser, from its very next request on.",
        SessionRevokeInput,
        SessionRevokePayload,
    )
    sessions_revoke_others: SessionsRevokeOthersPayload | None = mutation(
        command.revoke_other_sessions,
        "End all sessions of one's own but the one that this request came with.",
        SessionsRevokeOthersInput,
        SessionsRevokeOthersPayload,
    )
