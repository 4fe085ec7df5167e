"""Multiply-accumulates from shapes, one formula set for every framework.

Convention (stated to the user in `analysis.wording.MAC_CONVENTION`): convolutions, dense layers and matrix products
count, for the whole batch; biases, normalisation, activations and pooling do not. Formulas: one multiplication and one
addition per weight and output position, as in Howard et al., "MobileNets" (2017), section 3.1.
"""

from math import prod

Shape = tuple[int, ...]


def convolution(kernel_size: Shape, input_channels_per_group: int, output_shape: Shape) -> int:
    """A convolution: every output value sums `prod(kernel_size) * input_channels_per_group` products."""
    return prod(kernel_size) * input_channels_per_group * prod(output_shape)


def transposed_convolution(kernel_size: Shape, output_channels_per_group: int, input_shape: Shape) -> int:
    """A transposed convolution: every input value is spread over `prod(kernel_size) * output_channels_per_group`."""
    return prod(kernel_size) * output_channels_per_group * prod(input_shape)


def dense(input_features: int, output_shape: Shape) -> int:
    """A dense layer: every output value sums `input_features` products."""
    return input_features * prod(output_shape)


def matrix_product(left_shape: Shape, output_shape: Shape) -> int:
    """A product of (stacks of) matrices: every output value sums as many products as the left one has columns."""
    return left_shape[-1] * prod(output_shape)


def attention(query_shape: Shape, key_shape: Shape, value_shape: Shape) -> int:
    """Scaled dot-product attention: queries with keys, then weights with values (..., length, features)."""
    *leading, query_length, features = query_shape
    key_length, value_features = key_shape[-2], value_shape[-1]
    return prod(leading) * query_length * key_length * (features + value_features)


def einsum(equation: str, shapes: tuple[Shape, ...]) -> int:
    """A product of two tensors in Einstein's notation: the product of the extents of all indices; 0 for one tensor.

    Letters behind an ellipsis are not resolved: such an equation counts its named indices only.
    """
    if len(shapes) < 2:
        return 0
    operands = equation.replace(" ", "").replace("...", "").split("->", 1)[0].split(",")
    extents: dict[str, int] = {}
    for operand, shape in zip(operands, shapes, strict=True):
        extents.update(zip(operand, shape[len(shape) - len(operand) :], strict=True))
    return prod(extents.values())


def projected_attention(  # noqa: PLR0913 - attention has this many widths
    query_shape: Shape,
    key_shape: Shape,
    value_shape: Shape,
    *,
    key_width: int,
    value_width: int,
    output_shape: Shape,
) -> int:
    """Attention with its projections; shapes are (batch, length, features), widths those of all heads together.

    Source: Vaswani et al., "Attention is all you need" (2017), section 3.2.2.
    """
    batch, query_length = query_shape[:2]
    key_length = key_shape[1]
    projections = (
        prod(query_shape) * key_width
        + prod(key_shape) * key_width
        + prod(value_shape) * value_width
        + batch * query_length * value_width * output_shape[-1]
    )
    return projections + batch * query_length * key_length * (key_width + value_width)
