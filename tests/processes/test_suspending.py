"""A child that waits for its turn is suspended: it neither runs nor answers, and can be ended all the same."""

import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

from mbgui.domain.framework import Framework
from mbgui.processes.client import Child
from mbgui.processes.latency_messages import LatencyPrepared, MeasureRound, PrepareLatency, RoundMeasured
from mbgui.processes.outcome import Ending
from tests.support.fake_child_program import PROGRAM


@pytest.fixture
def child() -> Iterator[Child]:
    """A child that is ready to be timed."""
    started = Child.start(Framework.PYTORCH, 1, command=(sys.executable, "-P", PROGRAM, "serve"))
    started.wait_ready()
    started.ask(PrepareLatency(call_path="eager", batch_size=1, warmup=0, seed=0), LatencyPrepared)
    yield started
    started.close()


def test_a_suspended_child_answers_when_it_is_resumed_and_not_before(child: Child) -> None:
    child.suspend()
    answers: list[RoundMeasured] = []
    asking = threading.Thread(target=lambda: answers.append(child.ask(MeasureRound(runs=2), RoundMeasured)))
    asking.start()
    asking.join(0.3)
    assert not answers
    child.resume()
    asking.join(10)
    assert len(answers[0].durations_s) == 2


def test_a_suspended_child_can_be_ended(child: Child) -> None:
    child.suspend()
    assert child.close().ending is Ending.STOPPED
    assert not psutil.pid_exists(child.process_id)


def test_suspending_or_resuming_one_that_has_ended_does_nothing(child: Child) -> None:
    child.close()
    child.suspend()
    child.resume()
    assert child.outcome is not None
