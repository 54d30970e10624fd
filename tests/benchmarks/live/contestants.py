"""Who is compared: how each is started, subscribed to, and made to publish."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from schema import prefixes
from tests.benchmarks.live.subscriber import Opening
from tests.benchmarks.live.world import Audience, Viewer
from tests.benchmarks.processes import Command
from tests.benchmarks.servers import JSON, ROOT, our_environment, peer_environment
from tests.benchmarks.tools import NODE, PEERS

SHARED = "id body createdAt author { id name } organisation { id name }"
PERSONAL = f"{SHARED} viewerReaction"
OUR_SUBSCRIPTION = "subscription Live { feedChanged { kind cursor post { %s } } }"
OUR_MUTATION = """
mutation Publish($organisationId: ID!, $body: String!) {
  postPublish(input: {
    organisationId: $organisationId, body: $body, language: NL, audience: NETWORK
  }) {
    post { id }
    userErrors { message }
  }
}
"""
PEER_SUBSCRIPTION = """
subscription Live($organisationId: ID!) { %s(organisationId: $organisationId) { kind post { %s } } }
"""
PEER_MUTATION = """
mutation Publish($organisationId: ID!, $body: String!) {
  %s(organisationId: $organisationId, body: $body)
}
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that publishes a post."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Contestant:
    """One server in one of the ways in which it can be used."""

    name: str
    title: str
    words: tuple[str, ...]
    # Of the peers: the fields that subscribe and publish.
    subscribe: str = "feedChanged"
    publish: str = "publish"
    in_node: bool = False
    # Whether it can say what depends on the viewer.
    is_personal: bool = True

    @property
    def is_ours(self) -> bool:
        """Whether it is the server that this repository is about."""
        return self.name == OURS_NAME

    def command(self, dsn: str, port: int, pool: int, *, jobs: bool = False) -> Command:
        """What starts it; ours with or without background jobs, of which the peers have none."""
        if self.is_ours:
            environment = {
                **our_environment(dsn, port, pool),
                **MANY,
                "COMMONS_WORKER": str(jobs).lower(),
            }
            return Command(self.words, ROOT, environment)
        cwd = PEERS if self.in_node else ROOT
        return Command(self.words, cwd, peer_environment(dsn, port, pool))

    def opening(self, audience: Audience, viewer: Viewer, selection: str) -> Opening:
        """How this viewer subscribes."""
        if self.is_ours:
            return Opening(
                {}, {"authorization": f"Bearer {viewer.token}"}, OUR_SUBSCRIPTION % selection, {}
            )
        return Opening(
            {"X-Viewer": str(viewer.id)},
            None,
            PEER_SUBSCRIPTION % (self.subscribe, selection),
            {"organisationId": str(audience.organisation_id)},
        )

    def ask(self, audience: Audience, body: str) -> Ask:
        """How the author publishes this text in the organisation's name."""
        author = audience.author
        if self.is_ours:
            who = {"Authorization": f"Bearer {author.token}"}
            organisation_id = f"{prefixes.ORGANISATION}_{audience.organisation_id}"
            query = OUR_MUTATION
        else:
            who = {"X-Viewer": str(author.id)}
            organisation_id = str(audience.organisation_id)
            query = PEER_MUTATION % self.publish
        variables = {"organisationId": organisation_id, "body": body}
        return Ask({**JSON, **who}, orjson.dumps({"query": query, "variables": variables}))

    def published(self, answer: Any) -> str | None:
        """The id in the answer, as it stands in messages; None when it was refused."""
        data = answer.get("data")
        if answer.get("errors") or not data:
            return None
        if not self.is_ours:
            found: str = data[self.publish]
            return found
        post = data["postPublish"]["post"]
        return None if post is None else post["id"]


OURS_NAME = "ours"
# All subscribers come from one address, and some of many are of the same person.
MANY = {"COMMONS_LIVE_PER_ADDRESS": "100000", "COMMONS_LIVE_PER_PERSON": "1000"}
STOCK = (sys.executable, "-m", "tests.benchmarks.peers.strawberry_live")
MERCURIUS = (str(NODE), "mercurius/live.mjs")
BARE = Contestant(
    name="bare",
    title="uvicorn alone, the same bytes to all",
    words=(sys.executable, "-m", "tests.benchmarks.peers.bare_socket"),
    publish="announce",
    is_personal=False,
)
OURS = Contestant(
    name=OURS_NAME, title="Talent Commons", words=(sys.executable, "-m", "web", "serve")
)
STRAWBERRY = Contestant(
    name="strawberry", title="Strawberry, stock (DataLoaders, asyncpg)", words=STOCK
)
STRAWBERRY_TOLD = Contestant(
    name="strawberry_told",
    title="Strawberry, stock (told everything, loads nothing)",
    words=STOCK,
    subscribe="feedAnnounced",
    publish="announce",
)
MERCURIUS_LOADING = Contestant(
    name="mercurius", title="Mercurius 16 (loaders, postgres.js)", words=MERCURIUS, in_node=True
)
MERCURIUS_TOLD = Contestant(
    name="mercurius_told",
    title="Mercurius 16 (told everything, loads nothing)",
    words=MERCURIUS,
    subscribe="feedAnnounced",
    publish="announce",
    in_node=True,
)
PEERS_LIVE = (STRAWBERRY, STRAWBERRY_TOLD, MERCURIUS_LOADING, MERCURIUS_TOLD, BARE)
