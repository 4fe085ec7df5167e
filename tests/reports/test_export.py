"""Every form of a report, chosen by its name."""

import json

import msgspec
import pytest
from hypothesis import given, settings

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports import proof
from mbgui.reports.export import render
from mbgui.reports.proof import PROOF_FORMATS
from mbgui.snapshots.codec import decode
from tests.support.hostile_snapshots import MEASURED, PROVEN, hostile_snapshots
from tests.support.records import large_comparison, tiny_comparison


@pytest.mark.parametrize("report_format", ReportFormat)
def test_every_form_ends_with_one_line_break_and_can_be_made_without_latency(report_format: ReportFormat) -> None:
    tiny = (tiny_comparison(), tiny_comparison(with_latency=False), tiny_comparison(with_performance=True))
    for comparison in (*tiny, large_comparison(50)):
        text = render(comparison, report_format)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


def test_json_holds_every_record_of_the_comparison() -> None:
    comparison = tiny_comparison(with_performance=True)
    plain = json.loads(render(comparison, ReportFormat.JSON))
    assert msgspec.convert(plain, Comparison) == comparison


PROOFS = hostile_snapshots("equivalence", sound=PROVEN)
LADDERS, SWEEPS, LAYER_TIMES = (hostile_snapshots(top, sound=MEASURED) for top in ("ladder", "sweeps", "layer_times"))
MEASUREMENTS = hostile_snapshots("latency") | LADDERS | SWEEPS | LAYER_TIMES


@given(hostile_snapshots() | hostile_snapshots("accounting") | PROOFS | MEASUREMENTS)
@settings(max_examples=500)
def test_whatever_can_be_opened_can_be_reported(data: bytes) -> None:
    try:
        comparison = decode(data)
    except MbguiError:
        return
    for report_format in ReportFormat:
        assert render(comparison, report_format)
    if comparison.equivalence is not None:
        for report_format in PROOF_FORMATS:
            assert proof.render(comparison, comparison.equivalence, report_format)
