"""Uploads as a client makes them."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.pictures import picture


def upload(
    client: httpx2.Client,
    content: bytes | None = None,
    *,
    token: str | None,
    purpose: str = "IMAGE",
    name: str = "holiday.png",
    **said: str,
) -> httpx2.Response:
    """Send a form with one file."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    file = (name, picture() if content is None else content, "application/octet-stream")
    return client.post(
        f"/media?purpose={purpose}", files={"file": file}, data=said, headers=headers
    )


def uploaded(response: httpx2.Response) -> dict[str, Any]:
    """Give the media object of an upload that was kept."""
    answer = response.json()
    assert response.status_code == 201, answer
    assert answer["userErrors"] == []
    media: dict[str, Any] = answer["media"]
    return media


def fetched(
    client: httpx2.Client, url: str, token: str | None = None, **headers: str
) -> httpx2.Response:
    """Ask for what is served at an address."""
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return client.get(url, headers=headers)
