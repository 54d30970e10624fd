"""The methods that matching is measured beside: what each scores the documents for a query.

A document is the tags of a listing or the words of its text. Documents are named by their place; those
that share nothing with the query have no score.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from math import log, sqrt
from typing import Generic, TypeVar

Term = TypeVar("Term", bound=Hashable)
Scores = Mapping[int, float]
# As Robertson and Zaragoza give them for texts without training.
K1, B = 1.2, 0.75


class Documents(Generic[Term]):
    """Documents, indexed by their terms."""

    def __init__(self, documents: Sequence[Sequence[Term]]) -> None:
        self._counts = [Counter(document) for document in documents]
        self._holding: dict[Term, list[int]] = defaultdict(list)
        for number, counts in enumerate(self._counts):
            for term in counts:
                self._holding[term].append(number)
        self._idf = {
            term: log(1 + len(documents) / len(holding)) for term, holding in self._holding.items()
        }
        self._norms = [
            sqrt(sum(self._idf[term] ** 2 for term in counts)) for counts in self._counts
        ]
        self._lengths = [len(document) for document in documents]
        self._mean_length = sum(self._lengths) / len(documents)

    def overlap(self, query: Iterable[Term]) -> Scores:
        """Score by how many different terms are shared."""
        return self._sum(query, lambda _term, _number: 1.0)

    def jaccard(self, query: Iterable[Term]) -> Scores:
        """Score by terms shared / terms of either (Jaccard, 1901)."""
        terms = list(dict.fromkeys(query))
        return {
            number: shared / (len(terms) + len(self._counts[number]) - shared)
            for number, shared in self.overlap(terms).items()
        }

    def idf_cosine(self, query: Iterable[Term]) -> Scores:
        """Score by the cosine of vectors that hold ln(1 + N / n) for each term there is.

        Salton and Buckley, Information Processing and Management 24 (1988) 513.
        """
        # In their order, not a set's: sums of fractions depend on it, and runs would differ.
        terms = list(dict.fromkeys(query))
        unknown = log(1 + len(self._counts))
        norm = sqrt(sum(self._idf.get(term, unknown) ** 2 for term in terms))
        dots = self._sum(terms, lambda term, _number: self._idf[term] ** 2)
        return {number: dot / (norm * self._norms[number]) for number, dot in dots.items()}

    def bm25(self, query: Iterable[Term]) -> Scores:
        """Score by BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009)."""
        return self._sum(query, self._bm25)

    def _bm25(self, term: Term, number: int) -> float:
        held, count = len(self._holding[term]), self._counts[number][term]
        idf = log(1 + (len(self._counts) - held + 0.5) / (held + 0.5))
        length = 1 - B + B * self._lengths[number] / self._mean_length
        return idf * count * (K1 + 1) / (count + K1 * length)

    def _sum(self, query: Iterable[Term], weight: Callable[[Term, int], float]) -> Scores:
        scores: dict[int, float] = defaultdict(float)
        for term in dict.fromkeys(query):
            for number in self._holding.get(term, ()):
                scores[number] += weight(term, number)
        return scores
