"""Reads small Keras models, in a process of its own; prints their networks as JSON by name."""

import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

output = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what TensorFlow prints goes elsewhere

import keras  # noqa: E402 - the adapter sets the environment first
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

from mbgui.domain.errors import MbguiError  # noqa: E402 - the output is taken first
from mbgui.domain.framework import CallPath  # noqa: E402
from mbgui.domain.input_shape import InputShape  # noqa: E402
from mbgui.domain.network import Network  # noqa: E402
from mbgui.domain.request import Weights  # noqa: E402
from mbgui.domain.source import ModelSource, SourceKind  # noqa: E402
from mbgui.frameworks.keras_adapter import KerasAdapter  # noqa: E402
from mbgui.frameworks.keras_reading import find_structure, model_inputs, read_network  # noqa: E402
from mbgui.frameworks.load_request import LoadRequest  # noqa: E402


def _nested() -> Any:
    block = keras.Sequential(
        [layers.Conv2D(4, 3, strides=2, padding="same", activation="relu6"), layers.BatchNormalization()], name="block"
    )
    inner_image = keras.Input((None, None, 4))
    inner = keras.Model(inner_image, layers.MaxPooling2D(3, 2, padding="same")(inner_image), name="inner")
    image = keras.Input((9, 8, 3), name="image")
    features = inner(block(image))
    return keras.Model(image, layers.Dense(5, activation="softmax", name="head")(layers.Flatten()(features)))


def _shared() -> Any:
    image = keras.Input((8, 8, 3), name="image")
    convolution = layers.Conv2D(3, 3, padding="same", name="shared")
    first = convolution(image)
    total = keras.ops.relu(convolution(first)) + first
    frozen = layers.Dense(3, name="frozen")
    frozen.trainable = False
    return keras.Model(image, frozen(keras.ops.mean(total * 0.5, axis=(1, 2))))


def _kinds() -> Any:
    image = keras.Input((16, 16, 4), name="image")
    x = layers.Rescaling(1 / 255.0, offset=-1.0, name="rescale")(image)
    x = layers.ZeroPadding2D(((0, 1), (2, 3)), name="pad")(x)
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, name="depthwise")(x)
    x = layers.SeparableConv2D(6, 3, padding="same", name="separable")(x)
    x = layers.Conv2DTranspose(5, 2, strides=2, name="transposed")(x)
    x = layers.Activation("hard_swish", name="hard_silu")(x)
    x = layers.AveragePooling2D(2, padding="same", name="average")(x)
    x = layers.Activation("linear", name="nothing")(x)
    x = layers.Dropout(0.25, noise_shape=(None, 1, 1, 1), name="drop")(x)
    x = layers.GlobalMaxPooling2D(name="global")(x)
    return keras.Model(image, layers.ReLU(6.0, name="relu6")(x))


def _functions() -> Any:
    image = keras.Input((5, 6, 2), name="image")
    x = keras.ops.pad(image, ((0, 0), (1, 2), (3, 4), (0, 0)))
    x = layers.Conv2DTranspose(2, 3, strides=2, padding="same", name="transposed")(x)
    x = layers.Activation("leaky_relu", name="named_slope")(keras.ops.leaky_relu(x, 0.3))
    return keras.Model(image, keras.ops.pad(x, ((0, 0), (0, 0), (0, 0), (0, 1))))


def _transformer() -> Any:
    rows = keras.Input((4, 8), name="rows")
    attended = layers.MultiHeadAttention(2, 3, name="attention")(rows, rows)
    return keras.Model(rows, layers.LayerNormalization(name="norm")(attended))


class Subclassed(keras.Model):  # type: ignore[misc]  # Keras has no types
    """A model without a graph: a block twice, a layer that is not called, and a mode that depends on training."""

    def __init__(self) -> None:
        super().__init__(name="subclassed")
        self.dense = layers.Dense(2, name="dense")
        self.block = Block(name="block")
        self.idle = layers.Dense(7, name="idle")
        self.idle.build((None, 3))
        self.noise = layers.GaussianNoise(0.5, name="noise")

    def call(self, image: Any, training: bool = True) -> Any:
        image = self.noise(image) if training else image
        return self.dense(self.block(self.block(image)))


class Block(layers.Layer):  # type: ignore[misc]
    """Layers inside a layer, and weights of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.first = layers.Dense(3, name="same")
        self.second = layers.Dense(3, name="same")

    def build(self, shape: Any) -> None:
        self.scale = self.add_weight(shape=(shape[-1], 3), name="scale")

    def call(self, rows: Any) -> Any:
        return self.second(self.first(rows)) + keras.ops.matmul(rows, self.scale)


class Opaque(keras.Model):  # type: ignore[misc]
    """Code that runs on real tensors only."""

    def __init__(self) -> None:
        super().__init__(name="opaque")
        self.first = layers.Dense(4, name="first")
        self.last = layers.Dense(2, name="last")

    def call(self, rows: Any) -> Any:
        return self.last(tf.nn.relu(self.first(rows)))


class Broken(keras.Model):  # type: ignore[misc]
    """Code that runs once, to be built, and then no more."""

    def __init__(self) -> None:
        super().__init__(name="broken")
        self.first = layers.Dense(4, name="first")
        self.runs = 0

    def call(self, rows: Any) -> Any:
        self.runs += 1
        if self.runs > 2:  # Keras runs it once more to build it
            raise RuntimeError("worn out. And more")
        return self.first(rows)


def _subclassed() -> Any:
    model = Subclassed()
    model(keras.ops.zeros((1, 4, 4, 3)))
    return model


def _nested_code() -> Any:
    rows = keras.Input((4, 4, 3), name="rows")
    return keras.Model(rows, layers.Dense(5, name="head")(Subclassed()(rows)))


def _nested_opaque() -> Any:
    rows = keras.Input((4,), name="rows")
    return keras.Model(rows, layers.Dense(5, name="head")(Opaque()(rows)))


def _words() -> Any:
    words = keras.Input((None,), dtype="int32", name="words")
    rows = layers.Embedding(10, 4, mask_zero=True, name="embedding")(words)
    rows = layers.TimeDistributed(layers.Dense(3), name="each")(rows)
    return keras.Model(words, layers.Bidirectional(layers.LSTM(2), name="both")(rows))


def _windows() -> Any:
    image = keras.Input((8, 8, 2), name="image")
    rows = keras.ops.reshape(image, (-1, 16, 2))
    return keras.Model(image, keras.ops.reshape(layers.Dense(3, name="dense")(rows), (-1, 8, 8, 3)))


class NormInTraining(layers.BatchNormalization):  # type: ignore[misc]
    """A subclass that has settings as any other, and runs in training mode whatever it is told."""

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        return super().call(inputs, training=True, mask=mask)


def _arranged() -> Any:
    image = keras.Input((4, 4, 3), name="image")
    x = NormInTraining(name="norm")((image * 2 - 0.5) / 4)
    x = layers.Permute((2, 1, 3), name="turned")(x)
    x = layers.UpSampling2D(2, interpolation="bicubic", name="up")(x)
    x = keras.ops.concatenate([x, keras.ops.transpose(x, (0, 2, 1, 3))], axis=1)
    return keras.Model(image, keras.ops.max(x, axis=(1, 2)))


MODELS = {
    "nested": (_nested, (9, 8)),
    "shared": (_shared, (8, 8)),
    "kinds": (_kinds, (16, 16)),
    "functions": (_functions, (5, 6)),
    "transformer": (_transformer, (4, 8)),
    "subclassed": (_subclassed, ()),
    "nested code": (_nested_code, (4, 4)),
    "opaque": (Opaque, (3,)),
    "nested opaque": (_nested_opaque, ()),
    "broken": (Broken, (3,)),
    "words": (_words, (6,)),
    "words of any length": (_words, ()),
    "windows": (_windows, ()),
    "arranged": (_arranged, (4, 4)),
}

ZOO = {"MobileNetV2": (224, 224), "MobileNetV3Small": (96, 64), "ConvNeXtTiny": (64, 64)}

REFUSED = {"unknown": ("MobilNetV2", (224, 224)), "too small": ("InceptionV3", (40, 40))}


def main() -> None:
    """Print networks, problems and what running told."""
    adapter = KerasAdapter(threads=1)
    found = {"networks": dict(_networks(adapter)), "problems": dict(_problems(adapter)), "runs": _runs(adapter)}
    json.dump(found, output)
    output.close()
    sys.stdout.flush()


def _networks(adapter: KerasAdapter) -> Iterator[tuple[str, Any]]:
    for name, (build, size) in MODELS.items():
        yield name, dataclasses.asdict(_read(name, build(), size))
    for name, size in ZOO.items():
        yield name, dataclasses.asdict(_load(adapter, name, size))


def _read(name: str, model: Any, sizes: tuple[int, ...]) -> Network:
    inputs = model_inputs(model, (InputShape(sizes=sizes),) if sizes else (), 2, name)
    source = ModelSource(kind=SourceKind.KERAS, name=name)
    return read_network(model, inputs, find_structure(model, inputs), source=source, build_s=0.0)


def _load(adapter: KerasAdapter, name: str, size: tuple[int, int]) -> Network:
    source = ModelSource(kind=SourceKind.KERAS, name=name)
    request = LoadRequest(source=source, inputs=(InputShape(sizes=size),), batch_size=1, weights=Weights.NONE, seed=3)
    return adapter.load(request, before_file=_refuse_files)


def _refuse_files() -> None:
    raise AssertionError("a model of the zoo reads no file")


def _problems(adapter: KerasAdapter) -> Iterator[tuple[str, Any]]:
    for case, (name, size) in REFUSED.items():
        try:
            _load(adapter, name, size)
        except MbguiError as error:
            yield case, dataclasses.asdict(error.problem)
    try:
        adapter.measure(1)
    except MbguiError as error:
        yield "not prepared", dataclasses.asdict(error.problem)


def _runs(adapter: KerasAdapter) -> dict[str, Any]:
    adapter.warm_up()
    sizes = ((64, 64), (96, 96), (64, 64))  # a model that is still held would not be built again
    weights = [_load(adapter, "MobileNet", size).tensors[0].statistics.mean for size in sizes]
    paths = (CallPath.TF_FUNCTION, CallPath.CALL, CallPath.PREDICT)
    return {
        "names": adapter.model_names(),
        "versions": [version.name for version in adapter.versions()],
        "same_seed_same_weights": weights[0] == weights[2],
        "is_held": _load(adapter, "MobileNet", (64, 64)) is _load(adapter, "MobileNet", (64, 64)),
        "first_calls_s": {path: adapter.prepare(path, batch_size=2, seed=0) for path in paths},
        "durations_s": adapter.measure(3),
    }


if __name__ == "__main__":
    main()
