"""Invented names: of places, organisations and people, and what they become in an address."""

from __future__ import annotations

import re
import unicodedata
from random import Random

from db.world.sources import Archetype, Words

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
# Letters that decomposition leaves whole.
_WHOLE = str.maketrans(
    {"\u0131": "i", "\u0142": "l", "\u00f8": "o", "\u00df": "ss", "\u00e6": "ae"}
)
# Chances that somebody at a Dutch or an English organisation has a Dutch, English or other name.
_ORIGINS = {"nl": (78, 5, 17), "en": (12, 66, 22)}
_TRIES = 12


def slugify(text: str) -> str:
    """Give lower-case letters and digits with single hyphens between them."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_WHOLE))
    return _NOT_SLUG.sub("-", folded.encode("ascii", "ignore").decode()).strip("-")


class Namer:
    """Makes names, no organisation's twice."""

    def __init__(self, words: Words, random: Random, *, taken: tuple[str, ...]) -> None:
        self._words = words
        self._random = random
        self._slugs = set(taken)
        self._mailboxes: set[str] = set()

    def place(self, language: str) -> str:
        """Make up a place."""
        words, choice = self._words, self._random.choice
        while True:
            head, tail = choice(words.place_heads[language]), choice(words.place_tails[language])
            place = head + tail
            # Meermeer, Zandduinzand and real towns are no places of ours.
            if head.lower() != tail and place not in words.not_places and head[-1] != tail[0]:
                return place

    def organisation(self, archetype: Archetype, language: str, place: str) -> tuple[str, str]:
        """Give a name and a slug that nobody has; the place comes in when a name is taken."""
        for attempt in range(_TRIES * 10):
            name = self._named(archetype, language, place)
            if attempt >= _TRIES:
                name = f"{name} {place if attempt < 2 * _TRIES else self.place(language)}"
            slug = slugify(name)
            if slug not in self._slugs:
                self._slugs.add(slug)
                return name, slug
        raise RuntimeError(f"No free name left for {archetype.key}.")

    def _named(self, archetype: Archetype, language: str, place: str) -> str:
        choice, words = self._random.choice, self._words
        first, second = self._random.sample(words.surnames[language], 2)
        return choice(archetype.names[language]).format(
            place=place,
            head=choice(words.place_heads[language]),
            word=choice(words.invented[language]),
            surname=first[0].upper() + first[1:],
            surname2=second[0].upper() + second[1:],
            theme=choice(archetype.themes[language] or ("",)),
        )

    def person(self, language: str) -> str:
        """Make up somebody's name."""
        origin = self._random.choices(("nl", "en", "world"), _ORIGINS[language])[0]
        given = self._random.choice(self._words.given[origin])
        return f"{given} {self._random.choice(self._words.surnames[origin])}"

    def mailbox(self, name: str, domain: str) -> str:
        """Give an e-mail address at the domain that nobody has yet."""
        given, _, surname = name.partition(" ")
        local = f"{slugify(given)}.{slugify(surname).replace('-', '')}"
        address, number = f"{local}@{domain}", 1
        while address in self._mailboxes:
            number += 1
            address = f"{local}{number}@{domain}"
        self._mailboxes.add(address)
        return address
