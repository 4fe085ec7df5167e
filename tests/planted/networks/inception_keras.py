"""A small branching network with squeeze-and-excitation in Keras."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

import keras
from keras import layers

from tests.planted.keras_filling import KerasParts
from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights


class Inception:
    """Builds the network, one method a part."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.parts = KerasParts()

    def build(self) -> Any:
        """Images of 3 channels to 10 logits."""
        parts = self.parts
        image = keras.Input((None, None, 3), name="photo")
        x = parts("stem.pad", layers.ZeroPadding2D, 1)(image)
        x = self._unit("stem", x, 16, 3, strides=2, padding="valid")
        x = self._gated(self._branches(x))
        groups = self.plant.pick(4, two_groups=2)
        x = self._unit("grouped", x, 28, 3, activation=self.plant.pick("hard_silu", swish="silu"), groups=groups)
        x = parts("down.pad", layers.ZeroPadding2D, 1)(x)
        x = self._unit("down", x, 32, 3, activation="silu", strides=2, padding="valid")
        x = parts("pool", layers.GlobalAveragePooling2D)(x)
        x = parts("classifier", layers.Dense, 10)(x)
        return parts.filled(keras.Model(image, x), RoleWeights("inception", self.plant.name))

    def _branches(self, x: Any) -> Any:
        plant, parts = self.plant, self.parts
        pooled = parts("branch_pool", layers.AveragePooling2D, 3, strides=1, padding="same")(x)
        third = self._unit("branch3", pooled, 8, 1)
        second = self._unit("branch2a", x, 8, plant.pick((3, 1), kernel_turned=(1, 3)))
        dilation = plant.pick(2, branch_dilation=1)
        size = plant.pick(3, kernel_of_five=5)
        first = self._unit("branch1", pooled if plant.has("branch_taken_elsewhere") else x, 8, 1)
        second = self._unit("branch2b", second, 12, size, dilation_rate=dilation)
        branches = [third, second, first] if plant.has("branches_reordered") else [first, second, third]
        return parts("concat", layers.Concatenate)(branches)

    def _gated(self, x: Any) -> Any:
        plant, parts = self.plant, self.parts
        if plant.has("gate_missing"):
            return x
        y = parts("gate.pool", layers.GlobalAveragePooling2D)(x)
        y = parts("gate.squeeze", layers.Dense, plant.pick(7, squeeze_of_four=4), activation="relu")(y)
        gate = plant.pick("sigmoid", hard_gate="hard_sigmoid")
        y = parts("gate.excite", layers.Dense, 28, activation=gate)(y)
        y = parts("gate.reshape", layers.Reshape, (1, 1, 28))(y)
        join = plant.pick(layers.Multiply, gate_added=layers.Add)
        return parts("gate.multiply", join)([x, y])

    def _unit(
        self,
        role: str,
        x: Any,
        channels: int,
        size: Any,
        *,
        activation: str = "",
        padding: str = "same",
        **options: Any,
    ) -> Any:
        parts = self.parts
        use_bias = self.plant.has("bias_added") and role == "down"
        x = parts(f"{role}.conv", layers.Conv2D, channels, size, padding=padding, use_bias=use_bias, **options)(x)
        x = parts(f"{role}.bn", layers.BatchNormalization, epsilon=1e-3, momentum=0.9)(x)
        if activation:
            return parts(f"{role}.leaky", layers.Activation, activation)(x)
        slope = self.plant.pick(0.25, slope_of_keras=0.3) if role == "branch2b" else 0.25
        x = parts(f"{role}.leaky", layers.LeakyReLU, negative_slope=slope)(x)
        if self.plant.has("leaky_doubled") and role == "stem":
            x = parts(f"{role}.leaky_again", layers.LeakyReLU, negative_slope=slope)(x)
        return x


def net(plant: str = "") -> Any:
    """The network with its weights."""
    return Inception(Plant(plant)).build()
