"""A small MobileNetV2 in Keras."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

import keras
from keras import layers

from tests.planted.keras_filling import KerasParts
from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights

AMPLIFIED = {"stem.bn": 3.0, "block1.depthwise_bn": 4.0}


class BatchNormInTraining(layers.BatchNormalization):  # type: ignore[misc]
    """Normalises by the batch at hand, whatever it is told."""

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        del training
        return super().call(inputs, training=True, mask=mask)


class Mobile:
    """Builds the network, one method a part."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.parts = KerasParts()

    def build(self) -> Any:
        """Images of 3 channels to 10 logits."""
        plant, parts = self.plant, self.parts
        image = keras.Input((None, None, 3), name="image")
        x = self._before(image)
        if not plant.has("padding_same"):
            x = parts("stem.pad", layers.ZeroPadding2D, 1)(x)
        padding = plant.pick("valid", padding_same="same")
        x = parts("stem.conv", layers.Conv2D, 16, 3, strides=2, padding=padding, use_bias=False)(x)
        x = self._relu6("stem", self._norm("stem.bn", x))
        x = self._block(0, x, 32, 12)
        first = x = self._block(1, x, 36, 16, stride=2)
        x = self._block(2, x, 48, 16)
        x = self._block(3, x, 48, 16, dilation=plant.pick(2, dilation_forgotten=1), shortcut=first)
        channels = plant.pick(48, head_channels=40)
        x = parts("head.conv", layers.Conv2D, channels, 1, use_bias=False)(x)
        x = self._relu6("head", self._norm("head.bn", x))
        x = parts("pool", layers.GlobalAveragePooling2D)(x)
        if not plant.has("dropout_missing"):
            x = parts("dropout", layers.Dropout, plant.pick(0.2, dropout_rate=0.5))(x)
        activation = plant.pick(None, softmax_added="softmax")
        use_bias = not plant.has("classifier_without_bias")
        x = parts("classifier", layers.Dense, 10, activation=activation, use_bias=use_bias)(x)
        return parts.filled(keras.Model(image, x), RoleWeights("mobile", plant.name, AMPLIFIED))

    def _before(self, image: Any) -> Any:
        if self.plant.has("rescaling_inside"):
            return layers.Rescaling(1 / 128, offset=-1, name="rescaling")(image)
        if self.plant.has("sides_of_image_swapped"):
            return layers.Permute((2, 1, 3), name="permuted")(image)
        return image

    def _block(
        self, index: int, x: Any, wide: int, out: int, *, stride: int = 1, dilation: int = 1, shortcut: Any = None
    ) -> Any:
        plant, parts, name = self.plant, self.parts, f"block{index}"
        before = shortcut if plant.has("residual_moved") and index == 3 else x
        if index > 0:
            dtype = plant.pick(None, convolution_in_bfloat16="mixed_bfloat16") if index == 2 else None
            moved = stride if plant.has("stride_moved") and index == 1 else 1
            x = parts(f"{name}.expand", layers.Conv2D, wide, 1, strides=moved, use_bias=False, dtype=dtype)(x)
            x = self._relu6(f"{name}.expand", self._norm(f"{name}.expand_bn", x))
            stride = 1 if moved > 1 else stride
        x = self._depthwise(name, x, wide, stride, dilation)
        x = self._norm(f"{name}.depthwise_bn", x)
        x = self._relu6(f"{name}.depthwise", x)
        x = parts(f"{name}.project", layers.Conv2D, out, 1, use_bias=False)(x)
        if not (plant.has("batchnorm_missing") and index == 2):
            x = self._norm(f"{name}.project_bn", x)
        if plant.has("activation_extra") and index == 2:
            x = self._relu6(f"{name}.project", x)
        is_residual = index >= 2 and not (plant.has("residual_dropped") and index == 3)
        return parts(f"{name}.add", layers.Add)([before, x]) if is_residual else x

    def _depthwise(self, name: str, x: Any, wide: int, stride: int, dilation: int) -> Any:
        padding = "same"
        if stride > 1 and not self.plant.has("depthwise_padding_same"):
            padding = "valid"
            x = self.parts(f"{name}.pad", layers.ZeroPadding2D, 1)(x)
        return self.parts(
            f"{name}.depthwise",
            layers.DepthwiseConv2D,
            3,
            strides=stride,
            padding=padding,
            depth_multiplier=wide // x.shape[-1],
            dilation_rate=dilation,
            use_bias=False,
        )(x)

    def _norm(self, role: str, x: Any) -> Any:
        plant = self.plant
        epsilon = plant.pick(1e-5, batchnorm_epsilon=1e-3)
        momentum = plant.pick(0.9, batchnorm_momentum=0.99)
        is_chosen = role == "block2.depthwise_bn"
        make = BatchNormInTraining if is_chosen and plant.has("training_layer") else layers.BatchNormalization
        layer = self.parts(role, make, epsilon=epsilon, momentum=momentum)
        if is_chosen and plant.has("frozen_batchnorm"):
            layer.trainable = False
        return layer(x, training=True) if is_chosen and plant.has("training_flag") else layer(x)

    def _relu6(self, before: str, x: Any) -> Any:
        plant, role = self.plant, f"{before}_relu" if before.startswith("block") else f"{before}.relu"
        if role == "block2.depthwise_relu" and plant.has("activation_missing"):
            return x
        cap: float | None = 6.0
        if role == "block1.depthwise_relu":
            cap = plant.pick(cap, relu_for_relu6=None, cap_of_four=4.0)
        return self.parts(role, layers.ReLU, max_value=cap)(x)


def net(plant: str = "") -> Any:
    """The network with its weights."""
    return Mobile(Plant(plant)).build()
