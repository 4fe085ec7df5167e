"""Where the time of a Keras model goes: its graph run layer by layer, or its layers watched as its code calls them."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.performance import LayerTiming
from mbgui.frameworks.keras_call_paths import PreparedCall, TimedModel
from mbgui.frameworks.keras_eager import wrapped_calls
from mbgui.frameworks.keras_graph import GraphStep, Value
from mbgui.frameworks.keras_reading import ModelSteps, find_structure
from mbgui.frameworks.keras_tracing import evaluation_keywords, is_composite
from mbgui.frameworks.layer_stopwatch import LayerStopwatch, time_layers

BY_STEP = "eager passes, one layer after the other; compiled as a whole the model can be faster"
BY_CODE = "eager passes of the model's code, with its layers timed as they are called"


def time_model(timed: TimedModel, prepared: PreparedCall, passes: int) -> LayerTiming:
    """The time of every layer by its path, on the values that were prepared; no pass changes a variable.

    Raises:
        MbguiError: no layer is seen while the model runs.
    """
    inputs = timed.at_batch(prepared.batch_size)
    found = find_structure(timed.model, inputs)
    values = [tf.constant(value) for value in prepared.values]
    timing = _by_code(timed, values, passes) if found.steps is None else _by_step(found.steps, values, passes)
    if not timing.layers:
        raise MbguiError(
            Problem(
                sentence=f"The layers of {timed.title} cannot be timed one by one: none is seen while it runs.",
                advice="Give the parts of its code layers of their own.",
            )
        )
    return timing


def _by_step(steps: ModelSteps, values: list[Any], passes: int) -> LayerTiming:
    graph = _StepByStep(steps, values)
    stopwatch = LayerStopwatch()
    opaque = partial(_opaque_members, steps, stopwatch)
    return time_layers(
        stopwatch, graph.run, partial(graph.run_timed, stopwatch), passes=passes, method=BY_STEP, watched=opaque
    )


def _by_code(timed: TimedModel, values: list[Any], passes: int) -> LayerTiming:
    arguments, named = timed.inputs.arguments(values)
    run = partial(_in_scope, partial(timed.model, *arguments, **evaluation_keywords(timed.model, named)))
    stopwatch = LayerStopwatch()
    watched = partial(wrapped_calls, timed.model, "", partial(_timed_call, stopwatch))
    return time_layers(stopwatch, run, run, passes=passes, method=BY_CODE, watched=watched)


def _in_scope(run: Callable[[], object]) -> object:
    """Whatever a pass assigns to a variable is forgotten."""
    with keras.StatelessScope():
        return run()


def _timed_call(stopwatch: LayerStopwatch, layer: Any, path: str, _parent: str) -> Callable[..., Any]:
    call = layer.call

    def timed(*arguments: Any, **keywords: Any) -> Any:
        stopwatch.enter(path)
        result = call(*arguments, **keywords)
        stopwatch.leave()
        return result

    return timed


@contextmanager
def _opaque_members(steps: ModelSteps, stopwatch: LayerStopwatch) -> Iterator[None]:
    """Watch the members of layers whose code could not be followed, and which therefore run as one step."""
    with ExitStack() as stack:
        watched: set[int] = set()
        for step in steps.steps:
            if is_composite(step.operation) and id(step.operation) not in watched:
                watched.add(id(step.operation))
                wrap = partial(_timed_call, stopwatch)
                stack.enter_context(wrapped_calls(step.operation, _layer_of(step, steps), wrap))
        yield


def _layer_of(step: GraphStep, steps: ModelSteps) -> str:
    """The path of the layer that a step runs: that of its name, unless this is but the last member of the layer."""
    named = step.name.rpartition("@")[0] or step.name
    if not is_composite(step.operation) or steps.owners.get(named) is step.operation:
        return named
    return next((path for path, layer in steps.owners.items() if layer is step.operation), named)


class _StepByStep:
    """A graph that is run one call after the other; what no later call reads is let go."""

    def __init__(self, steps: ModelSteps, values: list[Any]) -> None:
        self._inputs = dict(zip(steps.inputs, values, strict=True))
        self._steps = [(step, _layer_of(step, steps)) for step in steps.steps if not step.is_input]
        self._last_reads = self._where_read_last(steps)

    def run(self) -> None:
        """One pass."""
        with keras.StatelessScope():
            values = dict(self._inputs)
            for (step, _), finished in zip(self._steps, self._last_reads, strict=True):
                arguments, keywords = _arguments(step, values)
                self._keep(step, step.operation(*arguments, **keywords), values, finished)

    def run_timed(self, stopwatch: LayerStopwatch) -> None:
        """One pass that tells the stopwatch of every layer."""
        with keras.StatelessScope():
            values = dict(self._inputs)
            for (step, layer), finished in zip(self._steps, self._last_reads, strict=True):
                arguments, keywords = _arguments(step, values)
                stopwatch.enter(layer)
                result = step.operation(*arguments, **keywords)
                stopwatch.leave()
                self._keep(step, result, values, finished)

    @staticmethod
    def _keep(step: GraphStep, result: Any, values: dict[Value, Any], finished: tuple[Value, ...]) -> None:
        tensors = (value for value in keras.tree.flatten(result) if value is not None)
        values.update(((step.name, place), tensor) for place, tensor in enumerate(tensors))
        for value in finished:
            values.pop(value, None)

    def _where_read_last(self, steps: ModelSteps) -> list[tuple[Value, ...]]:
        """For each step the values that it is the last to read."""
        uses = Counter(value for step, _ in self._steps for value in set(step.values.values()))
        uses.update(steps.outputs)
        finished: list[tuple[Value, ...]] = []
        for step, _ in self._steps:
            read = set(step.values.values())
            uses.subtract(read)
            finished.append(tuple(value for value in read if not uses[value]))
        return finished


def _arguments(step: GraphStep, values: dict[Value, Any]) -> tuple[Any, dict[str, Any]]:
    read = {identifier: values[value] for identifier, value in step.values.items()}
    arguments, keywords = step.arguments.fill_in(read)
    if not getattr(step.operation, "_call_has_training_arg", False):
        return arguments, dict(keywords)
    return arguments, {**keywords, "training": keywords.get("training") is True}
