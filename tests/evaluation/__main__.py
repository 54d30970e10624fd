"""The offline evaluation of matching: `python -m tests.evaluation` prints its tables.

With `--write` they go to RESULTS.md, together with how far other worlds differ. The part on occupations
needs data of a package (`packages.txt`) that nothing else does: `make evaluate` installs it.
"""

from __future__ import annotations

import argparse
import sys

from tests.evaluation import report
from tests.evaluation.measuring import OTHERS, SEED, Judge
from tests.evaluation.occupations import INSTALLED, measure_occupations
from tests.evaluation.skills import read_skills

# What the tables do not tell, for whoever quotes them.
FOOT = """## What this does not show

- People's decisions are simulated: the numbers compare methods, they foretell no success rates. Half of what
  ours is ahead of the baselines is `need`, the other half that it asks the lender too, which they cannot.
- Tags are found by the words that people choose, in either language, so offers in another language lose
  little. Matching by the meaning of texts is not measured, as no match uses it yet.
- Hurdles (period, hours, place, language, terms) are left out: they are no part of the score.
- Occupations found by texts of tasks are left out for the same reason as meaning.
"""
HEAD = """# How well matching ranks

Written by `make evaluate`; `test_matching_quality.py` computes it anew and fails when
nDCG@10 of ours fell by more than 1 %, is less than 1.10 times the best baseline in the network, less
than the best one for occupations, or when requests lose more than 5 % on offers in the other language.
"""


def main() -> int:
    """Print the tables or write them; the exit status tells whether all could be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {report.RESULTS.name}")
    options = parser.parse_args()
    if not INSTALLED.exists():
        sys.stderr.write(f"{INSTALLED} is missing: `make evaluate` installs it.\n")
        if options.write:
            return 1
    skills = read_skills()
    judge = Judge(skills, SEED)
    parts = [report.network(judge.measure(), len(judge.asked))]
    if options.write:
        parts.append(report.spread([Judge(skills, seed).measure() for seed in OTHERS]))
    if INSTALLED.exists():
        parts.append(report.occupations(measure_occupations(skills)))
    if options.write:
        report.RESULTS.write_text("\n".join([HEAD, *parts, FOOT]), encoding="utf-8")
    else:
        sys.stdout.write("\n".join(parts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
