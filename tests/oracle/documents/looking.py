"""Searches of the market that are kept: every field, what each finds, who is told."""

from __future__ import annotations

from tests.oracle.documents.cases import case

FIELDS = {
    "MarketSearch": """id name query kinds forms skills { id slug } terms audiences
        organisations { id slug } sectors languages fromDay untilDay minimumHours maximumHours
        place { id name } distanceKm includeRemote notify pausedAt version createdAt
        listings(first: 2) { nodes { id } }""",
}
ROWS = {
    "MarketSearch": tuple(
        f"market_search.{name}"
        for name in ("member_places", "member_near", "member_rest", "pat_all", "stranger_none")
    )
}
SHORT = {"MarketSearch": "mks"}
MINE = """{ viewer { marketSearches(first: 30) { totalCount edges { cursor node { %s
    found: listings(first: 40) { totalCount nodes { id title } } } } pageInfo { hasNextPage endCursor } } } }"""

CASES = [
    case("what one looks for on the market", MINE % FIELDS["MarketSearch"]),
    case(
        "what others look for on the market",
        """{ nodes(ids: [<<person.pat>>, <<person.member>>, <<person.stranger>>]) { ... on Person {
        marketSearches(first: 1) { totalCount nodes { name } pageInfo { hasNextPage } } } } }""",
    ),
    case(
        "pages of what a search of the market finds",
        """{ node(id: <<market_search.member_all>>) { ... on MarketSearch { a: listings(first: 3) {
        totalCount edges { cursor node { id organisation { slug } } } pageInfo { hasNextPage endCursor } }
        b: listings(last: 2) { nodes { id status } pageInfo { hasPreviousPage } } } } }""",
    ),
    case(
        "lines about searches of the market",
        """{ viewer { notifications(first: 60) { nodes { id kind title note listing { id title }
        marketSearch { id name } } } } }""",
    ),
]
