"""Networks of a few layers with tensors, by hand for either framework, and how their layers compute in numpy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mbgui.analysis.weight_plan import plan_weights
from mbgui.analysis.weight_records import WeightPlan
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.framework import Framework
from mbgui.domain.network import AttributeValue, Layer, LayerKind, Network, StoredTensor, TensorPurpose, TensorSpec
from tests.support.records import KERAS_SOURCE, TORCH_SOURCE, layer, tensor

Array = npt.NDArray[Any]
Shapes = Mapping[str, tuple[int, ...]]


def network(
    framework: Framework, layers: Sequence[Layer], tensors: Shapes, input_shape: tuple[int, ...] = (3, 8, 8)
) -> Network:
    """A network of these layers; tensors by name (`conv.weight`, `conv/kernel`), inputs without the batch dimension."""
    is_torch = framework is Framework.PYTORCH
    return Network(
        source=TORCH_SOURCE if is_torch else KERAS_SOURCE,
        framework=framework,
        class_name="Net",
        data_layout="NCHW" if is_torch else "NHWC",
        reading="by hand",
        framework_parameter_count=0,
        inputs=(TensorSpec(shape=(1, *input_shape), dtype="float32"),),
        outputs=(),
        layers=tuple(layers),
        tensors=tuple(_stored(name, shape, layers) for name, shape in tensors.items()),
        notes=(),
        build_s=0.0,
        read_s=0.0,
    )


def _stored(name: str, shape: tuple[int, ...], layers: Sequence[Layer]) -> StoredTensor:
    is_counter = name.endswith(("num_batches_tracked", "count"))
    stored = tensor(name, shape, TensorPurpose.COUNTER if is_counter else TensorPurpose.LEARNABLE)
    owner = next((found.path for found in layers if name.startswith(found.path)), stored.layer)
    values = {name: getattr(stored, name) for name in stored.__dataclass_fields__}
    return StoredTensor(**values | {"layer": owner, "role": name[len(owner) + 1 :]})


def one_layer(
    framework: Framework,
    kind: LayerKind,
    tensors: Shapes,
    type_name: str = "",
    attributes: Mapping[str, AttributeValue] | None = None,
) -> Network:
    """A network of the single layer `layer`, whose tensors are given by role."""
    separator = "." if framework is Framework.PYTORCH else "/"
    only = layer("layer", type_name or kind.value, kind, attributes=attributes)
    return network(framework, [only], {f"layer{separator}{role}": shape for role, shape in tensors.items()})


def pairs(*names: tuple[str, str]) -> Alignment:
    """An alignment of layers by path."""
    return Alignment(
        pairs=tuple(LayerPair(left=left, right=right, confidence=1.0, evidence=()) for left, right in names)
    )


def plan_of_one(left: Network, right: Network) -> WeightPlan:
    """The plan of two networks of one layer each."""
    return plan_weights(left, right, pairs(("layer", "layer")))


def random_tensors(found: Network, seed: int = 1) -> dict[str, Array]:
    """Values for every tensor of a network."""
    generator = np.random.default_rng(seed)
    return {stored.name: generator.standard_normal(stored.shape) for stored in found.tensors}


def torch_convolution(image: Array, kernel: Array, groups: int = 1) -> Array:
    """(C, H, W) by (O, C/g, h, w), without padding, as PyTorch's documentation has it."""
    outputs, per_group = kernel.shape[:2]
    height, width = image.shape[1] - kernel.shape[2] + 1, image.shape[2] - kernel.shape[3] + 1
    result = np.zeros((outputs, height, width))
    for output in range(outputs):
        first = output // (outputs // groups) * per_group
        for y, x in np.ndindex(height, width):
            window = image[first : first + per_group, y : y + kernel.shape[2], x : x + kernel.shape[3]]
            result[output, y, x] = (window * kernel[output]).sum()
    return result


def keras_convolution(image: Array, kernel: Array, groups: int = 1) -> Array:
    """(H, W, C) by (h, w, C/g, O), without padding, as `tf.nn.convolution` has it."""
    rows, columns, per_group, outputs = kernel.shape
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    result = np.zeros((height, width, outputs))
    for y, x, output in np.ndindex(height, width, outputs):
        first = output // (outputs // groups) * per_group
        window = image[y : y + rows, x : x + columns, first : first + per_group]
        result[y, x, output] = (window * kernel[..., output]).sum()
    return result


def keras_depthwise(image: Array, kernel: Array) -> Array:
    """(H, W, C) by (h, w, C, M): output c·M + m is channel c by its kernel m, as `tf.nn.depthwise_conv2d` has it."""
    rows, columns, channels, multipliers = kernel.shape
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    result = np.zeros((height, width, channels * multipliers))
    for y, x, channel, multiplier in np.ndindex(height, width, channels, multipliers):
        window = image[y : y + rows, x : x + columns, channel]
        result[y, x, channel * multipliers + multiplier] = (window * kernel[:, :, channel, multiplier]).sum()
    return result


def torch_transposed(image: Array, kernel: Array) -> Array:
    """(I, H, W) by (I, O, h, w) at stride 2: every input value adds its kernel to the result."""
    inputs, outputs, rows, columns = kernel.shape
    result = np.zeros((outputs, 2 * (image.shape[1] - 1) + rows, 2 * (image.shape[2] - 1) + columns))
    for channel, y, x in np.ndindex(inputs, *image.shape[1:]):
        result[:, 2 * y : 2 * y + rows, 2 * x : 2 * x + columns] += image[channel, y, x] * kernel[channel]
    return result


def keras_transposed(image: Array, kernel: Array) -> Array:
    """(H, W, I) by (h, w, O, I) at stride 2."""
    rows, columns, outputs, inputs = kernel.shape
    result = np.zeros((2 * (image.shape[0] - 1) + rows, 2 * (image.shape[1] - 1) + columns, outputs))
    for y, x, channel in np.ndindex(*image.shape[:2], inputs):
        result[2 * y : 2 * y + rows, 2 * x : 2 * x + columns] += image[y, x, channel] * kernel[..., channel]
    return result
