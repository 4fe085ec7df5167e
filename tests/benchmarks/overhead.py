"""What timing a model through mbgui adds to its latency, against a bare loop in a fresh process.

    python tests/benchmarks/overhead.py [REPETITIONS] [INPUT_SIZE]

Each repetition launches, in the order bare, mbgui, mbgui, bare and the next time mirrored, fresh processes that call
MobileNetV2 50 times after 5 untimed calls. Two ratios come out for each framework: mbgui against bare, and bare against
bare (the first launch of each repetition against the second), which is how far the machine itself can tell.
Prints one JSON line.
"""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.framework import CALL_PATHS, Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT
from mbgui.pipeline.machine import default_threads
from mbgui.processes.client import Child
from mbgui.processes.latency_messages import LatencyPrepared, MeasureRound, PrepareLatency, RoundMeasured
from mbgui.processes.messages import ModelLoaded
from tests.support.commands import load_command

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


def mbgui_median_s(framework: Framework, size: int, threads: int) -> float:
    """Median seconds of a call as mbgui measures it, in a fresh child."""
    load = load_command(_SOURCES[framework], inputs=(InputShape(sizes=(size, size)),))
    path = CALL_PATHS[framework][0].value
    with closing(Child.start(framework, threads)) as child:
        child.wait_ready()
        child.ask(load, ModelLoaded)
        child.ask(PrepareLatency(call_path=path, batch_size=1, warmup=WARMUP, seed=0), LatencyPrepared)
        rounds = [child.ask(MeasureRound(runs=ROUND_SIZE), RoundMeasured) for _ in range(RUNS // ROUND_SIZE)]
    return median(duration for taken in rounds for duration in taken.durations_s)


def compare_launches(framework: Framework, repetitions: int, size: int, threads: int) -> dict[str, object]:
    """The medians of all launches of one framework, and what follows from them."""
    first: list[float] = []
    second: list[float] = []
    through_mbgui: list[float] = []
    for repetition in range(repetitions):
        bare = (first, second) if repetition % 2 == 0 else (second, first)
        bare[0].append(bare_median_s(framework, size, threads))
        through_mbgui += [mbgui_median_s(framework, size, threads) for _ in range(2)]
        bare[1].append(bare_median_s(framework, size, threads))
    all_bare = first + second
    ratio = median(through_mbgui) / median(all_bare)
    spread = max(all_bare) / min(all_bare)
    return {
        "bare_ms": round(median(all_bare) * 1e3, 3),
        "mbgui_ms": round(median(through_mbgui) * 1e3, 3),
        "ratio": round(ratio, 4),
        "bare_against_bare": round(median(first) / median(second), 4),
        "bare_spread": round(spread, 4),
        "is_met": abs(ratio - 1) <= GOAL or 1 / spread <= ratio <= spread,
        "all_bare_ms": [round(value * 1e3, 3) for value in all_bare],
        "all_mbgui_ms": [round(value * 1e3, 3) for value in through_mbgui],
    }


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
