"""A Keras graph run call by call, on several lanes at once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mbgui.domain.network import LayerCall
from mbgui.domain.proof_plan import READS, input_name
from mbgui.frameworks.keras_channels import layouts_of
from mbgui.frameworks.keras_graph import GraphStep, Value
from mbgui.frameworks.keras_reading import ModelSteps
from mbgui.frameworks.keras_settings import run_with
from mbgui.frameworks.stepwise import FLOAT64, Array, Arrays, Lane, RunSettings, StepwiseRun

Values = dict[Value, Any]
_ORDINARY = "float32"
_WIDE = keras.DTypePolicy("float64")


class KerasSteps:
    """A model as the calls of its graph, each of them made by the live layers on values handed over in a scope.

    In float64 layers of the policy `float32` are switched for the length of a call; others keep theirs. Variables are
    read through a stateless scope, so that no call can change one.
    """

    def __init__(self, steps: ModelSteps, calls: Sequence[LayerCall], variables: Mapping[str, Any]) -> None:
        self.steps = steps.steps
        self.inputs = steps.inputs
        self.outputs = steps.outputs
        self._by_name = {step.name: step for step in steps.steps}
        self._calls = {call.name: call for call in calls}
        self.layouts = layouts_of(steps.steps, self._calls)
        self._variables = variables
        self._names = {id(variable): name for name, variable in variables.items()}
        self.input_names = {name: input_name(index) for index, (name, _) in enumerate(steps.inputs)}
        self._orders: dict[tuple[str, frozenset[str]], list[GraphStep]] = {}

    def tensor(self, name: str) -> Array:
        """The values of a stored tensor. Raises `KeyError`."""
        return np.asarray(self._variables[name].value)

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the inputs, channels last."""
        return tuple(self.layouts[name].shape_channels_last(self._shape(name)) for name, _ in self.inputs)

    def own_input(self, index: int, array: Array) -> Array:
        """A value for an input in the layout the model takes it in."""
        name = self.inputs[index][0]
        return self.layouts[name].from_channels_last(array, (array.shape[0], *self._shape(name)[1:]))

    def _shape(self, name: str) -> tuple[int, ...]:
        return self._calls[name].outputs[0].shape

    def begin(self, lanes: Sequence[Lane], settings: RunSettings) -> StepwiseRun:
        """Begin a pass."""
        return _KerasRun(self, lanes, settings)

    def between(self, end: str, given: Mapping[str, Arrays], precision: str, settings: RunSettings) -> Arrays:
        """What the call `end` gives for these values of other calls. Raises `KeyError` where something is missing."""
        order = self._order(end, frozenset(given))
        count = len(next(iter(given.values())))
        results: Arrays = []
        for lane in range(count):
            values: Values = {(self._inner(name), 0): self.entering(name, given[name][lane]) for name in given}
            for step in order:
                run_step(self, step, values, precision, settings)
            results.append(self.leaving(end, values[end, 0]))
        return results

    def _inner(self, name: str) -> str:
        """The input's own name for its number."""
        return next((own for own, numbered in self.input_names.items() if numbered == name), name)

    def entering(self, name: str, array: Array) -> Any:
        """A value in the layout that the call (or input) gives it in."""
        own = self._inner(name)
        shape = (array.shape[0], *self._shape(own)[1:])
        return tf.constant(self.layouts[own].from_channels_last(array, shape))

    def leaving(self, name: str, value: Any) -> Array:
        """What a call gave, channels last."""
        array = np.asarray(value)
        if array.dtype.name == "bfloat16":
            array = array.astype(np.float32)
        return np.ascontiguousarray(self.layouts[name].to_channels_last(array))

    def values_for(self, operation: Any, precision: str, settings: RunSettings) -> dict[int, Any]:
        """The values of a layer's variables in this run, by the variable's id."""
        found: dict[int, Any] = {}
        for variable in getattr(operation, "variables", ()):
            value = settings.tensors.get(self._names.get(id(variable), ""))
            wide = precision == FLOAT64 and variable.dtype == _ORDINARY
            if value is not None or wide:
                raw = variable.value if value is None else tf.constant(value)
                found[id(variable)] = tf.cast(raw, tf.float64 if wide else variable.dtype)
        return found

    def _order(self, end: str, cuts: frozenset[str]) -> list[GraphStep]:
        key = end, cuts
        if key not in self._orders:
            known = {self._inner(name) for name in cuts}
            waiting, wanted = [end], {end}
            while waiting:
                for source, _ in self._by_name[waiting.pop()].values.values():
                    if source in self.input_names and source not in known:
                        raise KeyError(self.input_names[source])
                    if source not in known and source not in wanted:
                        wanted.add(source)
                        waiting.append(source)
            self._orders[key] = [step for step in self.steps if step.name in wanted]
        return self._orders[key]


def run_step(steps: KerasSteps, step: GraphStep, values: Values, precision: str, settings: RunSettings) -> None:
    """Do one call; what it gives joins `values`."""
    own = settings.of(step.name)
    moved = dict(line.partition("=")[::2] for line in str(own.get(READS, "")).splitlines())
    read = {
        identifier: values[moved.get(name, name), 0 if name in moved else place]
        for identifier, (name, place) in step.values.items()
    }
    arguments, keywords = step.arguments.fill_in(read)
    if isinstance(step.operation, keras.layers.Layer):
        keywords = _evaluating(step.operation, keywords)
    attributes = {name: value for name, value in own.items() if name != READS}
    scope = keras.StatelessScope()
    scope.state_mapping.update(steps.values_for(step.operation, precision, settings))
    with _wide_policies(step.operation, precision), scope:
        result = (
            run_with(step.operation, arguments, keywords, attributes)
            if attributes
            else step.operation(*arguments, **keywords)
        )
    tensors = (value for value in keras.tree.flatten(result) if value is not None)
    values.update(((step.name, place), tensor) for place, tensor in enumerate(tensors))


def _evaluating(layer: Any, keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluation mode, unless the code says training whatever the model is called with."""
    if not getattr(layer, "_call_has_training_arg", False):
        return dict(keywords)
    return {**keywords, "training": keywords.get("training") is True}


@contextmanager
def _wide_policies(operation: Any, precision: str) -> Iterator[None]:
    layers = _ordinary_layers(operation) if precision == FLOAT64 else []
    before = [layer.dtype_policy for layer in layers]
    floatx = keras.config.floatx()
    try:
        if precision == FLOAT64:
            keras.config.set_floatx(FLOAT64)
        for layer in layers:
            layer.dtype_policy = _WIDE
        yield
    finally:
        for layer, policy in zip(layers, before, strict=True):
            layer.dtype_policy = policy
        keras.config.set_floatx(floatx)


def _ordinary_layers(operation: Any) -> list[Any]:
    if not isinstance(operation, keras.layers.Layer):
        return []
    return [layer for layer in operation._flatten_layers() if layer.dtype_policy.name == _ORDINARY]  # noqa: SLF001


class _KerasRun:
    def __init__(self, steps: KerasSteps, lanes: Sequence[Lane], settings: RunSettings) -> None:
        self._steps = steps
        self._lanes = lanes
        self._settings = settings
        self._values: list[Values] = [
            {value: tf.constant(array) for value, array in zip(steps.inputs, lane.inputs, strict=True)}
            for lane in lanes
        ]
        self._uses: Counter[str] = Counter(name for step in steps.steps for name, _ in step.values.values())
        self._uses.update(dict.fromkeys(settings.sources_kept(), len(steps.steps)))
        self._waiting = iter(steps.steps)
        self._last = ""

    def advance(self) -> str | None:
        """Do the next call; an input is there already."""
        step = next((step for step in self._waiting if not step.is_input), None)
        if step is None:
            return None
        for lane, values in zip(self._lanes, self._values, strict=True):
            run_step(self._steps, step, values, lane.precision, self._settings)
        self._release(step)
        self._last = step.name
        return step.name

    def activations(self) -> Arrays | None:
        """What the last call gave."""
        if any((self._last, 1) in values for values in self._values):
            return None
        return [self._steps.leaving(self._last, values[self._last, 0]) for values in self._values]

    def _release(self, step: GraphStep) -> None:
        """Forget what no later call reads."""
        for name, _ in step.values.values():
            self._uses[name] -= 1
            if not self._uses[name]:
                self._drop(name)
        if self._last and self._last not in self._uses:
            self._drop(self._last)

    def _drop(self, name: str) -> None:
        for values in self._values:
            for value in [value for value in values if value[0] == name]:
                del values[value]
