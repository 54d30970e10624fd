"""What the program promises, as texts: the contract of the graph, what a role permits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from resolvers import exchange_moves
from resolvers import permissions as role_permissions
from schema.build import SDL_FILE, build_schema
from schema.contract import LISTED_FILE, RELEASED_FILE, unlisted_changes

app = typer.Typer()

DOCS = Path(__file__).resolve().parents[2] / "docs"
PERMISSIONS_FILE, EXCHANGES_FILE = DOCS / "permissions.md", DOCS / "exchanges.md"


@app.command()
def sdl(
    *,
    write: Annotated[
        bool, typer.Option(help=f"Write {SDL_FILE.name} instead of printing.")
    ] = False,
) -> None:
    """Print the contract of the graph."""
    text = build_schema().as_str() + "\n"
    if write:
        SDL_FILE.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)


@app.command()
def permissions(
    *,
    write: Annotated[
        bool,
        typer.Option(
            help=f"Write docs/{PERMISSIONS_FILE.name} and {EXCHANGES_FILE.name} instead of printing."
        ),
    ] = False,
) -> None:
    """Print what each role permits, and what may be done with an exchange by whom."""
    pages = {
        PERMISSIONS_FILE: role_permissions.document(),
        EXCHANGES_FILE: exchange_moves.document(),
    }
    for file, text in pages.items():
        if write:
            file.write_text(text, encoding="utf-8")
        else:
            typer.echo(text, nl=False)


@app.command()
def contract() -> None:
    """Check the contract: written down as it is, and no unlisted change that breaks clients."""
    current = build_schema().as_str() + "\n"
    faults = unlisted_changes(
        RELEASED_FILE.read_text(encoding="utf-8"), current, LISTED_FILE.read_text(encoding="utf-8")
    )
    for fault in faults:
        typer.echo(
            f"This breaks clients and is not listed in {LISTED_FILE.name}: {fault}", err=True
        )
    if current != SDL_FILE.read_text(encoding="utf-8"):
        typer.echo(f"{SDL_FILE.name} is out of date: python -m web sdl --write", err=True)
        faults.append(SDL_FILE.name)
    raise typer.Exit(1 if faults else 0)
