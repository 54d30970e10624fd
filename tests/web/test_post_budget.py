"""A click and a post cost few round trips: sign-in, what it writes, and the payload."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.making import Maker
from tests.web.posting import Poster, editor
from tests.web.serving import client_of, serving
from tests.web.wire import Wire, wire_to


@pytest.fixture(scope="module")
def wire(town: str) -> Iterator[Wire]:
    with wire_to(town) as wire:
        yield wire


@pytest.fixture(scope="module")
def client(wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    home = tmp_path_factory.mktemp("home")
    # One connection each: a statement is prepared once on each.
    settings = {"pool_size": 2, "write_pool_size": 1, "worker": False}
    with serving(wire.dsn, home=home, **settings) as url, client_of(url) as client:
        yield client


async def test_publishing_answering_and_reacting_are_three_round_trips(
    wire: Wire, client: httpx2.Client, make: Maker
) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    poster = Poster(client)
    post = poster.publish(person, place)
    given = {
        "postPublish": {"organisationId": place.id, "body": "Again"},
        "postReact": {"postId": post["id"], "kind": "LIKE"},
        "postUnreact": {"postId": post["id"]},
        "postBookmark": {"postId": post["id"]},
        "commentAdd": {"postId": post["id"], "body": "Yes"},
    }
    # The first time, each is prepared.
    for name, inputs in given.items():
        poster.do(person, name, **inputs)
    for name, inputs in given.items():
        wire.counts.clear()
        poster.do(person, name, **inputs)
        spent = {kind: wire.counts[kind] for kind in ("Q", "P", "E", "S")}
        assert spent == {"Q": 0, "P": 0, "E": 3, "S": 3}, name
