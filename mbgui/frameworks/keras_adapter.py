"""Keras models on TensorFlow: build, read, run."""

import gc
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # both are read at import

import keras
import tensorflow as tf

from mbgui.domain.environment import Version
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath
from mbgui.domain.model_option import ModelOption
from mbgui.domain.network import Network
from mbgui.domain.request import DEFAULT_RIGHT, Weights
from mbgui.domain.source import SourceKind
from mbgui.frameworks import keras_zoo
from mbgui.frameworks.adapter import BeforeFile, OwnBuild
from mbgui.frameworks.collector_rest import collector_resting, keep_forever
from mbgui.frameworks.file_models import require_tensors
from mbgui.frameworks.held_model import HeldModel
from mbgui.frameworks.keras_building import build_zoo_model, zoo_input_shape
from mbgui.frameworks.keras_call_paths import not_runnable, prepared_call
from mbgui.frameworks.keras_files import open_model_file
from mbgui.frameworks.keras_inputs import ModelInputs
from mbgui.frameworks.keras_own_models import own_model
from mbgui.frameworks.keras_reading import as_model, find_structure, model_inputs, read_network
from mbgui.frameworks.keras_tensors import named_variables
from mbgui.frameworks.keras_weights import attach_weights
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.stepwise import Array, StepwiseModel
from mbgui.frameworks.timed_calls import time_calls


class KerasAdapter:
    """Reads and runs the models of `keras.applications`, models of the user's own code, and saved models."""

    def __init__(self, threads: int) -> None:
        with suppress(RuntimeError):  # only before the first operation; a later adapter keeps the first's
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
            tf.config.set_visible_devices([], "GPU")  # both frameworks are compared on the processor
        self._held: HeldModel | None = None
        self._inputs: ModelInputs | None = None
        self._call: Callable[[], object] | None = None

    def versions(self) -> tuple[Version, ...]:
        """Keras and TensorFlow."""
        return (
            Version(name="keras", version=str(keras.__version__)),
            Version(name="tensorflow", version=str(tf.__version__)),
        )

    def model_names(self) -> tuple[str, ...]:
        """The model functions of `keras.applications`."""
        return keras_zoo.model_names()

    def model_options(self, name: str) -> tuple[ModelOption, ...]:
        """The arguments of a model function. Raises `MbguiError` for an unknown name."""
        return keras_zoo.model_options(name)

    def stated_input_size(self, name: str) -> tuple[int, int] | None:
        """The size a model is built for where none is said. Raises `MbguiError` for an unknown name."""
        return keras_zoo.stated_input_size(name)

    def warm_up(self) -> None:
        """Load the model that the app preselects, which starts TensorFlow's runtime."""
        request = LoadRequest(source=DEFAULT_RIGHT, inputs=(), batch_size=1, weights=Weights.NONE, seed=0)
        self.load(request, before_file=_nothing)
        keep_forever()

    def load(self, request: LoadRequest, *, before_file: BeforeFile, build: OwnBuild | None = None) -> Network:
        """Build a model and read it, unless it is a held one of the zoo. Raises `MbguiError` as the protocol says."""
        self._call = None
        if self._held is None or self._held.request != request or not request.source.is_from_zoo:
            if request.source.kind is SourceKind.KERAS:
                keras_zoo.require_model(request.source.name)
            self._forget()
            with collector_resting():
                self._held, self._inputs = _load(request, before_file, build)
        return self._held.network

    def _forget(self) -> None:
        """Free the memory of the model held; Keras's models are full of cycles, so it takes the collector."""
        had_model, self._held = self._held is not None, None
        keras.backend.clear_session()  # also lets names such as `input_layer` begin anew
        if had_model:
            gc.collect()

    def steps(self) -> tuple[StepwiseModel, Network] | str:
        """The graph of the held model. Raises `MbguiError` where nothing is loaded."""
        from mbgui.frameworks.keras_steps import KerasSteps  # noqa: PLC0415  only where outputs are compared

        held = self._held
        if held is None:
            raise _nothing_to_time()
        if held.steps is None:
            return f"the code of {held.network.source.title} cannot be followed, so its layers cannot be run one by one"
        variables = named_variables(held.model, held.steps.owners)
        return KerasSteps(held.steps, held.network.calls, variables), held.network

    def weights_file(self, tensors: Mapping[str, Array]) -> bytes:
        """A `.weights.h5` file. Raises `MbguiError` where nothing is loaded."""
        from mbgui.frameworks.keras_weights_file import weights_file  # noqa: PLC0415  only where one is asked for

        held = self._held
        if held is None:
            raise _nothing_to_time()
        return weights_file(held.model, named_variables(held.model, held.steps.owners), tensors)

    def prepare(self, call_path: CallPath, *, batch_size: int, seed: int) -> float:
        """Make the input and call once, which traces. Raises `MbguiError` for no model or a path it cannot take."""
        if self._held is None or self._inputs is None:
            raise _nothing_to_time()
        specs = self._held.network.inputs
        self._call = prepared_call(self._held.model, self._inputs, specs, call_path, batch_size=batch_size, seed=seed)
        try:
            return self.measure(1)[0]
        except Exception as error:  # code of the user's
            self._call = None
            raise not_runnable(self._held.network.source.title, call_path, error) from error

    def measure(self, runs: int) -> tuple[float, ...]:
        """Time calls by the prepared path. Raises `MbguiError` where nothing is prepared.

        Outside a GPU TensorFlow runs operations and functions synchronously: a call returns when its result is there.
        """
        if self._call is None:
            raise _nothing_to_time()
        return time_calls(self._call, runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    """A model and the inputs it was built for; `class_name` is that of a layer it was put around, "" for none."""

    model: Any
    inputs: ModelInputs
    class_name: str = ""


def _load(request: LoadRequest, before_file: BeforeFile, build: OwnBuild | None) -> tuple[HeldModel, ModelInputs]:
    started = perf_counter()
    built = _built(request, before_file, build)
    build_s = perf_counter() - started
    found = find_structure(built.model, built.inputs)
    notes: tuple[str, ...] = ()
    if request.source.weights is not None:
        before_file()
        variables = named_variables(built.model, found.owners)
        notes = attach_weights(
            built.model, variables, request.source, request.source.weights, request.file_memory_bytes
        )
    network = read_network(built.model, built.inputs, found, source=request.source, build_s=build_s, notes=notes)
    if built.class_name:
        network = replace(network, class_name=built.class_name)
    return HeldModel(request=request, model=built.model, network=network, steps=found.steps), built.inputs


def _built(request: LoadRequest, before_file: BeforeFile, build: OwnBuild | None) -> _Built:
    if request.source.kind is SourceKind.FILE:
        before_file()
        return _with_inputs(open_model_file(request.source.name, request.file_memory_bytes), request)
    return _zoo_model(request, before_file) if build is None else _own_model(request, build)


def _own_model(request: LoadRequest, build: OwnBuild) -> _Built:
    keras.utils.set_random_seed(request.seed)
    return _with_inputs(own_model(request.source, build()), request)


def _with_inputs(model: Any, request: LoadRequest) -> _Built:
    """The model with its inputs, and built; a bare layer gets a model around it."""
    inputs = model_inputs(model, request.inputs, request.batch_size, request.source.title)
    if isinstance(model, keras.Model):
        return _Built(model=model, inputs=inputs)
    around = as_model(model, inputs)
    own = replace(model_inputs(around, (), request.batch_size, request.source.title), origin=inputs.origin)
    return _Built(model=around, inputs=own, class_name=type(model).__name__)


def _zoo_model(request: LoadRequest, before_file: BeforeFile) -> _Built:
    def open_file(path: str) -> None:
        before_file()
        require_tensors(path, request.file_memory_bytes)

    shape, origin = zoo_input_shape(request.source, request.inputs)
    model = build_zoo_model(request.source, shape, request.weights, request.seed, open_file)
    inputs = model_inputs(model, (), request.batch_size, request.source.title)
    return _Built(model=model, inputs=replace(inputs, origin=origin))


def _nothing() -> None:
    """A model of the zoo reads no file."""


def _nothing_to_time() -> MbguiError:
    return MbguiError(Problem(sentence="No model is ready to be timed.", advice="Load and prepare one first."))
