"""The words of offers and requests: what it is about, why, and how to get in touch."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from db.tables.listings import TITLE_MAX, ListingForm, ListingKind
from db.world.model import Organisation, Setting
from db.world.phrases import NUMBERS, capitalised, with_article

# They lend nobody out and learn from nobody's desk.
DISTANT_JOBS = frozenset({"entrepreneur", "director"})


class ListingWriter:
    """Writes listings; chance is drawn in the order in which they are asked for."""

    def __init__(self, setting: Setting, random: Random) -> None:
        self._texts = setting.sources.listings
        self._topics = setting.catalogue.topics
        self._random = random

    def write(
        self,
        organisation: Organisation,
        kind: ListingKind,
        form: ListingForm,
        skill: str,
        *,
        english: bool,
        town: str,
    ) -> tuple[str, str]:
        """Write a title and a description about a skill that has words."""
        random, language = self._random, "en" if english else "nl"
        texts = self._texts[language]
        archetype = organisation.archetype
        jobs = [job for job in archetype.jobs if job.key not in DISTANT_JOBS]
        job = random.choice(jobs).title.said(english=english)
        project = random.choice(archetype.projects).said(english=english)
        topic = self._topics[skill].said(english=english)
        slots: dict[str, Callable[[], str]] = {
            "topic": lambda: topic,
            "Topic": lambda: capitalised(topic),
            "job": lambda: job,
            "a_job": lambda: with_article(job),
            "project": lambda: project.format(place=organisation.place),
            "people": lambda: archetype.people.said(english=english),
            "town": lambda: town,
            "n": lambda: random.choice(NUMBERS[language]),
            "count": lambda: str(random.randint(12, 60)),
        }
        title, about = (part.fill(slots) for part in texts.mains[kind][form])
        why = random.choice(texts.whys[kind]).fill(slots)
        close = random.choice(texts.closes[kind]).fill(slots)
        if len(title) > TITLE_MAX:
            title = topic
        return capitalised(title), f"{about}\n\n{why}\n\n{close}"
