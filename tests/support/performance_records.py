"""Ladders, sweeps and times by layer made by hand."""

from collections.abc import Mapping, Sequence

from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.latency import LatencyLaunch, LatencySummary
from mbgui.domain.network import LayerKind, Network
from mbgui.domain.performance import (
    CallPathTiming,
    Ladder,
    LayerTime,
    LayerTiming,
    LayerTimings,
    Sweep,
    SweepPoint,
)
from mbgui.domain.request import Side, SweepAxis

NO_COMPILER = "torch.compile needs a C++ compiler and none was found (c++, g++, clang++)."
OUT_OF_MEMORY = "The process ran out of memory."
_MEDIANS_S = {
    CallPath.EAGER: 0.0212,
    CallPath.CHANNELS_LAST: 0.0194,
    CallPath.BFLOAT16: 0.0418,
    CallPath.TF_FUNCTION: 0.0219,
    CallPath.PREDICT: 0.0982,
    CallPath.CALL: 0.1924,
    CallPath.XLA: 0.0957,
}
_TRACES = {CallPath.TF_FUNCTION: 1, CallPath.XLA: 1, CallPath.PREDICT: 2}


def summary_of(median_s: float, *, spread: float = 0.03, count: int = 200) -> LatencySummary:
    """Statistics around a median, its interval `spread` of it wide on either side."""
    return LatencySummary(
        count=count,
        mean_s=median_s * 1.02,
        median_s=median_s,
        p90_s=median_s * 1.15,
        p99_s=median_s * 1.4,
        minimum_s=median_s * 0.9,
        iqr_s=median_s * 0.08,
        outliers=3,
        median_low_s=median_s * (1 - spread),
        median_high_s=median_s * (1 + spread),
    )


def path_timing(side: Side, path: CallPath, *, first_call_s: float = 0.095, reason: str = "") -> CallPathTiming:
    """One call path that was timed, or that could not be."""
    if reason:
        return CallPathTiming(side=side, call_path=path, reason=reason)
    launch = LatencyLaunch(
        index=0, import_s=3.7, build_s=0.06, first_call_s=first_call_s, traces=_TRACES.get(path), baseline_bytes=10**8
    )
    median_s = _MEDIANS_S[path]
    return CallPathTiming(
        side=side, call_path=path, launch=launch, summary=summary_of(median_s), durations_s=(median_s,) * 3
    )


def full_ladder(*, is_complete: bool = True) -> Ladder:
    """Every call path of both frameworks; torch.compile was skipped."""
    sides = ((Side.LEFT, Framework.PYTORCH), (Side.RIGHT, Framework.KERAS))
    timings = [
        path_timing(side, path, reason=NO_COMPILER if path is CallPath.COMPILE else "")
        for side, framework in sides
        for path in CALL_PATHS[framework]
    ]
    return Ladder(timings=tuple(timings), threads=2, batch_size=1, is_complete=is_complete)


def sweep_point(side: Side, value: int, median_s: float | None, *, inputs: int = 1, reason: str = "") -> SweepPoint:
    """One side at one value; without a median it could not be measured."""
    if median_s is None:
        return SweepPoint(side=side, value=value, summary=None, reason=reason)
    return SweepPoint(
        side=side,
        value=value,
        summary=summary_of(median_s, spread=0.05),
        throughput_per_s=inputs / median_s,
        durations_s=(median_s,) * 3,
    )


def batch_sweep(
    values: Sequence[int] = (1, 2, 4, 8, 16), *, is_complete: bool = True, failed: Mapping[tuple[Side, int], str] = {}
) -> Sweep:
    """Latency grows with the batch, less than in proportion; `failed` names points without a figure."""
    points = [
        sweep_point(
            side,
            value,
            None if (side, value) in failed else base_s * (0.4 + 0.6 * value),
            inputs=value,
            reason=failed.get((side, value), ""),
        )
        for value in values
        for side, base_s in ((Side.LEFT, 0.021), (Side.RIGHT, 0.025))
    ]
    return sweep_of(SweepAxis.BATCH, points, is_complete=is_complete)


def threads_sweep(values: Sequence[int] = (1, 2)) -> Sweep:
    """More threads are faster."""
    points = [
        sweep_point(side, value, base_s / value**0.7)
        for value in values
        for side, base_s in ((Side.LEFT, 0.030), (Side.RIGHT, 0.034))
    ]
    return sweep_of(SweepAxis.THREADS, points)


def sweep_of(axis: SweepAxis, points: Sequence[SweepPoint], *, is_complete: bool = True) -> Sweep:
    """These points over an axis, by the recommended paths."""
    return Sweep(
        axis=axis,
        left_path=CallPath.EAGER,
        right_path=CallPath.TF_FUNCTION,
        threads=2,
        batch_size=1,
        points=tuple(points),
        is_complete=is_complete,
    )


def layer_timing(
    durations_s: Mapping[str, float], *, method: str = "module hooks", overhead: float = 0.05
) -> LayerTiming:
    """These times of layers, each called once."""
    total_s = sum(durations_s.values())
    return LayerTiming(
        method=method,
        passes=20,
        total_s=total_s,
        plain_s=total_s / (1 + overhead),
        layers=tuple(LayerTime(layer=path, call=0, duration_s=duration) for path, duration in durations_s.items()),
    )


def network_timing(network: Network, *, method: str, scale: float = 1.0, overhead: float = 0.05) -> LayerTiming:
    """A time for every layer but functional operations; convolutions take longest, containers 0.01 ms themselves."""
    times_s = {
        layer.path: scale * (1e-5 if layer.kind is LayerKind.CONTAINER else _layer_s(layer.kind, number))
        for number, layer in enumerate(network.layers)
        if not layer.is_operation
    }
    return layer_timing(times_s, method=method, overhead=overhead)


def timings_of(comparison: Comparison) -> LayerTimings:
    """Times of all layers of both sides."""
    return LayerTimings(
        left=network_timing(comparison.left, method="eager passes with module hooks"),
        right=network_timing(comparison.right, method="eager passes, layer by layer", scale=1.3, overhead=0.31),
    )


def _layer_s(kind: LayerKind, number: int) -> float:
    base_s = {LayerKind.CONVOLUTION: 4e-4, LayerKind.DENSE: 3e-4, LayerKind.BATCH_NORMALIZATION: 9e-5}.get(kind, 3e-5)
    return base_s * (1 + (number * 7 % 11) / 5)
