"""What porting bugs do to weights, in PyTorch's layouts (kernels: out, in / groups, height, width)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Arrays = dict[str, Array]
Change = Callable[[Arrays], Arrays]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """A change to the arrays of one role, or of every role where it is `*`."""

    role: str
    change: Change


def swapped(first: str, second: str) -> Change:
    """Two arrays of equal shape in each other's place."""
    return lambda arrays: arrays | {first: arrays[second], second: arrays[first]}


def kernel(change: Callable[[Array], Array]) -> Change:
    """A change to the kernel alone."""
    return lambda arrays: arrays | {"kernel": change(arrays["kernel"])}


def sides_swapped(array: Array) -> Array:
    """Height and width of the kernel in each other's place."""
    return array.swapaxes(2, 3)


def multiplier_first(array: Array, channels: int) -> Array:
    """Depthwise filters in order of the multiplier instead of the channel."""
    return array.reshape(-1, channels, *array.shape[1:]).swapaxes(0, 1).reshape(array.shape)


def nudged(array: Array) -> Array:
    """Off by a thousandth of its own size, in random directions."""
    noise = np.random.default_rng(5).standard_normal(array.shape)
    return (array + 1e-3 * np.std(array) * noise).astype(np.float32)


def in_bfloat16(array: Array) -> Array:
    """Rounded to the nearest bfloat16, ties to even."""
    bits = array.view(np.uint32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)
    return rounded.astype(np.uint32).view(np.float32)


def _every(change: Callable[[Array], Array]) -> Change:
    return lambda arrays: {name: change(array) for name, array in arrays.items()}


def _zero_bias(arrays: Arrays) -> Arrays:
    return arrays | {"bias": np.zeros_like(arrays["bias"])}


def _one_wrong_filter(array: Array) -> Array:
    changed = array.copy()
    changed[3] = -changed[3]
    return changed


def _groups_interleaved(array: Array) -> Array:
    """Filters dealt out over four groups in turn instead of one group after the other."""
    return array.reshape(4, -1, *array.shape[1:]).swapaxes(0, 1).reshape(array.shape)


TAMPERINGS: dict[str, Tampering] = {
    # of the network "mobile"
    "mean_variance_swapped": Tampering(role="block2.expand_bn", change=swapped("mean", "variance")),
    "gamma_beta_swapped": Tampering(role="block1.project_bn", change=swapped("gamma", "beta")),
    "multiplier_order": Tampering(
        role="block0.depthwise", change=kernel(lambda array: multiplier_first(array, channels=16))
    ),
    "kernel_sides_swapped": Tampering(role="stem.conv", change=kernel(sides_swapped)),
    "depthwise_sides_swapped": Tampering(role="block3.depthwise", change=kernel(sides_swapped)),
    "one_layer_off": Tampering(role="block2.project", change=kernel(nudged)),
    "weights_in_bfloat16": Tampering(role="*", change=_every(in_bfloat16)),
    "beta_forgotten": Tampering(role="head.bn", change=lambda arrays: arrays | {"beta": np.zeros_like(arrays["beta"])}),
    # of the network "vgg"
    "colours_reversed": Tampering(role="conv1", change=kernel(lambda array: array[:, ::-1])),
    "bias_forgotten": Tampering(role="conv4", change=_zero_bias),
    "one_filter_negated": Tampering(role="conv3", change=kernel(_one_wrong_filter)),
    # of the network "inception"
    "group_order": Tampering(role="grouped.conv", change=kernel(_groups_interleaved)),
    # of the network "mixer"
    "norm_gamma_beta_swapped": Tampering(role="block1.channel_norm", change=swapped("gamma", "beta")),
    "dense_transposed": Tampering(role="embed_fc", change=kernel(lambda array: array.T)),
    # of the network "decoder"
    "transposed_kernel_flipped": Tampering(role="up2.conv", change=kernel(lambda array: array[:, :, ::-1, ::-1])),
}
