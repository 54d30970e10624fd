"""Proving once more who one is, before what would let somebody else in or keep oneself out.

Whoever finds a browser that is signed in can read there; they can neither add a way in nor take a
factor away. Proof is a sign-in of the last 15 minutes, or the password.
"""

from __future__ import annotations

from typing import Any

from resolvers.acting import Actor, Context
from resolvers.commands.sessions import OWN, count_own_guess, forgive_guesses
from resolvers.passwords import is_password
from resolvers.refusals import InvalidInput, NotAllowed
from resolvers.steps import Steps


def in_person(ctx: Context) -> Actor:
    """Give whoever acts in a browser.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token: programs do not change how somebody signs in.
    """
    actor = ctx.person(even_suspended=True)
    if actor.session_id is None:
        raise NotAllowed("accounts.session_needed")
    return actor


async def prove_oneself(steps: Steps, password: str | None) -> None:
    """Make sure that whoever acts is the owner of the account.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token; or there is no password, and they did not sign in just now.
        InvalidInput: The password is wrong or missing.
        Throttled: Too many guesses.
    """
    own = await steps.do(_look_at_own)
    if own["is_fresh"]:
        return
    if own["hash"] is None:
        raise NotAllowed("accounts.sign_in_again")
    await prove_by_password(steps, password or "")


async def prove_by_password(steps: Steps, password: str) -> None:
    """Make sure that whoever acts knows the password, however they signed in.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token.
        InvalidInput: It is not the password, or there is none.
        Throttled: Too many guesses.
    """
    await steps.do(_look_at_own)
    own = await steps.do(count_own_guess)
    if not await is_password(own["hash"], password):
        raise InvalidInput("accounts.wrong_password", field=("password",))
    await steps.do(forgive_guesses, email=own["email"])


async def _look_at_own(ctx: Context) -> Any:
    actor = in_person(ctx)
    return await ctx.connection.fetchrow(OWN, actor.id, actor.session_id)
