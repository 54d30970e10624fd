"""What `run` does for somebody who tries the product: a world to look at, and ways to sign in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import typer

from db.world.scale import Scale
from db.world.seeding import seed
from db.world.story import DEMO_PASSWORD, DEMO_PEOPLE, DemoPerson
from resolvers.accounts import find_person, issue_token
from resolvers.passwords import hash_password
from web.graphql import EXPLORER_PATH
from web.mail import mailbox_is_shown
from web.settings import Settings

TOKEN_LIFE = timedelta(days=1)
EVERYWHERE = {"0.0.0.0", "127.0.0.1", "[::]"}  # noqa: S104 - compared with, not listened on


@dataclass(frozen=True)
class Guest:
    """A demo person who is there, and a token of theirs."""

    person: DemoPerson
    token: str


async def prepare_world(dsn: str, *, on_progress: Callable[[str], None]) -> list[Guest]:
    """Seed an empty database; give each demo person who is there a token, and a password if none."""
    connection = await asyncpg.connect(dsn)
    try:
        if not await connection.fetchval("select exists (select from organisation)"):
            await seed(dsn, scale=Scale.SMALL, on_progress=on_progress)
        found = {demo: await find_person(connection, demo.email) for demo in DEMO_PEOPLE}
        keys = {demo: key for demo, key in found.items() if key is not None}
        if keys:
            # Hashed once for all of them: it takes as long as it is meant to.
            await connection.execute(
                """insert into password_credential (person_id, hash) select unnest($1::uuid[]), $2
                on conflict do nothing""",
                list(keys.values()),
                await hash_password(DEMO_PASSWORD),
            )
        return [
            Guest(demo, await issue_token(connection, key, name="demo", valid_for=TOKEN_LIFE))
            for demo, key in keys.items()
        ]
    finally:
        await connection.close()


def print_welcome(settings: Settings, port: int, guests: list[Guest], seconds: float) -> None:
    """Say where to look, and as whom to sign in."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{'localhost' if host in EVERYWHERE else host}:{port}"
    typer.echo(f"\nTalent Commons is ready (in {seconds:.1f} s).\n")
    if settings.explorer:
        typer.echo(f"  Explore the graph   {address}{EXPLORER_PATH}")
    typer.echo(f"  Query it            {address}/graphql")
    if settings.introspection:
        typer.echo(f"  Read its contract   {address}/schema.graphql")
    if mailbox_is_shown(settings):
        typer.echo(f"  Read its mails      {address}/mailbox")
    typer.echo("")
    if guests:
        typer.echo(f"Sign in as one of these, with the password “{DEMO_PASSWORD}” unless it was")
        typer.echo("changed, or with a token (valid for a day):\n")
        for guest in guests:
            demo = guest.person
            typer.echo(f"  {demo.name}, {demo.role} at {demo.organisation}")
            typer.echo(f"    {demo.email}\n    {guest.token}")
        typer.echo("\nA token for anybody else: python -m web token EMAIL")
    typer.echo("Stop with Ctrl-C.\n")
