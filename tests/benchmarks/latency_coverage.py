"""How often the 95 % interval of a duel holds the true ratio, over 1,000 simulated duels of each kind.

    python tests/benchmarks/latency_coverage.py

Three sets of 1,000 of each kind, since one set alone is off by 0.7 % (one standard deviation). Prints one JSON line
with the sets and ends with 1 where their mean is below 93 or above 97 %. Two humps are reported without a bound: a
calibration of ten launches may not have seen the rarer one.
"""

import json
import sys
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.analysis.latency_bootstrap import REPLICATES
from tests.support.latency_experiments import MIXES, TWO_HUMPED, NoiseMix, coverage

_LAUNCHES = (1, 5, 8)
_SEEDS = (1, 2, 3)
_LOW, _HIGH = 0.93, 0.97


def main() -> int:
    """Print the coverage of every kind of noise and number of launches; 1 where one is outside 93 to 97 %."""
    covered = {
        f"{launches} launches, {name}" if launches > 1 else f"1 launch, calibrated by 10, {name}": _sets(mix, launches)
        for launches in _LAUNCHES
        for name, mix in MIXES.items()
    }
    means = {name: round(fmean(sets), 4) for name, sets in covered.items()}
    humps = _sets(TWO_HUMPED, 1)
    print(json.dumps({"experiments": 1000, "coverage": means, "sets": covered, "1 launch, two humps": humps}))
    return 0 if all(_LOW <= mean <= _HIGH for mean in means.values()) else 1


def _sets(mix: NoiseMix, launches: int) -> list[float]:
    return [coverage(mix, launches, replicates=REPLICATES, seed=seed) for seed in _SEEDS]


if __name__ == "__main__":
    sys.exit(main())
