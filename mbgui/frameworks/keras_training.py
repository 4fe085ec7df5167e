"""Whether a BatchNorm of the user's own normalises by the batch in evaluation, too."""

from contextlib import suppress
from typing import Any

import keras
from keras import layers

from mbgui.domain.network import TensorSpec


def trains_in_evaluation(layer: Any, given: TensorSpec) -> bool:
    """Whether a subclass of `BatchNormalization` hands on `training=True` when it is called with `training=False`.

    Its `call` runs on a symbolic tensor and with a stand-in for Keras's own, so nothing is computed and no statistic is
    changed. A class that does not go through `super().call` is not seen through.
    """
    if type(layer).call is layers.BatchNormalization.call:
        return False
    asked: list[bool] = []

    class Listening(layers.BatchNormalization):  # type: ignore[misc]
        def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:  # noqa: ARG002
            asked.append(bool(training))
            return inputs

    with suppress(Exception):  # code of the user's may raise anything on a tensor without values
        stand_in = type("StandIn", (type(layer), Listening), {})
        probe: Any = object.__new__(stand_in)
        probe.__dict__ = layer.__dict__
        probe.call(keras.KerasTensor(given.shape, given.dtype), training=False)
    return any(asked)
