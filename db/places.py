"""The places that ship with the project: read from a file, brought into the database."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from db.taxonomy import DATA, Changes, fold

FILE = DATA / "places.csv"
PROVINCES = frozenset(
    {
        *("Drenthe", "Flevoland", "Fryslân", "Gelderland", "Groningen", "Limburg"),
        *("Noord-Brabant", "Noord-Holland", "Overijssel", "Utrecht", "Zeeland", "Zuid-Holland"),
    }
)
# Two processes that load at once do so one after the other.
ADVISORY_LOCK = 7_310_587_204
# European Netherlands, in degrees: what lies elsewhere is a slip of the pen.
LATITUDES, LONGITUDES = (50.7, 53.6), (3.3, 7.3)


class PlacesError(Exception):
    """The file of places contradicts itself; the text says where."""


@dataclass(frozen=True, slots=True)
class PlacesSummary:
    """What a load did; `kept` are the slugs that left the file and that listings point to."""

    places: Changes
    kept: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the load changed any row."""
        return bool(self.places.inserted or self.places.updated or self.places.removed)


def read_places(file: Path = FILE) -> list[tuple[str, str, str, float, float, str]]:
    """Read and check the file: slug, name, province, degrees north and east, names to look for.

    Raises:
        PlacesError: A slug stands twice, a province is none, or a place lies elsewhere.
    """
    places: list[tuple[str, str, str, float, float, str]] = []
    seen: set[str] = set()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            where = f"{file.name}, line {reader.line_num}"
            slug, name, province = row["slug"], row["name"].strip(), row["province"]
            latitude, longitude = float(row["latitude"]), float(row["longitude"])
            if slug in seen:
                raise PlacesError(f"{where}: {slug!r} stands there twice.")
            if province not in PROVINCES:
                raise PlacesError(f"{where}: {province!r} is no province.")
            if not (
                LATITUDES[0] <= latitude <= LATITUDES[1]
                and LONGITUDES[0] <= longitude <= LONGITUDES[1]
            ):
                raise PlacesError(f"{where}: {latitude}, {longitude} is not in the Netherlands.")
            seen.add(slug)
            names = [name, *filter(None, row["other_names"].split("|"))]
            places.append((slug, name, province, latitude, longitude, _folded(names)))
    return places


async def load_places(connection: asyncpg.Connection, *, file: Path = FILE) -> PlacesSummary:
    """Bring the database's places to what the file says, in one transaction.

    Rows are known by slug and keep their ids. A place that left the file goes, unless a listing
    points to it. A second load writes nothing.

    Raises:
        PlacesError: The file contradicts itself; nothing was written.
    """
    rows = read_places(file)
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", ADVISORY_LOCK)
        changed = await connection.fetch(_MERGE, *(list(part) for part in zip(*rows, strict=True)))
        kept = await connection.fetch(
            "select slug from place where slug <> all($1::text[]) order by slug",
            [row[0] for row in rows],
        )
    counts: dict[str, int] = {row["action"]: row["count"] for row in changed}
    inserted, updated = counts.get("INSERT", 0), counts.get("UPDATE", 0)
    places = Changes(inserted, updated, counts.get("DELETE", 0), len(rows) - inserted - updated)
    return PlacesSummary(places, tuple(row["slug"] for row in kept))


def _folded(names: Sequence[str]) -> str:
    """Give the names as they are looked for: folded, and with the punctuation that they have."""
    forms = [form for name in names for form in (fold(name), _plain(name))]
    return " ".join(dict.fromkeys(forms))


def _plain(name: str) -> str:
    """Give what `lower(unaccent(name))` gives in the database."""
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


# MERGE rather than INSERT ... ON CONFLICT: the latter locks, and so writes, each row it meets.
_MERGE = """
with file as (
    select * from unnest(
        $1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::text[]
    ) as file (slug, name, province, latitude, longitude, folded)
), changed as (
    merge into place as row using file on row.slug = file.slug
    when matched and (row.name, row.province, row.latitude, row.longitude, row.folded)
        is distinct from (file.name, file.province, file.latitude, file.longitude, file.folded)
        then update set name = file.name, province = file.province, latitude = file.latitude,
            longitude = file.longitude, folded = file.folded
    when not matched then insert (slug, name, province, latitude, longitude, folded)
        values (file.slug, file.name, file.province, file.latitude, file.longitude, file.folded)
    when not matched by source
        and not exists (select from listing where listing.place_id = row.id) then delete
    returning merge_action() as action
) select action, count(*) from changed group by action
"""
