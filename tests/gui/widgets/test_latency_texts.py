"""What the latency page says beside the verdict's own sentence."""

from dataclasses import replace

import pytest

from mbgui.domain.framework import CallPath
from mbgui.domain.latency import LatencyEstimate
from mbgui.domain.request import BenchMode, LatencyRequest
from mbgui.gui.widgets.calibration_text import calibrated_text
from mbgui.gui.widgets.latency_texts import details, duration_text, plan_text, progress_text
from tests.support.records import tiny_calibration, tiny_comparison, tiny_request

ESTIMATE = LatencyEstimate(elapsed_s=3.0, launches=1, ratio=1.9, ci_low=1.5, ci_high=2.4)


@pytest.mark.parametrize(
    ("duration_s", "text"),
    [(4.1e-8, "41 ns"), (1.23e-6, "1.23 µs"), (0.002, "2 ms"), (0.0, "0 ns"), (15.6e-3, "15.6 ms")],
)
def test_small_times_have_the_unit_that_suits_them(duration_s: float, text: str) -> None:
    assert duration_text(duration_s) == text


def test_a_plan_names_the_budget_that_holds() -> None:
    quick, own = LatencyRequest(), LatencyRequest(mode=BenchMode.RIGOROUS, budget_s=75, runs=200)
    assert plan_text(tiny_request(), quick) == "Quick · up to 30 s · batch 1 · 2 threads"
    assert plan_text(tiny_request(), own) == "Rigorous · 200 calls a launch · up to 75 s · batch 1 · 2 threads"


def test_progress_says_as_much_as_is_known() -> None:
    assert progress_text((), (5, 0)) == "5 and 0 calls"
    assert progress_text((ESTIMATE,), (1200, 1200)).endswith("ratio of medians 1.90 (1.50–2.40) so far")
    decided = replace(ESTIMATE, rounds_to_decide=0)
    assert progress_text((ESTIMATE, decided), (5, 5)).endswith("so far · decided")


def test_a_clock_that_nobody_measured_is_not_told() -> None:
    comparison = tiny_comparison()
    latency = comparison.latency
    assert latency is not None
    blind = [replace(run, timer_resolution_s=0.0, call_overhead_s=0.0) for run in (latency.left, latency.right)]
    told = "\n".join(details(comparison, replace(latency, left=blind[0], right=blind[1])))
    assert "resolution" not in told


def test_two_calibrations_are_told_apart_by_model_and_call_path() -> None:
    first = replace(tiny_calibration(), model="torchvision:net", quick=0.09, rigorous=0.04)
    second = replace(first, model="keras:Net", call_path=CallPath.TF_FUNCTION, quick=0.12, rigorous=0.05)
    assert calibrated_text((first,)) == "Calibrated: quick can tell 9.0 %, rigorous 4.0 %."
    assert calibrated_text((first, second)) == (
        "Calibrated: with net by eager quick can tell 9.0 %, rigorous 4.0 %; "
        "with Net by tf.function quick can tell 12 %, rigorous 5.0 %."
    )
