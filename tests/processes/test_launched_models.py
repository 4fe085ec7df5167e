"""A real launch: a fresh child of either framework that builds, is timed, and tells its memory."""

import sys
from collections.abc import Iterator

import pytest

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CALL_PATHS, Framework
from mbgui.domain.input_shape import InputShape
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
from tests.support.commands import build_command

pytestmark = pytest.mark.real
MODELS = {Framework.PYTORCH: "torchvision:squeezenet1_1", Framework.KERAS: "keras:MobileNet?alpha=0.25"}
MIB = 1 << 20


@pytest.fixture(params=list(Framework))
def child(request: pytest.FixtureRequest) -> Iterator[Child]:
    """A fresh child of either framework."""
    started = Child.start(request.param, 1)
    yield started
    started.close()


def test_a_launch_is_built_called_timed_and_measured(child: Child) -> None:
    framework = child.framework
    assert framework is not None
    recommended = CALL_PATHS[framework][0].value
    built = child.ask(build_command(MODELS[framework], inputs=(InputShape(sizes=(64, 64)),)), ModelBuilt)
    assert built.framework is framework
    assert built.import_s > 0.1
    assert built.build_s > 0.001
    prepared = child.ask(PrepareLatency(call_path=recommended, batch_size=2, warmup=3, seed=0), LatencyPrepared)
    assert len(prepared.warmup_s) == 3
    assert len(child.ask(MeasureRound(runs=4, untimed=1), RoundMeasured).durations_s) == 4
    usage = child.ask(ReadUsage(), UsageRead)
    assert usage.traces == (1 if framework is Framework.KERAS else None)
    if sys.platform == "linux":
        assert built.baseline_bytes is not None
        assert usage.peak_bytes is not None
        assert 50 * MIB < built.baseline_bytes < usage.peak_bytes < built.baseline_bytes + 2048 * MIB
    layers = child.ask(TimeLayers(passes=3), LayerTimesRead).layers
    assert len(layers) > 20


def test_a_path_that_is_refused_leaves_the_child_to_another_one(child: Child) -> None:
    framework = child.framework
    assert framework is not None
    other = next(path for known, paths in CALL_PATHS.items() if known is not framework for path in paths)
    child.ask(build_command(MODELS[framework], inputs=(InputShape(sizes=(64, 64)),)), ModelBuilt)
    with pytest.raises(MbguiError, match="has no call path"):
        child.ask(PrepareLatency(call_path=other.value, batch_size=1, warmup=0, seed=0), LatencyPrepared)
    own = CALL_PATHS[framework][0].value
    assert child.ask(PrepareLatency(call_path=own, batch_size=1, warmup=0, seed=0), LatencyPrepared)
