"""What is measured of rankings, each with its formula and source."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2


def ndcg(gains: Sequence[float], ideal: Sequence[float], depth: int = 10) -> float:
    """Give the normalised discounted cumulative gain of a ranking, 0 to 1.

        DCG = sum of gain_i / log2(i + 1) over the first `depth`;  nDCG = DCG / DCG of `ideal`

    `gains` are those of what was ranked, in its order; `ideal` those of all there is, in any. Gains are
    chances, so they count as they are. Järvelin and Kekäläinen, ACM TOIS 20 (2002) 422.
    """
    best = _dcg(sorted(ideal, reverse=True)[:depth])
    return _dcg(gains[:depth]) / best if best else 0.0


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, 1))


def reciprocal_rank(relevant: Sequence[bool]) -> float:
    """Give 1 / the place of the first relevant one, 0 without any: its mean is MRR.

    Voorhees, The TREC-8 question answering track report (1999).
    """
    return next((1 / place for place, is_relevant in enumerate(relevant, 1) if is_relevant), 0.0)


def recall(relevant: Sequence[bool], total: int, depth: int = 10) -> float:
    """Give the share of all `total` relevant ones that stand among the first `depth`: R@depth.

    Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), section 8.4.
    """
    return sum(relevant[:depth]) / total if total else 0.0


def reciprocity(shown: Sequence[tuple[bool, bool]]) -> float:
    """Give the share that the lender wants too, of the shown pairs that the borrower wants.

        |borrower yes and lender yes| / |borrower yes|

    The success rate of Pizzato et al., RECON, RecSys 2010, where interest is answered with interest.
    """
    wanted = [lender for borrower, lender in shown if borrower]
    return sum(wanted) / len(wanted) if wanted else 0.0


def gini(shares: Sequence[float]) -> float:
    """Give how unequally something is spread, 0 for equally, towards 1 for all with one.

        sum of (2 i - n - 1) x_i / (n sum of x_i), x ascending, i from 1

    Of exposure: what a place adds is 1 / log2(place + 1), as in Singh and Joachims, Fairness of
    Exposure in Rankings, KDD 2018.
    """
    total = sum(shares)
    if not total:
        return 0.0
    count = len(shares)
    weighed = sum((2 * place - count - 1) * share for place, share in enumerate(sorted(shares), 1))
    return weighed / (count * total)


def exposure(place: int) -> float:
    """Give how much is seen of what stands at a place, from 1."""
    return 1 / log2(place + 1)
