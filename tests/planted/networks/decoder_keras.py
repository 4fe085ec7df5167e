"""A small U-Net with its preprocessing in Keras."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

import keras
from keras import layers

from tests.planted.keras_filling import KerasParts
from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights


class Decoder:
    """Builds the network, one method a part."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.parts = KerasParts()

    def build(self) -> Any:
        """Images of 3 channels to a map of one probability a pixel."""
        plant, parts = self.plant, self.parts
        image = keras.Input((None, None, 3), name="scan")
        x = parts("rescale", layers.Rescaling, plant.pick(2.0, other_scale=1.0), offset=-0.5)(image)
        first = self._unit("stem", x, 8)
        second = self._down("down1", first, 12)
        x = self._down("down2", second, 16)
        interpolation = plant.pick("nearest", bilinear_for_nearest="bilinear")
        x = parts("up1", layers.UpSampling2D, 2, interpolation=interpolation)(x)
        joined = [second, x] if plant.has("skip_first") else [x, second]
        x = self._unit("block1", parts("concat1", layers.Concatenate)(joined), 12)
        x = parts("up2.conv", layers.Conv2DTranspose, 8, 4, strides=2, padding="same")(x)
        x = up = self._normed("up2", x)
        skip = up if plant.has("skip_taken_elsewhere") else first
        x = self._unit("block2", parts("concat2", layers.Concatenate)([x, skip]), 8)
        x = parts("head", layers.Conv2D, 1, 1, activation=plant.pick("sigmoid", tanh_for_sigmoid="tanh"))(x)
        return parts.filled(keras.Model(image, x), RoleWeights("decoder", plant.name))

    def _down(self, role: str, x: Any, channels: int) -> Any:
        x = self.parts(f"{role}.pad", layers.ZeroPadding2D, 1)(x)
        return self._unit(role, x, channels, strides=2, padding="valid")

    def _unit(self, role: str, x: Any, channels: int, *, padding: str = "same", strides: int = 1) -> Any:
        x = self.parts(f"{role}.conv", layers.Conv2D, channels, 3, padding=padding, strides=strides)(x)
        return self._normed(role, x)

    def _normed(self, role: str, x: Any) -> Any:
        groups = self.plant.pick(4, two_norm_groups=2) if role == "block1" else 4
        if self.plant.has("layer_for_group_norm") and role == "block2":
            x = self.parts(f"{role}.norm", layers.LayerNormalization, epsilon=1e-3)(x)
        else:
            x = self.parts(f"{role}.norm", layers.GroupNormalization, groups, epsilon=1e-3)(x)
        return self.parts(f"{role}.relu", layers.ReLU)(x)


def net(plant: str = "") -> Any:
    """The network with its weights."""
    return Decoder(Plant(plant)).build()
