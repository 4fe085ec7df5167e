"""What a proof costs: its wall time against the bare forward passes, and the peak of memory against its bound.

    python tests/benchmarks/verify.py [LEFT RIGHT] [--size HxW] [--threads N]

Bare: two scripts side by side, each runs its model once in float64 on as many images as there are probes, built and
converted before the clock starts; the slower one counts. The proof: the stage “verify” alone, models read already.
Memory: what both children hold more at the peak of that stage than at its start; the bound is both models in float64
and `ACTIVATIONS` of the largest activations a side, all probes at once. Only for models of the zoos. Prints one line
of JSON.
"""

import argparse
import json
import os
import subprocess
import sys
from math import prod
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui import api
from mbgui.domain.comparison import Comparison
from mbgui.domain.events import Event, Stage, StageStarted
from mbgui.domain.network import Network
from mbgui.pipeline.requests import build_request
from tests.support.memory_watch import MemoryWatch

ACTIVATIONS = 4
"""“A few of the largest activations” of the bound, as a number."""
TORCH_PROGRAM = """
import sys, time, torch, torchvision
name, count, height, width, threads = sys.argv[1], *map(int, sys.argv[2:])
torch.set_num_threads(threads)
model = torchvision.models.get_model(name, weights=None).double().eval()
images = torch.randn(count, 3, height, width, dtype=torch.float64)
with torch.inference_mode():
    started = time.perf_counter()
    model(images)
    print(time.perf_counter() - started)
"""
KERAS_PROGRAM = """
import sys, time
name, count, height, width, threads = sys.argv[1], *map(int, sys.argv[2:])
import keras, numpy, tensorflow
tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
keras.config.set_floatx("float64")
model = getattr(keras.applications, name)(weights=None, input_shape=(height, width, 3))
images = numpy.random.standard_normal((count, height, width, 3))
started = time.perf_counter()
model(images, training=False)
print(time.perf_counter() - started)
"""


def main(arguments: list[str]) -> None:
    """Verify one pair and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("left", nargs="?", default="torchvision:mobilenet_v2")
    parser.add_argument("right", nargs="?", default="keras:MobileNetV2")
    parser.add_argument("--size", default="224x224")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(arguments)
    held: list[int] = []
    with MemoryWatch() as watch:
        comparison = _verified(chosen, watch, held)
        growth_bytes = watch.peak_bytes - held[0]
    print(json.dumps(_figures(comparison, chosen, growth_bytes)))


def _verified(chosen: argparse.Namespace, watch: MemoryWatch, held: list[int]) -> Comparison:
    def on_event(event: Event) -> None:
        if isinstance(event, StageStarted) and event.stage is Stage.VERIFY:
            held.append(watch.start_anew())

    request = build_request(
        chosen.left,
        chosen.right,
        {
            "input_size": chosen.size,
            "latency": False,
            "verification": True,
            "transfer": "left-to-right",
            "threads": chosen.threads,
        },
    )
    return api.run(request, on_event=on_event).comparison


def _figures(comparison: Comparison, chosen: argparse.Namespace, growth_bytes: int) -> dict[str, object]:
    proof = comparison.equivalence
    assert proof is not None, comparison.warnings
    probes = len(proof.sizes[0].probes)
    bare_s = _bare_s(comparison, chosen, probes)
    verify_s = sum(stage.duration_s for stage in comparison.stages if stage.stage == Stage.VERIFY)
    models_bytes = sum(_float64_bytes(network) for network in (comparison.left, comparison.right))
    largest_bytes = sum(_largest_activation_bytes(network) for network in (comparison.left, comparison.right)) * probes
    mebibyte = 2**20
    return {
        "benchmark": "verify",
        "pair": comparison.title,
        "size": chosen.size,
        "verdict": proof.verdict,
        "probes": probes,
        "runs": len(proof.sizes[0].runs),
        "verify_s": round(verify_s, 2),
        "bare_s": round(bare_s, 2),
        "factor": round(verify_s / bare_s, 1),
        "growth_mib": round(growth_bytes / mebibyte, 1),
        "models_float64_mib": round(models_bytes / mebibyte, 1),
        "largest_activations_mib": round(largest_bytes / mebibyte, 1),
        "activations_beyond_models": round((growth_bytes - models_bytes) / largest_bytes, 1),
        "is_within_bound": growth_bytes <= models_bytes + ACTIVATIONS * largest_bytes,
    }


def _bare_s(comparison: Comparison, chosen: argparse.Namespace, probes: int) -> float:
    """Seconds of the slower of both bare passes."""
    height, width = chosen.size.split("x")
    environment = os.environ | {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    scripts = []
    for network in (comparison.left, comparison.right):
        program = TORCH_PROGRAM if network.source.kind == "torchvision" else KERAS_PROGRAM
        options = [network.source.name, str(probes), height, width, str(chosen.threads)]
        command = [sys.executable, "-c", program, *options]
        scripts.append(
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True)
        )
    return max(float(script.communicate()[0]) for script in scripts)


def _float64_bytes(network: Network) -> int:
    return 8 * sum(tensor.value_count for tensor in network.tensors)


def _largest_activation_bytes(network: Network) -> int:
    """Of one image in float64."""
    return 8 * max(prod(output.shape) for layer in network.layers for output in layer.outputs)


if __name__ == "__main__":
    main(sys.argv[1:])
