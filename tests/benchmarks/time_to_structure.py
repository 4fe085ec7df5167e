"""How long Compare takes to the compared structure, against importing and building both models with nothing else.

    python tests/benchmarks/time_to_structure.py [REPETITIONS]

Bare: two scripts side by side that import their framework and build the model; the slower one counts. Cold: the
pipeline without any child ready. Warm: children that are imported and warmed up, as the app has them when its user
first presses Compare; they hold the pair that is chosen at first. Rebuilt: the same children asked for other weights
(another seed), so that both models are built and read anew. Again: the cold request once more, in its own children.
All take turns.
Prints one JSON line with medians in seconds.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.events import Completed, StructureCompared
from mbgui.domain.framework import Framework
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.compare import compare
from mbgui.pipeline.machine import default_threads
from mbgui.pipeline.models import list_models
from mbgui.pipeline.requests import build_request
from mbgui.processes.pool import WarmChildren

COLD_GOAL = 1.10
WARM_GOAL_S = 0.5
PAUSE_S = 0.5
BARE_PROGRAMS = (
    "import torch, torchvision; torchvision.models.mobilenet_v2(); print('built', flush=True)",
    "import keras; keras.applications.MobileNetV2(weights=None); print('built', flush=True)",
)


def time_bare() -> float:
    """Seconds until both scripts have built their model."""
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow"}
    started_s = time.perf_counter()
    scripts = [
        subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        for program in BARE_PROGRAMS
    ]
    for script in scripts:
        assert script.stdout is not None
        assert script.stdout.readline() == b"built\n"
    duration_s = time.perf_counter() - started_s
    for script in scripts:
        script.communicate()
    return duration_s


def time_structure(children: WarmChildren, seed: int = 0) -> float:
    """Seconds from the request to the compared structure."""
    request = build_request(DEFAULT_LEFT.reference, DEFAULT_RIGHT.reference, {"latency": False, "seed": seed})
    started_s = time.perf_counter()
    arrived_s = 0.0
    for event in compare(request, cancel=CancelToken(), children=children, store=None):
        if isinstance(event, StructureCompared):
            arrived_s = time.perf_counter()
    assert isinstance(event, Completed), event
    return arrived_s - started_s


def warm_children() -> WarmChildren:
    """Children that have imported their framework and warmed up: commands are answered after that."""
    children = WarmChildren()
    for framework in Framework:
        children.warm(framework, default_threads())
    for framework in Framework:
        list_models(framework, children=children, cancel=CancelToken())
    time.sleep(PAUSE_S)  # in their first pause they begin to warm up
    for framework in Framework:
        list_models(framework, children=children, cancel=CancelToken())
    return children


def main(repetitions: int) -> None:
    """Take turns and print the medians."""
    with tempfile.TemporaryDirectory() as byte_code:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = byte_code  # for both: every start but the first has its byte code cached
        time_bare()  # fills that, and the disk's cache
        with closing(WarmChildren()) as children:
            time_structure(children)
        measure(repetitions)


def measure(repetitions: int) -> None:
    """Print the medians of so many turns."""
    times: dict[str, list[float]] = {"bare": [], "cold": [], "warm": [], "rebuilt": [], "again": []}
    for _ in range(repetitions):
        times["bare"].append(time_bare())
        with closing(WarmChildren()) as children:
            times["cold"].append(time_structure(children))
            times["again"].append(time_structure(children))
        with closing(warm_children()) as children:
            times["warm"].append(time_structure(children))
            times["rebuilt"].append(time_structure(children, seed=1))
    medians = {name: median(values) for name, values in times.items()}
    ratio = medians["cold"] / medians["bare"]
    figures = {
        "benchmark": "time_to_structure",
        "repetitions": repetitions,
        **{f"{name}_s": round(value, 3) for name, value in medians.items()},
        "cold_ratio": round(ratio, 3),
        "cold_goal": COLD_GOAL,
        "warm_goal_s": WARM_GOAL_S,
        "is_met": ratio <= COLD_GOAL and max(medians[name] for name in ("warm", "rebuilt", "again")) <= WARM_GOAL_S,
        "all_s": {name: [round(value, 3) for value in values] for name, values in times.items()},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
