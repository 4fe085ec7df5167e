"""Times PyTorch models in a process of its own; prints what call paths compute and where the time goes as JSON."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import torch
from torch import nn

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CallPath
from mbgui.domain.network import TensorSpec
from mbgui.domain.request import Weights
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.torch_adapter import TorchAdapter
from mbgui.frameworks.torch_inputs import timed_inputs
from mbgui.frameworks.user_code import UserCode
from mbgui.pipeline.input_texts import parse_inputs
from mbgui.pipeline.references import parse_source
from mbgui.processes.confinement import confine

OWN_CODE = """
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.light = nn.Conv2d(width, width, 1)
        self.heavy = nn.Conv2d(width, width, 5, padding=2)

    def forward(self, x):
        return x + self.heavy(torch.relu(self.light(x)))

class Skewed(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 32, 3, padding=1)
        self.norm = nn.BatchNorm2d(32)
        self.shared = nn.ReLU()
        self.block = Block(32)
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        x = self.shared(self.norm(self.first(x)))
        x = self.shared(self.block(x))
        return self.head(x.mean((2, 3)))

class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, words):
        return self.head(self.embedding(words).mean(1))

class Stubborn(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 2)
        self.passes = 0

    def forward(self, x):
        self.passes += 1
        if self.passes > 4:
            raise RuntimeError("five is too much")
        return self.head(x)

class Bare(nn.Module):
    def forward(self, x):
        return x * 2
"""
PATHS = (CallPath.CHANNELS_LAST, CallPath.BFLOAT16, CallPath.COMPILE)
HUGE = 10**13
"""No machine has memory for a batch of so many."""


class Session:
    """An adapter that builds models. One thread: two would wait for each other where the machine is busy."""

    def __init__(self) -> None:
        self.adapter = TorchAdapter(1)

    def build(self, reference: str, size: str = "", batch_size: int = 1) -> None:
        """Build the model of a reference."""
        source = parse_source(reference)
        code = UserCode(source, (), 3) if source.runs_own_code else None
        request = LoadRequest(
            source=source, inputs=parse_inputs(size), batch_size=batch_size, weights=Weights.NONE, seed=3
        )
        self.adapter.build(request, before_file=_nothing, build=code.build if code is not None else None)

    def layers(self, reference: str, size: str = "") -> list[str]:
        """The paths of all layers as they are read."""
        source = parse_source(reference)
        code = UserCode(source, (), 3) if source.runs_own_code else None
        request = LoadRequest(source=source, inputs=parse_inputs(size), batch_size=1, weights=Weights.NONE, seed=3)
        network = TorchAdapter(1).load(request, before_file=_nothing, build=code.build if code is not None else None)
        return [layer.path for layer in network.layers]

    def output(self, path: CallPath, batch_size: int = 1) -> torch.Tensor:
        """What a call path computes."""
        self.adapter.prepare(path, batch_size=batch_size, seed=5)
        assert len(self.adapter.measure(3)) == 3
        assert self.adapter._prepared is not None
        with torch.inference_mode():
            result = self.adapter._prepared.call()
        assert isinstance(result, torch.Tensor)
        return result.float()

    def problem(self, path: CallPath, batch_size: int = 1) -> list[str]:
        """Why a call path cannot be taken."""
        return _raised(lambda: self.adapter.prepare(path, batch_size=batch_size, seed=5))

    def layer_times(self, passes: int = 15) -> dict[str, Any]:
        """Where the time goes."""
        timing = self.adapter.time_layers(passes)
        return {
            "method": timing.method,
            "total_s": timing.total_s,
            "plain_s": timing.plain_s,
            "layers": [[found.layer, found.call, found.duration_s] for found in timing.layers],
        }

    @property
    def model(self) -> nn.Module:
        """The model that is timed."""
        assert self.adapter._timed is not None
        return self.adapter._timed.model


def _nothing() -> None:
    """No rights are taken away."""


def _raised(run: Callable[[], object]) -> list[str]:
    try:
        run()
    except MbguiError as error:
        return [error.problem.sentence, error.problem.advice]
    return []


def _hooks(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules())


def _own_model(session: Session) -> Iterator[tuple[str, Any]]:
    session.build("own:Skewed", "24x24", batch_size=2)
    eager = session.output(CallPath.EAGER, 2)
    yield "eager", [list(eager.shape), float(eager.norm())]
    errors, after = {}, {}
    for path in PATHS:
        errors[path.value] = float((session.output(path, 2) - eager).norm() / eager.norm())
        strides = session.model.get_parameter("first.weight").stride()
        session.output(CallPath.EAGER, 2)
        after[path.value] = [list(strides), list(session.model.get_parameter("first.weight").stride())]
    yield "errors", errors
    yield "strides", after
    yield "is_eager_again", bool(torch.equal(session.output(CallPath.EAGER, 2), eager))
    yield "traces", session.adapter.traces()
    yield "is_loaded", session.adapter._held is not None


def _layer_times(session: Session) -> Iterator[tuple[str, Any]]:
    session.build("own:Skewed", "128x128")
    session.adapter.prepare(CallPath.EAGER, batch_size=1, seed=5)
    yield "layer times", session.layer_times(15)
    yield "layers", session.layers("own:Skewed", "128x128")
    yield "hooks left", _hooks(session.model)
    session.adapter.prepare(CallPath.CHANNELS_LAST, batch_size=1, seed=5)
    yield "layer times in channels_last", session.layer_times()
    session.build("own:Stubborn", "4")
    session.adapter.prepare(CallPath.EAGER, batch_size=1, seed=5)
    yield "broken off", _raised(lambda: session.adapter.time_layers(5))
    yield "hooks left where it broke off", _hooks(session.model)
    session.build("own:Bare", "4")
    session.adapter.prepare(CallPath.EAGER, batch_size=1, seed=5)
    yield "no layers", _raised(lambda: session.adapter.time_layers(5))


def _files(session: Session, folder: Path) -> Iterator[tuple[str, Any]]:
    session.build("own:Skewed", "96x96")
    example = torch.zeros(1, 3, 96, 96)
    torch.export.save(torch.export.export(session.model, (example,)), folder / "skewed.pt2")
    trace: Any = torch.jit.trace
    with torch.no_grad():
        trace(session.model, example).save(str(folder / "skewed.pt"))
    eager = session.output(CallPath.EAGER)
    for form in ("pt2", "pt"):
        reference = str(folder / f"skewed.{form}")
        session.build(reference, "96x96" if form == "pt" else "")
        paths = (CallPath.EAGER, CallPath.CHANNELS_LAST, CallPath.BFLOAT16)
        yield (
            f"{form} errors",
            {path.value: float((session.output(path) - eager).norm() / eager.norm()) for path in paths},
        )
        session.output(CallPath.EAGER)
        yield f"{form} layer times", session.layer_times() if form == "pt2" else _raised(session.layer_times)
        yield f"{form} layers", session.layers(reference, "96x96" if form == "pt" else "")
        yield f"{form} compile", session.problem(CallPath.COMPILE)
        if form == "pt2":
            yield "fixed batch", session.problem(CallPath.EAGER, 2)
    yield "runs afterwards", float((session.output(CallPath.EAGER) - eager).norm() / eager.norm())


def _refusals(session: Session) -> Iterator[tuple[str, Any]]:
    session.build("own:Words", "6")
    yield "words", list(session.output(CallPath.EAGER).shape)
    yield "no image", session.problem(CallPath.CHANNELS_LAST)
    yield "no such path", session.problem(CallPath.XLA)
    yield "nothing prepared", _raised(lambda: session.adapter.measure(1))
    yield "huge", session.problem(CallPath.EAGER, HUGE)
    os.environ["CXX"] = "no-such-compiler --with=options"
    yield "no compiler", session.problem(CallPath.COMPILE)
    del os.environ["CXX"]
    yield "words again", list(session.output(CallPath.EAGER).shape)


def _confined(session: Session) -> Iterator[tuple[str, Any]]:
    """What a process without rights can do with the model it has; there is no way back."""
    confine(0)
    yield "confined compile", session.problem(CallPath.COMPILE)
    yield "confined eager", list(session.output(CallPath.EAGER).shape)


def _inputs() -> Iterator[tuple[str, Any]]:
    specs = (TensorSpec(shape=(1, 3, 4, 5), dtype="float32"), TensorSpec(shape=(1, 6), dtype="float32"))
    image, vector = timed_inputs(specs, 11, 2)
    yield "inputs", [image.permute(0, 2, 3, 1).flatten().tolist(), vector.flatten().tolist()]


def main() -> None:
    """Print everything."""
    found: dict[str, Any] = {}
    session = Session()
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("own.py").write_text(OWN_CODE)
        Path("temporary").mkdir()
        tempfile.tempdir = str(Path("temporary").absolute())
        for part in (_inputs(), _own_model(session), _layer_times(session), _refusals(session)):
            found.update(part)
        found.update(_files(session, Path(folder)))
        found["left in the temporary folder"] = [path.name for path in Path("temporary").iterdir()]
        session.build("own:Skewed", "24x24")
    found.update(_confined(session))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
