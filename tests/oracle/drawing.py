"""Values to draw for generated documents: ids, slugs, cursors, words and times of one world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from tests.oracle.arguments import TAKES
from tests.oracle.rules import TABLE_OF_TYPE
from tests.oracle.store import Store
from tests.oracle.values import PREFIXES, global_id

WORDS = (
    "",
    "a",
    "or",
    "Oracle",
    "ECHO",
    "%",
    "_",
    "\\",
    "'",
    "é",
    "Ü",
    "water",
    "0%",
    "same",
    "🦊",
)
TIMES = (
    "2026-03-01T09:00:00Z",
    "2026-07-18T11:00:00.00008+02:00",
    "2020-01-01T00:00:00-03:00",
    "2027-01-01T00:00:00.5Z",
)
NUMBERS = {
    "length": (1, 7, 140, 1000),
    "minimumLevel": (1, 2, 3, 4, 5),
    "first": (1, 2, 3, 5),
    "last": (1, 2, 3, 5),
}
WRONG_NUMBERS = {"length": (0, 1001), "minimumLevel": (0, 6), "first": (0, 101), "last": (-1, 1000)}
WRONG_IDS = ("", "org_", "per_1", "xyz_00000000-0000-7000-8000-000000000000")
RARELY, MOSTLY = 0.003, 0.7


class Values:
    """What exists, and now and then what does not."""

    def __init__(
        self, store: Store, cursors: Mapping[str, Sequence[str]], favourites: Sequence[str]
    ) -> None:
        self.ids = {
            name: [global_id(name, row["id"]) for row in store.rows(table)]
            for name, table in TABLE_OF_TYPE.items()
        }
        self.slugs = {
            name: [row["slug"] for row in store.rows(TABLE_OF_TYPE[name])]
            for name in ("Organisation", "Skill")
        }
        self.cursors = cursors
        self.favourites = {
            name: [value for value in favourites if value.startswith(f"{prefix}_")]
            for name, prefix in PREFIXES.items()
        }

    def scalar(self, random: Random, name: str, where: str) -> str | int:
        """Draw a value of a scalar type for an argument or input field."""
        if name == "Int":
            return self.number(random, where)
        if name == "DateTime":
            return self.time(random)
        return self.id(random, where) if name == "ID" else self.text(random, where)

    def id(self, random: Random, where: str) -> str:
        """Draw an id for an argument or input field: often of a row that only some may see."""
        type_name = TAKES.get(where) or TAKES.get(f"filter.{where.rpartition('.')[2]}")
        if random.random() < RARELY:
            return random.choice(WRONG_IDS)
        if type_name is None or random.random() < RARELY:
            type_name = random.choice(list(self.ids))
        favourites = self.favourites[type_name]
        liked = favourites and random.random() < MOSTLY
        return random.choice(favourites if liked else self.ids[type_name])

    def text(self, random: Random, where: str) -> str:
        """Draw a text."""
        name = where.rpartition(".")[2]
        if name in {"after", "before"}:
            strange = random.random() < RARELY
            place = random.choice(list(self.cursors)) if strange else where.rpartition(".")[0]
            cursor: str = random.choice(self.cursors[place])
            return cursor
        if name == "slug":
            return str(random.choice(self.slugs["Skill" if ".skill." in where else "Organisation"]))
        return random.choice(WORDS)

    def number(self, random: Random, where: str) -> int:
        """Draw a whole number."""
        name = where.rpartition(".")[2]
        wrong = random.random() < RARELY
        return random.choice((WRONG_NUMBERS if wrong else NUMBERS)[name])

    def time(self, random: Random) -> str:
        """Draw a time."""
        return random.choice(TIMES)
