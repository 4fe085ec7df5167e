"""The ways in which a Keras model is called when it is timed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from mbgui.domain.error_text import error_detail
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath
from mbgui.domain.network import TensorSpec
from mbgui.frameworks.keras_errors import reason
from mbgui.frameworks.keras_inputs import ModelInputs
from mbgui.frameworks.keras_tracing import evaluation_keywords

Array = np.ndarray[Any, Any]


def prepared_call(  # noqa: PLR0913  everything that a timed call depends on
    model: Any, inputs: ModelInputs, specs: tuple[TensorSpec, ...], call_path: CallPath, *, batch_size: int, seed: int
) -> Callable[[], object]:
    """A call without arguments, on inputs of the shapes given.

    Raises:
        MbguiError: Keras has no such path, or it cannot hand several arguments to this model.
    """
    generator = np.random.default_rng(seed)
    values = [_value(spec, batch_size, generator) for spec in specs]
    if call_path is CallPath.PREDICT:
        return _predict(model, inputs, values, batch_size)
    arguments, named = inputs.arguments([tf.constant(value) for value in values])
    named = evaluation_keywords(model, named)
    if call_path is CallPath.CALL:
        return lambda: model(*arguments, **named)
    if call_path is CallPath.TF_FUNCTION:
        mode = {"training": named.pop("training")} if "training" in named else {}
        # Keras keeps TensorFlow from rewriting the code of layers; the attempt would write a file.
        traced = tf.function(lambda *given, **by_name: model(*given, **by_name, **mode), autograph=False)
        return lambda: traced(*arguments, **named)
    known = ", ".join(f"“{path}”" for path in (CallPath.TF_FUNCTION, CallPath.PREDICT, CallPath.CALL))
    raise MbguiError(Problem(sentence=f"Keras has no call path “{call_path}”.", advice=f"Choose one of {known}."))


def not_runnable(model: str, call_path: CallPath, error: Exception) -> MbguiError:
    """Code of the user's that a call path cannot run, such as a decision by a value where there are no values yet."""
    return MbguiError(
        Problem(
            sentence=f"{model} cannot be run by “{call_path}” ({reason(error)}).",
            advice=f"Choose another call path: “{CallPath.CALL}” runs what Python runs.",
            detail=error_detail(error),
        )
    )


def _value(spec: TensorSpec, batch_size: int, generator: np.random.Generator) -> Array:
    """Standard normal numbers; whole numbers are zeros, which every embedding has a row for."""
    shape = (batch_size, *spec.shape[1:])
    if not spec.dtype.startswith(("float", "bfloat")):
        return np.zeros(shape, dtype=spec.dtype if spec.dtype != "string" else "int32")
    return generator.standard_normal(shape, dtype=np.float32)


def _predict(model: Any, inputs: ModelInputs, values: list[Array], batch_size: int) -> Callable[[], object]:
    if inputs.by_keyword:
        raise MbguiError(
            Problem(
                sentence=f"“predict” hands over one argument, and {model.name} takes {len(values)}.",
                advice=f"Choose “{CallPath.TF_FUNCTION}” or “{CallPath.CALL}”.",
            )
        )
    (batch,), _ = inputs.arguments(values)
    return lambda: model.predict(batch, batch_size=batch_size, verbose=0)
