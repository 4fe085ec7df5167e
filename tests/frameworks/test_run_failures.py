"""Why a model cannot be called, in words."""

import pytest

from mbgui.domain.error_text import error_summary
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath
from mbgui.frameworks.cpp_compiler import compiler_command, has_compiler
from mbgui.frameworks.run_failures import explained


def said(error: Exception, path: CallPath = CallPath.XLA, *, built: int = 4) -> Problem:
    with (
        pytest.raises(MbguiError) as raised,
        explained("Net", path, CallPath.CALL, error_summary, batch_size=4, built=built),
    ):
        raise error
    return raised.value.problem


def test_the_sentence_names_model_path_and_reason() -> None:
    problem = said(ValueError("odd shapes\nmore about it"))
    assert problem.sentence == "Net cannot be run by “xla” (ValueError: odd shapes)."
    assert problem.advice == "Choose another call path: “call” runs what Python runs."
    assert "more about it" in problem.detail


def test_the_plainest_path_is_not_recommended_in_its_own_place() -> None:
    assert "another call path" not in said(ValueError("odd shapes"), CallPath.CALL).advice


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried")]
)
def test_memory_that_runs_out_is_named(error: Exception) -> None:
    assert said(error, built=1).sentence == "Net ran out of memory by “xla” with a batch of 4."


def test_a_batch_that_a_saved_model_was_not_made_for_is_named() -> None:
    problem = said(AssertionError("Guard failed: size == 1"), built=1)
    assert problem.sentence.startswith("Net takes a batch of 1 and cannot be run with one of 4 (")


def test_a_failure_that_is_explained_already_stays_as_it_is() -> None:
    own = MbguiError(Problem(sentence="There is no compiler."))
    assert said(own) is own.problem


def test_the_compiler_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler -O2")
    monkeypatch.setattr("sys.platform", "linux")
    assert (compiler_command(), has_compiler()) == ("no-such-compiler", False)


@pytest.mark.parametrize(("platform", "command"), [("linux", "g++"), ("darwin", "clang++"), ("win32", "cl")])
def test_each_platform_has_a_compiler_of_its_own(monkeypatch: pytest.MonkeyPatch, platform: str, command: str) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr("sys.platform", platform)
    assert compiler_command() == command
