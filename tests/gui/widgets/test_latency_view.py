"""The latency tab fills while measuring, shows a finished measurement, and says what to do when there is none."""

import dataclasses

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.latency import LatencyRound
from mbgui.domain.request import CompareRequest, LatencyRequest, Side
from mbgui.gui.settings import LatencyOptions
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.latency_charts import HistogramChart, StripChart
from mbgui.gui.widgets.latency_controls import LatencyControls
from mbgui.gui.widgets.latency_statistics import LatencyStatistics
from mbgui.gui.widgets.latency_view import LatencyView
from tests.support.records import KERAS_SOURCE, TORCH_SOURCE, tiny_comparison

REQUEST = CompareRequest(left=TORCH_SOURCE, right=KERAS_SOURCE, threads=1, latency=LatencyRequest(runs=50))
FRAMEWORKS = {Side.LEFT: Framework.PYTORCH, Side.RIGHT: Framework.KERAS}


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
    return [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]


def taken(side: Side, index: int, duration_s: float) -> LatencyRound:
    return LatencyRound(side=side, index=index, started_s=0.1 * index, durations_s=(duration_s,) * 5)


def visible_texts(view: LatencyView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def test_without_a_measurement_it_says_what_to_do(view: LatencyView) -> None:
    assert "Press Compare" in visible_texts(view)


def test_rounds_fill_the_statistics_while_measuring(qtbot: QtBot, view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    for index in range(4):
        view.add_round(taken(Side.LEFT, index, 0.010))
        view.add_round(taken(Side.RIGHT, index, 0.020))

    def is_filled() -> None:
        assert statistics(view) == [
            ["PyTorch · eager", "20", "10.00", "10.00"],
            ["Keras · tf.function", "20", "20.00", "20.00"],
        ]

    qtbot.waitUntil(is_filled)
    assert "20 and 20 of 50" in view.headline


def test_many_rounds_are_drawn_few_times(qtbot: QtBot, view: LatencyView, monkeypatch: pytest.MonkeyPatch) -> None:
    draws: list[int] = []
    show_samples = LatencyStatistics.show_samples

    def counting(self: LatencyStatistics, *arguments: object) -> None:
        draws.append(1)
        show_samples(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(LatencyStatistics, "show_samples", counting)
    view.start_measuring(REQUEST, FRAMEWORKS)
    draws.clear()
    for index in range(200):
        view.add_round(taken(Side.LEFT, index, 0.010))
    assert len(draws) == 1


def test_a_finished_measurement_shows_its_sentence_and_charts(qtbot: QtBot, view: LatencyView) -> None:
    comparison = tiny_comparison()
    assert comparison.latency is not None
    view.show_comparison(comparison)

    def has_charts() -> None:
        assert view.findChild(HistogramChart) is not None
        assert view.findChild(StripChart) is not None

    qtbot.waitUntil(has_charts)
    assert view.headline == comparison.latency.sentence
    assert len(statistics(view)) == 2


def test_what_comes_before_the_libraries_is_shown_with_them(qtbot: QtBot) -> None:
    early = LatencyView(Theme(), LatencyOptions())
    qtbot.addWidget(early)
    early.show_comparison(tiny_comparison())
    assert statistics(early) == []
    early.set_library_loaded()
    assert len(statistics(early)) == 2


def test_a_comparison_without_latency_says_so(view: LatencyView) -> None:
    view.show_comparison(dataclasses.replace(tiny_comparison(), latency=None))
    assert "holds no latency" in visible_texts(view)


def test_a_stopped_measurement_keeps_what_was_measured(view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.add_round(taken(Side.LEFT, 0, 0.010))
    view.stop_measuring()
    assert view.headline == "Stopped after 5 and 0 of 50 calls a side"
    assert len(statistics(view)) == 1


def test_a_measurement_stopped_before_its_first_round_says_what_to_do(view: LatencyView) -> None:
    view.start_measuring(REQUEST, FRAMEWORKS)
    view.stop_measuring()
    assert "Press Compare" in visible_texts(view)


def test_rounds_that_nobody_started_are_left_out(view: LatencyView) -> None:
    view.add_round(taken(Side.LEFT, 0, 0.010))
    assert statistics(view) == []


def test_options_are_told_when_they_change(qtbot: QtBot, view: LatencyView) -> None:
    controls = view.findChild(LatencyControls)
    assert controls is not None
    with qtbot.waitSignal(view.options_changed) as told:
        controls.runs.setValue(321)
    assert told.args == [controls.options]
    assert controls.options.runs == 321


def test_call_paths_follow_the_frameworks(view: LatencyView) -> None:
    controls = view.findChild(LatencyControls)
    assert controls is not None
    view.set_frameworks(Framework.KERAS, Framework.PYTORCH)
    paths = [controls.left_path.itemData(row) for row in range(controls.left_path.count())]
    assert paths == [CallPath.TF_FUNCTION.value, CallPath.PREDICT.value, CallPath.CALL.value]
    assert controls.right_path.currentData() == CallPath.EAGER.value


def test_before_its_model_is_read_a_side_offers_the_recommended_path_alone(view: LatencyView) -> None:
    controls = view.findChild(LatencyControls)
    assert controls is not None
    controls.show_options(LatencyOptions(right_path="predict"))
    view.set_frameworks(Framework.PYTORCH, None)
    assert [controls.right_path.itemText(row) for row in range(controls.right_path.count())] == ["recommended"]
    assert not controls.right_path.isEnabled()
    assert controls.options.right_path == "predict", "what was chosen is kept for when it is known"
    view.set_frameworks(Framework.PYTORCH, Framework.KERAS)
    assert controls.right_path.currentText() == "predict()"


def test_the_input_that_was_timed_is_told(view: LatencyView) -> None:
    view.show_comparison(tiny_comparison())
    assert "input 32×32" in visible_texts(view)
