"""Simulated duels whose true ratio is known: lognormal noise of launches, blocks and calls."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mbgui.analysis.latency_bootstrap import LogEstimate, estimate_ratio
from mbgui.analysis.latency_launches import LaunchPair
from mbgui.analysis.launch_spread import CAUTIOUS_SPREAD, CalledSide, LaunchSpread, calibrated, known_spread
from mbgui.domain.framework import CallPath, Framework

_SIDE = CalledSide(model="simulated", framework=Framework.PYTORCH, call_path=CallPath.EAGER, threads=1)
_LEVEL_S = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseMix:
    """Standard deviations of the logarithm: of a process, of a block (once for both sides, once for each), of a call.

    A process is `hump` times as slow with a probability of 15 %.
    """

    launch: float
    block: float
    call: float
    blocks: int = 6
    calls: int = 20
    hump: float = 1.0


MIXES: dict[str, NoiseMix] = {
    "launches dominate": NoiseMix(launch=0.05, block=0.005, call=0.02),
    "launches and calls alike": NoiseMix(launch=0.02, block=0.02, call=0.1),
    "blocks dominate": NoiseMix(launch=0.01, block=0.05, call=0.05),
    "calls dominate": NoiseMix(launch=0.01, block=0.005, call=0.2),
}
TWO_HUMPED = NoiseMix(launch=0.02, block=0.005, call=0.02, hump=1.7)


def simulated_pair(generator: np.random.Generator, mix: NoiseMix, log_ratio: float, index: int = 0) -> LaunchPair:
    """One launch of both sides."""
    together = generator.normal(0.0, mix.block, mix.blocks)

    def side(shift: float) -> tuple[NDArray[np.float64], ...]:
        own = shift + generator.normal(0.0, mix.launch) + np.log(mix.hump) * (generator.random() < 0.15)
        levels = own + together + generator.normal(0.0, mix.block, mix.blocks)
        return tuple(_LEVEL_S * np.exp(levels[:, None] + generator.normal(0.0, mix.call, (mix.blocks, mix.calls))))

    return LaunchPair(index=index, left=side(0.0), right=side(log_ratio))


def simulated_calibration(generator: np.random.Generator, mix: NoiseMix, launches: int = 10) -> LaunchSpread:
    """What a calibration of one model against itself tells."""
    pairs = [simulated_pair(generator, mix, 0.0, index) for index in range(launches)]
    left, right = (
        [float(np.median(np.concatenate(blocks))) for blocks in sides]
        for sides in ([pair.left for pair in pairs], [pair.right for pair in pairs])
    )
    calibration = calibrated(
        left,
        right,
        side=_SIDE,
        created_at="2026-01-01T00:00:00+00:00",
        processor="simulated",
        processor_count=1,
        input_sizes="1",
        batch_size=1,
    )
    return known_spread((calibration,), _SIDE, _SIDE)


def duel_of(mix: NoiseMix, launches: int, replicates: int) -> Callable[[np.random.Generator, float], LogEstimate]:
    """A way to fight one duel; one of a single launch has twice the blocks, and is calibrated just before."""
    if launches == 1:
        mix = replace(mix, blocks=2 * mix.blocks)

    def fight(generator: np.random.Generator, log_ratio: float) -> LogEstimate:
        spread = simulated_calibration(generator, mix) if launches == 1 else CAUTIOUS_SPREAD
        pairs = [simulated_pair(generator, mix, log_ratio, index) for index in range(launches)]
        return estimate_ratio(pairs, spread, replicates=replicates)

    return fight


def coverage(mix: NoiseMix, launches: int, *, experiments: int = 1000, replicates: int = 500, seed: int = 1) -> float:
    """The share of duels, each of another true ratio, whose 95 % interval holds it."""
    generator = np.random.default_rng(seed)
    fight = duel_of(mix, launches, replicates)
    hits = 0
    for _ in range(experiments):
        truth = float(generator.uniform(-0.7, 0.7))
        found = fight(generator, truth)
        hits += found.low <= truth <= found.high
    return hits / experiments
