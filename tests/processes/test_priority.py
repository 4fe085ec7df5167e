"""A child gives way to the window while it imports and reads, and stands equal when it is timed."""

import os
from pathlib import Path

import pytest

from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputShape
from mbgui.processes import priority
from mbgui.processes.client import Child
from mbgui.processes.latency_messages import LatencyPrepared, PrepareLatency
from mbgui.processes.messages import ModelLoaded
from tests.support.commands import load_command


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the kernel's file, for a process that leads its session."""
    monkeypatch.setattr(os, "getsid", lambda _: os.getpid())
    monkeypatch.setattr(priority, "_RETRY_S", 0.0)
    return tmp_path / "autogroup"


def test_the_session_is_lowered_and_restored(file: Path) -> None:
    priority.give_way(file)
    assert file.read_text() == "10"
    priority.stand_equal(file)
    assert file.read_text() == "0"


def test_the_session_of_a_terminal_is_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getsid", lambda _: 1)
    priority.give_way(file)
    priority.stand_equal(file)
    assert not file.exists()


def test_a_kernel_that_is_asked_too_often_is_asked_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([BlockingIOError(), BlockingIOError(), None])
    asked: list[str] = []

    def write_text(path: Path, text: str, encoding: str) -> int:
        asked.append(text)
        answer = next(answers)
        if answer is not None:
            raise answer
        return len(text)

    monkeypatch.setattr(Path, "write_text", write_text)
    priority.stand_equal(file)
    assert asked == ["0", "0", "0"]


def test_a_system_without_sessions_changes_nothing(tmp_path: Path, file: Path) -> None:
    priority.give_way(tmp_path / "missing" / file.name)
    priority.stand_equal(tmp_path / "missing" / file.name)


@pytest.mark.real
@pytest.mark.skipif(not priority.AUTOGROUP.exists(), reason="this kernel shares by process, not by session")
def test_a_real_child_is_timed_at_an_equal_share() -> None:
    child = Child.start(Framework.PYTORCH, 1)
    niceness = Path(f"/proc/{child.process_id}/autogroup")
    load = load_command("torchvision:squeezenet1_1", inputs=(InputShape(sizes=(64, 64)),))
    try:
        child.wait_ready()
        child.ask(load, ModelLoaded)
        if os.geteuid() == 0:  # others may be refused, where the kernel was asked too often
            assert niceness.read_text().split()[-1] == "10"
        child.ask(PrepareLatency(call_path="eager", batch_size=1, warmup=0, seed=0), LatencyPrepared)
        assert niceness.read_text().split()[-1] == "0"
    finally:
        child.close()
