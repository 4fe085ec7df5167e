"""The report of `mbgui bench`: stable names, finite numbers, and every sample."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isfinite
from typing import Any

import pytest
from hypothesis import given, settings

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError
from mbgui.domain.latency import LatencyWarning, WarningKind
from mbgui.domain.request import LatencyRequest, SweepAxis, SweepRequest
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports.bench import BENCH_FORMATS, build_document, render
from mbgui.reports.bench_record import is_complete
from mbgui.snapshots.codec import decode
from tests.support.hostile_snapshots import MEASURED, hostile_snapshots
from tests.support.records import tiny_comparison


def measured(request: LatencyRequest | None = None) -> Comparison:
    comparison = tiny_comparison(with_performance=True)
    if request is None:
        return comparison
    return replace(comparison, request=replace(comparison.request, latency=request))


def plain(comparison: Comparison) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(comparison, ReportFormat.JSON))
    return found


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, int | float):
        yield value


def test_everything_that_can_be_measured_reads_as_reviewed(golden: Callable[[str, str], None]) -> None:
    golden("tiny_bench.md", render(measured(), ReportFormat.MARKDOWN))


def test_the_names_are_those_that_programs_rely_on() -> None:
    found = plain(measured())
    assert set(found) == {
        "format",
        "version",
        "mbgui_version",
        "created_at",
        "verdict",
        "sentence",
        "ratio",
        "ci_low",
        "ci_high",
        "left",
        "right",
        "mode",
        "stop_reason",
        "is_complete",
        "noise_floor",
        "timer",
        "threads",
        "batch_size",
        "input",
        "launches",
        "warnings",
        "estimates",
        "ladder",
        "sweeps",
        "layer_times",
        "environment",
        "samples",
    }
    assert (found["format"], found["version"]) == ("mbgui-bench", 1)


def test_the_answer_is_that_of_the_records() -> None:
    comparison = measured()
    latency = comparison.latency
    assert latency is not None
    found = plain(comparison)
    assert (found["verdict"], found["mode"], found["stop_reason"]) == ("left_faster", "rigorous", "budget")
    assert (found["ratio"], found["ci_low"], found["ci_high"]) == (latency.ratio, latency.ci_low, latency.ci_high)
    assert (found["threads"], found["batch_size"], found["input"]) == (2, 1, "32×32")
    assert found["timer"]["left"] == {"resolution_s": 5e-8, "call_overhead_s": 1e-7}
    assert found["noise_floor"]["calibrated_at"] is None


def test_a_side_has_its_call_path_and_its_statistics_in_seconds() -> None:
    comparison = measured()
    assert comparison.latency is not None
    summary = comparison.latency.right_summary
    side = plain(comparison)["right"]
    assert (side["reference"], side["framework"], side["call_path"]) == ("keras:TinyNet", "keras", "tf.function")
    assert (side["count"], side["median_s"], side["p99_s"]) == (summary.count, summary.median_s, summary.p99_s)
    assert (side["median_low_s"], side["median_high_s"]) == (summary.median_low_s, summary.median_high_s)
    assert side["first_call_s"] == pytest.approx(0.905)
    assert (side["peak_memory_bytes"], side["traces"], side["launches"]) == (40.5 * 2**20, 1, 2)


def test_every_launch_and_every_sample_is_there_with_its_marks() -> None:
    comparison = measured()
    assert comparison.latency is not None
    found = plain(comparison)
    assert [(launch["side"], launch["index"]) for launch in found["launches"]] == [
        ("left", 0),
        ("left", 1),
        ("right", 0),
        ("right", 1),
    ]
    assert found["launches"][3]["first_call_s"] == 0.91
    assert len(found["samples"]) == len(comparison.latency.rounds)
    for written, taken in zip(found["samples"], comparison.latency.rounds, strict=True):
        assert tuple(written["durations_s"]) == taken.durations_s
        assert (written["side"], written["launch"], written["block"], written["index"]) == (
            taken.side,
            taken.launch,
            taken.block,
            taken.index,
        )
        assert (written["started_s"], written["is_warmup"]) == (taken.started_s, taken.is_warmup)


def test_call_paths_sweeps_and_layers_are_there() -> None:
    found = plain(measured())
    assert [timing["call_path"] for timing in found["ladder"]["timings"]] == ["eager", "torch.compile", "tf.function"]
    assert found["ladder"]["timings"][1]["reason"] == "torch.compile needs a C++ compiler; none was found."
    assert [point["value"] for point in found["sweeps"][0]["points"]] == [1, 1, 2, 2, 4, 4]
    assert found["layer_times"]["left"]["layers"][0]["layer"] == "features.0.0"


def test_warnings_say_their_kind_and_what_was_not_done_is_one() -> None:
    comparison = measured()
    assert comparison.latency is not None
    drift = LatencyWarning(kind=WarningKind.DRIFT, sentence="Both sides became slower.")
    latency = replace(comparison.latency, warnings=(drift,))
    found = plain(replace(comparison, latency=latency, warnings=("The sweep was left out.",)))
    assert found["warnings"] == [
        {"kind": "drift", "sentence": "Both sides became slower."},
        {"kind": "not_done", "sentence": "The sweep was left out."},
    ]


def test_without_a_duel_what_it_would_tell_is_nothing() -> None:
    request = LatencyRequest(is_duel=False, is_ladder=True)
    found = plain(replace(measured(request), latency=None))
    assert [found[name] for name in ("verdict", "ratio", "ci_low", "ci_high", "stop_reason", "noise_floor")] == [
        None
    ] * 6
    assert (found["samples"], found["launches"], found["timer"]) == ([], [], {})
    assert (found["left"]["reference"], found["left"]["median_s"]) == ("torchvision:tiny_net", None)
    assert found["is_complete"]


def test_it_is_complete_only_with_everything_that_was_asked_for() -> None:
    everything = LatencyRequest(
        is_ladder=True, is_by_layer=True, sweeps=(SweepRequest(axis=SweepAxis.BATCH, values=(1, 2, 4)),)
    )
    comparison = measured(everything)
    assert comparison.latency is not None
    assert comparison.ladder is not None
    assert is_complete(comparison)
    assert not is_complete(replace(comparison, latency=None))
    assert not is_complete(replace(comparison, latency=replace(comparison.latency, is_complete=False)))
    assert not is_complete(replace(comparison, ladder=None))
    assert not is_complete(replace(comparison, ladder=replace(comparison.ladder, is_complete=False)))
    assert not is_complete(replace(comparison, sweeps=()))
    assert not is_complete(replace(comparison, sweeps=(replace(comparison.sweeps[0], is_complete=False),)))
    assert not is_complete(replace(comparison, layer_times=None))


def test_the_markdown_begins_with_the_verdict_and_ends_with_the_machine() -> None:
    comparison = measured()
    assert comparison.latency is not None
    document = build_document(comparison)
    assert document.headline == comparison.latency.sentence
    assert [section.title for section in document.sections] == [
        "Inference performance",
        "Call paths",
        "Sweeps",
        "Where the time goes",
        "Models and environment",
    ]


def test_other_forms_are_refused() -> None:
    with pytest.raises(ValueError, match="no report of a latency as html"):
        render(measured(), ReportFormat.HTML)


ANYWHERE = [hostile_snapshots(top, sound=MEASURED) for top in ("latency", "ladder", "sweeps", "layer_times")]


@given(ANYWHERE[0] | ANYWHERE[1] | ANYWHERE[2] | ANYWHERE[3])
@settings(max_examples=300)
def test_whatever_can_be_opened_can_be_told_in_finite_numbers(data: bytes) -> None:
    try:
        comparison = decode(data)
    except MbguiError:
        return
    for report_format in BENCH_FORMATS:
        assert render(comparison, report_format)
    assert all(isfinite(number) for number in numbers(plain(comparison)))
