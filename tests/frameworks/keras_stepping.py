"""Runs small Keras models call by call, in a process of its own; prints what that told as JSON."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.frameworks.keras_networks import MODELS, output  # isort: skip  it takes the output before TensorFlow speaks

import keras
import numpy as np
from keras import layers, ops

from mbgui.domain import attribute_names as names
from mbgui.domain.input_shape import InputShape
from mbgui.domain.network import AttributeValue, Network
from mbgui.domain.proof_plan import AFTER, READS, SKIP
from mbgui.domain.source import ModelSource, SourceKind
from mbgui.frameworks.keras_reading import find_structure, model_inputs, read_network
from mbgui.frameworks.keras_steps import KerasSteps
from mbgui.frameworks.keras_tensors import named_variables
from mbgui.frameworks.stepwise import FLOAT32, FLOAT64, Array, RunSettings
from tests.frameworks.stepping import AS_IT_IS, distance, probes_for, record, relative, set_one, unlike_between

Settings = Mapping[str, AttributeValue]
Case = tuple[Any, Settings, Callable[[Any], Any]]
IMAGE = np.random.default_rng(3).standard_normal((2, 9, 8, 3)).astype("float32")
TRIED = ("nested", "shared", "kinds", "functions", "transformer", "subclassed", "nested code", "windows")


def main() -> None:
    """Print what was found."""
    keras.utils.set_random_seed(0)
    models = {name: _steps(*_built(name)) for name in TRIED}
    models["zoo"] = _steps(keras.applications.MobileNetV2((64, 48, 3), weights=None, alpha=0.35), ())
    runs = {
        "models": {name: _told(*found) for name, found in models.items()},
        "training": _training(),
        "mixed": _mixed(),
        "dense": _dense(),
        "overrides": _overrides(),
        "settings": dict(_settings()),
        "layer afterwards": _afterwards(),
        "refusals": _refusals(*models["shared"]),
        "flattened": _flattened(),
    }
    json.dump({"networks": {}, "problems": {}, "runs": runs}, output)
    output.close()
    sys.stdout.flush()


def _built(name: str) -> tuple[Any, tuple[int, ...]]:
    build, sizes = MODELS[name]
    return build(), sizes


def _steps(model: Any, sizes: tuple[int, ...]) -> tuple[Any, KerasSteps, Network]:
    """A model with moving statistics of its own, and what it takes to run it."""
    inputs = model_inputs(model, (InputShape(sizes=sizes),) if sizes else (), 2, "tried")
    generator = np.random.default_rng(4)
    for variable in model.variables:
        if variable.path.endswith("moving_mean"):
            variable.assign(generator.normal(0, 0.1, variable.shape))
        if variable.path.endswith("moving_variance"):
            variable.assign(generator.uniform(0.5, 1.5, variable.shape))
    found = find_structure(model, inputs)
    network = read_network(model, inputs, found, source=ModelSource(kind=SourceKind.KERAS, name="tried"), build_s=0.0)
    assert found.steps is not None
    return model, KerasSteps(found.steps, network.calls, named_variables(model, found.steps.owners)), network


def _told(model: Any, steps: KerasSteps, network: Network) -> dict[str, Any]:
    """What a model's outputs, its calls run alone, and its variables say."""
    probes = probes_for(steps)
    before = _sums(model)
    narrow, wide = record(steps, probes), record(steps, probes, FLOAT64)
    alone = record(steps, probes[1:])
    end = network.output_calls[0]
    live = [_live(model, probe[0]) for probe in probes]
    return {
        "calls": len(narrow),
        "output_gap": max(distance(narrow[end][lane], live[lane]) for lane in range(2)),
        "lane_gap": max(distance(narrow[name][1], alone[name][0]) for name in narrow),
        "unlike_between": unlike_between(steps, network, probes),
        "wide_formats": sorted({str(array.dtype) for arrays in wide.values() for array in arrays}),
        "rounding": [relative(wide[name][0], narrow[name][0]) for name in narrow],
        "is_untouched": _sums(model) == before,
    }


def _live(model: Any, probe: Array) -> Array:
    result = model(probe.astype("float32"), training=False)
    return np.asarray(result[0] if isinstance(result, list | tuple) else result)


def _sums(model: Any) -> list[Any]:
    """Everything a run could change: variables, number formats, activations and epsilons."""
    values = [np.asarray(variable.value).tobytes() for variable in model.variables]
    formats = [(layer.dtype_policy.name, layer.trainable) for layer in model._flatten_layers()]
    return [values, formats, keras.config.floatx(), keras.config.dtype_policy().name]


def _training() -> dict[str, Any]:
    """BatchNorm that the code calls in training mode: the batch's own statistics, and none of them kept."""
    image = keras.Input((6, 5, 3), batch_size=4)
    model, steps, network = _steps(keras.Model(image, layers.BatchNormalization(name="norm")(image, training=True)), ())
    probe = np.random.default_rng(1).standard_normal((4, 6, 5, 3)) + 2
    before = _sums(model)
    found = record(steps, [(probe,)])[network.output_calls[0]][0]
    is_untouched = _sums(model) == before
    mean, variance = probe.mean((0, 1, 2)), probe.var((0, 1, 2))
    return {"gap": distance(found, (probe - mean) / np.sqrt(variance + 1e-3)), "is_untouched": is_untouched}


def _mixed() -> dict[str, Any]:
    """A layer of its own number format between ordinary ones, all of it run in float64."""
    rows = keras.Input((6,), name="rows")
    half = layers.Dense(5, dtype="mixed_float16", name="half")(layers.Dense(4, name="wide")(rows))
    model, steps, network = _steps(keras.Model(rows, layers.Dense(3, name="end", dtype="float32")(half)), ())
    probe = probes_for(steps)[0]
    narrow, wide = record(steps, [probe]), record(steps, [probe], FLOAT64)
    return {
        "formats": {name: str(arrays[0].dtype) for name, arrays in wide.items()},
        "live_gap": distance(narrow[network.output_calls[0]][0], _live(model, probe[0])),
        "policies": {layer.name: layer.dtype_policy.name for layer in model.layers},
    }


def _dense() -> float:
    """The relative gap of a dense layer in float64 to the same product in NumPy."""
    rows = keras.Input((6,), name="rows")
    _model, steps, _network = _steps(keras.Model(rows, layers.Dense(5, name="dense")(rows)), ())
    probe = probes_for(steps)[0]
    kernel, bias = (steps.tensor(f"dense/{role}").astype("float64") for role in ("kernel", "bias"))
    return relative(probe[0] @ kernel + bias, record(steps, [probe], FLOAT64)["dense"][0])


def _overrides() -> dict[str, Any]:
    """A tensor set for a run: it counts there and nowhere else."""
    model, steps, network = _steps(*_built("nested"))
    probes, end = probes_for(steps), network.output_calls[0]
    own = steps.tensor("head/bias").copy()
    other = np.linspace(-2, 2, 5, dtype="float32")
    found = record(steps, probes, settings=RunSettings(tensors={"head/bias": other}))[end][0]
    plain = record(steps, probes)[end][0]
    kept = steps.tensor("head/bias").copy()
    model.get_layer("head").bias.assign(other)
    return {
        "gap": distance(found, _live(model, probes[0][0])),
        "effect": distance(found, plain),
        "kept_gap": distance(kept, own),
    }


def _settings() -> Iterator[tuple[str, tuple[float, float]]]:
    """By setting: the gap to a plain reference, and how much the setting changed."""
    for name, (layer, values, reference) in _cases():
        image = IMAGE - 10 if name.startswith("max pool") else IMAGE
        symbol = keras.Input(IMAGE.shape[1:])
        _model, steps, network = _steps(keras.Model(symbol, layer(symbol)), ())
        call = network.output_calls[0]
        got = set_one(steps, call, image, values)
        yield name, (distance(got, reference(image)), distance(got, record(steps, [(image,)])[call][0]))
    yield "reads", _reads()


def _cases() -> Iterator[tuple[str, Case]]:
    convolution = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu", bias_initializer="ones")

    def convolved(image: Any, sides: Any = ((0, 0), (0, 0)), **how: Any) -> Any:
        own = {"strides": 2, "padding": "valid", **how}
        padded = ops.pad(image, ((0, 0), *sides, (0, 0)))
        return ops.conv(padded, convolution.kernel, **own) + convolution.bias

    def same(image: Any, **how: Any) -> Any:
        return convolved(image, padding="same", **how)

    sides = (0, 1), (2, 3)
    four: Settings = {names.PADDING: (0, 1, 2, 3)}
    yield "padding", (convolution, four, lambda image: ops.relu(convolved(image, sides)))
    cropped: Settings = {names.PADDING: (-1, 0, 1, -2)}
    yield "cropping", (convolution, cropped, lambda image: ops.relu(convolved(image[:, 1:, :-2], ((0, 0), (1, 0)))))
    without: Settings = {names.USE_BIAS: False}
    yield "no bias", (convolution, without, lambda image: ops.relu(same(image) - convolution.bias))
    yield "strides", (convolution, {names.STRIDES: (1, 1)}, lambda image: ops.relu(same(image, strides=(1, 1))))
    wider: Settings = {names.STRIDES: (1, 1), names.DILATION: (2, 2)}
    yield (
        "dilation",
        (convolution, wider, lambda image: ops.relu(same(image, strides=(1, 1), dilation_rate=(2, 2)))),
    )
    yield "fused activation", (convolution, {names.ACTIVATION: "gelu"}, lambda image: ops.gelu(same(image), False))
    yield "no fused activation", (convolution, {names.ACTIVATION: "linear"}, same)
    bounded: Settings = {AFTER + names.ACTIVATION: "relu", AFTER + names.MAX_VALUE: 0.25}
    yield "after", (convolution, bounded, lambda image: ops.clip(same(image), 0, 0.25))
    yield "skip", (layers.Activation("tanh"), {SKIP: True}, lambda image: image)
    yield from _other_cases()


def _other_cases() -> Iterator[tuple[str, Case]]:
    norm, largest = layers.BatchNormalization(), layers.MaxPooling2D(3, 2)

    def normalised(image: Any, mean: Any, variance: Any, epsilon: float) -> Any:
        return (image - mean) / np.sqrt(variance + epsilon)

    def with_epsilon(image: Any) -> Any:
        return normalised(image, norm.moving_mean.numpy(), norm.moving_variance.numpy(), 0.1)

    def of_batch(image: Any) -> Any:
        return normalised(image, image.mean((0, 1, 2)), image.var((0, 1, 2)), 1e-3)

    def padded(image: Any) -> Any:
        wide = np.pad(image, ((0, 0), (1, 0), (0, 1), (0, 0)), constant_values=-np.inf)
        return ops.max_pool(wide, 3, 2)

    yield "epsilon", (norm, {names.EPSILON: 0.1}, with_epsilon)
    yield "batch statistics", (norm, {names.BATCH_STATISTICS: True}, of_batch)
    yield "max pool padding", (largest, {names.PADDING: (1, 0, 0, 1)}, padded)
    yield (
        "activation layer",
        (layers.ReLU(6.0), {names.ACTIVATION: "sigmoid"}, lambda image: 1 / (1 + np.exp(-image))),
    )
    slope: Settings = {names.ACTIVATION: "leaky_relu", names.NEGATIVE_SLOPE: 0.3}
    yield "slope", (layers.LeakyReLU(0.1), slope, lambda image: np.where(image >= 0, image, 0.3 * image))
    bounds: Settings = {names.ACTIVATION: "relu", names.MAX_VALUE: 0.5}
    yield "bound", (layers.ReLU(6.0), bounds, lambda image: np.clip(image, 0, 0.5))


def _reads() -> tuple[float, float]:
    symbol = keras.Input(IMAGE.shape[1:])
    first, second, third = (layers.Conv2D(3, 1, name=name) for name in ("first", "second", "third"))
    middle = second(first(symbol))
    _model, steps, _network = _steps(keras.Model(symbol, layers.Add(name="sum")([third(middle), middle])), ())
    got = set_one(steps, "sum", IMAGE, {READS: "second=first"})
    wanted = third(second(first(IMAGE))) + first(IMAGE)
    return distance(got, wanted), distance(got, record(steps, [(IMAGE,)])["sum"][0])


def _afterwards() -> dict[str, bool]:
    """Whether a layer is as it was after a run with settings, and after one that failed on the way."""
    symbol = keras.Input(IMAGE.shape[1:])
    layer = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")
    _model, steps, network = _steps(keras.Model(symbol, layer(symbol)), ())
    call, before = network.output_calls[0], layer.get_config()
    set_one(steps, call, IMAGE, {names.PADDING: (1, 1, 1, 1), names.ACTIVATION: "gelu", names.STRIDES: (1, 1)})
    is_kept = layer.get_config() == before
    try:
        set_one(steps, call, IMAGE, {names.DILATION: (2, 2)})  # not together with its strides
    except Exception:  # noqa: BLE001  whatever TensorFlow raises
        return {"after success": is_kept, "after failure": layer.get_config() == before}
    return {"after success": is_kept, "after failure": False}


def _refusals(model: Any, steps: KerasSteps, network: Network) -> dict[str, str]:
    """What is said of something that is not there or cannot be."""
    probe, end = probes_for(steps)[0][0], network.output_calls[0]
    given = {"relu": [np.zeros((2, 8, 8, 3), dtype="float32")]}
    tries: dict[str, Callable[[], object]] = {
        "tensor": lambda: steps.tensor("nothing/kernel"),
        "between": lambda: steps.between(end, given, FLOAT32, AS_IT_IS),
        "activation": lambda: set_one(steps, "shared", probe, {names.ACTIVATION: "no such function"}),
        "attribute": lambda: set_one(steps, "relu", probe, {names.EPSILON: 0.1}),
        "pooling": lambda: set_one(steps, "shared", probe, {names.POOLING: "max"}),
    }
    symbol = keras.Input(IMAGE.shape[1:])
    average = _steps(keras.Model(symbol, layers.AveragePooling2D(2, name="average")(symbol)), ())[1]
    tries["average"] = lambda: set_one(average, "average", IMAGE, {names.PADDING: (1, 0, 0, 0)})
    return {name: _refused(attempt) for name, attempt in tries.items()}


def _refused(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except KeyError as error:
        return str(error.args[0])
    return "was not refused"


def _flattened() -> tuple[float, float]:
    """The gaps of vectors flattened from a map, as it is and with its channels first, to one order."""
    symbol = keras.Input((5, 6, 3))
    plain = layers.Flatten()(symbol)
    first = layers.Flatten()(layers.Permute((3, 1, 2))(symbol))
    gaps = []
    for made in (plain, first):
        _model, steps, network = _steps(keras.Model(symbol, made), ())
        probe = probes_for(steps)[0]
        found = record(steps, [probe])[network.output_calls[0]][0]
        gaps.append(distance(found, probe[0].astype("float32").reshape(found.shape)))
    return gaps[0], gaps[1]


if __name__ == "__main__":
    main()
