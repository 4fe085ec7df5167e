"""Which input both sides are read at, where the user named none."""

from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.network import Network, TensorSpec
from mbgui.domain.request import Side

_SAY = {InputOrigin.GIVEN: 3, InputOrigin.FIXED: 2, InputOrigin.STATED: 1, InputOrigin.ASSUMED: 0}


def sizes_to_read_again(left: Network, right: Network) -> dict[Side, tuple[int, int]]:
    """The image size (height, width) that a side has to be read again at, so that both get the same.

    A size that a model cannot do without goes before one it was made for, and that before an assumed one; the left side
    decides a tie. Nothing is to be read again where the sizes agree, where a side does not take one image, or where
    neither can change.
    """
    left_size, right_size = image_size(left), image_size(right)
    if left_size is None or right_size is None or left_size == right_size:
        return {}
    yields = Side.LEFT if _SAY[right.input_origin] > _SAY[left.input_origin] else Side.RIGHT
    yielding = left if yields is Side.LEFT else right
    if yielding.input_origin in (InputOrigin.FIXED, InputOrigin.GIVEN):
        return {}
    return {yields: right_size if yields is Side.LEFT else left_size}


def image_size(network: Network) -> tuple[int, int] | None:
    """(height, width) of the one image a network takes; `None` where it takes anything else."""
    if len(network.inputs) != 1 or len(network.inputs[0].shape) != 4:
        return None
    return _spatial(network.inputs[0], network.data_layout)


def _spatial(spec: TensorSpec, layout: str) -> tuple[int, int]:
    height, width = spec.shape[1:3] if layout == "NHWC" else spec.shape[2:4]
    return height, width
