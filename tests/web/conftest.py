"""The sample world, served; clients of it; tokens to sign in with."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx2
import pytest

from db.world.story import DEMO_PEOPLE
from resolvers.accounts import find_person, issue_token
from tests.mailing import SECRET_KEY
from tests.web.serving import client_of, serving

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser, installed when it is missing and that can be done."""
    if not any(map(shutil.which, NAMES)):
        run = subprocess.run(  # noqa: S603 - our own script
            [ROOT / "scripts" / "install-browser"], capture_output=True, text=True, check=False
        )
        if run.returncode != 0:
            pytest.fail(run.stderr[-2_000:], pytrace=False)
    return next(path for path in map(shutil.which, NAMES) if path is not None)


@pytest.fixture(scope="session")
def site(world: str) -> Iterator[str]:
    """Address of the application on the sample world, with the settings it comes with."""
    with serving(world) as url:
        yield url


@pytest.fixture(scope="session")
def client(site: str) -> Iterator[httpx2.Client]:
    with client_of(site) as client:
        yield client


@pytest.fixture(scope="session")
def town_site(town: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the application on the town, where tests write."""
    home = tmp_path_factory.mktemp("home")
    with serving(town, home=home, secret_key=SECRET_KEY.decode()) as url:
        yield url


@pytest.fixture(scope="session")
def town_client(town_site: str) -> Iterator[httpx2.Client]:
    with client_of(town_site) as client:
        yield client


@pytest.fixture(scope="session")
def token(world: str) -> str:
    """Of the first demo person."""

    async def issue() -> str:
        connection = await asyncpg.connect(world)
        try:
            person = await find_person(connection, DEMO_PEOPLE[0].email)
            assert person is not None
            return await issue_token(connection, person, name="test")
        finally:
            await connection.close()

    return asyncio.run(issue())
