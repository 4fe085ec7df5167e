"""Latencies, ladders, sweeps and layer times that contradict the networks or themselves are refused in a sentence."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from mbgui.domain.errors import MbguiError
from mbgui.domain.latency import LatencyComparison, LatencyLaunch, LatencyRound, NoiseFloor
from mbgui.domain.request import Side
from mbgui.snapshots.codec import decode, encode
from tests.support.hostile_snapshots import MEASURED, hostile_snapshots, is_read_or_refused
from tests.support.records import tiny_comparison

Path = tuple[str | int, ...]
_LAUNCH: Path = ("latency", "left", "launches", 0)
_ROUND: Path = ("latency", "rounds", 2)
_TIMING: Path = ("ladder", "timings", 0)
_POINT: Path = ("sweeps", 0, "points", 0)


def changed(path: Path, to: Any) -> bytes:
    """A sound snapshot of everything that can be measured, with one value replaced."""
    document = json.loads(MEASURED)
    place = document["comparison"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(document).encode()


def tiny_latency() -> LatencyComparison:
    latency = tiny_comparison().latency
    assert latency is not None
    return latency


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ((*_ROUND, "launch"), 9, "latency.rounds names launch 9 of the left side, which was not made"),
        ((*_ROUND, "launch"), -1, "launch -1"),
        ((*_ROUND, "block"), -1, "latency.rounds.block is -1, less than 0"),
        ((*_ROUND, "index"), -1, "latency.rounds.index is -1"),
        ((*_ROUND, "started_s"), -0.1, "latency.rounds.started_s is -0.1"),
        ((*_ROUND, "started_s"), 1e308, "latency.rounds.started_s is 1e+308, more than can be meant"),
        ((*_ROUND, "durations_s"), [-1.0], "a call of the left side that took less than nothing"),
        ((*_ROUND, "durations_s"), [1e308], "a call of the left side that took less than nothing or more than eleven"),
        ((*_LAUNCH, "index"), 1, "latency.left.launches names a launch twice"),
        ((*_LAUNCH, "import_s"), -1.0, "latency.left.launches has a step that took less than nothing"),
        ((*_LAUNCH, "first_call_s"), 1e308, "latency.left.launches has a step"),
        ((*_LAUNCH, "peak_bytes"), -1, "latency.left.launches.peak_bytes is -1"),
        ((*_LAUNCH, "traces"), -1, "latency.left.launches.traces is -1"),
        (("latency", "left", "call_path"), "predict", "calls the left network by 'predict', which PyTorch does not"),
        (("latency", "right", "call_path"), "eager", "calls the right network by 'eager', which Keras does not have"),
        (("latency", "left", "threads"), 0, "latency.left.threads is 0, less than 1"),
        (("latency", "left", "batch_size"), -2, "latency.left.batch_size is -2"),
        (("latency", "left", "timer_resolution_s"), -1e-9, "latency.left.timer_resolution_s is -1e-09"),
        (("latency", "left", "call_overhead_s"), 1e308, "latency.left.call_overhead_s is 1e+308"),
        (("latency", "left_summary", "median_s"), -1.0, "latency.left_summary has a figure that took less"),
        (("latency", "left_summary", "median_high_s"), 1e308, "latency.left_summary has a figure"),
        (("latency", "left_summary", "count"), 3, "latency.left_summary is of 3 calls, but there are 40"),
        (("latency", "left_summary", "outliers"), 41, "latency.left_summary marks 41 of 40 calls"),
        (("latency", "ratio"), 1e308, "latency.ratio is 1e+308, more than can be meant"),
        (("latency", "ratio"), -1.0, "latency.ratio is -1.0"),
        (("latency", "ci_low"), 9.0, "latency has an interval from 9.0 to"),
        (("latency", "ratio"), 0.5, "latency.verdict is 'left_faster' at a ratio of 0.5"),
        (("latency", "estimates", 0, "ci_high"), 1e308, "latency.estimates[0].ci_high is 1e+308"),
        (("latency", "estimates", 0, "elapsed_s"), -1.0, "latency.estimates[0].elapsed_s is -1.0"),
        (("latency", "estimates", 0, "launches"), -1, "latency.estimates[0].launches is -1"),
        (("latency", "estimates", 0, "rounds_to_decide"), -1, "latency.estimates[0].rounds_to_decide is -1"),
        (("latency", "noise_floor", "smallest_difference"), -0.1, "latency.noise_floor.smallest_difference is -0.1"),
        (("latency", "noise_floor", "calibrated_at"), "today", "latency.noise_floor.calibrated_at is no ISO 8601"),
        (("ladder", "threads"), 0, "ladder.threads is 0"),
        ((*_TIMING, "call_path"), "xla", "ladder.timings[0] calls the left network by 'xla'"),
        ((*_TIMING, "launch"), None, "ladder.timings[0] has only one of a launch and its statistics"),
        ((*_TIMING, "launch", "build_s"), -1.0, "ladder.timings[0].launch has a step"),
        ((*_TIMING, "durations_s"), [], "ladder.timings[0].summary is of 3 calls, but there are 0"),
        ((*_TIMING, "durations_s", 0), -1.0, "ladder.timings[0].durations_s has a call"),
        (("sweeps", 0, "right_path"), "eager", "sweeps[0] calls the right network by 'eager'"),
        (("sweeps", 0, "batch_size"), 0, "sweeps[0].batch_size is 0"),
        ((*_POINT, "value"), 0, "sweeps[0].points[0].value is 0, less than 1"),
        ((*_POINT, "throughput_per_s"), 1e308, "sweeps[0].points[0].throughput_per_s is 1e+308"),
        ((*_POINT, "summary"), None, "sweeps[0].points[0] has only one of calls and their statistics"),
        (("layer_times", "left", "layers", 0, "layer"), "nowhere", "layer_times.left names 'nowhere', which is no"),
        (("layer_times", "right", "layers", 0, "call"), -1, "layer_times.right.call is -1"),
        (("layer_times", "left", "layers", 0, "duration_s"), -1.0, "layer_times.left has a layer that took less"),
        (("layer_times", "left", "total_s"), 1e308, "layer_times.left has a pass that took"),
        (("layer_times", "left", "passes"), -1, "layer_times.left.passes is -1"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(path: Path, value: Any, fault: str) -> None:
    with pytest.raises(MbguiError) as caught:
        decode(changed(path, value), name="a.mbsnap")
    sentence = caught.value.problem.sentence
    assert sentence.startswith("a.mbsnap contradicts itself: ")
    assert fault in sentence


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_never_written(number: float) -> None:
    comparison = replace(tiny_comparison(), latency=replace(tiny_latency(), ci_high=number))
    with pytest.raises(MbguiError, match="cannot be written as a snapshot"):
        encode(comparison)


def test_a_launch_that_was_cut_short_keeps_its_rounds() -> None:
    latency = tiny_latency()
    begun = LatencyRound(side=Side.LEFT, launch=2, index=0, started_s=2.0, durations_s=(0.01,), is_warmup=True)
    comparison = replace(tiny_comparison(), latency=replace(latency, rounds=(*latency.rounds, begun)))
    assert decode(encode(comparison)) == comparison


def test_what_a_system_does_not_tell_is_kept_as_nothing() -> None:
    latency = tiny_latency()
    launches = tuple(
        LatencyLaunch(index=launch.index, import_s=0.0, build_s=0.0, first_call_s=0.0)
        for launch in latency.left.launches
    )
    floor = NoiseFloor(smallest_difference=0.8, calibrated_at="", basis="not calibrated")
    latency = replace(latency, left=replace(latency.left, launches=launches), noise_floor=floor)
    comparison = replace(tiny_comparison(), latency=latency)
    assert decode(encode(comparison)) == comparison


@pytest.mark.parametrize("top", ["latency", "ladder", "sweeps", "layer_times"])
def test_any_value_in_any_place_gives_an_error_with_a_sentence_or_a_sound_comparison(top: str) -> None:
    @given(hostile_snapshots(top, sound=MEASURED))
    @settings(max_examples=250)
    def is_handled(data: bytes) -> None:
        assert is_read_or_refused(data)

    is_handled()
