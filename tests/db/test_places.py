"""The places that ship: all municipalities, brought into the database and never out from under a listing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from db.places import FILE, PROVINCES, PlacesError, load_places, read_places
from db.taxonomy import DATA, Changes

# How many municipalities each province has in 2026.
OF_PROVINCE = {
    "Drenthe": 12,
    "Flevoland": 6,
    "Fryslân": 18,
    "Gelderland": 51,
    "Groningen": 10,
    "Limburg": 31,
    "Noord-Brabant": 56,
    "Noord-Holland": 44,
    "Overijssel": 25,
    "Utrecht": 26,
    "Zeeland": 13,
    "Zuid-Holland": 50,
}
FOUND = """
select slug from place where strpos(folded, lower(unaccent($1))) > 0 order by slug
"""


def changed(tmp_path: Path, change: Callable[[list[str]], list[str]]) -> Path:
    """Give a copy of the file with other lines below its head."""
    head, *lines = FILE.read_text(encoding="utf-8").splitlines()
    file = tmp_path / "places.csv"
    file.write_text("\n".join([head, *change(lines)]) + "\n", encoding="utf-8")
    return file


def test_every_municipality_is_there_and_the_source_is_named() -> None:
    places = read_places()
    assert Counter(province for _, _, province, *_ in places) == OF_PROVINCE
    assert set(OF_PROVINCE) == PROVINCES
    assert len({name for _, name, *_ in places}) == len(places) == 342
    notice = (DATA / "NOTICE.md").read_text(encoding="utf-8")
    assert "GeoNames" in notice
    assert "creativecommons.org/licenses/by/4.0" in notice
    assert "GeoNames" in (DATA.parent.parent / "NOTICE").read_text(encoding="utf-8")


def test_no_two_places_are_at_the_same_spot() -> None:
    spots = Counter((latitude, longitude) for *_, latitude, longitude, _ in read_places())
    assert max(spots.values()) == 1


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        pytest.param("Den Haag", "den-haag", id="name"),
        pytest.param("'s-Gravenhage", "den-haag", id="official name"),
        pytest.param("s gravenhage", "den-haag", id="without punctuation"),
        pytest.param("the hague", "den-haag", id="English"),
        pytest.param("Ljouwert", "leeuwarden", id="Frisian"),
        pytest.param("Súdwest-Fryslân", "sudwest-fryslan", id="accents"),
        pytest.param("sudwest fryslan", "sudwest-fryslan", id="no accents"),
        pytest.param("den bosch", "s-hertogenbosch", id="everyday name"),
        pytest.param("Hoofddorp", "haarlemmermeer", id="a town in it"),
    ],
)
async def test_a_place_is_found_by_any_of_its_names(
    scratch_connection: asyncpg.Connection, typed: str, slug: str
) -> None:
    assert [row["slug"] for row in await scratch_connection.fetch(FOUND, typed)] == [slug]


async def test_second_load_changes_nothing(scratch_connection: asyncpg.Connection) -> None:
    before = await scratch_connection.fetch("select * from place order by id")
    summary = await load_places(scratch_connection)
    assert summary.places == Changes(0, 0, 0, unchanged=342)
    assert not summary.changed
    assert await scratch_connection.fetch("select * from place order by id") == before


async def test_what_changed_is_updated_and_what_left_goes_unless_a_listing_is_there(
    scratch_connection: asyncpg.Connection, tmp_path: Path
) -> None:
    before = await scratch_connection.fetch("select id, slug from place")
    ids = {row["slug"]: row["id"] for row in before}
    organisation = await scratch_connection.fetchval(
        "insert into organisation (slug, name, kind, sector, size_band)"
        " values ('one', 'One', 'COMPANY', 'TECHNOLOGY', 'SMALL') returning id"
    )
    await scratch_connection.execute(
        "insert into listing"
        " (organisation_id, kind, form, audience, title, language, terms, place_id)"
        " values ($1, 'OFFER', 'PROJECT', 'PUBLIC', 'One', 'NL', 'FREE', $2)",
        organisation,
        ids["wijdemeren"],
    )
    file = changed(
        tmp_path,
        lambda lines: [
            line.replace("Hilversum,Noord", "Hilversum aan Zee,Noord")
            for line in lines
            if not line.startswith(("wijdemeren,", "urk,"))
        ],
    )
    summary = await load_places(scratch_connection, file=file)
    assert summary.places == Changes(0, 1, 1, unchanged=339)
    assert summary.kept == ("wijdemeren",)
    after = await scratch_connection.fetch("select id, slug, name from place")
    del ids["urk"]
    assert {row["slug"]: row["id"] for row in after} == ids
    assert {row["name"] for row in after if row["slug"] == "hilversum"} == {"Hilversum aan Zee"}
    assert not (await load_places(scratch_connection, file=file)).changed
    assert (await load_places(scratch_connection)).places == Changes(1, 1, 0, unchanged=340)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param(
            lambda lines: [*lines, lines[0]],
            "line 344: 'aa-en-hunze' stands there twice.",
            id="twice",
        ),
        pytest.param(
            lambda lines: [lines[0].replace("Drenthe", "Holland"), *lines[1:]],
            "line 2: 'Holland' is no province.",
            id="no province",
        ),
        pytest.param(
            lambda lines: [*lines[1:], "london,London,Utrecht,51.5,-0.12,"],
            "line 343: 51.5, -0.12 is not in the Netherlands.",
            id="elsewhere",
        ),
    ],
)
async def test_a_file_that_contradicts_itself_is_refused(
    scratch_connection: asyncpg.Connection,
    tmp_path: Path,
    change: Callable[[list[str]], list[str]],
    problem: str,
) -> None:
    with pytest.raises(PlacesError, match=problem.replace(".", r"\.")):
        await load_places(scratch_connection, file=changed(tmp_path, change))
    assert await scratch_connection.fetchval("select count(*) from place") == 342
