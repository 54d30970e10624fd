"""What a matcher sees of a world: listings as people write them, with what they leave out and mistake.

First, apart from any language, it is drawn which skills a listing means to name and how well
(`Mention`). Only then is it worded in Dutch or in English, and the tags are what the taxonomy
recognises in those words. So one world can be worded twice, and the two compared pair by pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from db.tables.listings import ListingForm, SkillImportance
from db.tables.people import Locale
from db.taxonomy import fold
from resolvers.matching import Held, NamedSkill, Side
from tests.evaluation.simulator import LEVELS, Offer, Organisation, Request, World
from tests.evaluation.skills import Skills

# Of ten skills, four are not tagged as they are: two are left out, two are named by another one.
LEFT_OUT, SIBLING, BROADER_OR_NARROWER, RELATED = 0.20, 0.10, 0.05, 0.05
# What is left out of the tags is still told in the text, so often.
TOLD = 0.5
LEVEL_OFF, IMPORTANCE_OFF = 0.3, 0.1
EXTRA = (0, 2)
# A need of at least this share of the work is one that must be met.
MUST_SHARE = 0.15
# People who entered their skills, and organisations of which nobody did.
ENTERED, NOBODY_ENTERED = 0.8, 0.25
# Of the skills an organisation has, those that it declares as its strengths.
DECLARED = 0.4
# The label rather than one of its aliases, where there are any.
LABEL = 0.6
FILLERS: Mapping[Locale, Sequence[str]] = {
    Locale.NL: (
        "wij zoeken iemand die ons helpt met",
        "ervaring met",
        "voor een tijdelijk project binnen onze organisatie",
        "in overleg met het team",
        "onze collega kan een dag per week bijdragen aan",
        "graag delen wij onze kennis van",
        "kennis van",
        "de opdracht duurt drie maanden",
    ),
    Locale.EN: (
        "we are looking for somebody who helps us with",
        "experience with",
        "for a temporary project within our organisation",
        "in consultation with the team",
        "our colleague can contribute one day a week to",
        "we are glad to share our knowledge of",
        "knowledge of",
        "the assignment takes three months",
    ),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill as a listing means to name it."""

    skill: UUID
    level: int
    importance: SkillImportance
    is_tagged: bool
    is_told: bool
    # By which of its terms: 0 to 1; and what words stand around it.
    term: float
    filler: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A listing before it is worded, and what is known of its organisation."""

    number: int
    locale: Locale
    mentions: Sequence[Mention]
    aims: Sequence[UUID] = ()
    people: int = 1
    # None where nobody entered their skills.
    holders: Mapping[UUID, int] | None = None
    strengths: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing as a matcher sees it."""

    number: int
    side: Side
    words: Sequence[str]

    @property
    def tags(self) -> frozenset[UUID]:
        """The skills it is tagged with."""
        return frozenset(named.skill_id for named in self.side.skills)


def draft(skills: Skills, world: World) -> tuple[list[Draft], list[Draft]]:
    """Draw what offers and requests mean to name."""
    writer = _Writer(skills, world.seed)
    return (
        [writer.offer(offer) for offer in world.offers],
        [writer.request(request) for request in world.requests],
    )


def worded(skills: Skills, draft: Draft, locale: Locale | None = None) -> Listing:
    """Give a listing in a language, by default its organisation's: text, and tags found by words.

    A term that names several skills gives no tag.
    """
    locale = locale or draft.locale
    words: list[str] = []
    tags: dict[UUID, NamedSkill] = {}
    for mention in draft.mentions:
        term = _term(skills.terms[mention.skill, locale], mention.term)
        words += fold(FILLERS[locale][mention.filler]).split()
        if mention.is_told:
            words += fold(term).split()
        skill = skills.recognised(term) if mention.is_tagged else None
        if skill:
            tags.setdefault(skill, NamedSkill(skill, mention.importance, mention.level))
    holders = draft.holders or {}
    held = {skill: Held(holders[skill]) for skill in tags if holders.get(skill)}
    # Offers and requests of one organisation never meet, so one number serves for all of its ids.
    its_id = UUID(int=draft.number)
    return Listing(
        number=draft.number,
        side=Side(
            listing_id=its_id,
            organisation_id=its_id,
            form=ListingForm.PROJECT,
            skills=tuple(tags.values()),
            aims=draft.aims,
            capacity=draft.people,
            held=held or None,
            teaches=draft.strengths,
        ),
        words=words,
    )


def _term(terms: Sequence[str], draw: float) -> str:
    label, *aliases = terms
    if draw < LABEL or not aliases:
        return label
    return aliases[int((draw - LABEL) / (1 - LABEL) * len(aliases))]


class _Writer:
    """Draws what people write down, and what of it is wrong."""

    def __init__(self, skills: Skills, seed: int) -> None:
        # Another stream than the world's: what is seen does not depend on how that was made.
        self._chance = Random(f"written {seed}")  # noqa: S311 - to be repeatable
        self._skills = skills
        self._all = list(skills.field_of)

    def offer(self, offer: Offer) -> Draft:
        """Draw an offer: its skills with their levels, how many hold them, what is to be learned."""
        lender = offer.lender
        meant = [
            self._mention(skill, lender.levels[skill], SkillImportance.MUST)
            for skill in offer.skills
        ]
        return Draft(
            number=offer.number,
            locale=lender.locale,
            mentions=self._with_extra(meant),
            aims=[self._seen(aim) for aim in offer.aims if self._chance.random() >= LEFT_OUT],
            people=offer.people,
            holders=self._entered(lender),
        )

    def request(self, request: Request) -> Draft:
        """Draw a request: its needs with levels and importance, and the borrower's strengths."""
        borrower = request.borrower
        meant = [
            self._mention(
                need.skill,
                need.level,
                SkillImportance.MUST if need.share >= MUST_SHARE else SkillImportance.NICE,
            )
            for need in request.needs
        ]
        return Draft(
            number=request.number,
            locale=borrower.locale,
            mentions=self._with_extra(meant),
            strengths=frozenset(
                skill for skill in borrower.levels if self._chance.random() < DECLARED
            ),
        )

    def _mention(self, skill: UUID, level: int, importance: SkillImportance) -> Mention:
        chance = self._chance
        if chance.random() < LEVEL_OFF:
            level = min(5, max(1, level + chance.choice((-1, 1))))
        if chance.random() < IMPORTANCE_OFF:
            importance = next(other for other in SkillImportance if other is not importance)
        is_tagged = chance.random() >= LEFT_OUT
        return Mention(
            skill=self._seen(skill),
            level=level,
            importance=importance,
            is_tagged=is_tagged,
            is_told=is_tagged or chance.random() < TOLD,
            term=chance.random(),
            filler=chance.randrange(len(FILLERS[Locale.EN])),
        )

    def _with_extra(self, meant: Sequence[Mention]) -> list[Mention]:
        """Give mentions in any order, with a few that have nothing to do with it."""
        mentions = [
            *meant,
            *(
                self._mention(
                    self._chance.choice(self._all),
                    self._chance.randint(*LEVELS),
                    self._chance.choice(list(SkillImportance)),
                )
                for _ in range(self._chance.randint(*EXTRA))
            ),
        ]
        self._chance.shuffle(mentions)
        return mentions

    def _seen(self, skill: UUID) -> UUID:
        """Give the skill, or another that somebody takes for it."""
        skills = self._skills
        draw = self._chance.random()
        siblings = [each for each in skills.fields[skills.field_of[skill]] if each != skill]
        for share, others in (
            (SIBLING, siblings),
            (BROADER_OR_NARROWER, skills.broader_or_narrower.get(skill, ())),
            (RELATED, skills.related.get(skill, ())),
        ):
            if draw < share and others:
                return self._chance.choice(others)
            draw -= share
            if draw < 0:
                break
        return skill

    def _entered(self, lender: Organisation) -> dict[UUID, int] | None:
        """Give how many entered that they hold each skill; None where nobody did."""
        if self._chance.random() < NOBODY_ENTERED:
            return None
        return {
            skill: sum(self._chance.random() < ENTERED for _ in range(holders))
            for skill, holders in lender.holders.items()
        }
