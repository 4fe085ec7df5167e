"""Whether mbgui's medians agree with a bare loop in a fresh process, and with `torch.utils.benchmark`.

    python tests/benchmarks/overhead.py [REPETITIONS] [INPUT_SIZE]

Each repetition launches, in the order bare, mbgui, torch.utils.benchmark, and the same mirrored, fresh processes that
call MobileNetV2; mbgui's are launched as in a duel. Ratios come out for each framework: mbgui against bare, mbgui
against torch.utils.benchmark (PyTorch alone), and bare against bare (the first launch of each repetition against the
second), which is how far the machine itself can tell. Prints one JSON line.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT, CompareRequest, Side
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.launcher import Launcher
from mbgui.pipeline.machine import default_threads
from mbgui.pipeline.subject import subject_of
from mbgui.processes.pool import WarmChildren

RUNS, ROUND_SIZE, WARMUP = 50, 5, 5
GOAL = 0.02
_LOOP = """
import json, sys, time
durations = []
for _ in range({warmup} + {runs}):
    started = time.perf_counter()
    call()
    durations.append(time.perf_counter() - started)
print(json.dumps(durations[{warmup}:]))
"""
_BARE_TORCH = """
import torch, torchvision
torch.set_num_threads({threads})
model = torchvision.models.mobilenet_v2().eval()
image = torch.randn(1, 3, {size}, {size})
def call():
    with torch.inference_mode():
        model(image)
"""
_BARE_KERAS = """
import keras, tensorflow as tf
tf.config.threading.set_intra_op_parallelism_threads({threads})
tf.config.threading.set_inter_op_parallelism_threads({threads})
model = keras.applications.MobileNetV2(weights=None, input_shape=({size}, {size}, 3))
image = tf.random.normal((1, {size}, {size}, 3))
traced = tf.function(lambda image: model(image, training=False))
def call():
    traced(image)
"""
_TORCH_BENCHMARK = """
import json
from torch.utils.benchmark import Timer
for _ in range({warmup}):
    call()
timer = Timer("call()", globals={{"call": call}}, num_threads={threads})
print(json.dumps(timer.blocked_autorange(min_run_time=1.0).median))
"""
_BARE = {Framework.PYTORCH: _BARE_TORCH, Framework.KERAS: _BARE_KERAS}
_SOURCES = {Framework.PYTORCH: DEFAULT_LEFT, Framework.KERAS: DEFAULT_RIGHT}


def bare_median_s(framework: Framework, size: int, threads: int) -> float:
    """Median seconds of a call in a bare loop."""
    program = (_BARE[framework] + _LOOP).format(size=size, threads=threads, runs=RUNS, warmup=WARMUP)
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow", "OMP_NUM_THREADS": str(threads)}
    arguments = [sys.executable, "-c", program]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, env=environment)
    durations_s: list[float] = json.loads(done.stdout.splitlines()[-1])
    return median(durations_s)


def torch_benchmark_median_s(size: int, threads: int) -> float:
    """Median seconds of a call by `torch.utils.benchmark`, whose blocks of calls are chosen by itself."""
    program = (_BARE_TORCH + _TORCH_BENCHMARK).format(size=size, threads=threads, warmup=WARMUP)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def mbgui_median_s(framework: Framework, size: int, threads: int) -> float:
    """Median seconds of a call as mbgui measures it, in a fresh process launched as in a duel."""
    source = _SOURCES[framework]
    request = CompareRequest(left=source, right=source, threads=threads, latency=None)
    subject = subject_of(request, Side.LEFT, framework, (InputShape(sizes=(size, size)),))
    durations_s: list[float] = []
    with closing(WarmChildren()) as children, Launcher(children, CancelToken()).launched((subject,)) as (launch,):
        launch.require_built()
        launch.prepare()
        for _ in launch.warm_up(WARMUP):
            pass
        for block in range(RUNS // ROUND_SIZE):
            durations_s += launch.measure(block, ROUND_SIZE).durations_s
        launch.resume()
    return median(durations_s)


def compare_launches(framework: Framework, repetitions: int, size: int, threads: int) -> dict[str, object]:
    """The medians of all launches of one framework, and what follows from them."""
    taken: dict[str, list[float]] = {"bare": [], "mbgui": [], "torch_benchmark": []}
    ways: dict[str, Callable[[], float]] = {
        "bare": lambda: bare_median_s(framework, size, threads),
        "mbgui": lambda: mbgui_median_s(framework, size, threads),
    }
    if framework is Framework.PYTORCH:
        ways["torch_benchmark"] = lambda: torch_benchmark_median_s(size, threads)
    order = [*ways, *reversed(ways)]
    for repetition in range(repetitions):
        for way in order if repetition % 2 == 0 else [*order[len(ways) :], *order[: len(ways)]]:
            taken[way].append(ways[way]())
    bare, mine = taken["bare"], taken["mbgui"]
    figures: dict[str, object] = {
        "bare_ms": round(median(bare) * 1e3, 3),
        "mbgui_ms": round(median(mine) * 1e3, 3),
        "ratio": round(median(mine) / median(bare), 4),
        "bare_against_bare": round(median(bare[::2]) / median(bare[1::2]), 4),
        "bare_spread": round(max(bare) / min(bare), 4),
        "is_met": is_within(median(mine) / median(bare), bare),
        "all_ms": {way: [round(value * 1e3, 3) for value in values] for way, values in taken.items() if values},
    }
    others = taken["torch_benchmark"]
    if others:
        ratio = median(mine) / median(others)
        figures |= {
            "ratio_to_torch_benchmark": round(ratio, 4),
            "agrees_with_torch_benchmark": is_within(ratio, others),
        }
    return figures


def is_within(ratio: float, launches_s: list[float]) -> bool:
    """Whether a ratio is next to 1, or no further from it than launches of the same thing are from each other."""
    spread = max(launches_s) / min(launches_s)
    return abs(ratio - 1) <= GOAL or 1 / spread <= ratio <= spread


def main(repetitions: int, size: int) -> None:
    """Measure both frameworks and print the figures."""
    threads = default_threads()
    figures: dict[str, object] = {"benchmark": "overhead", "repetitions": repetitions, "size": size, "threads": threads}
    for framework in Framework:
        figures[framework.value] = compare_launches(framework, repetitions, size, threads)
    print(json.dumps(figures))


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*[*numbers, *(4, 224)[len(numbers) :]])
