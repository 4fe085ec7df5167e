"""Runs small PyTorch models call by call, in a process of its own; prints what that told as JSON."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
import torchvision
from torch import nn

from mbgui.domain import attribute_names as names
from mbgui.domain.network import Network
from mbgui.domain.proof_choices import Precision
from mbgui.domain.proof_plan import READS, Checkpoint
from mbgui.domain.source import ModelSource, SourceKind
from mbgui.frameworks.calibration import calibrate
from mbgui.frameworks.proof_session import ProofSession
from mbgui.frameworks.stepwise import FLOAT32, FLOAT64, Array, RunSettings
from mbgui.frameworks.torch_reading import read_model
from mbgui.frameworks.torch_steps import TorchSteps
from tests.frameworks.stepping import AS_IT_IS, distance, probes_for, record, relative, set_one, unlike_between
from tests.frameworks.torch_networks import InPlace, Padded, Pair, Residual
from tests.frameworks.torch_setting_cases import setting_cases

torch.set_num_threads(1)
IMAGE = torch.randn((2, 3, 9, 8), generator=torch.Generator().manual_seed(1))


class Shared(nn.Module):
    """One convolution three times, with an in-place ReLU6 behind a BatchNorm."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 3, 3, padding=1)
        self.norm = nn.BatchNorm2d(3)
        self.relu = nn.ReLU6(inplace=True)

    def forward(self, image: torch.Tensor) -> Any:
        for _ in range(3):
            image = self.relu(self.norm(self.convolution(image))) + image
        return image


class Fresh(nn.Module):
    """BatchNorm without statistics of its own, and one that keeps them."""

    def __init__(self) -> None:
        super().__init__()
        self.fresh = nn.BatchNorm2d(3, track_running_stats=False)
        self.kept = nn.BatchNorm2d(3)

    def forward(self, image: torch.Tensor) -> Any:
        return self.kept(self.fresh(image))


class Deep(nn.Module):
    """A stack as it is made, in which signals fade."""

    def __init__(self) -> None:
        super().__init__()
        blocks = ((nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU6(inplace=True)) for _ in range(12))
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.features = nn.Sequential(*(module for block in blocks for module in block))
        self.head = nn.Linear(8, 5)

    def forward(self, image: torch.Tensor) -> Any:
        return self.head(self.features(self.stem(image)).mean((2, 3)))


class Flat(nn.Module):
    """A map made into a vector."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3)
        self.head = nn.Flatten()

    def forward(self, image: torch.Tensor) -> Any:
        return self.head(self.convolution(image))


class Chain(nn.Module):
    """Three convolutions, and the sum of the last two."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.third = (nn.Conv2d(3, 3, 1) for _ in range(3))

    def forward(self, image: torch.Tensor) -> Any:
        second = self.second(self.first(image))
        return self.third(second) + second


MODELS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "residual": (Residual, (2, 3, 9, 9)),
    "in place": (InPlace, (1, 3, 8, 8)),
    "pair": (Pair, (1, 3, 32, 32)),
    "padded": (Padded, (1, 3, 4, 4)),
    "shared": (Shared, (1, 3, 8, 6)),
    "fresh statistics": (Fresh, (4, 3, 5, 6)),
    "mobilenet": (lambda: torchvision.models.mobilenet_v2(width_mult=0.35), (1, 3, 64, 48)),
}


def main() -> None:
    """Print what was found."""
    torch.manual_seed(0)
    models = {name: _model(build, shape) for name, (build, shape) in MODELS.items()}
    runs = {
        "models": {name: _told(*found) for name, found in models.items()},
        "before the activation": _before_in_place(*models["shared"]),
        "overrides": _overrides(*models["shared"]),
        "settings": dict(_settings()),
        "refusals": _refusals(*models["shared"]),
        "flattened": _flattened(),
        "calibration": _calibration(),
        "session": _session(*models["residual"]),
    }
    json.dump({"networks": {}, "problems": {}, "runs": runs}, sys.stdout)


def _model(build: Callable[[], nn.Module], shape: tuple[int, ...]) -> tuple[nn.Module, TorchSteps, Network]:
    model = build().eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d) and module.running_mean is not None and module.running_var is not None:
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    source = ModelSource(kind=SourceKind.TORCHVISION, name="tried")
    read = read_model(model, torch.zeros(shape), source=source, build_s=0.0)
    assert read.traced is not None
    return model, TorchSteps(read.traced), read.network


def _told(model: nn.Module, steps: TorchSteps, network: Network) -> dict[str, Any]:
    """What a model's outputs, its calls run alone, and its tensors say."""
    probes = probes_for(steps)
    before = _sums(model)
    narrow, wide = record(steps, probes), record(steps, probes, FLOAT64)
    alone = record(steps, probes[1:])
    end = network.output_calls[0]
    batch = {"training": True} if "norm" in dict(model.named_children()) else {}
    if batch:
        record(steps, probes, settings=RunSettings(calls={"norm": {names.BATCH_STATISTICS: True}}))
    told = {
        "calls": len(narrow),
        "output_gap": max(distance(narrow[end][lane], _live(model, probes[lane][0])) for lane in range(2)),
        "lane_gap": max(distance(narrow[name][1], alone[name][0]) for name in narrow),
        "unlike_between": unlike_between(steps, network, probes),
        "wide_formats": sorted({str(array.dtype) for arrays in wide.values() for array in arrays}),
        "rounding": [relative(wide[name][0], narrow[name][0]) for name in narrow],
        "is_untouched": _sums(model) == before,
    }
    return {**told, "wide_gap": relative(_live(_doubled(model), probes[0][0]), wide[end][0])}


def _live(model: nn.Module, probe: Array) -> Array:
    """What the model itself gives, channels last."""
    dtype = next((parameter.dtype for parameter in model.parameters()), torch.float32)
    with torch.inference_mode():
        result = model(torch.from_numpy(np.moveaxis(probe, -1, 1).copy()).to(dtype))
    first = result[0] if isinstance(result, tuple) else result
    return first.numpy() if isinstance(model, InPlace) else _last(first)  # a linear layer has its channels last


def _last(tensor: torch.Tensor) -> Array:
    array: Array = tensor.detach().numpy()
    return np.moveaxis(array, 1, -1) if array.ndim > 2 else array


def _doubled(model: nn.Module) -> nn.Module:
    copied = type(model)() if isinstance(model, Residual | InPlace | Pair | Padded | Shared | Fresh) else None
    if copied is None:
        copied = torchvision.models.mobilenet_v2(width_mult=0.35)
    copied.load_state_dict(model.state_dict())
    return copied.double().eval()


def _sums(model: nn.Module) -> list[bytes]:
    tensors = model.state_dict().values()
    return [tensor.numpy().tobytes() for tensor in tensors]


def _before_in_place(model: nn.Module, steps: TorchSteps, network: Network) -> float:
    """The gap between BatchNorm's first output and what a hook copied before ReLU6 wrote over it."""
    seen: list[torch.Tensor] = []
    probe = probes_for(steps)[0]
    handle = model.get_submodule("norm").register_forward_hook(lambda *call: seen.append(call[2].clone()))
    _live(model, probe[0])
    handle.remove()
    return distance(record(steps, [probe])["norm"][0], _last(seen[0]))


def _overrides(model: nn.Module, steps: TorchSteps, network: Network) -> dict[str, Any]:
    """A tensor set for a run: it counts there and nowhere else."""
    probes, end = probes_for(steps), network.output_calls[0]
    other = np.full((3,), 0.25, dtype=np.float32)
    set_run = record(steps, probes, settings=RunSettings(tensors={"norm.bias": other}))[end][0]
    plain = record(steps, probes)[end][0]
    kept = steps.tensor("norm.bias").copy()
    copied = Shared()
    copied.load_state_dict({**model.state_dict(), "norm.bias": torch.from_numpy(other)})
    return {
        "gap": distance(set_run, _live(copied.eval(), probes[0][0])),
        "effect": distance(set_run, plain),
        "gap_afterwards": distance(plain, _live(model, probes[0][0])),
        "is_stored": float(np.abs(kept - other).min()) == 0,
    }


def _settings() -> Iterator[tuple[str, tuple[float, float]]]:
    """By setting: the gap to a plain reference, and how much the setting changed."""
    for name, (module, values, reference) in setting_cases():
        _, steps, network = _model(lambda module=module: nn.Sequential(module), tuple(IMAGE.shape))  # type: ignore[misc]
        image = IMAGE - 10 if name.startswith("max pool") else IMAGE
        probe = np.moveaxis(image.numpy(), 1, -1)
        call = network.output_calls[0]
        with torch.inference_mode():
            wanted = _last(reference(image))
        got = set_one(steps, call, probe, values)
        yield name, (distance(got, wanted), distance(got, record(steps, [(probe,)])[call][0]))
    yield "reads", _reads()


def _reads() -> tuple[float, float]:
    model, steps, network = _model(Chain, tuple(IMAGE.shape))
    assert isinstance(model, Chain)
    probe, end = np.moveaxis(IMAGE.numpy(), 1, -1), network.output_calls[0]
    got = set_one(steps, end, probe, {READS: "second=first"})
    with torch.inference_mode():
        first = model.first(IMAGE)
        wanted = model.third(model.second(first)) + first
    return distance(got, _last(wanted)), distance(got, record(steps, [(probe,)])[end][0])


def _refusals(model: nn.Module, steps: TorchSteps, network: Network) -> dict[str, str]:
    """What is said of something that is not there."""
    probe = probes_for(steps)[0]
    given = {"relu": [np.zeros((1, 8, 6, 3), dtype=np.float32)]}
    tries: dict[str, Callable[[], object]] = {
        "tensor": lambda: steps.tensor("nothing.weight"),
        "between": lambda: steps.between("add", given, FLOAT32, AS_IT_IS),
        "activation": lambda: set_one(steps, "relu", probe[0], {names.ACTIVATION: "no such function"}),
    }
    return {name: _refused(attempt) for name, attempt in tries.items()}


def _refused(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except KeyError as error:
        return str(error.args[0])
    return "was not refused"


def _flattened() -> tuple[float, float]:
    """The gaps of a flattened map, and of a layer alone on a vector, to what is in the order of channels last."""
    model, steps, network = _model(Flat, (1, 3, 5, 6))
    assert isinstance(model, Flat)
    probe = probes_for(steps)[0]
    found = record(steps, [probe])
    wanted = _live(model.convolution, probe[0])
    alone = steps.between(network.output_calls[0], {"convolution": found["convolution"]}, FLOAT32, AS_IT_IS)[0]
    return distance(found[network.output_calls[0]][0], wanted.reshape(1, -1)), distance(alone, wanted.reshape(1, -1))


def _calibration() -> dict[str, Any]:
    """How far two outputs of an untrained network lie apart, before and after, and what was set."""
    model = Deep().eval()
    source = ModelSource(kind=SourceKind.TORCHVISION, name="tried")
    read = read_model(model, torch.zeros(1, 3, 12, 10), source=source, build_s=0.0)
    assert read.traced is not None
    session = ProofSession(TorchSteps(read.traced), read.network, 0)
    before, checksum = _sums(model), session.checksum()
    powers = [_power(session)]
    names_set = calibrate(session)
    powers.append(_power(session))
    return {
        "between_inputs": [power.between_inputs for power in powers],
        "one_pixel_shift": [power.one_pixel_shift for power in powers],
        "names": names_set,
        "are_set": set(names_set) == set(session.tensors),
        "is_untouched": session.checksum() == checksum and _sums(model) == before,
    }


def _power(session: ProofSession) -> Any:
    run = session.source_run(Precision.FLOAT64, session.settings((), ()), (), has_noise_floor=True)
    assert run.next_emitted() is None
    return run.power()


def _session(model: nn.Module, steps: TorchSteps, network: Network) -> dict[str, Any]:
    """A model beside itself: every error, and where one convolution gets other weights in the second run."""
    session = ProofSession(steps, network, 1)
    calls = [call.name for call in network.calls]
    points = [
        Checkpoint(left=call.name, right=call.name, cuts=tuple(dict.fromkeys(call.inputs))) for call in network.calls
    ]
    same = _checked(session, points, calls)
    session.tensors["second.weight"] = steps.tensor("second.weight") * 1.5
    other = _checked(session, points, calls, source=RunSettings())
    return {
        "calls": calls,
        "same": [(result.propagated.relative_l2, result.isolated and result.isolated.relative_l2) for result in same],
        "guilty": [result.left for result in other if result.isolated is None or result.isolated.relative_l2],
        "victims": [result.left for result in other if result.propagated.relative_l2],
    }


def _checked(
    session: ProofSession, points: list[Checkpoint], calls: list[str], source: RunSettings | None = None
) -> list[Any]:
    settings = session.settings((), ())
    run = session.source_run(Precision.FLOAT64, source or settings, calls, has_noise_floor=False)
    check = session.checked_run(Precision.FLOAT64, settings, points, is_isolating=True)
    results: list[Any] = []
    while (found := run.next_emitted()) is not None:
        results += check.check(found.call, found.arrays)
    return results


if __name__ == "__main__":
    main()
