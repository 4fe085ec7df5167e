"""The end of a child reads as a sentence."""

import dataclasses

import pytest

from mbgui.domain.errors import ProblemKind
from mbgui.domain.framework import Framework
from mbgui.processes.outcome import Ending, Outcome


def outcome(ending: Ending, exit_code: int | None = None, reason: str = "") -> Outcome:
    return Outcome(framework=Framework.KERAS, ending=ending, exit_code=exit_code, reason=reason, stderr_tail="tail")


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (outcome(Ending.COMPLETED, 0), "The Keras process ended."),
        (outcome(Ending.FAILED, 3), "The Keras process ended unexpectedly with exit code 3."),
        (outcome(Ending.CRASHED, -9), "The Keras process was killed by signal 9 (out of memory?)."),
        (outcome(Ending.CRASHED, -11), "The Keras process was killed by signal 11 (segmentation fault)."),
        (outcome(Ending.CRASHED, -1), "The Keras process was killed by signal 1 (SIGHUP)."),
        (outcome(Ending.CRASHED, -123), "The Keras process was killed by signal 123 (unknown)."),
        (outcome(Ending.STOPPED, -9), "The Keras process was stopped."),
        (outcome(Ending.TIMED_OUT, -9, "60 s"), "The Keras process took too long (60 s) and was stopped."),
        (outcome(Ending.SILENT, -9, "30 s"), "The Keras process stopped answering (30 s) and was ended."),
        (outcome(Ending.NOT_STARTED, reason="no file"), "The Keras process could not be started: no file."),
    ],
)
def test_every_ending_reads_as_a_sentence(end: Outcome, sentence: str) -> None:
    assert str(end) == sentence
    assert end.problem.sentence == sentence
    assert end.problem.detail == "tail"


def test_only_an_end_on_request_counts_as_cancelled() -> None:
    kinds = {ending: outcome(ending).problem.kind for ending in Ending}
    assert [ending for ending, kind in kinds.items() if kind is ProblemKind.CANCELLED] == [Ending.STOPPED]


def test_a_failure_comes_with_advice() -> None:
    for ending in Ending:
        end = outcome(ending, -9)
        assert bool(end.problem.advice) is not end.was_successful


@pytest.mark.parametrize(("ending", "exit_code"), [(Ending.CRASHED, -11), (Ending.FAILED, 7)])
def test_an_end_during_the_import_says_what_to_install_anew(ending: Ending, exit_code: int) -> None:
    end = dataclasses.replace(outcome(ending, exit_code), was_ready=False)
    assert "pip install --force-reinstall tensorflow keras" in end.problem.advice
    assert "reinstall" not in outcome(ending, exit_code).problem.advice
