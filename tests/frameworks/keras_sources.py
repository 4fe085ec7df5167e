"""Opens Keras models from code, options, files and weights, in a process of its own; prints what was read as JSON."""

import dataclasses
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

output = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what TensorFlow prints goes elsewhere

import h5py  # noqa: E402
import keras  # noqa: E402 - the adapter sets the environment first
import numpy as np  # noqa: E402

from mbgui.domain.errors import MbguiError  # noqa: E402
from mbgui.domain.framework import CallPath  # noqa: E402
from mbgui.domain.request import Weights  # noqa: E402
from mbgui.frameworks.keras_adapter import KerasAdapter  # noqa: E402
from tests.frameworks.keras_savers import save_by_paths, save_safetensors  # noqa: E402
from tests.support.adapter_session import AdapterSession  # noqa: E402

OWN_CODE = """
import keras
from keras import layers

class Block(layers.Layer):
    def __init__(self, width):
        super().__init__(name="block")
        self.norm = layers.LayerNormalization(name="norm")
        self.dense = layers.Dense(width, name="dense")

    def build(self, shape):
        self.shift = self.add_weight(shape=(shape[-1],), name="shift")

    def call(self, rows):
        return rows + self.dense(self.norm(rows + self.shift))

class Gray(keras.Model):
    def __init__(self, width=8, classes=10):
        super().__init__(name="gray")
        self.first = layers.Conv2D(width, 3, name="first")
        self.block = Block(width)
        self.head = layers.Dense(classes, name="head")

    def call(self, image, training=False):
        rows = keras.ops.relu(self.first(image))
        return self.head(keras.ops.mean(self.block(rows), axis=(1, 2)))

class Two(keras.Model):
    def __init__(self):
        super().__init__(name="two")
        self.convolution = layers.Conv2D(4, 3, name="convolution")
        self.head = layers.Dense(2, name="head")

    def call(self, image, angle):
        features = keras.ops.mean(self.convolution(image), axis=(1, 2))
        return {"answer": self.head(keras.ops.concatenate([features, angle], axis=1)), "angle": angle}

class Words(keras.Model):
    def __init__(self):
        super().__init__(name="words")
        self.embedding = layers.Embedding(100, 8, name="embedding")
        self.recurrent = layers.LSTM(4, name="recurrent")

    def call(self, words):
        return self.recurrent(self.embedding(words))

def perceptron():
    return keras.Sequential([keras.Input((128,), name="values"), layers.Dense(32), layers.Dense(2)])

def open_sequence():
    return keras.Sequential([layers.Dense(3)])

def features():
    image, angle = keras.Input((None, None, 3), name="image"), keras.Input((10,), name="angle")
    pooled = layers.GlobalAveragePooling2D(name="pool")(layers.Conv2D(4, 3, name="convolution")(image))
    joined = layers.Concatenate(name="join")([pooled, angle])
    return keras.Model({"image": image, "angle": angle}, {"joined": joined, "pooled": pooled})

def bare():
    return layers.Dense(5, name="bare")

class Deciding(keras.Model):
    def __init__(self):
        super().__init__(name="deciding")
        self.dense = layers.Dense(2, name="dense")

    def call(self, row):
        return self.dense(row) if keras.ops.sum(row) > 0 else -self.dense(row)

def scaled():
    return keras.Sequential([keras.Input((2,)), layers.Normalization(name="scale")])

def number():
    return 3

def torch_weights():
    return keras.Sequential([keras.Input((4,)), layers.Dense(2)])
"""

CASES = {
    "plain": ("keras:MobileNetV2", ""),
    "options": ("keras:MobileNetV2?alpha=0.35&num_classes=10", "64"),
    "classes": ("keras:MobileNet?alpha=0.25&classes=10", "64"),
    "no top": ("keras:MobileNet?alpha=0.25&include_top=false", "64"),
    "pooled": ("keras:MobileNet?alpha=0.25&include_top=false&pooling=max", "64"),
    "logits": ("keras:MobileNet?alpha=0.25&classifier_activation=none", "64"),
    "own argument": ("keras:MobileNet?alpha=0.25&dropout=0.4", "64"),
    "channels first": ("keras:MobileNet?alpha=0.25", "1x40x48"),
    "gray": ("own:Gray", "1x28x28"),
    "gray narrow": ("own:Gray?width=4", "28x28x1"),
    "not square": ("own:Gray", "20x30"),
    "assumed": ("own:Gray?width=2", ""),
    "two": ("own:Two", "angle=10,image=32x32x3"),
    "words": ("own:Words", "20"),
    "vector": ("own:perceptron", ""),
    "vector given": ("own:perceptron", "128"),
    "open sequence": ("own:open_sequence", "7"),
    "several": ("own:features", "image=24x20x3"),
    "bare": ("own:bare", "6"),
}
REFUSED = {
    "unknown option": ("keras:MobileNetV2?alhpa=0.5", ""),
    "no width": ("keras:MobileNetV2?alpha=-1", ""),
    "bad pooling": ("keras:MobileNetV2?include_top=false&pooling=median", ""),
    "bad activation": ("keras:MobileNetV2?classifier_activation=foo", ""),
    "too small": ("keras:MobileNetV2", "1x28x28"),
    "other size": ("own:perceptron", "64"),
    "which inputs": ("own:Two", ""),
    "wrong name": ("own:features", "image=24x20x3,angel=10"),
    "unnamed": ("own:features", "24x20"),
    "no model": ("own:number", ""),
    "imagenet": ("keras:MobileNetV2", "imagenet"),
    "imagenet without top": ("keras:MobileNetV2?include_top=false", "imagenet"),
    "imagenet width": ("keras:MobileNetV2?alpha=0.4", "imagenet"),
    "imagenet classes": ("keras:MobileNetV2?num_classes=19", "imagenet"),
}


def main() -> None:
    """Print networks, problems and what running told."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        os.environ["KERAS_HOME"] = folder
        Path("own.py").write_text(OWN_CODE, encoding="utf-8")
        session = AdapterSession(KerasAdapter(threads=1))
        networks = {**dict(_networks(session)), **dict(_saved(session)), **dict(_weighted(session))}
        json.dump({"networks": networks, "problems": dict(_problems(session)), "runs": _runs(session)}, output)
        output.close()


def _networks(session: AdapterSession) -> Iterator[tuple[str, Any]]:
    for case, (reference, size) in CASES.items():
        yield case, dataclasses.asdict(session.load(reference, size))
        for path in _paths(case) if reference.startswith("own:") else ():
            session.adapter.prepare(path, batch_size=1, seed=0)
    assert not session.given_up, "no file was read"


def _paths(case: str) -> tuple[CallPath, ...]:
    """`predict` hands over one argument only."""
    several = (CallPath.CALL, CallPath.TF_FUNCTION)
    return several if case == "two" else (*several, CallPath.PREDICT)


def _saved(session: AdapterSession) -> Iterator[tuple[str, Any]]:
    """Each model as it is, and from every format that holds a whole one."""
    for name, (reference, size) in {
        "MobileNet": ("keras:MobileNet?alpha=0.25", "64"),
        "features": ("own:features", "image=24x20x3"),
    }.items():
        yield f"{name} as it is", dataclasses.asdict(session.load(reference, size))
        model = session.model(reference, size)
        for form in ("keras", "h5", "odd"):
            model.save(f"{name}.{form}") if form != "odd" else Path(f"{name}.keras").rename(f"{name}.odd")
        for form in ("odd", "h5"):
            given_up = session.given_up
            yield (
                f"{name} from {form}",
                dataclasses.asdict(session.load(f"./{name}.{form}", size if name == "features" else "")),
            )
            session.adapter.prepare(CallPath.TF_FUNCTION, batch_size=1, seed=0)
            assert session.given_up == given_up + 1
    _write_keras_2_model("old.h5")
    yield "old", dataclasses.asdict(session.load("./old.h5"))


def _write_keras_2_model(path: str) -> None:
    """A whole model as Keras 2.2 saved it, compiled with an optimizer whose arguments are gone since."""
    config = {
        "name": "sequential_1",
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {"batch_input_shape": [None, 5], "dtype": "float32", "name": "values"},
            },
            {"class_name": "Dense", "config": {"name": "dense_1", "units": 3, "activation": "relu", "use_bias": True}},
        ],
    }
    optimizer = {"class_name": "SGD", "config": {"lr": 0.01, "momentum": 0.9, "decay": 1e-6, "nesterov": True}}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config}).encode()
        file.attrs["training_config"] = json.dumps({"optimizer_config": optimizer, "loss": "mse"}).encode()
        file.attrs["keras_version"], file.attrs["backend"] = b"2.2.4", b"tensorflow"
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"dense_1"]
        layer = weights.create_group("dense_1")
        layer.attrs["weight_names"] = [b"dense_1/kernel:0", b"dense_1/bias:0"]
        layer.create_dataset("dense_1/kernel:0", data=np.full((5, 3), 0.25, dtype=np.float32))
        layer.create_dataset("dense_1/bias:0", data=np.full(3, -1.0, dtype=np.float32))
        file.create_group("optimizer_weights").create_dataset("training/SGD/iterations:0", data=np.int64(7))


SMALL = "keras:MobileNet?alpha=0.25&num_classes=19"


def _weighted(session: AdapterSession) -> Iterator[tuple[str, Any]]:
    model = session.model(SMALL, "64")
    for variable in model.weights:
        variable.assign(keras.ops.full(variable.shape, 0.25))
    model.save_weights("plain.weights.h5")
    model.save("whole.h5")
    model.save("whole.keras")
    save_by_paths(model, Path("paths.npz"))
    np.savez("order.npz", *model.get_weights())
    save_safetensors(model, Path("names.safetensors"))
    arrays: dict[str, Any] = {item.path: np.asarray(item) for item in model.weights}
    prefixed: dict[str, Any] = {f"model/{name}": values for name, values in arrays.items()}
    np.savez("prefixed.npz", **prefixed)
    arrays["extra"] = np.zeros(2)
    np.savez("more.npz", **arrays)
    _write_keras_2_weights(model, "old_weights.h5")
    _write_keras_2_weights(model, "old_order.h5", "old_")
    for file in WEIGHTS_FILES:
        given_up = session.given_up
        yield f"weights {file}", dataclasses.asdict(session.load(f"{SMALL}@{file}", "64"))
        assert session.given_up == given_up + 1
    yield "weights stripped", dataclasses.asdict(session.load(f"{SMALL}@prefixed.npz?strip=model/", "64"))
    yield "weights in part", dataclasses.asdict(session.load(f"{SMALL}@more.npz?partial=true", "64"))
    own = session.model("own:Gray", "1x28x28")
    for variable in own.weights:
        variable.assign(keras.ops.full(variable.shape, 0.5))
    own.save_weights("gray.weights.h5")
    yield "weights of own code", dataclasses.asdict(session.load("own:Gray@gray.weights.h5", "1x28x28"))
    Path("models").mkdir()
    known = keras.applications.MobileNet(weights=None, alpha=0.25, input_shape=(128, 128, 3))
    for variable in known.weights:
        variable.assign(keras.ops.full(variable.shape, 0.125))
    known.save("models/mobilenet_2_5_128_tf.h5")
    given_up = session.given_up
    yield "imagenet", dataclasses.asdict(session.load("keras:MobileNet?alpha=0.25", "128", Weights.IMAGENET))
    assert session.given_up == given_up + 1


WEIGHTS_FILES = (
    "plain.weights.h5",
    "whole.h5",
    "whole.keras",
    "paths.npz",
    "order.npz",
    "names.safetensors",
    "old_weights.h5",
    "old_order.h5",
)


def _write_keras_2_weights(model: Any, path: str, prefix: str = "") -> None:
    """As `save_weights` of Keras 2 wrote HDF5: by layer, names with `:0`."""
    with h5py.File(path, "w") as file:
        layers = [layer for layer in model.layers if layer.weights]
        file.attrs["layer_names"] = [f"{prefix}{layer.name}".encode() for layer in layers]
        for layer in layers:
            group = file.create_group(f"{prefix}{layer.name}")
            variables = [*layer.trainable_weights, *layer.non_trainable_weights]
            group.attrs["weight_names"] = [f"{layer.name}/{item.name}:0".encode() for item in variables]
            for item in variables:
                group.create_dataset(f"{layer.name}/{item.name}:0", data=np.asarray(item))


def _problems(session: AdapterSession) -> Iterator[tuple[str, Any]]:
    for case, (reference, size) in REFUSED.items():
        weights = Weights.IMAGENET if size == "imagenet" else Weights.NONE
        yield case, _problem(session, reference, "" if size == "imagenet" else size, weights)
    keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda row: row, name="secret")]).save("lambda.keras")
    session.model("own:Gray", "1x28x28").save("own_class.keras")
    session.model("own:perceptron", "").save_weights("perceptron.weights.h5")
    names: dict[str, Any] = {"features.0.weight": np.zeros((3, 3)), "features.1.running_mean": np.zeros(3)}
    np.savez("torch.npz", **names)
    Path("cut.keras").write_bytes(Path("whole.keras").read_bytes()[:20_000])
    for case, reference in {
        "other head": "keras:MobileNet?alpha=0.25@plain.weights.h5",
        "other head of Keras 2": "keras:MobileNet?alpha=0.25@old_weights.h5",
        "prefix": f"{SMALL}@prefixed.npz",
        "other model": f"{SMALL}@perceptron.weights.h5",
        "unexpected": f"{SMALL}@more.npz",
        "of PyTorch": f"{SMALL}@torch.npz",
        "lambda": "./lambda.keras",
        "own class": "./own_class.keras",
        "weights only": "./plain.weights.h5",
        "cut off": "./cut.keras",
        "not there": f"{SMALL}@none.weights.h5",
        "other input": "./whole.keras",
    }.items():
        yield case, _problem(session, reference, "32" if case == "other input" else "64" if "@" in reference else "")
    session.load("own:Deciding", "5")
    yield "decides by values", _raised(lambda: session.adapter.prepare(CallPath.TF_FUNCTION, batch_size=1, seed=0))
    session.load("own:Two", "image=32x32x3,angle=10")
    yield "predict of two", _raised(lambda: session.adapter.prepare(CallPath.PREDICT, batch_size=1, seed=0))


def _problem(session: AdapterSession, reference: str, size: str, weights: Weights = Weights.NONE) -> Any:
    return _raised(lambda: session.load(reference, size, weights))


def _raised(action: Any) -> Any:
    try:
        action()
    except MbguiError as error:
        return dataclasses.asdict(error.problem)
    raise AssertionError("nothing was refused")


def _scaled(session: AdapterSession) -> float:
    """What a layer makes of 3, which computes constants of the mean 1 and the variance 4 in a file."""
    values: dict[str, Any] = {"mean": np.full(2, 1.0), "variance": np.full(2, 4.0), "count": np.int32(0)}
    np.savez("scaled.npz", **{f"scale/{name}": value for name, value in values.items()})
    return float(session.model("own:scaled@scaled.npz", "")(keras.ops.full((1, 2), 3.0))[0, 0])


def _runs(session: AdapterSession) -> dict[str, Any]:
    adapter = session.adapter
    scaled = _scaled(session)
    zoo = session.load("keras:MobileNet?alpha=0.25", "64")
    return {
        "scaled": scaled,
        "is_zoo_held": session.load("keras:MobileNet?alpha=0.25", "64") is zoo,
        "is_own_read_anew": session.load("own:perceptron") is not session.load("own:perceptron"),
        "is_file_read_anew": session.load("./old.h5") is not session.load("./old.h5"),
        "options": {
            name: [dataclasses.asdict(option) for option in adapter.model_options(name)]
            for name in ("MobileNetV2", "ResNet50")
        },
        "stated": {name: adapter.stated_input_size(name) for name in adapter.model_names()},
    }


if __name__ == "__main__":
    main()
    sys.stdout.flush()
