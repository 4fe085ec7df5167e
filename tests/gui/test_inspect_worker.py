"""Looking into a file ends in exactly one signal, with the number it was asked under."""

from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.model_file import ModelFile
from mbgui.domain.request import ReadingLimits
from mbgui.gui.inspect_worker import Inspect, Inspection, InspectWorker
from mbgui.pipeline.cancel import CancelToken
from tests.support.records import tiny_model_file

LIMITS = ReadingLimits(memory_bytes=5, duration_s=7)


def outcomes(inspect: Inspect, cancel: CancelToken | None = None) -> list[tuple[str, int, object]]:
    worker = InspectWorker(inspect)
    heard: list[tuple[str, int, object]] = []
    worker.inspected.connect(lambda number, file: heard.append(("inspected", number, file)))
    worker.failed.connect(lambda number, problem: heard.append(("failed", number, problem)))
    worker.run(Inspection(number=3, path="/a.npz", limits=LIMITS, cancel=cancel or CancelToken()))
    return heard


def test_path_and_limits_go_in_and_the_file_comes_out() -> None:
    def inspect(path: str, cancel: CancelToken, limits: ReadingLimits) -> ModelFile:
        assert (path, limits, cancel.is_cancelled) == ("/a.npz", LIMITS, False)
        return tiny_model_file()

    assert outcomes(inspect) == [("inspected", 3, tiny_model_file())]


def test_an_expected_error_is_its_problem() -> None:
    problem = Problem(sentence="No.")

    def inspect(*_: object) -> ModelFile:
        raise MbguiError(problem)

    assert outcomes(inspect) == [("failed", 3, problem)]


def test_an_unexpected_error_is_a_fault_of_the_program() -> None:
    def inspect(*_: object) -> ModelFile:
        raise RuntimeError("broken")

    [(kind, number, problem)] = outcomes(inspect)
    assert (kind, number) == ("failed", 3)
    assert isinstance(problem, Problem)
    assert "RuntimeError: broken" in problem.sentence


def test_whatever_a_child_says_that_was_ended_it_was_cancelled() -> None:
    def inspect(_: str, cancel: CancelToken, __: ReadingLimits) -> ModelFile:
        cancel.cancel()
        raise MbguiError(Problem(sentence="The process died."))

    [(kind, _, problem)] = outcomes(inspect)
    assert kind == "failed"
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.CANCELLED
