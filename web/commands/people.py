"""People, as far as an operator has to do with them: tokens, and who moderates."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated

import asyncpg
import typer

from resolvers.accounts import find_person, issue_token, set_moderator
from web.commands.surroundings import opened_database, settings

app = typer.Typer()


@app.command()
def token(
    email: Annotated[str, typer.Argument(help="Whose token.")],
    days: Annotated[int, typer.Option(min=1, help="How long it is valid.")] = 90,
) -> None:
    """Print a new bearer token for a person. It is shown this once."""
    with opened_database(settings()) as dsn:
        secret = asyncio.run(_issue(dsn, email, timedelta(days=days)))
    if secret is None:
        typer.echo(f"Nobody active has the address {email}.", err=True)
        raise typer.Exit(1)
    typer.echo(secret)


@app.command()
def moderator(
    email: Annotated[str, typer.Argument(help="Whose address.")],
    *,
    remove: Annotated[bool, typer.Option(help="No longer a moderator.")] = False,
) -> None:
    """Make a person a moderator of the whole network, or no longer one."""
    with opened_database(settings()) as dsn:
        name = asyncio.run(_set_moderator(dsn, email, is_moderator=not remove))
    if name is None:
        typer.echo(f"Nobody active has the address {email}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{name} is {'no longer' if remove else 'now'} a moderator of the network.")


async def _issue(dsn: str, email: str, life: timedelta) -> str | None:
    connection = await asyncpg.connect(dsn)
    try:
        person_id = await find_person(connection, email)
        if person_id is None:
            return None
        return await issue_token(connection, person_id, name="command line", valid_for=life)
    finally:
        await connection.close()


async def _set_moderator(dsn: str, email: str, *, is_moderator: bool) -> str | None:
    connection = await asyncpg.connect(dsn)
    try:
        person_id = await find_person(connection, email)
        return await set_moderator(connection, person_id, is_moderator=is_moderator)
    finally:
        await connection.close()
