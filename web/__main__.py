"""The command line: `python -m web COMMAND`."""

from __future__ import annotations

from web.commands.app import app

if __name__ == "__main__":
    app(prog_name="python -m web")
