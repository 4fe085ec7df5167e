"""Whether a side that does a known amount more of the same work is found slower, and by how much.

    python tests/benchmarks/known_difference.py [COUNT] [BUDGET_S] [EXTRA...]

A chain of 20 equal blocks fights one of 21 (5 % more) and one of 22 (10 % more), COUNT rigorous duels each, the longer
one on either side in turn. The right sign has to be found, and the interval to hold the truth, in nine of ten. The
truth is checked beside it: both chains called in turns within one process. Tells of each duel on standard error and
prints one JSON line.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.latency import LatencyVerdict
from mbgui.domain.request import BenchMode
from mbgui.pipeline.machine import default_threads
from tests.support.duels import CHAIN, TIMED_MODELS, calibrate_here, duel_request, fight

BLOCKS = 20
GOAL = 0.9
_IN_ONE_PROCESS = """
import json, sys, time
from statistics import median
sys.path.insert(0, sys.argv[1])
import torch
from chain import build
torch.set_num_threads(int(sys.argv[2]))
models = [build(int(blocks)).eval() for blocks in sys.argv[3:]]
maps = torch.randn(1, 32, 64, 64)
taken = [[], []]
with torch.inference_mode():
    for turn in range(600):
        for index in (0, 1) if turn % 2 else (1, 0):
            started = time.perf_counter()
            models[index](maps)
            if turn >= 100:
                taken[index].append(time.perf_counter() - started)
print(json.dumps(median(taken[1]) / median(taken[0])))
"""


def ratio_in_one_process(blocks: int) -> float:
    """The time of so many blocks over that of the shorter chain, median of five processes."""
    arguments = [sys.executable, "-c", _IN_ONE_PROCESS, TIMED_MODELS, str(default_threads()), str(BLOCKS), str(blocks)]
    done = (subprocess.run(arguments, capture_output=True, text=True, check=True).stdout for _ in range(5))
    return median(float(text) for text in done)


def main(count: int, budget_s: float, extras: tuple[int, ...]) -> None:
    """Fight and print how often the truth was found."""
    duels: list[dict[str, object]] = []
    checked: dict[str, float] = {}
    short = f"{CHAIN}?blocks={BLOCKS}"
    with tempfile.TemporaryDirectory() as folder:
        calibration = calibrate_here(short, Path(folder))
        tell(f"calibrated: quick {calibration.quick:.4f}, rigorous {calibration.rigorous:.4f}")
        for extra in extras:
            blocks = round(BLOCKS * (1 + extra / 100))
            checked[f"{extra} %"] = round(ratio_in_one_process(blocks), 4)
            tell(f"in one process: {checked[f'{extra} %']}")
            for index in range(count):
                is_right = index % 2 == 0
                sides = (short, f"{CHAIN}?blocks={blocks}") if is_right else (f"{CHAIN}?blocks={blocks}", short)
                truth = blocks / BLOCKS if is_right else BLOCKS / blocks
                started_s = time.monotonic()
                found = fight(duel_request(*sides, BenchMode.RIGOROUS, budget_s=budget_s), (calibration,))
                expected = LatencyVerdict.LEFT_FASTER if is_right else LatencyVerdict.RIGHT_FASTER
                duels.append(
                    {
                        "extra": extra,
                        "is_found": found.verdict is expected,
                        "is_covered": found.ci_low <= truth <= found.ci_high,
                        "verdict": found.verdict.value,
                        "truth": round(truth, 4),
                        "ratio": round(found.ratio, 4),
                        "ci": [round(found.ci_low, 4), round(found.ci_high, 4)],
                        "launches": len(found.left.launches),
                        "stop": found.stop_reason.value,
                        "seconds": round(time.monotonic() - started_s, 1),
                    }
                )
                tell(json.dumps(duels[-1]))
    found_share = sum(bool(duel["is_found"]) for duel in duels) / len(duels)
    covered_share = sum(bool(duel["is_covered"]) for duel in duels) / len(duels)
    figures = {
        "benchmark": "known_difference",
        "duels": len(duels),
        "found": found_share,
        "covered": covered_share,
        "in_one_process": checked,
        "is_met": found_share >= GOAL and covered_share >= GOAL,
        "all": duels,
    }
    print(json.dumps(figures))


def tell(text: str) -> None:
    """How it goes, on standard error."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    main(
        int(words[0]) if words else 10,
        float(words[1]) if len(words) > 1 else 0.0,
        tuple(int(word) for word in words[2:]) or (5, 10),
    )
