"""Keras models on TensorFlow: build, read, run."""

import gc
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # both are read at import

import keras
import tensorflow as tf

from mbgui.domain.environment import Version
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.model_option import ModelOption
from mbgui.domain.network import Network
from mbgui.domain.performance import LayerTiming
from mbgui.domain.request import DEFAULT_RIGHT, Weights
from mbgui.domain.source import SourceKind
from mbgui.frameworks import keras_zoo
from mbgui.frameworks.adapter import BeforeFile, OwnBuild
from mbgui.frameworks.collector_rest import collector_resting, keep_forever
from mbgui.frameworks.file_models import require_tensors
from mbgui.frameworks.held_model import HeldModel
from mbgui.frameworks.keras_building import build_zoo_model, zoo_input_shape
from mbgui.frameworks.keras_call_paths import PreparedCall, TimedModel, prepared_call
from mbgui.frameworks.keras_errors import reason
from mbgui.frameworks.keras_files import open_model_file
from mbgui.frameworks.keras_inputs import ModelInputs
from mbgui.frameworks.keras_own_models import own_model
from mbgui.frameworks.keras_reading import (
    Structure,
    as_model,
    find_structure,
    may_read_tokens,
    model_inputs,
    read_network,
)
from mbgui.frameworks.keras_tensors import named_variables
from mbgui.frameworks.keras_weights import attach_weights
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.run_failures import explained
from mbgui.frameworks.stepwise import Array, StepwiseModel
from mbgui.frameworks.timed_calls import time_calls


class KerasAdapter:
    """Reads and runs the models of `keras.applications`, models of the user's own code, and saved models."""

    framework = Framework.KERAS

    def __init__(self, threads: int) -> None:
        with suppress(RuntimeError):  # only before the first operation; a later adapter keeps the first's
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
            tf.config.set_visible_devices([], "GPU")  # both frameworks are compared on the processor
        self._held: HeldModel | None = None
        self._timed: TimedModel | None = None
        self._prepared: PreparedCall | None = None

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
        self._prepared = None
        if self._held is None or self._held.request != request or not request.source.is_from_zoo:
            self._forget(request)
            with collector_resting():
                self._held, self._timed = _load(request, before_file, build)
        return self._held.network

    def build(self, request: LoadRequest, *, before_file: BeforeFile, build: OwnBuild | None = None) -> None:
        """Build a model that is only to be timed. Raises `MbguiError` as the protocol says."""
        self._prepared = None
        self._forget(request)
        with collector_resting():
            self._timed = _only_built(request, before_file, build)

    def _forget(self, request: LoadRequest) -> None:
        """Free the memory of the model held before another one is built, if there is one of that name.

        Keras's models are full of cycles, so it takes the collector.
        """
        if request.source.kind is SourceKind.KERAS:
            keras_zoo.require_model(request.source.name)
        had_model = self._timed is not None
        self._held = self._timed = None
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
        """Make the input and call once, which traces. Raises `MbguiError` as the protocol says."""
        self._prepared = None
        if self._timed is None:
            raise _nothing_to_time()
        with self._explained(call_path, batch_size):
            prepared = prepared_call(self._timed, call_path, batch_size=batch_size, seed=seed)
            (first_call_s,) = time_calls(prepared.call, 1)
        self._prepared = prepared
        return first_call_s

    def measure(self, runs: int) -> tuple[float, ...]:
        """Time calls by the prepared path. Raises `MbguiError` as the protocol says."""
        prepared = self._require_prepared()
        with self._explained(prepared.path, prepared.batch_size):
            return time_calls(prepared.call, runs)

    def traces(self) -> int | None:
        """How often the tf.function was traced, that inside `predict` included."""
        return None if self._prepared is None else self._prepared.traces()

    def time_layers(self, passes: int) -> LayerTiming:
        """Time layers of the graph, or those that code calls. Raises `MbguiError` as the protocol says."""
        from mbgui.frameworks.keras_layer_times import time_model  # noqa: PLC0415  seldom asked for

        prepared, timed = self._require_prepared(), self._timed
        if timed is None:
            raise _nothing_to_time()
        with self._explained(CallPath.CALL, prepared.batch_size):
            return time_model(timed, prepared, passes)

    def _require_prepared(self) -> PreparedCall:
        if self._prepared is None:
            raise _nothing_to_time()
        return self._prepared

    def _explained(self, path: CallPath, batch_size: int) -> AbstractContextManager[None]:
        timed = self._timed
        title, built = (timed.title, timed.batch_size) if timed is not None else ("", batch_size)
        return explained(title, path, CallPath.CALL, reason, batch_size=batch_size, built=built)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    """A model and the inputs it was built for; `class_name` is that of a layer it was put around, "" for none."""

    model: Any
    inputs: ModelInputs
    class_name: str = ""


def _load(request: LoadRequest, before_file: BeforeFile, build: OwnBuild | None) -> tuple[HeldModel, TimedModel]:
    started = perf_counter()
    built = _built(request, before_file, build)
    build_s = perf_counter() - started
    found = find_structure(built.model, built.inputs)
    notes = _attach(request, built, found, before_file)
    network = read_network(built.model, built.inputs, found, source=request.source, build_s=build_s, notes=notes)
    if built.class_name:
        network = replace(network, class_name=built.class_name)
    timed = TimedModel(title=request.source.title, model=built.model, inputs=built.inputs, specs=found.inputs)
    return HeldModel(request=request, model=built.model, network=network, steps=found.steps), timed


def _only_built(request: LoadRequest, before_file: BeforeFile, build: OwnBuild | None) -> TimedModel:
    """Its structure is looked at only where weights go by it, or where it tells which inputs are whole numbers."""
    built = _built(request, before_file, build)
    specs = built.inputs.specs
    if request.source.weights is not None or may_read_tokens(built.model):
        found = find_structure(built.model, built.inputs)
        _attach(request, built, found, before_file)
        specs = found.inputs
    return TimedModel(title=request.source.title, model=built.model, inputs=built.inputs, specs=specs)


def _attach(request: LoadRequest, built: _Built, found: Structure, before_file: BeforeFile) -> tuple[str, ...]:
    """Put the weights of a file into the model, where one is named; sentences about what could not be done."""
    weights = request.source.weights
    if weights is None:
        return ()
    before_file()
    variables = named_variables(built.model, found.owners)
    return attach_weights(built.model, variables, request.source, weights, request.file_memory_bytes)


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
