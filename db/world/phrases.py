"""What organisations and people say about themselves, from the templates in `profiles.toml`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from db.world.model import Organisation, Setting
from db.world.sources import Job, Template

NUMBERS = {
    "nl": ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht"),
    "en": ("two", "three", "four", "five", "six", "seven", "eight"),
}
_VOWELS = frozenset("aeiou")


def capitalised(text: str) -> str:
    """Give the text with its first letter in capitals and the rest untouched."""
    return text[:1].upper() + text[1:]


def with_article(noun: str) -> str:
    """Give an English noun with a or an: a UX designer, an HR adviser, an auditor."""
    an = noun[0].lower() in _VOWELS if not noun[:2].isupper() else noun[0] in "AEFHILMNORSX"
    return f"{'an' if an else 'a'} {noun}"


class Phrases:
    """Fills the templates of profiles; one draw of chance after another, always in one order."""

    def __init__(self, setting: Setting, random: Random) -> None:
        self._texts = setting.sources.profiles
        self._catalogue = setting.catalogue
        self._random = random

    def headline(self, organisation: Organisation, job: Job, title: str) -> str:
        """Say in one line who somebody is."""
        template = self._choice(self._texts[organisation.language]["headline"])
        return capitalised(template.fill(self._slots(organisation, job, title, 0)))

    def evidence(self, organisation: Organisation, job: Job, level: int, year: int) -> str:
        """Say why somebody may be believed to have a skill."""
        group = "learning" if level <= 2 else "evidence"  # noqa: PLR2004 - 1 and 2 are beginners
        title = job.title.said(english=organisation.english)
        template = self._choice(self._texts[organisation.language][group])
        return template.fill(self._slots(organisation, job, title, year))

    def strengths(self, organisation: Organisation, count: int) -> list[str]:
        """Say in so many different ways that an organisation is good at something."""
        templates = self._random.sample(self._texts[organisation.language]["strength"], count)
        slots = self._slots(organisation, organisation.archetype.jobs[0], "", 0)
        return [template.fill(slots) for template in templates]

    def _choice(self, templates: Sequence[Template]) -> Template:
        return templates[int(self._random.random() * len(templates))]

    def _slots(
        self, organisation: Organisation, job: Job, title: str, year: int
    ) -> dict[str, Callable[[], str]]:
        english, random = organisation.english, self._random
        archetype = organisation.archetype

        def project() -> str:
            drawn = archetype.projects[int(random.random() * len(archetype.projects))]
            return drawn.said(english=english).format(place=organisation.place)

        def topic() -> str:
            skill = self._catalogue.topic(job.clusters, random)
            return self._catalogue.topics[skill].said(english=english)

        return {
            "title": lambda: title,
            "Title": lambda: capitalised(title),
            "a_title": lambda: with_article(title),
            "home": lambda: organisation.name,
            "n": lambda: random.choice(NUMBERS[organisation.language]),
            "year": lambda: str(year),
            "people": lambda: archetype.people.said(english=english),
            "project": project,
            "topic": topic,
            "Topic": lambda: capitalised(topic()),
        }
