"""The founding story, told in every world: who is in it, and whom to sign in as.

A police organisation finds out what it is unique in (leading projects in politically sensitive
situations), shares it, and gets back more than it gave. Its texts are in `data/story.toml`.
"""

from __future__ import annotations

from typing import NamedTuple

from db.tables.people import Role

POLICE = "politie-waterland"
MUNICIPALITY = "gemeente-elzenhoven"
HOSPITAL = "ziekenhuis-lindenkamp"
WATER_BOARD = "waterschap-brede-vaart"
SMALL_COMPANY = "fernleigh-analytics"
STORY_ORGANISATIONS = (POLICE, MUNICIPALITY, HOSPITAL, WATER_BOARD, SMALL_COMPANY)

# What the police shares.
STORY_SKILL = "project-management-in-politically-sensitive-situations"


class DemoPerson(NamedTuple):
    """Somebody to sign in as when trying the product."""

    email: str
    name: str
    role: Role
    organisation: str


DEMO_PEOPLE = (
    DemoPerson(
        "marit.verhage@politie-waterland.example", "Marit Verhage", Role.TALENT_MANAGER, POLICE
    ),
    DemoPerson(
        "sanne.brouwershof@gemeente-elzenhoven.example",
        "Sanne Brouwershof",
        Role.OWNER,
        MUNICIPALITY,
    ),
    DemoPerson(
        "imogen.fairley@fernleigh-analytics.example", "Imogen Fairley", Role.MEMBER, SMALL_COMPANY
    ),
)
# Of each of them, when `run` sets the world up to be tried.
DEMO_PASSWORD = "sharing multiplies"  # noqa: S105 - printed for whoever tries the product
DEMO_FOLLOWS = 25

# Only in the bench world: how many organisations somebody follows, and their e-mail address.
BENCH_ORGANISATION = "bench"
BENCH_VIEWERS = {
    20: "follows-20@bench.example",
    200: "follows-200@bench.example",
    1_000: "follows-1000@bench.example",
    4_000: "follows-4000@bench.example",
}
