"""Every run ends in exactly one ending, whatever the pipeline does."""

from collections.abc import Iterator

from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import CalibrationCompleted, Cancelled, Event, Failed, Stage, StageStarted
from mbgui.gui.compare_worker import ended_once
from mbgui.pipeline.cancel import CancelToken

STARTED = StageStarted(stage=Stage.START)


def failing(error: Exception) -> Iterator[Event]:
    yield STARTED
    raise error


def test_nothing_comes_after_the_ending() -> None:
    assert list(ended_once(iter([STARTED, Cancelled(), STARTED]), CancelToken())) == [STARTED, Cancelled()]


def test_a_calibration_ends_in_its_own_way() -> None:
    done = CalibrationCompleted(calibrations=())
    assert list(ended_once(iter([STARTED, done, STARTED]), CancelToken())) == [STARTED, done]


def test_a_run_without_an_ending_failed() -> None:
    assert isinstance(list(ended_once(iter([STARTED]), CancelToken()))[-1], Failed)


def test_an_expected_error_is_the_failure_it_carries() -> None:
    problem = Problem(sentence="No.")
    assert list(ended_once(failing(MbguiError(problem)), CancelToken()))[-1] == Failed(problem=problem)


def test_an_unexpected_error_is_reported_with_its_traceback() -> None:
    last = list(ended_once(failing(ZeroDivisionError("oops")), CancelToken()))[-1]
    assert isinstance(last, Failed)
    assert "ZeroDivisionError: oops" in last.problem.sentence
    assert "Traceback" in last.problem.detail


def test_an_error_after_stop_is_a_stop() -> None:
    cancel = CancelToken()
    cancel.cancel()
    assert list(ended_once(failing(OSError()), cancel))[-1] == Cancelled()
    stopped = MbguiError(Problem(sentence="Stopped.", kind=ProblemKind.CANCELLED))
    assert list(ended_once(failing(stopped), CancelToken()))[-1] == Cancelled()
