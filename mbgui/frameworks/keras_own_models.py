"""What code of the user's hands over as a Keras model."""

from typing import Any

import keras

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.source import ModelSource
from mbgui.frameworks.user_code import no_model

_BACKEND = "tensorflow"


def own_model(source: ModelSource, product: object) -> Any:
    """The model or layer that the user's code built.

    Raises:
        MbguiError: it is none, is one of Keras 2, or the code switched Keras to another backend.
    """
    if keras.backend.backend() != _BACKEND:
        raise MbguiError(
            Problem(
                sentence=f"{source.name} switches Keras to {keras.backend.backend()}; mbgui runs it on TensorFlow.",
                advice="Leave keras.config.set_backend and KERAS_BACKEND out; keras.ops runs on every backend.",
            )
        )
    if not isinstance(product, keras.layers.Layer):
        raise _of_keras_2(source, product) if _is_keras_2(product) else no_model(source, product)
    return product


def _is_keras_2(product: object) -> bool:
    kinds = {(base.__module__.partition(".")[0], base.__name__) for base in type(product).__mro__}
    return ("tf_keras", "Layer") in kinds


def _of_keras_2(source: ModelSource, product: object) -> MbguiError:
    return MbguiError(
        Problem(
            sentence=f"{source.name} returned a model of Keras 2 ({type(product).__module__}), not of Keras 3.",
            advice="Import keras in place of tf_keras, or save the model as .h5 and open that file.",
        )
    )
