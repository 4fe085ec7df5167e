"""Multiply-accumulates of PyTorch's operations, by the formulas of `mac_count`."""

from collections.abc import Callable

from mbgui.frameworks import mac_count
from mbgui.frameworks.torch_graph import Operation


def operation_macs(operation: Operation) -> int:
    """Multiply-accumulates of one operation by the formulas of `mac_count`; 0 where the convention counts nothing."""
    counter = MAC_COUNTERS.get(operation.name)
    return counter(operation) if counter is not None else 0


def _convolution_macs(operation: Operation) -> int:
    weight = operation.shape_of("weight")
    if "transpose" in operation.operator or operation.arguments.get("transposed"):
        return mac_count.transposed_convolution(weight[2:], weight[1], operation.shape_of("input"))
    return mac_count.convolution(weight[2:], weight[1], operation.output_shape)


def _dense_macs(operation: Operation) -> int:
    return mac_count.dense(operation.shape_of("weight")[-1], operation.output_shape)


def _product_macs(operation: Operation) -> int:
    operands = [tensor.shape for tensor in operation.tensors()][-2:]
    return mac_count.matrix_product(operands[0], operation.output_shape)


def _attention_macs(operation: Operation) -> int:
    return mac_count.attention(*(operation.shape_of(name) for name in ("query", "key", "value")))


def _einsum_macs(operation: Operation) -> int:
    return mac_count.einsum(operation.arguments["equation"], tuple(tensor.shape for tensor in operation.tensors()))


MAC_COUNTERS: dict[str, Callable[[Operation], int]] = {
    **dict.fromkeys(
        (
            "conv1d",
            "conv2d",
            "conv3d",
            "convolution",
            "conv_transpose1d",
            "conv_transpose2d",
            "conv_transpose3d",
        ),
        _convolution_macs,
    ),
    "linear": _dense_macs,
    **dict.fromkeys(("matmul", "mm", "bmm", "addmm", "baddbmm", "mv", "dot"), _product_macs),
    "scaled_dot_product_attention": _attention_macs,
    "einsum": _einsum_macs,
}
