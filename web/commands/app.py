"""What an operator can do from the command line: `python -m web COMMAND`."""

from __future__ import annotations

import typer

from web.commands import data, people, promises, running

app = typer.Typer(
    help="Talent Commons: a network where organisations share talent and knowledge.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for feature in (running, data, people, promises):
    app.add_typer(feature.app)
