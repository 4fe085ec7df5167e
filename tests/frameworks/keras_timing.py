"""Times Keras models in a process of its own; prints what call paths compute and where the time goes as JSON."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

from mbgui.frameworks.keras_adapter import KerasAdapter  # first: it chooses the backend

# isort: split
import keras
import numpy as np

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CallPath
from mbgui.domain.network import TensorSpec
from mbgui.domain.request import Weights
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.timed_inputs import drawn_inputs
from mbgui.frameworks.user_code import UserCode
from mbgui.pipeline.input_texts import parse_inputs
from mbgui.pipeline.references import parse_source
from mbgui.processes.confinement import confine

OWN_CODE = """
import keras
import tensorflow as tf
from keras import layers

def skewed():
    inputs = keras.Input((None, None, 3), name="image")
    shared = layers.ReLU(name="shared")
    x = layers.Conv2D(32, 3, padding="same", name="first")(inputs)
    x = shared(layers.BatchNormalization(name="norm")(x))
    light = layers.Conv2D(32, 1, name="light")(x)
    heavy = layers.Conv2D(32, 5, padding="same", name="heavy")(keras.ops.relu(light))
    x = shared(layers.Add(name="add")([x, heavy]))
    head = keras.Sequential([keras.Input((32,)), layers.Dense(10, name="dense")], name="head")
    return keras.Model(inputs, head(layers.GlobalAveragePooling2D(name="pool")(x)))

def words():
    inputs = keras.Input((6,), name="words")
    return keras.Model(inputs, layers.Dense(3)(layers.Flatten()(layers.Embedding(7, 8)(inputs))))

class Block(layers.Layer):
    def __init__(self, name):
        super().__init__(name=name)
        self.inner = layers.Dense(8, name="inner")

    def call(self, x):
        y = self.inner(x)
        return y * 2 if bool(tf.reduce_sum(y) > 0) else y * 3

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)

def around_code():
    inputs = keras.Input((8,), name="vector")
    return keras.Model(inputs, layers.Dense(2, name="last")(Block(name="block")(inputs)))

class Deciding(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = layers.Dense(8, name="first")
        self.block = Block("block")

    def call(self, x):
        x = self.first(x)
        return self.block(x) if bool(tf.reduce_sum(x) > -1e9) else x

class Bare(keras.Model):
    def call(self, x):
        return x * 2 if bool(tf.reduce_sum(x) > 0) else x

class Training(keras.Model):
    def __init__(self):
        super().__init__()
        self.norm = layers.BatchNormalization(name="norm")

    def call(self, x):
        return self.norm(x, training=True)

class Python(layers.Layer):
    def call(self, x):
        return tf.ensure_shape(tf.py_function(lambda y: y + 1, [x], tf.float32), x.shape)

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)

def without_xla():
    inputs = keras.Input((4,), name="vector")
    return keras.Model(inputs, Python(name="python")(inputs))
"""
PATHS = (CallPath.TF_FUNCTION, CallPath.PREDICT, CallPath.XLA)
HUGE = 10**13
"""No machine has memory for a batch of so many."""


class Session:
    """An adapter that builds models. One thread: two would wait for each other where the machine is busy."""

    def __init__(self) -> None:
        self.adapter = KerasAdapter(1)

    def build(self, reference: str, size: str = "", batch_size: int = 1) -> None:
        """Build the model of a reference."""
        request, code = _request(reference, size, batch_size)
        self.adapter.build(request, before_file=_nothing, build=code.build if code is not None else None)

    def layers(self, reference: str, size: str = "") -> list[str]:
        """The paths of all layers as they are read."""
        request, code = _request(reference, size, 1)
        network = KerasAdapter(1).load(request, before_file=_nothing, build=code.build if code is not None else None)
        return [layer.path for layer in network.layers]

    def output(self, path: CallPath, batch_size: int = 1) -> np.ndarray[Any, Any]:
        """What a call path computes."""
        self.adapter.prepare(path, batch_size=batch_size, seed=5)
        assert len(self.adapter.measure(3)) == 3
        assert self.adapter._prepared is not None
        return np.asarray(self.adapter._prepared.call())

    def problem(self, path: CallPath, batch_size: int = 1) -> list[str]:
        """Why a call path cannot be taken."""
        return _raised(lambda: self.adapter.prepare(path, batch_size=batch_size, seed=5))

    def layer_times(self, passes: int = 5) -> dict[str, Any]:
        """Where the time goes."""
        timing = self.adapter.time_layers(passes)
        return {
            "method": timing.method,
            "total_s": timing.total_s,
            "plain_s": timing.plain_s,
            "layers": [[found.layer, found.call, found.duration_s] for found in timing.layers],
        }

    @property
    def model(self) -> Any:
        """The model that is timed."""
        assert self.adapter._timed is not None
        return self.adapter._timed.model


def _request(reference: str, size: str, batch_size: int) -> tuple[LoadRequest, UserCode | None]:
    source = parse_source(reference)
    code = UserCode(source, (), 3) if source.runs_own_code else None
    inputs = parse_inputs(size)
    return LoadRequest(source=source, inputs=inputs, batch_size=batch_size, weights=Weights.NONE, seed=3), code


def _nothing() -> None:
    """No rights are taken away."""


def _raised(run: Callable[[], object]) -> list[str]:
    try:
        run()
    except MbguiError as error:
        return [error.problem.sentence, error.problem.advice]
    return []


def _own_model(session: Session) -> Iterator[tuple[str, Any]]:
    session.build("own:skewed", "24x24", batch_size=2)
    called = session.output(CallPath.CALL, 2)
    yield "call", [list(called.shape), float(np.linalg.norm(called))]
    yield "traces of call", session.adapter.traces()
    errors, traces = {}, {}
    for path in PATHS:
        output = session.output(path, 2)
        errors[path.value] = float(np.linalg.norm(output - called) / np.linalg.norm(called))
        traces[path.value] = session.adapter.traces()
    yield "errors", errors
    yield "traces", traces
    yield "is_loaded", session.adapter._held is not None


def _layer_times(session: Session) -> Iterator[tuple[str, Any]]:
    session.build("own:skewed", "128x128")
    session.adapter.prepare(CallPath.TF_FUNCTION, batch_size=1, seed=5)
    yield "layer times", session.layer_times(15)
    yield "layers", session.layers("own:skewed", "128x128")
    session.build("own:Deciding", "8")
    session.adapter.prepare(CallPath.CALL, batch_size=1, seed=5)
    yield "layer times of code", session.layer_times()
    yield "wrapped layers left", [layer.name for layer in session.model._flatten_layers() if "call" in vars(layer)]
    yield "layers of code", session.layers("own:Deciding", "8")
    session.build("own:around_code")
    session.adapter.prepare(CallPath.CALL, batch_size=1, seed=5)
    yield "layer times around code", session.layer_times()
    yield "layers around code", session.layers("own:around_code")
    session.build("own:Bare", "4")
    session.adapter.prepare(CallPath.CALL, batch_size=1, seed=5)
    yield "no layers", _raised(lambda: session.adapter.time_layers(5))
    session.build("own:Training", "4", batch_size=3)
    session.adapter.prepare(CallPath.TF_FUNCTION, batch_size=3, seed=5)
    before = [np.asarray(variable) for variable in session.model.variables]
    yield "layer times of training", session.layer_times()
    after = [np.asarray(variable) for variable in session.model.variables]
    yield "is_left_as_it_was", all(np.array_equal(*pair) for pair in zip(before, after, strict=True))


def _refusals(session: Session) -> Iterator[tuple[str, Any]]:
    session.build("own:words")
    yield "words", list(session.output(CallPath.TF_FUNCTION).shape)
    yield "layer times of words", session.layer_times()
    yield "no such path", session.problem(CallPath.EAGER)
    yield "nothing prepared", _raised(lambda: session.adapter.measure(1))
    yield "huge", session.problem(CallPath.CALL, HUGE)
    session.build("own:without_xla")
    yield "not for XLA", session.problem(CallPath.XLA)
    yield "runs afterwards", list(session.output(CallPath.TF_FUNCTION).shape)
    session.build("own:Deciding", "8")
    yield "decides by values", session.problem(CallPath.TF_FUNCTION)


def _confined(session: Session) -> Iterator[tuple[str, Any]]:
    """What a process without rights can do with the model it has; there is no way back."""
    confine(0)
    yield "confined", {path.value: list(session.output(path).shape) for path in (CallPath.CALL, *PATHS)}


def _inputs() -> Iterator[tuple[str, Any]]:
    specs = (TensorSpec(shape=(1, 4, 5, 3), dtype="float32"), TensorSpec(shape=(1, 6), dtype="float32"))
    image, vector = drawn_inputs(specs, batch_size=2, seed=11, is_channels_first=False)
    yield "inputs", [image.flatten().tolist(), vector.flatten().tolist()]


def main() -> None:
    """Print everything."""
    found: dict[str, Any] = {"keras": keras.__version__}
    session = Session()
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("own.py").write_text(OWN_CODE)
        for part in (_inputs(), _own_model(session), _layer_times(session), _refusals(session)):
            found.update(part)
        session.build("own:skewed", "24x24")
    found.update(_confined(session))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
