"""The ways in which a Keras model is called when it is timed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import tensorflow as tf

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.network import TensorSpec
from mbgui.frameworks.keras_inputs import ModelInputs, channels_last
from mbgui.frameworks.keras_tracing import evaluation_keywords
from mbgui.frameworks.timed_inputs import Array, drawn_inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedModel:
    """A model that can be timed, and what it is called with; `specs` of the inputs name whole numbers as such."""

    title: str
    model: Any
    inputs: ModelInputs
    specs: tuple[TensorSpec, ...]

    @property
    def batch_size(self) -> int:
        """The batch it was built for."""
        return self.specs[0].shape[0] if self.specs else 1

    def at_batch(self, batch_size: int) -> ModelInputs:
        """Its inputs with another batch."""
        specs = (replace(spec, shape=(batch_size, *spec.shape[1:])) for spec in self.inputs.specs)
        return replace(self.inputs, specs=tuple(specs))


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCall:
    """A call without arguments on these values; `function` is the tf.function that runs in it, if there is one.

    Outside a GPU TensorFlow runs operations and functions synchronously: a call returns when its result is there.
    """

    path: CallPath
    batch_size: int
    values: tuple[Array, ...]
    call: Callable[[], object]
    function: Callable[[], Any]

    def traces(self) -> int | None:
        """How often the function was traced."""
        count = getattr(self.function(), "experimental_get_tracing_count", None)
        return None if count is None else int(count())


def prepared_call(timed: TimedModel, path: CallPath, *, batch_size: int, seed: int) -> PreparedCall:
    """The model made ready for a call path.

    Raises:
        MbguiError: Keras has no such path, or it cannot hand several arguments to this model.
    """
    drawn = drawn_inputs(timed.specs, batch_size=batch_size, seed=seed, is_channels_first=not channels_last())
    call, function = _call(timed, path, drawn, batch_size)
    return PreparedCall(path=path, batch_size=batch_size, values=tuple(drawn), call=call, function=function)


def _call(
    timed: TimedModel, path: CallPath, values: list[Array], batch_size: int
) -> tuple[Callable[[], object], Callable[[], Any]]:
    if path is CallPath.PREDICT:
        return _predict(timed, values, batch_size), lambda: getattr(timed.model, "predict_function", None)
    arguments, named = timed.inputs.arguments([tf.constant(value) for value in values])
    named = evaluation_keywords(timed.model, named)
    match path:
        case CallPath.CALL:
            return partial(timed.model, *arguments, **named), lambda: None
        case CallPath.TF_FUNCTION | CallPath.XLA:
            traced = _traced(timed.model, named, jit_compile=path is CallPath.XLA)
            return partial(traced, *arguments, **named), lambda: traced
    known = ", ".join(f"“{known}”" for known in CALL_PATHS[Framework.KERAS])
    raise MbguiError(Problem(sentence=f"Keras has no call path “{path}”.", advice=f"Choose one of {known}."))


def _traced(model: Any, named: dict[str, Any], *, jit_compile: bool) -> Any:
    """The model as a tf.function; the word for evaluation is no tensor and becomes part of it."""
    mode = {"training": named.pop("training")} if "training" in named else {}
    # Keras keeps TensorFlow from rewriting the code of layers; the attempt would write a file.
    return tf.function(
        lambda *given, **by_name: model(*given, **by_name, **mode), autograph=False, jit_compile=jit_compile or None
    )


def _predict(timed: TimedModel, values: list[Array], batch_size: int) -> Callable[[], object]:
    if timed.inputs.by_keyword:
        raise MbguiError(
            Problem(
                sentence=f"“predict” hands over one argument, and {timed.model.name} takes {len(values)}.",
                advice=f"Choose “{CallPath.TF_FUNCTION}” or “{CallPath.CALL}”.",
            )
        )
    (batch,), _ = timed.inputs.arguments(values)
    return partial(timed.model.predict, batch, batch_size=batch_size, verbose=0)
