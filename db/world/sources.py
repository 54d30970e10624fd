"""The words of the sample world, read from `data`: archetypes, jobs, names, texts, topics."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from db.tables.organisations import OrganisationKind, Sector

DATA = Path(__file__).resolve().parent / "data"
LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same thing in both languages."""

    nl: str
    en: str

    def said(self, *, english: bool) -> str:
        """Give it in English or in Dutch."""
        return self.en if english else self.nl


@dataclass(frozen=True, slots=True)
class Job:
    """What somebody does; titles are lower case, as within a sentence."""

    key: str
    title: Bilingual
    clusters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Archetype:
    """A sort of organisation: how it is called, what it works on, who works there."""

    key: str
    weight: float
    kind: OrganisationKind
    sector: Sector
    sizes: tuple[int, ...]
    english: float
    names: dict[str, tuple[str, ...]]
    themes: dict[str, tuple[str, ...]]
    clusters: tuple[str, ...]
    jobs: tuple[Job, ...]
    people: Bilingual
    projects: tuple[Bilingual, ...]
    about: Bilingual


class Template:
    """A text with slots, filled by calling one function for each slot that it has."""

    __slots__ = ("_pieces",)

    def __init__(self, text: str) -> None:
        self._pieces = [(literal, slot) for literal, slot, _, _ in Formatter().parse(text)]

    def fill(self, slots: dict[str, Callable[[], str]]) -> str:
        """Give the text with its slots filled, left to right."""
        return "".join(
            literal + slots[slot]() if slot else literal for literal, slot in self._pieces
        )


@dataclass(frozen=True, slots=True)
class Exchange:
    """A comment, and what the organisation commented on can answer to it."""

    comment: Template
    answers: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists that names are made of."""

    given: dict[str, tuple[str, ...]]
    surnames: dict[str, tuple[str, ...]]
    place_heads: dict[str, tuple[str, ...]]
    place_tails: dict[str, tuple[str, ...]]
    not_places: frozenset[str]
    invented: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ListingTexts:
    """The words of offers and requests in one language, by kind, and for each form of a kind."""

    # A title and what it is about, by kind and form.
    mains: dict[str, dict[str, tuple[Template, Template]]]
    whys: dict[str, tuple[Template, ...]]
    closes: dict[str, tuple[Template, ...]]


Texts = dict[str, dict[str, tuple[Template, ...]]]
Exchanges = dict[str, dict[str, tuple[Exchange, ...]]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that is read from files, by language where it differs."""

    archetypes: tuple[Archetype, ...]
    jobs: dict[str, Job]
    words: Words
    posts: Texts
    comments: Exchanges
    profiles: Texts
    listings: dict[str, ListingTexts]
    # By the skill's slug: how it is said after a preposition.
    topics: dict[str, Bilingual]
    story: dict[str, Any]


def read_sources() -> Sources:
    """Read the data files."""
    jobs = {
        key: Job(key, Bilingual(nl, en), tuple(clusters))
        for key, (nl, en, clusters) in _toml("jobs").items()
    }
    return Sources(
        archetypes=tuple(
            _archetype(key, entry, jobs) for key, entry in _toml("archetypes").items()
        ),
        jobs=jobs,
        words=_words(),
        posts={language: _templates(_toml(f"posts_{language}")) for language in LANGUAGES},
        comments={language: _exchanges(_toml(f"comments_{language}")) for language in LANGUAGES},
        profiles={language: _templates(_toml("profiles")[language]) for language in LANGUAGES},
        listings={language: _listings(_toml(f"listings_{language}")) for language in LANGUAGES},
        topics=_topics(),
        story=_toml("story"),
    )


def _toml(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _templates(texts: dict[str, list[str]]) -> dict[str, tuple[Template, ...]]:
    return {group: tuple(map(Template, group_texts)) for group, group_texts in texts.items()}


def _listings(entries: dict[str, Any]) -> ListingTexts:
    kinds = ("OFFER", "REQUEST")
    return ListingTexts(
        mains={
            kind: {
                form: (Template(title), Template(body))
                for form, (title, body) in entries[kind].items()
            }
            for kind in kinds
        },
        whys={kind: tuple(map(Template, entries[f"why_{kind.lower()}"])) for kind in kinds},
        closes={kind: tuple(map(Template, entries[f"close_{kind.lower()}"])) for kind in kinds},
    )


def _exchanges(groups: dict[str, list[list[str]]]) -> dict[str, tuple[Exchange, ...]]:
    return {
        group: tuple(
            Exchange(Template(comment), tuple(map(Template, answers)))
            for comment, *answers in texts
        )
        for group, texts in groups.items()
    }


def _archetype(key: str, entry: dict[str, Any], jobs: dict[str, Job]) -> Archetype:
    def by_language(field: str) -> dict[str, tuple[str, ...]]:
        return {language: tuple(entry.get(f"{field}_{language}", ())) for language in LANGUAGES}

    projects = zip(entry["projects_nl"], entry["projects_en"], strict=True)
    return Archetype(
        key=key,
        weight=entry["weight"],
        kind=OrganisationKind(entry["kind"]),
        sector=Sector(entry["sector"]),
        sizes=tuple(entry["sizes"]),
        english=entry["english"],
        names=by_language("names"),
        themes=by_language("themes"),
        clusters=tuple(entry["clusters"]),
        jobs=tuple(jobs[name] for name in entry["jobs"]),
        people=Bilingual(entry["people_nl"], entry["people_en"]),
        projects=tuple(Bilingual(nl, en) for nl, en in projects),
        about=Bilingual(entry["about_nl"], entry["about_en"]),
    )


def _words() -> Words:
    lists = {name: _joined(text.split()) for name, text in _toml("names").items()}
    return Words(
        given={kind: lists[f"given_{kind}"] for kind in ("nl", "en", "world")},
        surnames={kind: lists[f"surnames_{kind}"] for kind in ("nl", "en", "world")},
        place_heads={language: lists[f"place_heads_{language}"] for language in LANGUAGES},
        place_tails={language: lists[f"place_tails_{language}"] for language in LANGUAGES},
        not_places=frozenset(lists["not_places"]),
        invented={language: lists[f"words_{language}"] for language in LANGUAGES},
    )


def _joined(words: Sequence[str]) -> tuple[str, ...]:
    """Join what begins in lower case to the word after it: van, den, Berg is van den Berg."""
    if all(word.islower() for word in words):
        return tuple(words)
    joined: list[str] = []
    prefix = ""
    for word in words:
        if word[0].islower():
            prefix += f"{word} "
        else:
            joined.append(prefix + word)
            prefix = ""
    return tuple(joined)


def _topics() -> dict[str, Bilingual]:
    with (DATA / "topics.csv").open(encoding="utf-8", newline="") as file:
        return {row["slug"]: Bilingual(row["nl"], row["en"]) for row in csv.DictReader(file)}
