"""The sample world, served; clients of it; tokens to sign in with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import httpx2
import pytest

from db.world.story import DEMO_PEOPLE
from resolvers.accounts import find_person, issue_token
from tests.mailing import SECRET_KEY
from tests.web.serving import client_of, serving


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
