"""The log tells how runs began and ended, with what a problem says and its detail."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal

from mbgui.domain.errors import Problem, ProblemKind
from mbgui.domain.events import CalibrationCompleted, Cancelled, Completed, Failed, Progressed, Stage, Warned
from mbgui.gui.diagnostics.log_file import LogFile
from mbgui.gui.diagnostics.run_log import RunLog
from tests.gui.diagnostics.conftest import text_of
from tests.support.records import tiny_comparison

PROBLEM = Problem(sentence="The Keras process was killed by signal 9.", advice="Retry.", detail="its last words")


class Told(QObject):
    """Has the signals of a controller."""

    run_started = Signal(object)
    measurement_started = Signal(object, object)
    calibration_started = Signal(object)
    happened = Signal(object)
    correcting_failed = Signal(object)
    file_failed = Signal(object, str)
    inspect_failed = Signal(int, object)


@pytest.fixture
def told(log: LogFile) -> Told:
    made = Told()
    RunLog(log, made).watch(made)  # type: ignore[arg-type]  # no more of a controller is needed
    return made


def test_a_run_is_named_by_its_models(told: Told, log: LogFile) -> None:
    told.run_started.emit(tiny_comparison().request)
    assert "A comparison began: torchvision:tiny_net and keras:TinyNet" in text_of(log)


def test_a_failure_is_an_error_with_its_detail(told: Told, log: LogFile) -> None:
    told.happened.emit(Failed(problem=PROBLEM))
    head, detail = text_of(log).splitlines()
    assert "ERROR" in head
    assert head.endswith(f"The run failed: {PROBLEM.sentence}")
    assert detail == f"    {PROBLEM.detail}"


def test_what_was_stopped_on_request_is_no_error(told: Told, log: LogFile) -> None:
    told.file_failed.emit(replace(PROBLEM, kind=ProblemKind.CANCELLED), "net.mbsnap")
    told.happened.emit(Cancelled())
    assert "INFO" in text_of(log).splitlines()[0]
    assert "The run was stopped." in text_of(log)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Completed(comparison=tiny_comparison(), snapshot_path=""), "The run ended well"),
        (CalibrationCompleted(calibrations=()), "The calibration ended well."),
        (Warned(problem=PROBLEM), f"The run goes on: {PROBLEM.sentence}"),
    ],
)
def test_every_ending_has_a_line(told: Told, log: LogFile, event: object, text: str) -> None:
    told.happened.emit(event)
    assert text in text_of(log)


def test_steps_on_the_way_have_none(told: Told, log: LogFile) -> None:
    told.happened.emit(Progressed(stage=Stage.READ, fraction=0.5, text="half"))
    assert text_of(log) == ""


def test_files_and_pairs_are_told_as_well(told: Told, log: LogFile) -> None:
    comparison = tiny_comparison()
    told.measurement_started.emit(comparison, comparison.request)
    told.calibration_started.emit(comparison.request)
    told.file_failed.emit(PROBLEM, "net.mbsnap")
    told.inspect_failed.emit(1, PROBLEM)
    told.correcting_failed.emit(PROBLEM)
    for words in ("A measurement began", "A calibration began", "File net.mbsnap: ", "looked into: ", "corrected: "):
        assert words in text_of(log)
