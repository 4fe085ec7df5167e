"""Time and memory of pairing networks of 1,000 to 100,000 layers a side.

    python tests/benchmarks/alignment.py [LAYERS ...]

Residual blocks with branches; the right side has other names, another execution order, reordered branches, and every
fiftieth layer is missing, inserted or of another width. `different` pairs two networks of unlike blocks, the worst
case. Prints one JSON line for each size and a last one with the ratios between sizes.
"""

import json
import resource
import sys
import tracemalloc
from itertools import pairwise
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.analysis.align import align
from mbgui.domain.network import Network
from tests.support.layer_graphs import edited, rebuilt, residual_network, unlike_network

SIZES = (1_000, 10_000, 100_000)
EDIT_EVERY = 50


def main(sizes: tuple[int, ...]) -> None:
    """Measure every size, the kind of pair that users have and the worst one."""
    measured: dict[str, dict[int, float]] = {}
    for size in sizes:
        left = residual_network(size, seed=1)
        pairs = {
            "edited": rebuilt(edited(left, every=EDIT_EVERY, seed=2), seed=3),
            "different": unlike_network(size, seed=4),
        }
        for name, right in pairs.items():
            duration_s = measure(name, size, left, right)
            measured.setdefault(name, {})[size] = duration_s
    ratios = {
        name: [round(found[after] / found[before], 1) for before, after in pairwise(sizes)]
        for name, found in measured.items()
    }
    print(json.dumps({"time_ratios": ratios, "process_peak_mib": round(peak_mib())}))


def measure(name: str, size: int, left: Network, right: Network) -> float:
    """Pair two networks, print what it took; seconds."""
    started = perf_counter()
    found = align(left, right)
    duration_s = perf_counter() - started
    tracemalloc.start()
    align(left, right)
    _, allocated = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    alone = sum(1 for pair in found.pairs if pair.left is None or pair.right is None)
    figures = {
        "pair": name,
        "layers": size,
        "seconds": round(duration_s, 3),
        "microseconds_a_layer": round(duration_s / size * 1e6, 1),
        "allocated_mib": round(allocated / 2**20, 1),
        "pairs": len(found.pairs) - alone,
        "alone": alone,
    }
    print(json.dumps(figures), flush=True)
    return duration_s


def peak_mib() -> float:
    """The most memory this process has had, networks included, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
