"""The pages beside the graph: the explorer and its files, health, readiness, the contract."""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg
import httpx2
import pytest

from db import migrating, revisions
from schema.build import SDL_FILE
from tests.web.serving import client_of, serving
from tests.web.wire import wire_to
from web import pages

POLICY = (
    "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; style-src 'self' 'nonce-{}'"
)
NONCE = re.compile(r"'nonce-([A-Za-z0-9_-]{22})'")
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


def test_root_leads_to_the_explorer(client: httpx2.Client) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["location"]) == (307, "/graphiql")


def test_explorer_comes_with_a_strict_policy_and_a_fresh_nonce(client: httpx2.Client) -> None:
    nonces = set()
    for _ in range(3):
        response = client.get("/graphiql")
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        policy = response.headers["content-security-policy"]
        found = NONCE.search(policy)
        assert found is not None
        nonce = found.group(1)
        assert policy == POLICY.format(nonce)
        assert f'content="{nonce}"' in response.text
        assert "__NONCE__" not in response.text
        # Nothing inline that the policy would have to let in.
        assert not re.search(r"<script(?![^>]*\bsrc=)", response.text)
        assert not re.search(r"\son[a-z]+=", response.text)
        nonces.add(nonce)
    assert len(nonces) == 3


def test_every_file_of_the_explorer_is_served_for_ever(client: httpx2.Client) -> None:
    files = sorted((pages.CLIENT / "assets").iterdir())
    assert files
    for file in files:
        response = client.get(f"/assets/{file.name}")
        assert response.status_code == 200
        assert response.headers["cache-control"] == FOR_EVER
        assert response.headers["content-type"] == TYPES[file.suffix]
        assert len(response.content) == file.stat().st_size
    page = client.get("/graphiql").text
    named = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert named
    for path in named:
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/assets",
        "/assets/",
        "/assets/nothing.js",
        "/assets/%2e%2e/ide.html",
        "/assets/..%2fide.html",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/" + "x" * 5_000,
    ],
)
def test_only_the_assets_are_served_from_there(client: httpx2.Client, path: str) -> None:
    response = client.get(path)
    if response.status_code == 307:
        response = client.get(response.headers["location"])
    assert response.status_code == 404
    assert "cache-control" not in response.headers


def test_explorer_that_is_not_built_says_how_to_build_it(
    client: httpx2.Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pages, "EXPLORER_FILE", tmp_path / "ide.html")
    response = client.get("/graphiql")
    assert response.status_code == 503
    assert response.text == "The explorer is not built. Run: make client"


def test_contract_is_the_one_in_the_repository(client: httpx2.Client) -> None:
    response = client.get("/schema.graphql")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.strip() == SDL_FILE.read_text(encoding="utf-8").strip()


def test_process_is_healthy_and_ready(client: httpx2.Client) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True})


async def test_database_that_was_never_migrated_is_not_ready(empty_database: str) -> None:
    newest = revisions.newest_revision()
    with serving(empty_database) as url, client_of(url) as client:
        assert client.get("/healthz").status_code == 200
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json() == {
            "ready": False,
            "why": f"The database is at revision None, this program needs {newest}.",
        }
        await migrating.upgrade(empty_database)
        assert client.get("/readyz").json() == {"ready": True}


async def test_database_of_another_revision_is_not_ready(scratch_database: str) -> None:
    connection = await asyncpg.connect(scratch_database)
    try:
        await connection.execute("update alembic_version set version_num = 'tomorrow'")
    finally:
        await connection.close()
    with serving(scratch_database) as url, client_of(url) as client:
        response = client.get("/readyz")
        assert response.status_code == 503
        assert "at revision tomorrow, this program needs" in response.json()["why"]


def test_process_without_its_database_is_healthy_but_not_ready(world: str) -> None:
    with wire_to(world) as wire, serving(wire.dsn) as url, client_of(url) as client:
        assert client.get("/readyz").status_code == 200
        wire.cut()
        response = client.get("/readyz")
        assert (response.status_code, response.json()["ready"]) == (503, False)
        assert response.json()["why"]
        assert client.get("/healthz").status_code == 200
        wire.mend()
        assert client.get("/readyz").json() == {"ready": True}
