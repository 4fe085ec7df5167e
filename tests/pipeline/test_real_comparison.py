"""Comparisons with the real frameworks in real children, small inputs."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mbgui import api
from mbgui.domain.comparison import Agreement
from mbgui.domain.events import (
    Cancelled,
    Completed,
    Event,
    Failed,
    FrameworkReady,
    LatencySampled,
    NetworkRead,
    Stage,
    StageStarted,
    StructureCompared,
    Warned,
)
from mbgui.domain.framework import Framework
from mbgui.domain.request import CompareRequest
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.compare import compare
from mbgui.pipeline.models import list_models
from mbgui.pipeline.requests import CompareOptions, build_request
from mbgui.processes.pool import WarmChildren

pytestmark = pytest.mark.real

LEFT, RIGHT = "torchvision:mobilenet_v2", "keras:MobileNetV2"
OPTIONS: CompareOptions = {"input_size": "32x32", "runs": 10, "threads": 1}


@pytest.fixture
def children() -> Iterator[WarmChildren]:
    own = WarmChildren()
    yield own
    own.close()


def request(left: str = LEFT, right: str = RIGHT, **changes: object) -> CompareRequest:
    options: CompareOptions = {**OPTIONS, **changes}  # type: ignore[typeddict-item]
    return build_request(left, right, options)


def run(asked: CompareRequest, children: WarmChildren) -> list[Event]:
    return list(compare(asked, cancel=CancelToken(), children=children, store=None))


def test_the_default_pair_is_compared_and_measured(children: WarmChildren) -> None:
    last = run(request(), children)[-1]
    assert isinstance(last, Completed), last
    comparison = last.comparison
    assert comparison.accounting.left.framework_parameter_count == 3_504_872
    assert comparison.accounting.right.framework_parameter_count == 3_538_984
    assert comparison.warnings == ()
    assert comparison.latency is not None
    assert comparison.latency.is_complete
    assert comparison.latency.left_summary.count == comparison.latency.right_summary.count == 10
    assert {version.name for version in comparison.environment.versions} >= {"torch", "keras"}


def test_a_second_comparison_uses_the_children_of_the_first(children: WarmChildren) -> None:
    run(request(latency=False), children)
    before = own_children()
    events = run(request(latency=False), children)
    assert [event.import_s for event in events if isinstance(event, FrameworkReady)] == [0.0, 0.0]
    assert own_children() == before
    assert list_models(Framework.KERAS, children=children, cancel=CancelToken(), threads=1)
    assert own_children() == before


def test_two_models_of_one_framework_are_compared(children: WarmChildren) -> None:
    last = run(request(LEFT, "torchvision:mobilenet_v3_small", runs=3), children)[-1]
    assert isinstance(last, Completed), last
    assert last.comparison.latency is not None


def test_an_unknown_name_is_told_with_the_nearest_and_the_other_side_is_read(children: WarmChildren) -> None:
    events = run(request("torchvision:mobilenet_v9"), children)
    assert [event.network.source.reference for event in events if isinstance(event, NetworkRead)] == [RIGHT]
    last = events[-1]
    assert isinstance(last, Failed)
    assert "mobilenet_v2" in last.problem.advice


@pytest.mark.parametrize("stage", [Stage.START, Stage.READ, Stage.MEASURE])
def test_cancel_at_any_stage_takes_less_than_a_second_and_leaves_no_process(
    children: WarmChildren, stage: Stage
) -> None:
    cancel, cancelled_s = CancelToken(), list[float]()

    def cancel_now() -> None:
        cancelled_s.append(time.monotonic())
        cancel.cancel()

    before = own_children()
    events: list[Event] = []
    for event in compare(request(runs=100_000), cancel=cancel, children=children, store=None):
        events.append(event)
        if isinstance(event, StageStarted) and event.stage is stage:
            threading.Timer(0.05, cancel_now).start()
    assert time.monotonic() - cancelled_s[0] < 1
    assert events[-1] == Cancelled()
    assert own_children() == before


def test_a_child_killed_while_it_is_measured_costs_only_the_rest_of_the_measurement(children: WarmChildren) -> None:
    before = own_children()
    events: list[Event] = []
    timed = 0
    for event in compare(request(runs=100_000), cancel=CancelToken(), children=children, store=None):
        events.append(event)
        timed += isinstance(event, LatencySampled) and not event.latency_round.is_warmup
        if timed == 5:
            timed += 1
            os.kill(max(own_children() - before), signal.SIGKILL)
    warned = [event for event in events if isinstance(event, Warned)]
    last = events[-1]
    assert "killed by signal 9 (out of memory?)" in warned[0].problem.sentence
    assert isinstance(last, Completed)
    assert last.comparison.latency is not None
    assert not last.comparison.latency.is_complete
    assert any(isinstance(event, StructureCompared) for event in events)


def test_weights_that_cannot_be_had_fail_with_a_sentence(
    children: WarmChildren, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable in ("TORCH_HOME", "KERAS_HOME", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    for variable in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    last = run(request(weights="imagenet", latency=False), children)[-1]
    assert isinstance(last, Failed)
    assert "weights" in last.problem.sentence


def test_a_framework_that_is_not_installed_leaves_the_other_side_read(
    children: WarmChildren, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    events = run(request(), children)
    assert [event.network.source.reference for event in events if isinstance(event, NetworkRead)] == [RIGHT]
    last = events[-1]
    assert isinstance(last, Failed)
    assert last.problem.sentence == "PyTorch cannot be used: the package “torch” is not installed."
    assert last.problem.advice == "Install it with: pip install torch torchvision"


def own_children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_one_module_may_import_both_frameworks(tmp_path: Path) -> None:
    code = (
        "import torch\nimport keras\n\n"
        "def in_torch():\n    return torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU())\n\n"
        "def in_keras():\n"
        "    return keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Conv2D(4, 3, activation='relu')])\n"
    )
    (tmp_path / "both_frameworks.py").write_text(code)
    comparison = api.compare(
        "both_frameworks:in_torch", "both_frameworks:in_keras", code_folders=[str(tmp_path)], latency=False
    )
    assert [comparison.left.framework, comparison.right.framework] == [Framework.PYTORCH, Framework.KERAS]
    assert comparison.left.inputs[0].shape == (1, 3, 32, 32)
    assert comparison.differences == () or comparison.verdict.agreement is not Agreement.DIFFERENT
