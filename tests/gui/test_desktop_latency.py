"""Measuring again and calibrating from the window: what comes in is shown, and what was there is not lost."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import Problem
from mbgui.domain.events import (
    Calibrated,
    CalibrationCompleted,
    CallPathTimed,
    Cancelled,
    Completed,
    Event,
    Failed,
    LatencyEstimated,
    LatencySampled,
    LayersTimed,
    Progressed,
    Stage,
    StageFinished,
    StageStarted,
    SweepPointTimed,
)
from mbgui.domain.request import CompareRequest
from mbgui.gui.backend import PipelineBackend
from mbgui.gui.desktop import Desktop
from mbgui.gui.settings import LatencyOptions, MeasureScope, Settings
from mbgui.gui.shared import Shared
from mbgui.gui.views import LATENCY_PAGE
from mbgui.gui.widgets.ladder_panel import LadderPanel
from mbgui.gui.widgets.latency_view import LatencyView
from mbgui.gui.widgets.message_bar import MessageBar
from mbgui.pipeline.cancel import CancelToken
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore
from tests.support.fake_child import fake_children
from tests.support.records import tiny_calibration, tiny_comparison

SHOWN = tiny_comparison(with_performance=True)
MEASURED = replace(SHOWN, identifier="00000000-0000-4000-8000-000000000002")
REFUSED = Problem(sentence="The right side died.", advice="Try again.")
Script = Callable[[CompareRequest], Iterator[Event]]


class ScriptedBackend(PipelineBackend):
    """Answers measurements and calibrations with prepared events."""

    def __init__(self, store: SnapshotStore, calibrations: CalibrationStore, script: Script) -> None:
        super().__init__(children=fake_children(), store=store, sample=None, calibrations=calibrations)
        self.script = script
        self.asked: list[CompareRequest] = []
        self.measured: list[Comparison] = []

    def measure(self, comparison: Comparison, request: CompareRequest, cancel: CancelToken) -> Iterator[Event]:
        self.measured.append(comparison)
        return self.calibrate(request, cancel)

    def calibrate(self, request: CompareRequest, cancel: CancelToken) -> Iterator[Event]:
        self.asked.append(request)
        yield from self.script(request)
        if cancel.is_cancelled:
            yield Cancelled()


def duel(request: CompareRequest) -> Iterator[Event]:
    """The rounds of the tiny comparison, without an ending."""
    latency = SHOWN.latency
    assert latency is not None
    yield StageStarted(stage=Stage.MEASURE)
    yield from (LatencySampled(latency_round=taken) for taken in latency.rounds)
    yield from (LatencyEstimated(estimate=found) for found in latency.estimates)


def whole(request: CompareRequest) -> Iterator[Event]:
    """Everything that can be measured."""
    assert request.latency is not None
    assert SHOWN.ladder is not None
    assert SHOWN.layer_times is not None
    yield from duel(request)
    yield StageFinished(stage=Stage.MEASURE, duration_s=2.5)
    yield StageStarted(stage=Stage.CALL_PATHS)
    yield from (CallPathTimed(timing=timing) for timing in SHOWN.ladder.timings)
    yield StageStarted(stage=Stage.SWEEP)
    for sweep, asked in zip(SHOWN.sweeps, request.latency.sweeps, strict=False):
        yield from (SweepPointTimed(sweep=asked, point=point) for point in sweep.points)
    yield StageStarted(stage=Stage.LAYER_TIMES)
    yield LayersTimed(timings=SHOWN.layer_times)
    yield Completed(comparison=replace(MEASURED, request=request), snapshot_path="")


def calibration(request: CompareRequest) -> Iterator[Event]:
    """One model is calibrated."""
    yield StageStarted(stage=Stage.CALIBRATE)
    yield Progressed(stage=Stage.CALIBRATE, fraction=0.5, text="Launch 5 of 10")
    yield from list(duel(request))[1:]
    yield Calibrated(calibration=tiny_calibration())
    yield CalibrationCompleted(calibrations=(tiny_calibration(),))


def failing(request: CompareRequest) -> Iterator[Event]:
    """Some rounds, then an end."""
    yield from duel(request)
    yield Failed(problem=REFUSED)


@pytest.fixture
def opened(
    qtbot: QtBot, settings: Settings, store: SnapshotStore, calibrations: CalibrationStore
) -> Iterator[Callable[[Script], tuple[Desktop, ScriptedBackend]]]:
    """Opens the window with the tiny comparison shown."""
    desktops: list[Desktop] = []
    store.keep(SHOWN)

    def open_one(script: Script) -> tuple[Desktop, ScriptedBackend]:
        backend = ScriptedBackend(store, calibrations, script)
        desktop = Desktop(Shared(settings, lambda: backend))
        desktops.append(desktop)
        with qtbot.waitSignal(desktop.ready):
            desktop.show()
        desktop.window.pages.setCurrentIndex(LATENCY_PAGE)
        qtbot.waitUntil(lambda: desktop.window.comparison is not None)
        return desktop, backend

    yield open_one
    for desktop in desktops:
        desktop.window.close()
        desktop.window.deleteLater()
        desktop.deleteLater()


def run_until(qtbot: QtBot, desktop: Desktop, ending: type, intent: Callable[[], None]) -> None:
    controller = desktop.controller
    assert controller is not None
    with qtbot.waitSignal(controller.happened, check_params_cb=lambda event: isinstance(event, ending)):
        intent()


def view(desktop: Desktop) -> LatencyView:
    found = desktop.window.pages.view(LATENCY_PAGE)
    assert isinstance(found, LatencyView)
    return found


def press(desktop: Desktop, name: str) -> Callable[[], None]:
    button = getattr(view(desktop)._controls.buttons, name)
    return cast("Callable[[], None]", button.click)


def message(desktop: Desktop) -> str:
    found = desktop.window.findChild(MessageBar)
    return found.text if found is not None and found.isVisible() else ""


def test_measure_asks_for_the_shown_comparison_by_what_is_set(
    qtbot: QtBot, opened: Callable[[Script], tuple[Desktop, ScriptedBackend]], settings: Settings
) -> None:
    desktop, backend = opened(whole)
    desktop.window.bar.left_picker.set_reference("torchvision:resnet18")
    settings.latency_options = LatencyOptions(threads=1, batch_size=3, right_path="predict")
    run_until(qtbot, desktop, Completed, press(desktop, "measure"))
    (asked,) = backend.asked
    assert backend.measured == [SHOWN]
    assert (asked.left, asked.inputs) == (SHOWN.request.left, SHOWN.request.inputs)
    assert (asked.threads, asked.batch_size) == (1, 3)
    assert asked.latency is not None
    assert asked.latency.is_duel
    assert not asked.latency.is_ladder
    assert asked.latency.right_path == "predict"


def test_everything_that_comes_in_is_shown_and_the_result_takes_its_place(
    qtbot: QtBot, opened: Callable[[Script], tuple[Desktop, ScriptedBackend]]
) -> None:
    desktop, _ = opened(whole)

    def everything() -> None:
        desktop._views.latency.measure(MeasureScope.EVERYTHING)

    run_until(qtbot, desktop, Completed, everything)
    assert desktop.window.comparison is not None
    assert desktop.window.comparison.identifier == MEASURED.identifier
    ladder = view(desktop).findChild(LadderPanel)
    assert ladder is not None
    assert ladder.is_filled


def test_a_measurement_that_fails_leaves_what_was_measured_before(
    qtbot: QtBot, opened: Callable[[Script], tuple[Desktop, ScriptedBackend]]
) -> None:
    desktop, _ = opened(failing)
    assert SHOWN.latency is not None
    run_until(qtbot, desktop, Failed, press(desktop, "measure"))
    assert desktop.window.comparison == SHOWN
    assert view(desktop).sentence == SHOWN.latency.sentence
    assert REFUSED.sentence in message(desktop)
    assert view(desktop)._controls.buttons.measure.isEnabled()


def test_stop_ends_a_measurement_and_puts_back_what_was_shown(
    qtbot: QtBot, opened: Callable[[Script], tuple[Desktop, ScriptedBackend]]
) -> None:
    reached, stopped = threading.Event(), threading.Event()

    def hanging(request: CompareRequest) -> Iterator[Event]:
        yield from duel(request)
        reached.set()
        assert stopped.wait(10), "nobody stopped it"

    desktop, _ = opened(hanging)
    assert SHOWN.latency is not None
    press(desktop, "measure")()
    qtbot.waitUntil(reached.is_set)
    qtbot.waitUntil(lambda: view(desktop).headline == "Measuring")
    assert not view(desktop)._controls.buttons.measure.isEnabled()
    assert not desktop.window.menus.measure.isEnabled()

    def stop() -> None:
        desktop.window.bar.stop_button.click()
        stopped.set()

    run_until(qtbot, desktop, Cancelled, stop)
    assert view(desktop).sentence == SHOWN.latency.sentence


def test_a_calibration_says_what_this_machine_can_tell_and_leaves_what_is_shown(
    qtbot: QtBot, opened: Callable[[Script], tuple[Desktop, ScriptedBackend]], settings: Settings
) -> None:
    desktop, backend = opened(calibration)
    settings.latency_options = replace(settings.latency_options, is_measured=False)
    assert SHOWN.latency is not None
    run_until(qtbot, desktop, CalibrationCompleted, press(desktop, "calibrate"))
    (asked,) = backend.asked
    assert backend.measured == []
    assert asked.left.reference == desktop.window.bar.left_picker.currentText()
    assert asked.latency is not None
    assert "Calibrated: quick can tell" in message(desktop)
    assert view(desktop).sentence == SHOWN.latency.sentence
    assert desktop.window.comparison == SHOWN
    assert desktop.window.bar.compare_button.isEnabled()


def test_a_calibration_of_a_name_that_is_no_model_is_refused(
    opened: Callable[[Script], tuple[Desktop, ScriptedBackend]],
) -> None:
    desktop, backend = opened(calibration)
    desktop.window.bar.left_picker.set_reference("mobilenet_v2")
    press(desktop, "calibrate")()
    assert "torchvision:" in message(desktop)
    assert backend.asked == []


def test_the_menu_measures_too_and_shows_where(
    qtbot: QtBot, opened: Callable[[Script], tuple[Desktop, ScriptedBackend]]
) -> None:
    desktop, _ = opened(whole)
    desktop.window.pages.setCurrentIndex(0)
    run_until(qtbot, desktop, Completed, desktop.window.menus.measure.trigger)
    assert desktop.window.pages.currentIndex() == LATENCY_PAGE
