"""What a server does without until somebody needs it: each import costs every process memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# What few servers or few requests need, with the MiB that it adds and when it is wanted.
LATE = {
    "PIL": "7, the first picture that is uploaded",
    "icalendar": "2.6, the first calendar that is read",
    "reportlab": "7 beside PIL, the first agreement that is printed",
    "cryptography": "6, the first secret that is sealed",
    "webauthn": "4 beside cryptography, the first passkey",
    "authlib": "4 beside cryptography, the first single sign-on",
    "obstore": "4, the first upload that is kept or read",
    "dns": "1.5, the first domain that is to be proved",
    "aiosmtplib": "2, a server whose mails go out",
    "httpx2": "1, requests to other servers",
    "alembic": "3, a database that is not at the newest revision",
    "pygments": "5, Alembic's templates; error messages in colours",
    "db.migrating": "1, as Alembic",
    "db.imports.importing": "1, python -m web import",
    "db.world.seeding": "1, python -m web seed and run",
}
START = """
import sys
import web.commands.app
from web.app import create_app
from web.settings import Settings

create_app(Settings(), "postgresql:///nothing", worker=True)
print(*sys.modules)
"""


def test_a_server_starts_without_what_few_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMONS_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    started = subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-c", START],
        cwd=Path(__file__).resolve().parent.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(started.stdout.split())
    assert "web.app" in loaded
    assert {name: why for name, why in LATE.items() if name in loaded} == {}
