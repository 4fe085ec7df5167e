"""A small VGG in Keras: activations are parts of the layers, the map is flattened channels last."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

import keras
from keras import layers

from tests.planted.keras_filling import KerasParts
from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights


def net(plant: str = "") -> Any:
    """The network with its weights: images of 32×32×3 to 10 probabilities."""
    chosen, parts = Plant(plant), KerasParts()
    image = keras.Input((32, 32, 3), name="picture")
    x = _features(chosen, parts, image)
    x = parts("flatten", layers.Flatten)(x)
    x = parts("fc1", layers.Dense, 32, activation="relu")(x)
    if not chosen.has("vgg_dropout_missing"):
        x = parts("dropout", layers.Dropout, 0.5)(x)
    x = parts("fc2", layers.Dense, 10, activation=chosen.pick("softmax", sigmoid_for_softmax="sigmoid"))(x)
    if chosen.has("softmax_doubled"):
        x = parts("softmax_again", layers.Softmax)(x)
    behind_flatten = {} if chosen.has("flatten_order") else {"fc1": (20, 4, 4)}
    return parts.filled(keras.Model(image, x), RoleWeights("vgg", plant), behind_flatten)


def _features(plant: Plant, parts: KerasParts, x: Any) -> Any:
    def convolved(x: Any, index: int, channels: int, activation: str | None = "relu", *, use_bias: bool = True) -> Any:
        options = {"padding": "same", "activation": activation, "use_bias": use_bias}
        return parts(f"conv{index}", layers.Conv2D, channels, 3, **options)(x)

    x = convolved(x, 1, 12, plant.pick("relu", elu_for_relu="elu"))
    if plant.has("idempotent_relu"):
        x = parts("relu_again", layers.ReLU)(x)
    x = convolved(x, 2, 12, plant.pick("relu", fused_activation_missing=None))
    x = parts("pool1", plant.pick(layers.MaxPooling2D, average_for_max=layers.AveragePooling2D), 2)(x)
    x = convolved(x, 3, 20, use_bias=not plant.has("convolution_without_bias"))
    if plant.has("pool_window"):
        x = parts("pool2", layers.AveragePooling2D, 3, strides=2, padding="same")(x)
    else:
        x = parts("pool2", layers.AveragePooling2D, 2)(x)
    x = convolved(x, 4, 20)
    if plant.has("pool_padding_same"):
        return parts("pool3", layers.MaxPooling2D, 3, strides=2, padding="same")(x)
    x = parts("pool3_pad", layers.ZeroPadding2D, 1)(x)
    return parts("pool3", layers.MaxPooling2D, 3, strides=2)(x)
