"""Which children are kept, handed out again, and ended."""

import threading
from collections.abc import Callable

import pytest

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.processes.messages import ListModels, ModelNames
from mbgui.processes.pool import WarmChildren
from tests.support.fake_child import FakeChild

TORCH, KERAS = Framework.PYTORCH, Framework.KERAS


class Recorder:
    """Starts fake children and remembers them."""

    def __init__(self, make: Callable[[Framework | None, int], FakeChild] = FakeChild) -> None:
        self.started: list[FakeChild] = []
        self._make = make

    def __call__(self, framework: Framework | None, threads: int) -> FakeChild:
        self.started.append(self._make(framework, threads))
        return self.started[-1]


def test_a_warm_child_is_the_one_handed_out() -> None:
    start = Recorder()
    children = WarmChildren(start)
    children.warm(TORCH, 2)
    children.warm(TORCH, 2)
    children.warm(KERAS, 2)
    assert children.take(TORCH, 2) is start.started[0]
    assert children.take(KERAS, 2) is start.started[1]
    assert len(start.started) == 2


def test_a_child_given_back_is_handed_out_again() -> None:
    children = WarmChildren(Recorder())
    child = children.take(TORCH, 2)
    children.give_back(child)
    assert children.take(TORCH, 2) is child


def test_no_child_is_readied_beside_one_that_is_handed_out_unless_that_one_died() -> None:
    start = Recorder()
    children = WarmChildren(start)
    child = children.take(TORCH, 2)
    children.warm(TORCH, 2)
    assert len(start.started) == 1
    child.close()
    children.warm(TORCH, 2)
    assert len(start.started) == 2


def test_both_children_of_one_framework_are_kept() -> None:
    start = Recorder()
    children = WarmChildren(start)
    pair = [children.take(TORCH, 2), children.take(TORCH, 2)]
    for child in pair:
        children.give_back(child)
    assert {id(children.take(TORCH, 2)) for _ in pair} == {id(child) for child in pair}


def test_a_third_idle_child_of_one_framework_is_ended() -> None:
    start = Recorder()
    children = WarmChildren(start)
    taken = [children.take(TORCH, 2) for _ in range(3)]
    for child in taken:
        children.give_back(child)
    assert [child.was_closed for child in start.started] == [True, False, False]


def test_a_child_of_another_thread_count_is_never_handed_out_and_does_not_stay() -> None:
    start = Recorder()
    children = WarmChildren(start)
    children.warm(TORCH, 1)
    assert children.take(TORCH, 2).threads == 2
    assert start.started[0].was_closed


def test_a_dead_child_is_replaced() -> None:
    start = Recorder()
    children = WarmChildren(start)
    children.warm(TORCH, 2)
    start.started[0].kill()
    assert children.take(TORCH, 2) is start.started[1]
    assert start.started[0].was_closed


def test_a_busy_child_given_back_is_ended() -> None:
    child = FakeChild(TORCH, 2, holds=(ListModels,))
    children = WarmChildren(lambda _framework, _threads: child)
    children.take(TORCH, 2)
    asking = threading.Thread(target=ask_in_vain, args=(child,))
    asking.start()
    assert child.reached.wait(5)
    children.give_back(child)
    asking.join(5)
    assert child.was_closed


def ask_in_vain(child: FakeChild) -> None:
    with pytest.raises(MbguiError):
        child.ask(ListModels(), ModelNames)


def test_close_ends_idle_and_taken_children_and_keeps_none_afterwards() -> None:
    start = Recorder()
    children = WarmChildren(start)
    children.warm(KERAS, 2)
    taken = children.take(TORCH, 2)
    children.close()
    assert all(child.was_closed for child in start.started)
    children.give_back(taken)
    late = FakeChild(KERAS, 2)
    children.give_back(late)
    assert late.was_closed
    children.warm(KERAS, 2)
    assert len(start.started) == 2
    with pytest.raises(MbguiError, match="closing"):
        children.take(KERAS, 2)


def test_a_child_that_cannot_be_started_is_told_when_it_is_needed() -> None:
    def refuse(framework: Framework | None, threads: int) -> FakeChild:
        raise MbguiError(Problem(sentence="It could not be started."))

    children = WarmChildren(refuse)
    children.warm(TORCH, 2)
    with pytest.raises(MbguiError, match="could not be started"):
        children.take(TORCH, 2)


def test_a_child_of_no_framework_is_fresh_and_never_handed_out_again() -> None:
    start = Recorder()
    children = WarmChildren(start)
    first = children.take(None, 2)
    children.give_back(first)
    assert children.take(None, 2) is not first
    assert start.started[0].was_closed


def test_a_child_that_is_used_up_is_ended() -> None:
    start = Recorder()
    children = WarmChildren(start)
    child = children.take(TORCH, 2)
    children.give_back(child, is_used_up=True)
    assert start.started[0].was_closed
    assert children.take(TORCH, 2) is not child
