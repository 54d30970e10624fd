"""Finding by words, as a client asks for it."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.making import Someone
from tests.web.serving import ask, data_of

DISCOVER = """
query Discover($query: String!, $filter: DiscoveryFilter, $first: Int! = 20, $after: String) {
  discover(query: $query, filter: $filter, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges {
      cursor matchedBy score snippet { text isMatch }
      node {
        __typename
        ... on Organisation { id name }
        ... on Person { id name }
        ... on Post { id body }
        ... on Listing { id title }
        ... on Skill { id slug }
      }
    }
    facets {
      isCapped
      kinds { kind count } languages { language count }
      sectors { sector count } organisationKinds { kind count }
    }
  }
}
"""


def discover(
    client: httpx2.Client, query: str, someone: Someone | None = None, **given: Any
) -> dict[str, Any]:
    """Ask, and give what was found."""
    token = someone.token if someone else None
    data = data_of(ask(client, DISCOVER, {"query": query, **given}, token=token))
    found: dict[str, Any] = data["discover"]
    return found
