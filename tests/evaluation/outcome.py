"""What would come of an exchange: the truth that rankings are judged by.

An exchange is played through with what both sides really have. Somebody goes for WEEKS weeks; at the
borrower each part of the work is done at the pace of their true level; at home, week by week, others
must do what they did; and what they wanted to learn they find at the borrower or not. Then each side
is asked whether it would do this again. The truth of a pair is the chance that both say yes.

Why that is fair to all methods: it reads what people really have, which no method sees: those see tags,
levels, counts and texts that `observing` has spoilt. Nor does it score as `resolvers.matching` does. That adds
and multiplies shares: four kinds of closeness, a quarter off for a level, r / (r + 1) of those who stay, a
harmonic mean. Here there are durations, chances of all being needed in one week, and two independent
answers of yes or no. Two things both take from the requirement and the world: an exchange is good when
both sides are served, and who works in a field (a cluster of the taxonomy) is nearer to its other
skills than a stranger. What the baselines lack is told apart in the table by the row of `need` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, prod

from tests.evaluation.simulator import Need, Offer, Request, World
from tests.evaluation.skills import Skills

WEEKS = 12
# Who does not know a skill but works in its field reads up on it so long, then works half as fast.
READING_UP_WEEKS = 6
# A borrower says yes with even chance when so much of the work got done; a lender puts up with a
# week in so many that lacks somebody, without having learned anything.
DONE_ENOUGH, GOODWILL = 0.5, 0.4
# How sharply people decide: 0.1 more than that makes 73 % of 50 %.
DECIDEDNESS = 0.1
# Share of an aim that is learned where it is practised, or only its field is.
LEARNED, LEARNED_OF_FIELD = 1.0, 0.3
PRACTISED_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """The chances that the borrower and the lender would do it again."""

    borrower: float
    lender: float

    @property
    def both(self) -> float:
        """The chance that both would: the graded relevance of the pair."""
        return self.borrower * self.lender


NOTHING = Outcome(0.0, 0.0)


class Outcomes:
    """What comes of each pair of a world."""

    def __init__(self, skills: Skills, world: World) -> None:
        self._field_of = skills.field_of
        self._shortage = [_shortage(offer) for offer in world.offers]
        self._known_fields = [
            {skills.field_of[skill] for skill in offer.skills} for offer in world.offers
        ]

    def play(self, offer: Offer, request: Request) -> Outcome:
        """Play an exchange through; where no work at all would get done, or with oneself, there is none."""
        known = self._known_fields[offer.number]
        if offer.lender is request.borrower or all(
            self._field_of[n.skill] not in known for n in request.needs
        ):
            return NOTHING
        done = sum(need.share * self._pace(offer, need) for need in request.needs)
        learned = self._learned(offer, request)
        return Outcome(
            borrower=_yes(done - DONE_ENOUGH),
            lender=_yes(learned + GOODWILL - self._shortage[offer.number]),
        )

    def _pace(self, offer: Offer, need: Need) -> float:
        """Give how much of a part gets done: half for each level that lacks."""
        if need.skill in offer.skills:
            return 0.5 ** max(0, need.level - offer.lender.levels[need.skill])
        if self._field_of[need.skill] in self._known_fields[offer.number]:
            return 0.5 * (WEEKS - READING_UP_WEEKS) / WEEKS
        return 0.0

    def _learned(self, offer: Offer, request: Request) -> float:
        """Give the share of the aims that somebody at the borrower could show."""
        host = request.borrower
        return sum(
            LEARNED
            if host.levels.get(aim, 0) >= PRACTISED_LEVEL
            else LEARNED_OF_FIELD * (self._field_of[aim] in host.home)
            for aim in offer.aims
        ) / len(offer.aims)


def _shortage(offer: Offer) -> float:
    """Give the chance that in a week some skill of the one who left is needed more than it is there.

    Each holder is needed with the same chance, apart from the others; it lacks when all are.
    """
    lender = offer.lender
    return 1 - prod(1 - lender.busy ** lender.holders[skill] for skill in offer.skills)


def _yes(margin: float) -> float:
    return 1 / (1 + exp(-margin / DECIDEDNESS))
