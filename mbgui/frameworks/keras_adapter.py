"""Keras models on TensorFlow: build, read, run."""

import gc
import inspect
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # both are read at import

import keras
import numpy as np
import tensorflow as tf

from mbgui.domain.environment import Version
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath
from mbgui.domain.network import Network
from mbgui.domain.request import DEFAULT_INPUT_SIZE, DEFAULT_RIGHT, Weights
from mbgui.domain.source import ModelSource
from mbgui.frameworks.collector_rest import collector_resting, keep_forever
from mbgui.frameworks.held_model import HeldModel, LoadRequest
from mbgui.frameworks.keras_reading import read_network
from mbgui.frameworks.model_lookup import input_refused, require_known, weights_unavailable
from mbgui.frameworks.timed_calls import time_calls


class KerasAdapter:
    """Reads and runs the models of `keras.applications`."""

    def __init__(self, threads: int) -> None:
        with suppress(RuntimeError):  # only before the first operation; a later adapter keeps the first's
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
            tf.config.set_visible_devices([], "GPU")  # both frameworks are compared on the processor
        self._held: HeldModel | None = None
        self._call: Callable[[], object] | None = None

    def versions(self) -> tuple[Version, ...]:
        """Keras and TensorFlow."""
        return (
            Version(name="keras", version=str(keras.__version__)),
            Version(name="tensorflow", version=str(tf.__version__)),
        )

    def model_names(self) -> tuple[str, ...]:
        """The model functions of `keras.applications`."""
        return tuple(sorted(name for name, _ in inspect.getmembers(keras.applications, inspect.isfunction)))

    def warm_up(self) -> None:
        """Load the model that the app preselects, which starts TensorFlow's runtime."""
        self.load(DEFAULT_RIGHT, input_size=DEFAULT_INPUT_SIZE, batch_size=1, weights=Weights.NONE, seed=0)
        keep_forever()

    def load(
        self, source: ModelSource, *, input_size: tuple[int, int], batch_size: int, weights: Weights, seed: int
    ) -> Network:
        """Build a model of `keras.applications` and read it, unless it is held. Raises as the protocol says."""
        request = LoadRequest(source=source, input_size=input_size, batch_size=batch_size, weights=weights, seed=seed)
        self._call = None
        if self._held is None or self._held.request != request:
            require_known(source.name, self.model_names(), prefix="keras", family="Keras")
            self._forget()
            self._held = _load(request)
        return self._held.network

    def _forget(self) -> None:
        """Free the memory of the model held; Keras's models are full of cycles, so it takes the collector."""
        had_model, self._held = self._held is not None, None
        keras.backend.clear_session()  # also lets names such as `input_layer` begin anew
        if had_model:
            gc.collect()

    def prepare(self, call_path: CallPath, *, batch_size: int, seed: int) -> float:
        """Make the input and call once, which traces. Raises `MbguiError` for no model or an unknown path."""
        if self._held is None:
            raise _nothing_to_time()
        values = np.random.default_rng(seed).standard_normal(
            (batch_size, *self._held.request.input_size, 3), dtype=np.float32
        )
        self._call = _call_by(self._held.model, call_path, values)
        return self.measure(1)[0]

    def measure(self, runs: int) -> tuple[float, ...]:
        """Time calls by the prepared path. Raises `MbguiError` where nothing is prepared.

        Outside a GPU TensorFlow runs operations and functions synchronously: a call returns when its result is there.
        """
        if self._call is None:
            raise _nothing_to_time()
        return time_calls(self._call, runs)


def _load(request: LoadRequest) -> HeldModel:
    started = perf_counter()
    size = request.input_size
    with collector_resting():
        model = build_model(request.source.name, size, request.weights, request.seed)
        build_s = perf_counter() - started
        network = read_network(
            model, source=request.source, input_size=size, batch_size=request.batch_size, build_s=build_s
        )
    return HeldModel(request=request, model=model, network=network)


def build_model(name: str, input_size: tuple[int, int], weights: Weights, seed: int) -> Any:
    """A model of `keras.applications`. Raises `MbguiError` where it refuses the size or its weights cannot be had."""
    keras.utils.set_random_seed(seed)
    build: Callable[..., Any] = getattr(keras.applications, name)
    chosen = None if weights is Weights.NONE else "imagenet"
    try:
        return build(weights=chosen, input_shape=(*input_size, 3))
    except ValueError as error:
        raise input_refused(name, input_size, error) from error
    except Exception as error:  # `get_file` raises plain exceptions
        if chosen is None:
            raise
        found = re.search(r"https?://\S+/([\w.\-]+)", str(error))
        raise weights_unavailable(
            name,
            file=found.group(1) if found else "that Keras names in the detail",
            folder=str(_cache_folder()),
            cause=error,
        ) from error


def _cache_folder() -> Path:
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "models"


def _call_by(model: Any, call_path: CallPath, values: np.ndarray[Any, Any]) -> Callable[[], object]:
    tensor = tf.constant(values)
    if call_path is CallPath.PREDICT:
        return lambda: model.predict(values, batch_size=len(values), verbose=0)
    if call_path is CallPath.CALL:
        return lambda: model(tensor, training=False)
    if call_path is CallPath.TF_FUNCTION:
        traced = tf.function(lambda image: model(image, training=False))
        return lambda: traced(tensor)
    known = ", ".join(f"“{path}”" for path in (CallPath.TF_FUNCTION, CallPath.PREDICT, CallPath.CALL))
    raise MbguiError(Problem(sentence=f"Keras has no call path “{call_path}”.", advice=f"Choose one of {known}."))


def _nothing_to_time() -> MbguiError:
    return MbguiError(Problem(sentence="No model is ready to be timed.", advice="Load and prepare one first."))
