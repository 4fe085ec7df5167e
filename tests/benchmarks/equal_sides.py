"""Whether the same model on both sides is called faster or slower (it must not be).

    python tests/benchmarks/equal_sides.py [MODES] [COUNT] [BUDGET_S] [REFERENCE...]

Calibrates each model, then lets it fight itself COUNT times by the same call path in each of MODES (rigorous,quick). At
most two of 40 duels may claim a difference. Tells of each duel on standard error and prints one JSON line a mode.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.calibration import Calibration
from mbgui.domain.latency import LatencyVerdict
from mbgui.domain.request import BenchMode
from tests.support.duels import CHAIN, calibrate_here, duel_request, fight

MODELS = (f"{CHAIN}?blocks=20", "keras:MobileNetV2?alpha=0.35")
SHARE_OF_CLAIMS = 2 / 40


def main(modes: tuple[BenchMode, ...], count: int, budget_s: float, references: tuple[str, ...]) -> None:
    """Let every model fight itself and print how often a difference was claimed."""
    duels: dict[BenchMode, list[dict[str, object]]] = {mode: [] for mode in modes}
    calibrated: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for reference in references:
            calibration = calibrate_here(reference, Path(folder))
            calibrated[reference] = {"quick": round(calibration.quick, 4), "rigorous": round(calibration.rigorous, 4)}
            tell(f"{reference}: calibrated {calibrated[reference]}")
            for mode in modes:
                for _ in range(count):
                    duels[mode].append(figures_of(reference, mode, budget_s, calibration))
                    tell(json.dumps(duels[mode][-1]))
    for mode, made in duels.items():
        print(json.dumps(report(mode, made, calibrated)), flush=True)


def figures_of(reference: str, mode: BenchMode, budget_s: float, calibration: Calibration) -> dict[str, object]:
    """What one duel of a model with itself gave."""
    started_s = time.monotonic()
    found = fight(duel_request(reference, reference, mode, budget_s=budget_s), (calibration,))
    return {
        "model": reference,
        "verdict": found.verdict.value,
        "ratio": round(found.ratio, 4),
        "ci": [round(found.ci_low, 4), round(found.ci_high, 4)],
        "launches": len(found.left.launches),
        "stop": found.stop_reason.value,
        "seconds": round(time.monotonic() - started_s, 1),
    }


def report(mode: BenchMode, duels: list[dict[str, object]], calibrated: dict[str, object]) -> dict[str, object]:
    """How often a difference was claimed, and how often the interval left out 1."""
    claims = sum(duel["verdict"] != LatencyVerdict.NO_MEASURABLE_DIFFERENCE.value for duel in duels)
    outside = sum(not duel["ci"][0] <= 1 <= duel["ci"][1] for duel in duels)  # type: ignore[index]
    return {
        "benchmark": "equal_sides",
        "mode": mode.value,
        "duels": len(duels),
        "claims": claims,
        "intervals_without_1": outside,
        "is_met": claims <= SHARE_OF_CLAIMS * len(duels),
        "calibrated": calibrated,
        "all": duels,
    }


def tell(text: str) -> None:
    """How it goes, on standard error."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    main(
        tuple(BenchMode(word) for word in (words[0] if words else "rigorous,quick").split(",")),
        int(words[1]) if len(words) > 1 else 20,
        float(words[2]) if len(words) > 2 else 0.0,
        tuple(words[3:]) or MODELS,
    )
