"""The latency tab fills while measuring, shows what was measured, and says what to do when there is nothing."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.latency import (
    LatencyComparison,
    LatencyEstimate,
    LatencyRound,
    LatencyVerdict,
    LatencyWarning,
    NoiseFloor,
    StopReason,
    WarningKind,
)
from mbgui.domain.request import CompareRequest, LatencyRequest, Side
from mbgui.gui.settings import LatencyOptions, MeasureScope
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.ladder_panel import LadderPanel
from mbgui.gui.widgets.latency_chart_panel import LatencyChartPanel
from mbgui.gui.widgets.latency_controls import LatencyControls
from mbgui.gui.widgets.latency_duel import LatencyDuel
from mbgui.gui.widgets.latency_statistics import LatencyStatistics
from mbgui.gui.widgets.latency_view import LatencyView
from tests.support.records import KERAS_SOURCE, TORCH_SOURCE, tiny_comparison, tiny_ladder

REQUEST = CompareRequest(left=TORCH_SOURCE, right=KERAS_SOURCE, threads=1, latency=LatencyRequest(runs=50))
FRAMEWORKS = {Side.LEFT: Framework.PYTORCH, Side.RIGHT: Framework.KERAS}
ESTIMATE = LatencyEstimate(elapsed_s=3.0, launches=1, ratio=1.9, ci_low=1.5, ci_high=2.4, rounds_to_decide=120)


@pytest.fixture
def view(qtbot: QtBot) -> LatencyView:
    made = LatencyView(Theme(), LatencyOptions())
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.set_library_loaded()
    return made


def statistics(view: LatencyView) -> list[list[str]]:
    table = view.findChild(LatencyStatistics)
    assert table is not None
    model = table.model()
    return [[model.index(row, column).data() for column in range(3)] for row in range(model.rowCount())]


def duel(view: LatencyView) -> LatencyDuel:
    found = view.findChild(LatencyDuel)
    assert found is not None
    return found


def controls(view: LatencyView) -> LatencyControls:
    found = view.findChild(LatencyControls)
    assert found is not None
    return found


def taken(side: Side, index: int, duration_s: float, *, is_warmup: bool = False) -> LatencyRound:
    return LatencyRound(
        side=side, index=index, started_s=0.1 * index, durations_s=(duration_s,) * 5, is_warmup=is_warmup
    )


def judged(**changes: object) -> Comparison:
    """The tiny comparison with another latency."""
    latency = tiny_comparison().latency
    assert isinstance(latency, LatencyComparison)
    return dataclasses.replace(tiny_comparison(), latency=dataclasses.replace(latency, **changes))  # type: ignore[arg-type]


def visible_texts(view: LatencyView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def test_without_a_comparison_it_says_what_to_do(view: LatencyView) -> None:
    assert "Press Compare" in visible_texts(view)


def test_rounds_fill_the_statistics_while_measuring(qtbot: QtBot, view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    for index in range(4):
        view.add_round(taken(Side.LEFT, index, 0.010))
        view.add_round(taken(Side.RIGHT, index, 0.020))

    def is_filled() -> None:
        assert statistics(view) == [["PyTorch · eager", "20", "10.00"], ["Keras · tf.function", "20", "20.00"]]

    qtbot.waitUntil(is_filled)
    assert view.headline == "Measuring"
    assert view.sentence == "20 and 20 calls"


def test_how_many_more_rounds_it_takes_is_told_while_measuring(qtbot: QtBot, view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.add_round(taken(Side.LEFT, 0, 0.010))
    view.add_round(taken(Side.RIGHT, 0, 0.020))
    view.add_estimate(ESTIMATE)
    qtbot.waitUntil(lambda: "about 120 more rounds to decide" in view.sentence)
    assert "1.90 (1.50–2.40) so far" in view.sentence


def test_the_warm_up_is_shown_and_not_counted(qtbot: QtBot, view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.add_round(taken(Side.LEFT, 0, 0.5, is_warmup=True))
    assert view.headline == "Starting and warming up"
    assert "up to 30 s" in visible_texts(view)
    view.add_round(taken(Side.LEFT, 1, 0.010))
    qtbot.waitUntil(lambda: statistics(view) == [["PyTorch · eager", "5", "10.00"]])


def test_many_rounds_are_drawn_few_times(view: LatencyView, monkeypatch: pytest.MonkeyPatch) -> None:
    draws: list[int] = []
    monkeypatch.setattr(LatencyChartPanel, "show_picture", lambda *_: draws.append(1))
    view.start_measuring(REQUEST, FRAMEWORKS)
    draws.clear()
    for index in range(200):
        view.add_round(taken(Side.LEFT, index, 0.010))
    assert len(draws) == 1


def test_nothing_is_drawn_while_nobody_can_see_it(
    qtbot: QtBot, view: LatencyView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.hide()
    draws: list[int] = []
    monkeypatch.setattr(LatencyChartPanel, "show_picture", lambda *_: draws.append(1))
    view.add_round(taken(Side.LEFT, 0, 0.010))
    view.stop_measuring()
    assert draws == []
    view.show()
    assert draws == [1]
    assert statistics(view) == [["PyTorch · eager", "5", "10.00"]]


def test_a_finished_measurement_shows_its_verdict_and_charts(qtbot: QtBot, view: LatencyView) -> None:
    comparison = tiny_comparison()
    assert comparison.latency is not None
    view.show_comparison(comparison)
    panel = view.findChild(LatencyChartPanel)
    assert panel is not None
    qtbot.waitUntil(lambda: panel.is_built)
    assert view.sentence == comparison.latency.sentence
    assert len(statistics(view)) == 2


@pytest.mark.parametrize(
    ("verdict", "headline"),
    [
        (LatencyVerdict.LEFT_FASTER, "Left faster"),
        (LatencyVerdict.RIGHT_FASTER, "Right faster"),
        (LatencyVerdict.NO_MEASURABLE_DIFFERENCE, "No measurable difference"),
    ],
)
def test_the_headline_is_the_verdict(view: LatencyView, verdict: LatencyVerdict, headline: str) -> None:
    view.show_comparison(judged(verdict=verdict))
    assert view.headline == headline


def test_what_makes_a_result_doubtful_is_told_beside_it(view: LatencyView) -> None:
    warning = LatencyWarning(kind=WarningKind.SWAP, sentence="The machine swapped.")
    view.show_comparison(judged(warnings=(warning,)))
    assert "The machine swapped." in visible_texts(view)
    view.show_comparison(judged(warnings=()))
    assert "The machine swapped." not in visible_texts(view)


def test_why_it_ended_and_what_the_machine_can_tell_is_told(view: LatencyView) -> None:
    floor = NoiseFloor(smallest_difference=0.041, calibrated_at="2026-11-27T10:00:00+00:00", basis="tiny_net by eager")
    view.show_comparison(judged(stop_reason=StopReason.BUDGET, noise_floor=floor))
    assert "ended with its time" in visible_texts(view)
    assert "Calibrated with tiny_net by eager" in visible_texts(view)
    view.show_comparison(judged(noise_floor=dataclasses.replace(floor, calibrated_at="", smallest_difference=0.8)))
    assert (
        "Calibrate to learn what this machine can tell; until then a quick duel tells large differences only."
        in visible_texts(view)
    )


def test_how_it_was_made_is_told(view: LatencyView) -> None:
    view.show_comparison(tiny_comparison())
    for words in ("input 32×32", "2 launches a side", "2 threads", "timer resolution 50 ns, call overhead 100 ns"):
        assert words in visible_texts(view)


def test_what_comes_before_the_libraries_is_shown_with_them(qtbot: QtBot) -> None:
    early = LatencyView(Theme(), LatencyOptions())
    qtbot.addWidget(early)
    early.show()
    early.show_comparison(tiny_comparison())
    assert statistics(early) == []
    early.set_library_loaded()
    assert len(statistics(early)) == 2


def test_a_comparison_without_latency_says_so(view: LatencyView) -> None:
    view.show_comparison(tiny_comparison(with_latency=False))
    assert "holds no latency" in visible_texts(view)


def test_before_latency_is_measured_it_says_that_it_comes_last(view: LatencyView) -> None:
    view.set_running(True)
    view.show_comparison(tiny_comparison(with_latency=False))
    assert "measured last" in visible_texts(view)
    view.set_running(False)
    assert "holds no latency" in visible_texts(view)


def test_call_paths_show_without_a_duel(view: LatencyView) -> None:
    view.show_comparison(dataclasses.replace(tiny_comparison(with_latency=False), ladder=tiny_ladder()))
    assert not duel(view).isVisible()
    ladder = view.findChild(LadderPanel)
    assert ladder is not None
    assert ladder.isVisible()
    assert ladder.is_filled


def test_measuring_call_paths_leaves_the_duel(view: LatencyView) -> None:
    comparison = tiny_comparison()
    view.show_comparison(comparison)
    before = view.sentence
    latency = LatencyRequest(is_duel=False, is_ladder=True)
    view.start_measuring(dataclasses.replace(REQUEST, latency=latency), FRAMEWORKS)
    view.add_call_path(tiny_ladder().timings[0])
    assert view.sentence == before
    ladder = view.findChild(LadderPanel)
    assert ladder is not None
    assert "1 timed so far" in ladder.sentence


def test_a_stopped_measurement_keeps_what_was_measured(view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.add_round(taken(Side.LEFT, 0, 0.010))
    view.stop_measuring()
    assert view.headline == "Stopped"
    assert view.sentence == "5 and 0 calls"
    assert len(statistics(view)) == 1


def test_a_measurement_stopped_before_its_first_round_says_what_to_do(view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.stop_measuring()
    assert "Press Compare" in visible_texts(view)


def test_rounds_that_nobody_started_are_left_out(view: LatencyView) -> None:
    view.show_comparison(tiny_comparison())
    before = statistics(view)
    view.add_round(taken(Side.LEFT, 0, 0.010))
    view.set_library_loaded()
    assert statistics(view) == before


def test_what_is_selected_stays_selected_while_figures_change(qtbot: QtBot, view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.add_round(taken(Side.LEFT, 0, 0.010))
    table = duel(view).statistics
    qtbot.waitUntil(lambda: len(statistics(view)) == 1)
    table.selectRow(0)
    view.add_round(taken(Side.LEFT, 1, 0.010))
    qtbot.waitUntil(lambda: statistics(view)[0][1] == "10")
    view.copy_selection()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[1].startswith("PyTorch · eager\t10\t10.00\t")


def test_figures_that_grow_are_not_cut(qtbot: QtBot, view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.add_round(taken(Side.LEFT, 0, 0.001))
    table = duel(view).statistics
    qtbot.waitUntil(lambda: len(statistics(view)) == 1)
    view.add_round(taken(Side.LEFT, 1, 12.345))
    view.redraw()
    assert all(table.columnWidth(column) >= table.sizeHintForColumn(column) for column in range(1, 14))


def test_when_all_rounds_are_in_it_says_so_while_something_else_is_measured(view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.add_round(taken(Side.LEFT, 0, 0.010))
    view.add_round(taken(Side.RIGHT, 0, 0.020))
    view.add_estimate(ESTIMATE)
    view.finish_duel()
    assert view.headline == "Measured"
    assert view.sentence == "5 and 5 calls · ratio of medians 1.90 (1.50–2.40)"


def test_statistics_sort_by_a_title(view: LatencyView) -> None:
    view.show_comparison(tiny_comparison())
    duel(view).statistics.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert [row[0] for row in statistics(view)] == ["Keras · tf.function", "PyTorch · eager"]


def test_only_a_comparison_can_be_measured_and_only_while_nothing_runs(view: LatencyView) -> None:
    buttons = controls(view).buttons
    assert not buttons.measure.isEnabled()
    assert "Press Compare" in buttons.measure.toolTip()
    view.show_comparison(tiny_comparison())
    assert buttons.measure.isEnabled()
    view.set_running(True)
    assert not buttons.measure.isEnabled()
    assert not buttons.calibrate.isEnabled()
    assert "wait for its end" in buttons.measure.toolTip()
    view.set_running(False)
    view.clear()
    assert not buttons.measure.isEnabled()
    assert buttons.calibrate.isEnabled()


def test_what_is_wanted_is_told(qtbot: QtBot, view: LatencyView) -> None:
    view.show_comparison(tiny_comparison())
    buttons = controls(view).buttons
    with qtbot.waitSignal(view.measure_requested) as told:
        buttons.measure.click()
    assert told.args == [MeasureScope.DUEL]
    with qtbot.waitSignal(view.calibrate_requested):
        buttons.calibrate.click()


def test_options_are_told_when_they_change(qtbot: QtBot, view: LatencyView) -> None:
    with qtbot.waitSignal(view.options_changed) as told:
        controls(view).runs.setValue(321)
    assert told.args == [controls(view).options]
    assert controls(view).options.runs == 321


def test_call_paths_follow_the_frameworks(view: LatencyView) -> None:
    boxes = controls(view)
    view.set_frameworks(Framework.KERAS, Framework.PYTORCH)
    paths = [boxes.left_path.itemData(row) for row in range(boxes.left_path.count())]
    assert paths == [CallPath.TF_FUNCTION.value, CallPath.PREDICT.value, CallPath.CALL.value, CallPath.XLA.value]
    assert boxes.right_path.currentData() == CallPath.EAGER.value


def test_before_its_model_is_read_a_side_offers_the_recommended_path_alone(view: LatencyView) -> None:
    boxes = controls(view)
    boxes.show_options(LatencyOptions(right_path="predict"))
    view.set_frameworks(Framework.PYTORCH, None)
    assert [boxes.right_path.itemText(row) for row in range(boxes.right_path.count())] == ["recommended"]
    assert not boxes.right_path.isEnabled()
    assert boxes.options.right_path == "predict", "what was chosen is kept for when it is known"
    view.set_frameworks(Framework.PYTORCH, Framework.KERAS)
    assert boxes.right_path.currentText() == "predict()"


def test_no_figure_is_cut_in_a_narrow_window_sorted_or_not(qtbot: QtBot, view: LatencyView) -> None:
    Theme().apply()
    view.resize(1280 - 230, 700)
    view.show_comparison(tiny_comparison())
    table = duel(view).statistics
    columns = range(table.model().columnCount())
    for sorted_by in (-1, 2):
        table.sortByColumn(sorted_by, Qt.SortOrder.AscendingOrder)
        header = table.horizontalHeader()
        for column in columns:
            assert table.columnWidth(column) >= max(table.sizeHintForColumn(column), header.sectionSizeHint(column))
        assert sum(table.columnWidth(column) for column in columns) <= table.viewport().width()
