"""The organisations of the world, and what they declare to be strong in."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

from db.tables.organisations import SizeBand
from db.world.catalogue import Catalogue
from db.world.clock import DAY, HOUR, RANDOM_BITS, make_id, to_moment
from db.world.model import Organisation, Setting
from db.world.naming import Namer
from db.world.phrases import Phrases
from db.world.sources import Archetype, Sources
from db.world.story import BENCH_ORGANISATION

_BANDS = tuple(SizeBand)
_MEMBERS = dict(zip(_BANDS, (2.5, 5, 10, 18, 30), strict=True))
_REACH = dict(zip(_BANDS, (0.5, 0.8, 1.2, 1.8, 2.6), strict=True))
_STORY_JOINED_AFTER = 9 * HOUR
_NO_NEWCOMERS = 45 * DAY
_SUSPENDED_SHARE = 0.012


def make_organisations(setting: Setting, namer: Namer, random: Random) -> list[Organisation]:
    """Make the organisations in the order in which they joined, those of the story first."""
    sources, sizes, start, until = setting.sources, setting.sizes, setting.start, setting.until
    story = [
        _of_story(entry, sources, start + place * DAY, random)
        for place, entry in enumerate(sources.story["organisation"])
    ]
    if sizes.viewers:
        story.append(_of_bench(sources, start + len(story) * DAY, random))
    archetypes = _shared_out(sources.archetypes, sizes.organisations - len(story), random)
    joined = sorted(
        start + 20 * DAY + int((until - start - 20 * DAY - _NO_NEWCOMERS) * random.random() ** 1.7)
        for _ in archetypes
    )
    made = story + [
        _made_up(archetype, ms, namer, random)
        for archetype, ms in zip(archetypes, joined, strict=True)
    ]
    ordinary = made[len(story) :]
    for organisation in random.sample(ordinary, max(2, round(_SUSPENDED_SHARE * len(ordinary)))):
        organisation.suspended_ms = until - int(random.uniform(3, 40) * DAY)
    phrases = Phrases(setting, random)
    for organisation in made:
        _declare(organisation, setting.catalogue, phrases, random)
    return made


def first_id(start: int, random: Random) -> UUID:
    """Work out the id of the first organisation from the chance that `make_organisations` gets."""
    return make_id(start + _STORY_JOINED_AFTER, random.getrandbits(RANDOM_BITS))


def organisation_rows(
    organisations: list[Organisation],
    *,
    follower_counts: list[int],
    member_counts: list[int],
    post_counts: list[int],
    last_post_ids: list[UUID | None],
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `organisation`, counters included."""
    for index, organisation in enumerate(organisations):
        suspended = organisation.suspended_ms
        yield (
            organisation.id,
            to_moment(organisation.ms),
            organisation.slug,
            organisation.name,
            organisation.archetype.kind,
            organisation.archetype.sector,
            organisation.size,
            organisation.about,
            f"https://www.{organisation.domain}",
            organisation.place,
            organisation.domain if organisation.verified else None,
            None if suspended is None else to_moment(suspended),
            follower_counts[index],
            member_counts[index],
            post_counts[index],
            last_post_ids[index],
        )


def strength_rows(
    organisations: list[Organisation], catalogue: Catalogue, random: Random
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `organisation_strength`."""
    for organisation in organisations:
        for place, (skill, statement) in enumerate(organisation.strengths):
            ms = organisation.ms + 2 * HOUR + place
            yield (
                make_id(ms, random.getrandbits(RANDOM_BITS)),
                to_moment(ms),
                organisation.id,
                catalogue.ids[skill],
                statement,
            )


def _shared_out(archetypes: tuple[Archetype, ...], count: int, random: Random) -> list[Archetype]:
    """Give each archetype its share of the organisations, and at least one, in mixed order."""
    weight = sum(archetype.weight for archetype in archetypes)
    shared = [
        archetype
        for archetype in archetypes
        for _ in range(max(1, int(archetype.weight / weight * count)))
    ]
    shared += random.choices(archetypes, [a.weight for a in archetypes], k=count)
    del shared[count:]
    random.shuffle(shared)
    return shared


def _made_up(archetype: Archetype, ms: int, namer: Namer, random: Random) -> Organisation:
    english = random.random() < archetype.english
    language = "en" if english else "nl"
    place = namer.place(language)
    name, slug = namer.organisation(archetype, language, place)
    size = random.choices(_BANDS, archetype.sizes)[0]
    return Organisation(
        id=make_id(ms, random.getrandbits(RANDOM_BITS)),
        ms=ms,
        slug=slug,
        name=name,
        archetype=archetype,
        english=english,
        place=place,
        size=size,
        about=archetype.about.said(english=english).format(name=name, place=place),
        verified=random.random() < 0.6,  # noqa: PLR2004 - three in five
        staff=_MEMBERS[size] * random.uniform(0.6, 1.4),
        appeal=_REACH[size] * random.paretovariate(1.3),
        zeal=_REACH[size] ** 0.7 * random.lognormvariate(0, 0.7),
    )


def _of_story(entry: dict[str, Any], sources: Sources, joined: int, random: Random) -> Organisation:
    ms = joined + _STORY_JOINED_AFTER
    archetypes = {archetype.key: archetype for archetype in sources.archetypes}
    return Organisation(
        id=make_id(ms, random.getrandbits(RANDOM_BITS)),
        ms=ms,
        slug=entry["slug"],
        name=entry["name"],
        archetype=archetypes[entry["archetype"]],
        english=entry.get("english", False),
        place=entry["place"],
        size=SizeBand(entry["size"]),
        about=entry["about"],
        verified=True,
        staff=0,
        appeal=9,
        zeal=1.5,
        members=entry["members"],
        strengths=[(skill, statement) for skill, statement in entry["strengths"]],
    )


def _of_bench(sources: Sources, joined: int, random: Random) -> Organisation:
    archetype = next(entry for entry in sources.archetypes if entry.key == "software")
    ms = joined + _STORY_JOINED_AFTER
    return Organisation(
        id=make_id(ms, random.getrandbits(RANDOM_BITS)),
        ms=ms,
        slug=BENCH_ORGANISATION,
        name="Bench",
        archetype=archetype,
        english=True,
        place="Fernleigh",
        size=SizeBand.SMALL,
        about="Where those who read along for measurements work.",
        verified=False,
        staff=0,
        appeal=1,
        zeal=0.2,
        members=6,
    )


def _declare(
    organisation: Organisation, catalogue: Catalogue, phrases: Phrases, random: Random
) -> None:
    """Add strengths until there are three to six, each said differently."""
    wanted = max(len(organisation.strengths), random.randint(3, 6))
    statements = phrases.strengths(organisation, wanted)
    declared = {skill for skill, _ in organisation.strengths}
    while len(organisation.strengths) < wanted:
        skill = catalogue.topic(organisation.archetype.clusters, random)
        if skill not in declared:
            declared.add(skill)
            organisation.strengths.append((skill, statements.pop()))
