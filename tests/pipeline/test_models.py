"""Listing the models that can be named."""

import threading

import pytest

from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.framework import Framework
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.models import list_models
from mbgui.processes.messages import ListModels, LoadModel, ModelLoaded, Ready
from tests.support.commands import load_command
from tests.support.fake_child import FakeChild, fake_children

TORCH = Framework.PYTORCH
LOAD = load_command("torchvision:tiny_net")


def test_the_names_come_from_a_child_that_stays_warm() -> None:
    child = FakeChild(TORCH, 2)
    children = fake_children(child)
    assert list_models(TORCH, children=children, cancel=CancelToken(), threads=2) == ("tiny_net",)
    assert children.take(TORCH, 2) is child


def test_a_child_at_work_for_a_comparison_is_asked_as_well() -> None:
    child = FakeChild(TORCH, 2)
    children = fake_children(child)
    taken = children.take(TORCH, 2)
    assert list_models(TORCH, children=children, cancel=CancelToken(), threads=2) == ("tiny_net",)
    assert taken.ask(LOAD, ModelLoaded)
    assert [type(command) for command in child.asked] == [ListModels, LoadModel]


def test_a_stopped_comparison_does_not_stop_the_listing() -> None:
    child = FakeChild(TORCH, 2, holds=(Ready,))
    children = fake_children(child)
    children.take(TORCH, 2)
    threading.Thread(target=kill_when_reached, args=(child,)).start()
    assert list_models(TORCH, children=children, cancel=CancelToken(), threads=2) == ("tiny_net",)


def kill_when_reached(child: FakeChild) -> None:
    assert child.reached.wait(5)
    child.kill()


def test_cancel_ends_the_listing() -> None:
    child = FakeChild(TORCH, 2, holds=(ListModels,))
    cancel = CancelToken()
    threading.Thread(target=cancel_when_reached, args=(child, cancel)).start()
    with pytest.raises(MbguiError) as caught:
        list_models(TORCH, children=fake_children(child), cancel=cancel, threads=2)
    assert caught.value.problem.kind is ProblemKind.CANCELLED


def cancel_when_reached(child: FakeChild, cancel: CancelToken) -> None:
    assert child.reached.wait(5)
    cancel.cancel()


def test_a_framework_that_is_not_there_is_a_problem() -> None:
    child = FakeChild(TORCH, 2, failures={Ready: Problem(sentence="PyTorch cannot be used.")})
    with pytest.raises(MbguiError, match="PyTorch cannot be used"):
        list_models(TORCH, children=fake_children(child), cancel=CancelToken(), threads=2)
