"""A child process as the app sees it: answers, failures, crashes, hangs and nonsense."""

import logging
import os
import re
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.domain.framework import Framework
from mbgui.processes.client import Child
from mbgui.processes.latency_messages import (
    LatencyPrepared,
    LayerTimesRead,
    MeasureRound,
    ModelBuilt,
    PrepareLatency,
    ReadUsage,
    RoundMeasured,
    TimeLayers,
    UsageRead,
)
from mbgui.processes.messages import ListModels, LoadModel, ModelLoaded, ModelNames
from mbgui.processes.outcome import Ending
from tests.support.commands import build_command, load_command
from tests.support.fake_child_program import BEHAVIOURS, PROGRAM
from tests.support.records import tiny_torch_network

StartChild = Callable[..., Child]


@pytest.fixture
def start() -> Iterator[StartChild]:
    """Start children of the fake program; all are closed in the end."""
    children: list[Child] = []

    def start_child(mode: str = "serve", silence_s: float = 20.0) -> Child:
        child = Child.start(Framework.PYTORCH, 1, command=(sys.executable, "-P", PROGRAM, mode), silence_s=silence_s)
        children.append(child)
        return child

    yield start_child
    for child in children:
        child.close()


def load(name: str) -> LoadModel:
    return load_command(f"torchvision:{name}")


def outcome_of(child: Child) -> Ending:
    assert child.outcome is not None
    return child.outcome.ending


def test_a_child_answers_every_command_with_its_record(start: StartChild) -> None:
    child = start()
    assert child.wait_ready().versions[0].name == "fake"
    assert child.ask(load("well"), ModelLoaded).network == tiny_torch_network()
    assert child.ask(ListModels(), ModelNames).names == tuple(BEHAVIOURS)
    prepared = child.ask(PrepareLatency(call_path="eager", batch_size=1, warmup=2, seed=0), LatencyPrepared)
    assert (prepared.first_call_s, len(prepared.warmup_s)) == (0.5, 2)
    assert len(child.ask(MeasureRound(runs=3), RoundMeasured).durations_s) == 3
    assert child.is_idle


def test_a_child_warms_up_in_its_first_pause_even_after_a_short_question(start: StartChild) -> None:
    child = start()
    asked_early = child.ask(ListModels(), ModelNames)
    assert asked_early.names
    threading.Event().wait(0.5)  # the pause itself is what is tested
    child.ask(load("well"), ModelLoaded)
    assert child.close().stderr_tail.count("warming up") == 1


def test_a_child_that_was_given_a_model_does_not_warm_up(start: StartChild) -> None:
    child = start()
    child.ask(load("well"), ModelLoaded)
    threading.Event().wait(0.5)
    child.ask(ListModels(), ModelNames)
    assert "warming up" not in child.close().stderr_tail


def test_a_child_that_is_built_before_it_is_ready_never_warms_up(start: StartChild) -> None:
    child = start("slow_import")
    built = child.ask(build_command("torchvision:well"), ModelBuilt)
    assert built.import_s >= 3
    threading.Event().wait(0.5)
    child.ask(ListModels(), ModelNames)
    assert "warming up" not in child.close().stderr_tail


def test_a_built_model_is_timed_and_its_process_tells_what_it_took(start: StartChild) -> None:
    child = start()
    built = child.ask(build_command("torchvision:well"), ModelBuilt)
    assert (built.framework, [version.name for version in built.versions]) == (Framework.PYTORCH, ["fake"])
    assert 0 < built.call_overhead_s < 1
    assert 0 < built.timer_resolution_s < 1
    assert 0 <= built.build_s < 60
    assert child.ask(ReadUsage(), UsageRead).traces is None
    prepared = child.ask(PrepareLatency(call_path="eager", batch_size=1, warmup=2, seed=0), LatencyPrepared)
    assert prepared.warmup_s == pytest.approx((0.001, 0.0011))
    measured = child.ask(MeasureRound(runs=2, untimed=3), RoundMeasured)
    assert measured.durations_s == pytest.approx((0.0015, 0.0016))  # the sixth and seventh call
    usage = child.ask(ReadUsage(), UsageRead)
    assert usage.traces == 1
    if sys.platform == "linux":
        assert built.baseline_bytes is not None
        assert usage.peak_bytes is not None
        assert 0 < built.baseline_bytes <= usage.peak_bytes
    assert child.ask(TimeLayers(passes=4), LayerTimesRead).layers[0].layer == "features"


def test_memory_is_told_of_the_first_model_of_a_process_alone(start: StartChild) -> None:
    child = start()
    child.ask(load("well"), ModelLoaded)
    assert child.ask(build_command("torchvision:well"), ModelBuilt).baseline_bytes is None
    assert child.ask(ReadUsage(), UsageRead).peak_bytes is None


def test_a_model_that_cannot_be_built_leaves_the_child_usable(start: StartChild) -> None:
    child = start()
    with pytest.raises(MbguiError, match="There is no such model"):
        child.ask(build_command("torchvision:refuse"), ModelBuilt)
    with pytest.raises(MbguiError, match="PyTorch failed: RuntimeError: the shapes do not fit"):
        child.ask(build_command("torchvision:raise"), ModelBuilt)
    assert child.ask(build_command("torchvision:well"), ModelBuilt)


def test_who_asks_before_the_import_is_told_why_it_failed(start: StartChild) -> None:
    child = start("not_installed")
    with pytest.raises(MbguiError, match="the package “torch” is not installed"):
        child.ask(build_command("torchvision:well"), ModelBuilt)


def test_nothing_a_library_prints_reaches_the_replies(start: StartChild) -> None:
    child = start()
    assert child.ask(load("print"), ModelLoaded)
    tail = child.close().stderr_tail
    assert "printed by Python" in tail
    assert "printed by a program" in tail


def test_a_failed_command_leaves_the_child_usable(start: StartChild) -> None:
    child = start()
    with pytest.raises(MbguiError) as caught:
        child.ask(load("refuse"), ModelLoaded)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE
    with pytest.raises(MbguiError, match="PyTorch failed: RuntimeError: the shapes do not fit") as caught:
        child.ask(load("raise"), ModelLoaded)
    assert "Traceback" in caught.value.problem.detail
    with pytest.raises(MbguiError, match="ran out of memory"):
        child.ask(load("out_of_memory"), ModelLoaded)
    assert child.is_idle
    assert child.ask(load("well"), ModelLoaded)


def test_a_crash_in_native_code_is_a_sentence_with_the_last_words(start: StartChild) -> None:
    child = start()
    with pytest.raises(MbguiError, match=r"was killed by signal 11 \(segmentation fault\)") as caught:
        child.ask(load("segfault"), ModelLoaded)
    assert outcome_of(child) is Ending.CRASHED
    assert "these are my last words" in caught.value.problem.detail
    assert "Segmentation fault" in caught.value.problem.detail  # faulthandler's report
    assert not child.is_idle


def test_an_end_that_was_not_asked_for_is_logged_with_the_last_words(
    start: StartChild, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mbgui")
    crashing, closed = start(), start()
    with pytest.raises(MbguiError):
        crashing.ask(load("segfault"), ModelLoaded)
    crashing.close()
    closed.close()
    (record,) = caplog.records
    assert "was killed by signal 11" in record.getMessage()
    assert "these are my last words" in record.getMessage()


def test_a_child_killed_from_outside_may_have_been_out_of_memory(start: StartChild) -> None:
    child = start()
    child.wait_ready()
    threading.Timer(0.2, os.kill, (child.process_id, signal.SIGKILL)).start()
    with pytest.raises(MbguiError, match=r"signal 9 \(out of memory\?\)"):
        child.ask(load("sleep"), ModelLoaded)


def test_a_child_that_exits_says_its_code(start: StartChild) -> None:
    child = start()
    with pytest.raises(MbguiError, match="exit code 7"):
        child.ask(load("exit"), ModelLoaded)
    assert outcome_of(child) is Ending.FAILED


def test_a_child_that_ends_before_it_is_ready_has_failed(start: StartChild) -> None:
    child = start("end")
    with pytest.raises(MbguiError, match="ended unexpectedly with exit code 0"):
        child.wait_ready()


@pytest.mark.parametrize("behaviour", ["hold_interpreter", "suspend"])
def test_a_child_without_a_sign_of_life_is_ended(start: StartChild, behaviour: str) -> None:
    child = start(silence_s=2.0)
    child.wait_ready()
    with pytest.raises(MbguiError, match="stopped answering"):
        child.ask(load(behaviour), ModelLoaded)
    assert outcome_of(child) is Ending.SILENT
    assert not is_alive(child.process_id)


def test_a_busy_child_that_gives_signs_of_life_is_not_ended_for_silence(start: StartChild) -> None:
    child = start(silence_s=1.8)
    child.wait_ready()
    with pytest.raises(MbguiError, match=r"took too long \(more than 4 s for building and reading the model\)"):
        child.ask(load("sleep"), ModelLoaded, timeout_s=4.0)


def test_an_import_that_holds_the_interpreter_is_no_silence(start: StartChild) -> None:
    child = start("slow_import", silence_s=1.5)
    assert child.wait_ready().import_s > 2.9


def test_an_import_that_never_ends_is_ended(start: StartChild) -> None:
    child = start("slow_import")
    with pytest.raises(MbguiError, match=r"took too long \(more than 0.5 s for the import\)"):
        child.wait_ready(timeout_s=0.5)


def test_a_command_the_child_does_not_understand_ends_it_with_a_reason(start: StartChild) -> None:
    child = start()
    child.wait_ready()
    child._process.send(b'{"type":"Dance"}\n')
    with pytest.raises(MbguiError, match="exit code 4") as caught:
        child.ask(load("sleep"), ModelLoaded)
    assert "unknown command 'Dance'" in caught.value.problem.detail


@pytest.mark.parametrize("mode", ["garbage", "deep", "wrong_type", "unknown_reply", "unasked"])
def test_nonsense_instead_of_a_reply_ends_the_child(start: StartChild, mode: str) -> None:
    child = start(mode)
    with pytest.raises(MbguiError, match="makes no sense"):
        child.wait_ready()
    assert outcome_of(child) is Ending.GARBLED
    assert not is_alive(child.process_id)


def test_a_line_that_breaks_off_is_told_by_how_the_child_ended(start: StartChild) -> None:
    child = start("break_off")
    with pytest.raises(MbguiError, match="signal 9"):
        child.wait_ready()


def test_a_missing_package_is_named_with_the_line_that_installs_it(start: StartChild) -> None:
    child = start("not_installed")
    for _ in range(2):  # asked again, it says the same
        with pytest.raises(MbguiError, match="“torch” is not installed") as caught:
            child.wait_ready()
        assert caught.value.problem.advice == "Install it with: pip install torch torchvision"
    assert not child.is_idle


def test_a_broken_installation_is_told_apart_from_a_missing_one(start: StartChild) -> None:
    with pytest.raises(MbguiError, match=r"installed but cannot be imported \(OSError: libtorch_cpu"):
        start("broken_installation").wait_ready()


def test_only_the_last_lines_of_a_talkative_child_are_kept(start: StartChild) -> None:
    child = start("flood")
    child.wait_ready()
    lines = child.close().stderr_tail.splitlines()
    assert len(lines) <= 100
    assert any("line 19999" in line for line in lines)


@pytest.mark.parametrize("behaviour", ["sleep", "hold_interpreter", "suspend"])
def test_kill_from_another_thread_ends_the_waiting_within_a_second(start: StartChild, behaviour: str) -> None:
    child = start()
    child.wait_ready()
    killed_s: list[float] = []

    def kill() -> None:
        killed_s.append(time.monotonic())
        child.kill()

    threading.Timer(0.3, kill).start()
    with pytest.raises(MbguiError, match="was stopped") as caught:
        child.ask(load(behaviour), ModelLoaded)
    assert time.monotonic() - killed_s[0] < 1
    assert caught.value.problem.kind is ProblemKind.CANCELLED
    assert not is_alive(child.process_id)


@pytest.mark.skipif(sys.platform != "linux", reason="process groups and pidfd")
def test_what_a_child_started_itself_ends_with_it(start: StartChild) -> None:
    child = start()
    child.ask(load("start_program"), ModelLoaded)
    words = re.search(r"started (\d+)", child.close().stderr_tail)
    assert words is not None
    with suppress(ProcessLookupError):  # gone already
        program = os.pidfd_open(int(words[1]))
        assert select.select([program], [], [], 2)[0]
        os.close(program)


def test_close_leaves_neither_process_nor_thread_and_can_be_repeated(start: StartChild) -> None:
    before = set(threading.enumerate())
    child = start()
    assert child.close().ending is Ending.STOPPED
    assert child.close().was_successful
    assert set(threading.enumerate()) == before
    assert not is_alive(child.process_id)
    with pytest.raises(MbguiError, match="was stopped"):
        child.ask(ListModels(), ModelNames)


def test_a_program_that_cannot_be_started_is_a_sentence() -> None:
    with pytest.raises(MbguiError, match="could not be started: No such file"):
        Child.start(Framework.KERAS, 1, command=("/nowhere/python",))


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
