"""Methods measured on a world: rankings judged by what would come of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import mean

from db.tables.people import Locale
from tests.evaluation.baselines import Scores
from tests.evaluation.methods import methods
from tests.evaluation.metrics import exposure, gini, ndcg, recall, reciprocal_rank, reciprocity
from tests.evaluation.observing import Listing, draft, worded
from tests.evaluation.outcome import Outcome, Outcomes
from tests.evaluation.simulator import ORGANISATIONS, make_world
from tests.evaluation.skills import Skills

DEPTH = 10
# Chance from which a side wants an exchange.
WANTED = 0.5
# The world that the check measures; changes are tried out on others (`OTHERS`).
SEED, OTHERS = 2026, (11, 12, 13, 14, 15)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one method reached, over the requests that somebody could serve."""

    ndcg: float
    mrr: float
    recall: float
    reciprocity: float
    exposure_gini: float
    served: float
    # nDCG of Dutch requests where all offers are in Dutch, and where the same are all in English.
    same_language: float
    cross_language: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The offers shown for a request, best first, and what would come of each there is."""

    request: int
    shown: Sequence[int]
    outcomes: Sequence[Outcome]

    @property
    def gains(self) -> list[float]:
        """The relevance of what is shown."""
        return [self.outcomes[number].both for number in self.shown]


class Judge:
    """A world, and what would come of each of its pairs."""

    def __init__(self, skills: Skills, seed: int, *, organisations: int = ORGANISATIONS) -> None:
        self.world = make_world(skills, seed, organisations)
        self.skills = skills
        outcomes = Outcomes(skills, self.world)
        self._outcomes = [
            [outcomes.play(offer, request) for offer in self.world.offers]
            for request in self.world.requests
        ]
        # A request that nobody could serve tells nothing of a method.
        self.asked = {
            number
            for number, row in enumerate(self._outcomes)
            if any(outcome.both >= WANTED for outcome in row)
        }
        self.offers, self.requests = draft(skills, self.world)

    def measure(self) -> dict[str, Measured]:
        """Measure all methods, each on the same listings."""
        requests = [worded(self.skills, each) for each in self.requests]
        dutch = [
            request
            for request, each in zip(requests, self.requests, strict=True)
            if each.locale is Locale.NL and each.number in self.asked
        ]
        mixed = self._rankings(requests, None)
        same, cross = (self._rankings(dutch, locale) for locale in (Locale.NL, Locale.EN))
        return {
            name: self._measured(rankings, self._ndcg(same[name]), self._ndcg(cross[name]))
            for name, rankings in mixed.items()
        }

    def _rankings(
        self, requests: Sequence[Listing], locale: Locale | None
    ) -> dict[str, list[Ranking]]:
        """Rank the offers, worded in a language or each in its own."""
        by_name = methods(
            [worded(self.skills, offer, locale) for offer in self.offers], self.skills
        )
        return {
            name: [
                Ranking(
                    request.number,
                    shown(score(request), request.number),
                    self._outcomes[request.number],
                )
                for request in requests
            ]
            for name, score in by_name.items()
        }

    def _ndcg(self, rankings: Iterable[Ranking]) -> float:
        return mean(
            ndcg(each.gains, [outcome.both for outcome in each.outcomes])
            for each in rankings
            if each.request in self.asked
        )

    def _measured(self, rankings: Sequence[Ranking], same: float, cross: float) -> Measured:
        asked = [each for each in rankings if each.request in self.asked]
        seen = [0.0] * len(self.world.offers)
        for each in rankings:
            for place, number in enumerate(each.shown, 1):
                seen[number] += exposure(place)
        return Measured(
            ndcg=self._ndcg(rankings),
            mrr=mean(reciprocal_rank([gain >= WANTED for gain in each.gains]) for each in asked),
            recall=mean(
                recall(
                    [gain >= WANTED for gain in each.gains],
                    sum(outcome.both >= WANTED for outcome in each.outcomes),
                )
                for each in asked
            ),
            reciprocity=reciprocity(
                [
                    (outcome.borrower >= WANTED, outcome.lender >= WANTED)
                    for each in rankings
                    for outcome in (each.outcomes[number] for number in each.shown)
                ]
            ),
            exposure_gini=gini(seen),
            served=self._served(rankings),
            same_language=same,
            cross_language=cross,
        )

    def _served(self, rankings: Sequence[Ranking]) -> float:
        """Give the share of organisations that lend or borrow at least once.

        Requests come in a random order; each goes down its list and takes the first that both would
        want, while the offer has people left.
        """
        left = [offer.people for offer in self.world.offers]
        served = set()
        order = list(rankings)
        Random(self.world.seed).shuffle(order)  # noqa: S311 - to be repeatable
        for each in order:
            for number, gain in zip(each.shown, each.gains, strict=True):
                if gain >= WANTED and left[number]:
                    left[number] -= 1
                    served |= {each.request, number}
                    break
        return len(served) / len(self.world.organisations)


def shown(scores: Scores, own: int) -> list[int]:
    """Give the first DEPTH offers, without one's own; what scores alike stands in the order of numbers."""
    others = [(-score, number) for number, score in scores.items() if score and number != own]
    return [number for _, number in sorted(others)[:DEPTH]]
