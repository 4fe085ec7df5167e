"""One small network in either framework's terms, and NumPy in place of the frameworks to run it call by call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mbgui.domain import attribute_names as names
from mbgui.domain.framework import Framework
from mbgui.domain.network import (
    AttributeValue,
    Layer,
    LayerCall,
    LayerKind,
    Network,
    StoredTensor,
    TensorPurpose,
    TensorSpec,
    TensorStatistics,
)
from mbgui.domain.proof_plan import AFTER, SKIP, input_name
from mbgui.frameworks.stepwise import Array, Arrays, Lane, RunSettings
from tests.support.layer_graphs import network_of
from tests.support.records import KERAS_SOURCE, TORCH_SOURCE, layer, tensor

SIZE = (8, 8)
INNER, CLASSES = 5, 4
_MOVING = ("running_mean", "running_var", "moving_mean", "moving_variance")
_CONVOLUTION: dict[str, AttributeValue] = {
    names.KERNEL_SIZE: (1, 1),
    names.STRIDES: (1, 1),
    names.PADDING: (0, 0, 0, 0),
    names.GROUPS: 1,
    names.IN_CHANNELS: 3,
    names.OUT_CHANNELS: INNER,
    names.USE_BIAS: False,
}
_DENSE: dict[str, AttributeValue] = {names.IN_CHANNELS: INNER, names.OUT_CHANNELS: CLASSES, names.USE_BIAS: True}
Weights = Mapping[str, Array]


def torch_weights(seed: int = 0, *, is_untrained: bool = False) -> dict[str, Array]:
    """Values of the PyTorch side's tensors."""
    random = np.random.default_rng(seed)
    spread = 0.0 if is_untrained else 0.3
    return {
        "conv.weight": random.standard_normal((INNER, 3, 1, 1)).astype(np.float32),
        "norm.weight": random.uniform(0.5, 1.5, INNER).astype(np.float32),
        "norm.bias": random.standard_normal(INNER).astype(np.float32),
        "norm.running_mean": (spread * random.standard_normal(INNER)).astype(np.float32),
        "norm.running_var": (1 + spread * random.uniform(-1, 1, INNER)).astype(np.float32),
        "head.weight": random.standard_normal((CLASSES, INNER)).astype(np.float32),
        "head.bias": random.standard_normal(CLASSES).astype(np.float32),
    }


def keras_weights(weights: Weights) -> dict[str, Array]:
    """The same values as the Keras side stores them."""
    return {
        "conv/kernel": np.ascontiguousarray(weights["conv.weight"].transpose(2, 3, 1, 0)),
        "norm/gamma": weights["norm.weight"],
        "norm/beta": weights["norm.bias"],
        "norm/moving_mean": weights["norm.running_mean"],
        "norm/moving_variance": weights["norm.running_var"],
        "head/kernel": np.ascontiguousarray(weights["head.weight"].T),
        "head/bias": weights["head.bias"],
    }


def small_network(
    framework: Framework,
    weights: Weights,
    size: tuple[int, int] = SIZE,
    *,
    epsilon: float = 1e-3,
    head: str = "",
    channels: int = 3,
) -> Network:
    """A 1×1 convolution, BatchNorm, ReLU, global pooling and a dense layer with the activation `head` in it."""
    is_torch = framework is Framework.PYTORCH
    tensors = tuple(_stored(name, values) for name, values in weights.items())
    layers = tuple(_layers(is_torch, size, epsilon, head))
    image = (1, channels, *size) if is_torch else (1, *size, channels)
    return replace(
        network_of(layers, tensors, ("head",)),
        source=TORCH_SOURCE if is_torch else KERAS_SOURCE,
        framework=framework,
        class_name="SmallNet" if is_torch else "Functional",
        data_layout="NCHW" if is_torch else "NHWC",
        inputs=(TensorSpec(shape=image, dtype="float32"),),
        outputs=(TensorSpec(shape=(1, CLASSES), dtype="float32"),),
    )


def _layers(is_torch: bool, size: tuple[int, int], epsilon: float, head: str) -> Iterator[Layer]:
    image = (INNER, *size) if is_torch else (*size, INNER)
    fused: dict[str, AttributeValue] = {names.ACTIVATION: head} if head else {}
    normed: dict[str, AttributeValue] = {names.EPSILON: epsilon}
    kinds = LayerKind
    yield layer("conv", "Conv2d" if is_torch else "Conv2D", kinds.CONVOLUTION, image, attributes=_CONVOLUTION)
    norm = "BatchNorm2d" if is_torch else "BatchNormalization"
    yield layer("norm", norm, kinds.BATCH_NORMALIZATION, image, inputs=("conv",), attributes=normed)
    yield layer("relu", "ReLU", kinds.ACTIVATION, image, inputs=("norm",), attributes={names.ACTIVATION: "relu"})
    pool = "AdaptiveAvgPool2d" if is_torch else "GlobalAveragePooling2D"
    pooling: dict[str, AttributeValue] = {names.POOLING: "average"}
    yield layer("pool", pool, kinds.GLOBAL_POOLING, (INNER,), inputs=("relu",), attributes=pooling)
    yield layer(
        "head", "Linear" if is_torch else "Dense", kinds.DENSE, (CLASSES,), inputs=("pool",),
        attributes={**_DENSE, **fused},
    )  # fmt: skip


def _stored(name: str, values: Array) -> StoredTensor:
    purpose = TensorPurpose.MOVING_STATISTIC if name.endswith(_MOVING) else TensorPurpose.LEARNABLE
    statistics = TensorStatistics(
        mean=float(values.mean()),
        std=float(values.std()),
        minimum=float(values.min()),
        maximum=float(values.max()),
        non_finite_count=0,
    )
    return replace(tensor(name, values.shape, purpose), statistics=statistics)


@dataclass(slots=True)
class NumpySteps:
    """A `StepwiseModel`. `factors` are what the outputs of layers are multiplied by behind everybody's back."""

    network: Network
    weights: Weights
    factors: Mapping[str, float] = field(default_factory=dict)

    def tensor(self, name: str) -> Array:
        return self.weights[name]

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        shape = self.network.inputs[0].shape
        is_last = self.network.data_layout == "NHWC"
        return (shape if is_last else (shape[0], *shape[2:], shape[1]),)

    def own_input(self, index: int, array: Array) -> Array:
        return array

    def begin(self, lanes: Sequence[Lane], settings: RunSettings) -> "_Run":
        return _Run(self, lanes, settings)

    def between(self, end: str, given: Mapping[str, Arrays], precision: str, settings: RunSettings) -> Arrays:
        calls = {call.name: call for call in self.network.calls}
        count = len(next(iter(given.values())))
        return [
            self._value(calls, end, {name: arrays[lane] for name, arrays in given.items()}, precision, settings)
            for lane in range(count)
        ]

    def compute(self, call: LayerCall, value: Array, precision: str, settings: RunSettings) -> Array:
        """What a call gives for what it reads."""
        own = settings.of(call.name)
        if SKIP in own:
            return value
        found = next(one for one in self.network.layers if one.path == call.layer)
        stored = {
            _role(name): settings.tensors.get(name, self.weights[name]).astype(precision) for name in call.tensors
        }
        attributes = {one.name: one.value for one in found.attributes} | dict(own)
        result = _LAYERS[found.kind](value, stored, attributes) * self.factors.get(call.layer, 1.0)
        if found.kind is LayerKind.DENSE and attributes.get(names.ACTIVATION) == "softmax":
            result = _softmax(result)
        return _softmax(result) if own.get(AFTER + names.ACTIVATION) == "softmax" else result

    def _value(
        self,
        calls: Mapping[str, LayerCall],
        name: str,
        given: Mapping[str, Array],
        precision: str,
        settings: RunSettings,
    ) -> Array:
        call = calls[name]
        source = call.inputs[0] if call.inputs else input_name(0)
        value = given[source] if source in given else self._value(calls, source, given, precision, settings)
        return self.compute(call, value, precision, settings)


class _Run:
    def __init__(self, steps: NumpySteps, lanes: Sequence[Lane], settings: RunSettings) -> None:
        self._steps = steps
        self._lanes = lanes
        self._settings = settings
        self._values = [lane.inputs[0] for lane in lanes]
        self._waiting = iter(steps.network.calls)

    def advance(self) -> str | None:
        call = next(self._waiting, None)
        if call is None:
            return None
        self._values = [
            self._steps.compute(call, value, lane.precision, self._settings)
            for value, lane in zip(self._values, self._lanes, strict=True)
        ]
        return call.name

    def activations(self) -> Arrays | None:
        return self._values


_ROLES = {
    "norm.weight": "scale", "norm.bias": "offset", "norm.running_mean": "mean", "norm.running_var": "variance",
    "norm/gamma": "scale", "norm/beta": "offset", "norm/moving_mean": "mean", "norm/moving_variance": "variance",
    "conv.weight": "torch kernel", "head.weight": "torch kernel",
    "conv/kernel": "kernel", "head/kernel": "kernel", "head.bias": "bias", "head/bias": "bias",
}  # fmt: skip


def _role(name: str) -> str:
    return _ROLES[name]


def _product(value: Array, stored: Weights, _attributes: Mapping[str, Any]) -> Array:
    kernel = stored["kernel"] if "kernel" in stored else np.moveaxis(stored["torch kernel"], (0, 1), (-1, -2))
    columns = np.ascontiguousarray(kernel.reshape(kernel.shape[-2:]))  # other strides are added up in another order
    result: Array = np.ascontiguousarray(value) @ columns + stored.get("bias", 0)
    return result


def _normalised(value: Array, stored: Weights, attributes: Mapping[str, Any]) -> Array:
    scale = stored["scale"] / np.sqrt(stored["variance"] + value.dtype.type(attributes[names.EPSILON]))
    result: Array = (value - stored["mean"]) * scale + stored["offset"]
    return result


def _rectified(value: Array, _stored: Weights, _attributes: Mapping[str, Any]) -> Array:
    return np.maximum(value, 0)


def _pooled(value: Array, _stored: Weights, _attributes: Mapping[str, Any]) -> Array:
    result: Array = value.mean(axis=(1, 2))
    return result


def _softmax(value: Array) -> Array:
    powers = np.exp(value - value.max(axis=-1, keepdims=True))
    result: Array = powers / powers.sum(axis=-1, keepdims=True)
    return result


_LAYERS: Mapping[LayerKind, Any] = {
    LayerKind.CONVOLUTION: _product,
    LayerKind.DENSE: _product,
    LayerKind.BATCH_NORMALIZATION: _normalised,
    LayerKind.ACTIVATION: _rectified,
    LayerKind.GLOBAL_POOLING: _pooled,
}
