"""Opens PyTorch models from code, options, files and weights, in a process of its own; prints what was read as JSON."""

import dataclasses
import json
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torchvision import models

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CallPath
from mbgui.domain.request import Weights
from mbgui.frameworks.torch_adapter import TorchAdapter
from tests.support.adapter_session import AdapterSession

OWN_CODE = """
import torch
from torch import nn

class Gray(nn.Module):
    def __init__(self, width=8, classes=10):
        super().__init__()
        self.first = nn.Conv2d(1, width, 3)
        self.norm = nn.BatchNorm2d(width)
        self.head = nn.Linear(width, classes)

    def forward(self, image):
        return self.head(torch.relu(self.norm(self.first(image))).mean((2, 3)))

class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3)
        self.head = nn.Linear(4 + 10, 2)

    def forward(self, image, angle):
        features = self.convolution(image).mean((2, 3))
        return {"answer": self.head(torch.cat([features, angle], 1)), "angle": angle}

class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(100, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, words):
        return self.head(self.embedding(words).mean(1))

class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.recurrent = nn.LSTM(6, 8, batch_first=True)

    def forward(self, steps):
        return self.recurrent(steps)[0]

class Attending(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 4, 4)
        self.norm = nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.groups = nn.GroupNorm(2, 8)

    def forward(self, image):
        rows = self.norm(self.first(image).flatten(2).transpose(1, 2))
        rows = self.attention(rows, rows, rows, need_weights=False)[0]
        return self.groups(rows.transpose(1, 2))

def perceptron():
    return nn.Sequential(nn.Linear(128, 32), nn.ReLU(), nn.Linear(32, 2))

def number():
    return 3
"""

CASES = {
    "plain": ("torchvision:mobilenet_v2", ""),
    "alpha": ("torchvision:mobilenet_v2?alpha=0.5&num_classes=10", "64"),
    "no top": ("torchvision:resnet18?include_top=false", "64"),
    "pooled": ("torchvision:densenet121?include_top=false&pooling=max", "64"),
    "softmax": ("torchvision:squeezenet1_1?classifier_activation=softmax", "64"),
    "own argument": ("torchvision:mobilenet_v2?dropout=0.4", "64"),
    "stated": ("torchvision:inception_v3", ""),
    "gray": ("own:Gray", "1x28x28"),
    "gray last": ("own:Gray?width=4", "28x28x1"),
    "gray square": ("own:Gray", "28"),
    "not square": ("own:Gray", "20x30"),
    "two": ("own:Two", "angle=10,image=32x32x3"),
    "words": ("own:Words", "20"),
    "steps": ("own:Recurrent", "12"),
    "vector": ("own:perceptron", ""),
    "vector given": ("own:perceptron", "128"),
}
FORMATS = {
    "mobilenet_v2": ("torchvision:mobilenet_v2", ""),
    "gray": ("own:Gray", "1x28x28"),
    "attending": ("own:Attending", "3x16x16"),
}
REFUSED = {
    "vit top": ("torchvision:vit_b_16?include_top=false", ""),
    "unknown option": ("torchvision:resnet18?alhpa=0.5", ""),
    "no width": ("torchvision:mobilenet_v2?alpha=-1", ""),
    "bad pooling": ("torchvision:mobilenet_v2?pooling=median", ""),
    "bad argument": ("torchvision:mobilenet_v2?dropout=7", ""),
    "one channel": ("torchvision:mobilenet_v2", "1x28x28"),
    "which inputs": ("own:Two", ""),
    "unnamed inputs": ("own:Two", "32x32"),
    "wrong name": ("own:Two", "image=32x32x3,angel=10"),
    "no model": ("own:number", ""),
    "imagenet": ("torchvision:mobilenet_v2", "imagenet"),
}


WEIGHT_FILES = (
    "plain.pth",
    "legacy.pth",
    "run_12:00:00.pth",
    "checkpoint.pt",
    "arrays.npz",
    "plain.safetensors",
    "example.pth.tar",
    "averaged.pth",
    "swa.pth?strip=module.",
    "wrapped.pth?strip=1.",
)


def main() -> None:
    """Print networks, problems and what running told."""
    warnings.simplefilter("ignore")
    torch.hub.set_dir("hub")
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("own.py").write_text(OWN_CODE)
        session = AdapterSession(TorchAdapter(threads=1))
        networks = {**dict(_networks(session)), **dict(_saved(session)), **dict(_weighted(session))}
        json.dump({"networks": networks, "problems": dict(_problems(session)), "runs": _runs(session)}, sys.stdout)


def _networks(session: AdapterSession) -> Iterator[tuple[str, Any]]:
    for case, (reference, size) in CASES.items():
        yield case, dataclasses.asdict(session.load(reference, size))
        session.adapter.prepare(CallPath.EAGER, batch_size=1, seed=0)
    assert not session.given_up, "no file was read"


def _saved(session: AdapterSession) -> Iterator[tuple[str, Any]]:
    """Each model as it is, and from every format that holds a whole one."""
    for name, (reference, size) in FORMATS.items():
        original = session.load(reference, size)
        yield f"{name} as it is", dataclasses.asdict(original)
        model = session.model(reference, size)
        example = torch.zeros(original.inputs[0].shape)
        for form, save in SAVERS.items():
            if name == "attending" and form != "pt2":
                continue  # tracing takes a fast path of attention that runs as one opaque operation
            save(model, example, f"{name}.{form}")
            given_up = session.given_up
            yield (
                f"{name} from {form}",
                dataclasses.asdict(session.load(f"{name}.{form}", size if form != "pt2" else "")),
            )
            session.adapter.prepare(CallPath.EAGER, batch_size=1, seed=0)
            assert session.given_up == given_up + 1
    dynamic = torch.export.Dim("side", min=16, max=64)
    own: nn.Module = session.model("own:Gray", "1x28x28")
    shapes = ({2: dynamic, 3: dynamic},)
    torch.export.save(torch.export.export(own, (torch.zeros(1, 1, 28, 28),), dynamic_shapes=shapes), "open.pt2")
    yield "open pt2", dataclasses.asdict(session.load("open.pt2"))
    yield "open pt2 at 20", dataclasses.asdict(session.load("open.pt2", "20x20"))


def _save_program(model: nn.Module, example: torch.Tensor, path: str) -> None:
    torch.export.save(torch.export.export(model, (example,)), path)


def _save_traced(model: nn.Module, example: torch.Tensor, path: str) -> None:
    torch.jit.save(torch.jit.trace(model, example), path)  # type: ignore[no-untyped-call]


def _save_scripted(model: nn.Module, example: torch.Tensor, path: str) -> None:
    del example
    torch.jit.save(torch.jit.script(model), path)


SAVERS: dict[str, Callable[[nn.Module, torch.Tensor, str], None]] = {
    "pt2": _save_program,
    "traced.pt": _save_traced,
    "scripted.jit": _save_scripted,
}


def _weighted(session: AdapterSession) -> Iterator[tuple[str, Any]]:
    model = models.squeezenet1_1(num_classes=19)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(0.25)
    state = model.state_dict()
    torch.save(state, "plain.pth")
    torch.save(state, "run_12:00:00.pth")
    torch.save(state, "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "optimizer": {"lr": 0.1}, "state_dict": state}, "checkpoint.pt")
    best = {"best_acc1": torch.tensor(71.5), "best": np.float64(71.5), "args": ["-b", 32], "optimizer": {"state": {}}}
    torch.save({**best, "arch": "squeezenet1_1", "state_dict": state}, "example.pth.tar")
    averaged = {name: torch.zeros_like(tensor) for name, tensor in state.items()}
    torch.save({"model": state, "model_ema": averaged, "epoch": 3}, "averaged.pth")
    torch.save(
        {"n_averaged": torch.tensor(3), **{f"module.{name}": tensor for name, tensor in state.items()}}, "swa.pth"
    )
    torch.save({f"1.{name}": tensor for name, tensor in state.items()}, "wrapped.pth")
    torch.save({f"module.{name}": tensor for name, tensor in state.items()}, "prefixed.pth")
    torch.save({**state, "extra": torch.zeros(2)}, "more.pth")
    np.savez("arrays.npz", **{name: tensor.numpy() for name, tensor in state.items()})
    _save_safetensors(state, "plain.safetensors")
    for file in WEIGHT_FILES:
        yield (
            f"weights {file}",
            dataclasses.asdict(session.load(f"torchvision:squeezenet1_1?num_classes=19@{file}", "64")),
        )
    stripped = "torchvision:squeezenet1_1?num_classes=19@prefixed.pth?strip=module."
    yield "weights stripped", dataclasses.asdict(session.load(stripped, "64"))
    partial = "torchvision:squeezenet1_1?num_classes=19@more.pth?partial=true"
    yield "weights in part", dataclasses.asdict(session.load(partial, "64"))
    torch.save(session.model("own:Gray", "28").state_dict(), "gray.pth")
    yield "weights of own code", dataclasses.asdict(session.load("own:Gray@gray.pth", "28"))
    checkpoints = Path("hub/checkpoints")
    checkpoints.mkdir(parents=True)
    published: Any = models.get_model_weights("squeezenet1_1").DEFAULT
    known = models.squeezenet1_1()
    with torch.no_grad():
        for parameter in known.parameters():
            parameter.fill_(0.125)
    torch.save(known.state_dict(), checkpoints / published.url.rpartition("/")[2])
    given_up = session.given_up
    yield "imagenet", dataclasses.asdict(session.load("torchvision:squeezenet1_1", "64", Weights.IMAGENET))
    assert session.given_up == given_up + 1


def _save_safetensors(state: dict[str, torch.Tensor], path: str) -> None:
    """As the format's specification has it: the length of a JSON header, the header, one tensor after the other."""
    header: dict[str, object] = {}
    data = b""
    for name, tensor in state.items():
        raw = tensor.numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    Path(path).write_bytes(len(text).to_bytes(8, "little") + text + data)


def _problems(session: AdapterSession) -> Iterator[tuple[str, Any]]:
    for case, (reference, size) in REFUSED.items():
        weights = Weights.IMAGENET if size == "imagenet" else Weights.NONE
        yield case, _problem(session, reference, "" if size == "imagenet" else size, weights)
    torch.save(models.squeezenet1_1(num_classes=19), "pickled.pt")
    torch.save(models.resnet18().state_dict(), "resnet.pth")
    Path("cut.pth").write_bytes(Path("plain.pth").read_bytes()[:20_000])
    for case, reference in {
        "other head": "torchvision:squeezenet1_1@plain.pth",
        "prefix": "torchvision:squeezenet1_1?num_classes=19@prefixed.pth",
        "other model": "torchvision:squeezenet1_1@resnet.pth",
        "unexpected": "torchvision:squeezenet1_1?num_classes=19@more.pth",
        "pickled module": "pickled.pt",
        "pickled module as weights": "torchvision:squeezenet1_1@pickled.pt",
        "weights only": "plain.pth",
        "cut off": "torchvision:squeezenet1_1@cut.pth",
        "not there": "torchvision:squeezenet1_1@none.pth",
        "whole model as weights": "torchvision:mobilenet_v2@mobilenet_v2.pt2",
        "other size": "mobilenet_v2.pt2",
    }.items():
        yield case, _problem(session, reference, "32" if case == "other size" else "")


def _problem(session: AdapterSession, reference: str, size: str, weights: Weights = Weights.NONE) -> Any:
    try:
        session.load(reference, size, weights)
    except MbguiError as error:
        return dataclasses.asdict(error.problem)
    raise AssertionError(f"{reference} was not refused")


def _runs(session: AdapterSession) -> dict[str, Any]:
    adapter = session.adapter
    held = session.load("torchvision:squeezenet1_1", "64")
    own = session.load("own:Gray", "28")
    return {
        "options": {
            name: [dataclasses.asdict(option) for option in adapter.model_options(name)]
            for name in ("mobilenet_v2", "resnet18", "vit_b_16")
        },
        "stated": {name: adapter.stated_input_size(name) for name in adapter.model_names()},
        "is_zoo_held": session.load("torchvision:squeezenet1_1", "64")
        is session.load("torchvision:squeezenet1_1", "64"),
        "is_own_read_anew": session.load("own:Gray", "28") is not session.load("own:Gray", "28"),
        "names": [held.source.title, own.source.title],
    }


if __name__ == "__main__":
    main()
