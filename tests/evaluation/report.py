"""The tables of `RESULTS.md`: written, and read back to compare with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev

from tests.evaluation.measuring import OTHERS, SEED, Measured
from tests.evaluation.methods import BASELINES, OURS
from tests.evaluation.occupations import DRAWS, FoundAgain

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
_ROW = re.compile(r"^\| \**(?P<name>[^|*]+?)\** \| (?P<ndcg>\d\.\d{4}) \|", re.MULTILINE)
_NETWORK, _OCCUPATIONS = "## A simulated network", "## Occupations by their skills"


def network(measured: Mapping[str, Measured], asked: int) -> str:
    """Give the table of the simulated network."""
    rows = [
        (
            f"{it.ndcg:.4f}",
            f"{it.mrr:.3f}",
            f"{it.recall:.3f}",
            f"{it.reciprocity:.3f}",
            f"{it.exposure_gini:.3f}",
            f"{it.served:.3f}",
            f"{it.same_language:.3f}",
            f"{it.cross_language:.3f}",
        )
        for it in measured.values()
    ]
    header = (
        "nDCG@10",
        "MRR",
        "R@10",
        "reciprocity",
        "exposure Gini",
        "served",
        "nDCG, Dutch to Dutch",
        "Dutch to English",
    )
    return f"""{_NETWORK}

500 organisations (seed {SEED}), each with an offer and a request; the first three numbers and the last two over
the {asked} requests that at least one offer would serve. Truth: the chance that both sides would do the
exchange again (`outcome.py`); relevant from one half on.

{_table(header, list(measured), rows)}

Ours is at {gain(measured):.3f} times the best baseline.
"""


def spread(worlds: Sequence[Mapping[str, Measured]]) -> str:
    """Tell how far other worlds differ from the one that the check measures."""
    gains = [gain(measured) for measured in worlds]
    return f"""In {len(worlds)} other worlds (seeds {OTHERS[0]} to {OTHERS[-1]}, on which changes are tried out): {min(gains):.3f} to
{max(gains):.3f} times, in the mean {mean(gains):.3f} (standard deviation {stdev(gains):.3f}).
"""


def occupations(measured: Mapping[str, FoundAgain]) -> str:
    """Give the table of the occupations."""
    rows = [(f"{it.ndcg:.4f}", f"{it.mrr:.3f}", f"{it.first:.3f}") for it in measured.values()]
    return f"""{_OCCUPATIONS}

Each of 91 ESCO occupations from 30 % of its skills, 40 % of these wrong, in {DRAWS} draws (`occupations.py`).

{_table(("nDCG@10", "MRR", "R@1"), list(measured), rows)}
"""


def gain(measured: Mapping[str, Measured]) -> float:
    """Give how many times the best baseline's nDCG@10 ours is."""
    return measured[OURS].ndcg / max(measured[name].ndcg for name in BASELINES)


def published(text: str) -> tuple[dict[str, float], dict[str, float]]:
    """Give nDCG@10 by method as RESULTS.md has it: of the network and of the occupations."""
    network_part, _, occupations_part = text.partition(_OCCUPATIONS)
    found = (
        {row["name"]: float(row["ndcg"]) for row in _ROW.finditer(part)}
        for part in (network_part, occupations_part)
    )
    return next(found), next(found)


def _table(header: Sequence[str], names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [
        f"| method | {' | '.join(header)} |",
        f"| --- {'| ---: ' * len(header)}|",
    ]
    for name, row in zip(names, rows, strict=True):
        shown = f"**{name}**" if name == OURS else name
        lines.append(f"| {shown} | {' | '.join(row)} |")
    return "\n".join(lines)
