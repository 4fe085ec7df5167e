"""A latency as JSON for programs: stable names, documented in the README, every number finite or null."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from mbgui.analysis.launch_figures import first_call_s, peak_memory_bytes, traces
from mbgui.analysis.wording import input_sizes_text, same_or_both
from mbgui.domain.comparison import Comparison
from mbgui.domain.environment import Environment
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.latency import (
    LatencyComparison,
    LatencyEstimate,
    LatencyRound,
    LatencyRun,
    LatencyVerdict,
    StopReason,
)
from mbgui.domain.performance import Ladder, LayerTimings, Sweep
from mbgui.domain.request import BenchMode, Side

FORMAT = "mbgui-bench"
FORMAT_VERSION = 1
"""Raised when a field changes its meaning or goes; new fields do not raise it."""
NOT_DONE = "not_done"
"""The kind of a warning that says what could not be measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRecord:
    """One side: what was called and how, and the statistics of its timed calls in seconds, `null` without a duel."""

    reference: str
    framework: Framework
    call_path: CallPath | None = None
    count: int = 0
    median_s: float | None = None
    median_low_s: float | None = None
    median_high_s: float | None = None
    mean_s: float | None = None
    p90_s: float | None = None
    p99_s: float | None = None
    minimum_s: float | None = None
    iqr_s: float | None = None
    outliers: int = 0
    launches: int = 0
    first_call_s: float | None = None
    peak_memory_bytes: int | None = None
    traces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchRecord:
    """One process of one side; the fields are those of `mbgui.domain.latency.LatencyLaunch`."""

    side: Side
    index: int
    import_s: float
    build_s: float
    first_call_s: float
    is_steady: bool
    baseline_bytes: int | None
    peak_bytes: int | None
    traces: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRecord:
    """Something to know beside the result."""

    kind: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorRecord:
    """The smallest difference that can be told here, as a fraction; `calibrated_at` is `null` where none was found."""

    smallest_difference: float
    calibrated_at: str | None
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRecord:
    """How finely the clock of a side tells, and what timing a call that does nothing takes, in seconds."""

    resolution_s: float
    call_overhead_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRecord:
    """The whole answer of `mbgui bench --format json`; what a duel tells is `null` or empty where there was none."""

    format: str
    version: int
    mbgui_version: str
    created_at: str
    verdict: LatencyVerdict | None
    sentence: str
    ratio: float | None
    ci_low: float | None
    ci_high: float | None
    left: SideRecord
    right: SideRecord
    mode: BenchMode
    stop_reason: StopReason | None
    is_complete: bool
    noise_floor: FloorRecord | None
    timer: dict[Side, TimerRecord]
    threads: int
    batch_size: int
    input: str
    launches: tuple[LaunchRecord, ...]
    warnings: tuple[WarningRecord, ...]
    estimates: tuple[LatencyEstimate, ...]
    ladder: Ladder | None
    sweeps: tuple[Sweep, ...]
    layer_times: LayerTimings | None
    environment: Environment
    samples: tuple[LatencyRound, ...]


def bench_json(comparison: Comparison) -> str:
    """What was measured as JSON text, indented, ending in a line break."""
    plain = msgspec.json.encode(bench_record(comparison))  # what is not finite becomes null here
    return msgspec.json.format(plain, indent=2).decode() + "\n"


def bench_record(comparison: Comparison) -> BenchRecord:
    """What was measured under the names that programs rely on."""
    latency, request = comparison.latency, comparison.request
    return BenchRecord(
        format=FORMAT,
        version=FORMAT_VERSION,
        mbgui_version=comparison.environment.mbgui_version,
        created_at=comparison.created_at,
        verdict=None if latency is None else latency.verdict,
        sentence="" if latency is None else latency.sentence,
        ratio=None if latency is None else latency.ratio,
        ci_low=None if latency is None else latency.ci_low,
        ci_high=None if latency is None else latency.ci_high,
        left=_side_record(comparison, Side.LEFT),
        right=_side_record(comparison, Side.RIGHT),
        mode=_mode(comparison),
        stop_reason=None if latency is None else latency.stop_reason,
        is_complete=is_complete(comparison),
        noise_floor=None if latency is None else _floor_record(latency),
        timer={} if latency is None else {side: _timer_record(latency.run(side)) for side in Side},
        threads=request.threads if latency is None else latency.left.threads,
        batch_size=request.batch_size if latency is None else latency.left.batch_size,
        input=same_or_both(input_sizes_text(comparison.left), input_sizes_text(comparison.right)),
        launches=() if latency is None else tuple(_launch_records(latency)),
        warnings=tuple(_warning_records(comparison)),
        estimates=() if latency is None else latency.estimates,
        ladder=comparison.ladder,
        sweeps=comparison.sweeps,
        layer_times=comparison.layer_times,
        environment=comparison.environment,
        samples=() if latency is None else latency.rounds,
    )


def is_complete(comparison: Comparison) -> bool:
    """Whether everything that was asked for was measured to its end, call paths that do not exist here aside."""
    asked = comparison.request.latency
    if asked is None:
        return False
    measured = [found.is_complete for found in comparison.sweeps]
    if asked.is_duel:
        measured.append(comparison.latency is not None and comparison.latency.is_complete)
    if asked.is_ladder:
        measured.append(comparison.ladder is not None and comparison.ladder.is_complete)
    if asked.is_by_layer:
        times = comparison.layer_times
        measured.append(times is not None and times.left is not None and times.right is not None)
    return all(measured) and {found.axis for found in comparison.sweeps} >= {wanted.axis for wanted in asked.sweeps}


def _mode(comparison: Comparison) -> BenchMode:
    if comparison.latency is not None:
        return comparison.latency.mode
    asked = comparison.request.latency
    return BenchMode.QUICK if asked is None else asked.mode


def _side_record(comparison: Comparison, side: Side) -> SideRecord:
    network, latency = comparison.network(side), comparison.latency
    if latency is None:
        return SideRecord(reference=network.source.reference, framework=network.framework)
    run, summary = latency.run(side), latency.summary(side)
    return SideRecord(
        reference=network.source.reference,
        framework=network.framework,
        call_path=run.call_path,
        launches=len(run.launches),
        first_call_s=first_call_s(run),
        peak_memory_bytes=peak_memory_bytes(run),
        traces=traces(run),
        count=summary.count,
        median_s=summary.median_s,
        median_low_s=summary.median_low_s,
        median_high_s=summary.median_high_s,
        mean_s=summary.mean_s,
        p90_s=summary.p90_s,
        p99_s=summary.p99_s,
        minimum_s=summary.minimum_s,
        iqr_s=summary.iqr_s,
        outliers=summary.outliers,
    )


def _launch_records(latency: LatencyComparison) -> Iterator[LaunchRecord]:
    for side in Side:
        for launch in latency.run(side).launches:
            yield LaunchRecord(
                side=side,
                index=launch.index,
                import_s=launch.import_s,
                build_s=launch.build_s,
                first_call_s=launch.first_call_s,
                is_steady=launch.is_steady,
                baseline_bytes=launch.baseline_bytes,
                peak_bytes=launch.peak_bytes,
                traces=launch.traces,
            )


def _warning_records(comparison: Comparison) -> Iterator[WarningRecord]:
    if comparison.latency is not None:
        for warning in comparison.latency.warnings:
            yield WarningRecord(kind=warning.kind.value, sentence=warning.sentence)
    yield from (WarningRecord(kind=NOT_DONE, sentence=sentence) for sentence in comparison.warnings)


def _floor_record(latency: LatencyComparison) -> FloorRecord | None:
    floor = latency.noise_floor
    if floor is None:
        return None
    when = floor.calibrated_at or None
    return FloorRecord(smallest_difference=floor.smallest_difference, calibrated_at=when, basis=floor.basis)


def _timer_record(run: LatencyRun) -> TimerRecord:
    return TimerRecord(resolution_s=run.timer_resolution_s, call_overhead_s=run.call_overhead_s)
