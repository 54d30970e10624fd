"""Ours and the baselines as one thing: a method scores the offers for a request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from resolvers.matching import Closeness, Fit, fit
from tests.evaluation.baselines import Documents, Scores
from tests.evaluation.observing import Listing
from tests.evaluation.skills import Skills

Method = Callable[[Listing], Scores]
# The second shows what of ours comes from skills alone.
OURS, NEED_ALONE = "ours", "ours, need alone"
TAG_BASELINES = ("raw overlap", "Jaccard", "IDF cosine", "BM25 of tags")
BASELINES = (*TAG_BASELINES, "BM25 of texts")


def methods(offers: Sequence[Listing], skills: Skills) -> Mapping[str, Method]:
    """Give the methods by name, over these offers."""
    tags = Documents([list(offer.tags) for offer in offers])
    words = Documents([offer.words for offer in offers])
    ours = Ours(offers, skills.close)
    return {
        "raw overlap": lambda request: tags.overlap(request.tags),
        "Jaccard": lambda request: tags.jaccard(request.tags),
        "IDF cosine": lambda request: tags.idf_cosine(request.tags),
        "BM25 of tags": lambda request: tags.bm25(request.tags),
        "BM25 of texts": lambda request: words.bm25(request.words),
        NEED_ALONE: lambda request: {number: it.need for number, it in ours.fits(request).items()},
        OURS: lambda request: {number: it.score for number, it in ours.fits(request).items()},
    }


class Ours:
    """`resolvers.matching` over the offers that come into question, as `match_finding` finds them."""

    def __init__(self, offers: Sequence[Listing], close: Closeness) -> None:
        self._offers = offers
        self._close = close
        self._near: dict[UUID, set[UUID]] = defaultdict(set)
        for wanted, offered in close:
            self._near[wanted].add(offered)
        self._tagged: dict[UUID, list[int]] = defaultdict(list)
        for place, offer in enumerate(offers):
            for skill in offer.tags:
                self._tagged[skill].append(place)
        self._known: dict[int, Mapping[int, Fit]] = {}

    def fits(self, request: Listing) -> Mapping[int, Fit]:
        """Give how well offers fit, by their place; of one without a skill in common the score is 0."""
        known = self._known.get(request.number)
        if known is None:
            places = {
                place
                for wanted in request.tags
                for skill in (wanted, *self._near[wanted])
                for place in self._tagged.get(skill, ())
            }
            known = self._known[request.number] = {
                place: fit(self._offers[place].side, request.side, self._close)
                for place in sorted(places)
            }
        return known
