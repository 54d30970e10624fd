"""The words of posts and comments: templates, filled with what the organisation works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from db.world.clock import to_moment
from db.world.model import Organisation, Setting
from db.world.phrases import NUMBERS, capitalised, with_article
from db.world.sources import Exchange, Job, Template

INTENTS = ("share", "offer", "need", "lesson", "event", "question", "thanks", "internal")
INTERNAL = INTENTS.index("internal")
# Which comments answer which intent.
ANSWERS = ("praise", "accept", "help", "praise", "join", "help", "praise", "internal")

_T = TypeVar("_T")

_WEEKDAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}
_MONTHS = {
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_SATURDAY = 5
_DISTANT_JOBS = frozenset({"entrepreneur", "director"})


class PostWriter:
    """Writes posts; chance is drawn in the order in which posts are asked for."""

    def __init__(self, setting: Setting, organisations: list[Organisation], random: Random) -> None:
        self._posts = {
            language: [texts[intent] for intent in INTENTS]
            for language, texts in setting.sources.posts.items()
        }
        self._catalogue = setting.catalogue
        self._organisations = organisations
        self._random = random
        self._sectors: dict[str, list[int]] = {}
        for index, organisation in enumerate(organisations):
            self._sectors.setdefault(organisation.archetype.sector, []).append(index)
        self._jobs = {
            organisation.archetype.key: [
                job for job in organisation.archetype.jobs if job.key not in _DISTANT_JOBS
            ]
            for organisation in organisations
        }
        self._slots: dict[str, Callable[[], str]] = {
            "topic": self._topic,
            "Topic": lambda: capitalised(self._topic()),
            "topic2": self._other_topic,
            "people": self._people,
            "people_cap": lambda: capitalised(self._people()),
            "project": self._project,
            "partner": self._partner,
            "place": lambda: self._organisation.place,
            "job": self._title,
            "a_job": lambda: with_article(self._title()),
            "n": lambda: self._random.choice(NUMBERS[self._language]),
            "count": lambda: str(self._random.randint(12, 90)),
            "month": lambda: _MONTHS[self._language][self._date.month - 1],
            "weekday": lambda: _WEEKDAYS[self._language][self._date.weekday()],
            "day": lambda: str(self._date.day),
        }
        self._organisation = organisations[0]
        self._home = 0
        self._skill = ""
        self._english = False
        self._language = "nl"
        self._date: datetime = to_moment(0)
        self._job: Job | None = None

    def write(self, home: int, intent: int, skill: str, english: int, ms: int) -> str:
        """Write a post of an organisation about a skill of the catalogue."""
        self._home = home
        self._organisation = self._organisations[home]
        self._skill = skill
        self._english = bool(english)
        self._language = "en" if english else "nl"
        self._job = None
        # What is announced happens on a working day, two to seven weeks later.
        self._date = to_moment(ms) + timedelta(days=14 + int(self._random.random() * 36))
        if self._date.weekday() >= _SATURDAY:
            self._date += timedelta(days=2)
        return capitalised(
            _one(self._posts[self._language][intent], self._random).fill(self._slots)
        )

    def _topic(self) -> str:
        return self._catalogue.topics[self._skill].said(english=self._english)

    def _other_topic(self) -> str:
        clusters = self._organisation.archetype.clusters
        other = self._skill
        while other == self._skill:
            other = self._catalogue.topic(clusters, self._random)
        return self._catalogue.topics[other].said(english=self._english)

    def _people(self) -> str:
        return self._organisation.archetype.people.said(english=self._english)

    def _project(self) -> str:
        project = _one(self._organisation.archetype.projects, self._random)
        return project.said(english=self._english).format(place=self._organisation.place)

    def _title(self) -> str:
        if self._job is None:
            self._job = _one(self._jobs[self._organisation.archetype.key], self._random)
        return self._job.title.said(english=self._english)

    def _partner(self) -> str:
        sector = self._sectors[self._organisation.archetype.sector]
        chance = self._random.random()
        index = self._home
        while index == self._home:
            near = chance < 0.5 and len(sector) > 1  # noqa: PLR2004 - half within the sector
            index = (
                _one(sector, self._random)
                if near
                else int(self._random.random() * len(self._organisations))
            )
        return self._organisations[index].name


class CommentWriter:
    """Writes comments and what is said in return."""

    def __init__(self, setting: Setting, organisations: list[Organisation], random: Random) -> None:
        self._exchanges = setting.sources.comments
        # Numbers of what can be said, the same in both languages.
        self._starts = {group: 100 * at for at, group in enumerate(self._exchanges["nl"])}
        self._catalogue = setting.catalogue
        self._organisations = organisations
        self._random = random

    def choose(self, group: str, *, english: bool, said: set[int]) -> Exchange:
        """Choose what to say; if possible nothing that was said there, in either language."""
        exchanges = self._exchanges["en" if english else "nl"][group]
        start = self._starts[group]
        fresh = [place for place in range(len(exchanges)) if start + place not in said]
        place = _one(fresh or range(len(exchanges)), self._random)
        said.add(start + place)
        return exchanges[place]

    def fill(self, template: Template, skill: str, home: int, *, english: bool) -> str:
        """Give the words of somebody of `home` on a skill."""
        return template.fill(
            {
                "topic": lambda: self._catalogue.topics[skill].said(english=english),
                "home": lambda: self._organisations[home].name,
            }
        )

    def answer(self, exchange: Exchange) -> Template:
        """Choose what the organisation of the post answers."""
        return _one(exchange.answers, self._random)


def _one(choices: Sequence[_T], random: Random) -> _T:
    return choices[int(random.random() * len(choices))]
