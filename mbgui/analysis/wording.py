"""How numbers and terms read, in the window and in reports alike."""

from math import isfinite

from mbgui.domain.alignment import LayerPair
from mbgui.domain.difference import Effect
from mbgui.domain.framework import Framework
from mbgui.domain.network import AttributeValue, Network, TensorPurpose
from mbgui.domain.request import Side

BYTES_PER_MEBIBYTE = 2**20
MISSING = "–"
_MACS_PER_UNIT = {"M": 1e6, "k": 1e3}

MAC_CONVENTION = (
    "MACs are multiply-accumulates of convolutions, dense layers and matrix products for the whole batch, counted from "
    "shapes by the same formulas for both frameworks; biases, normalisation, activations and pooling are not counted."
)


def count_text(value: int | None) -> str:
    """`3,504,872`, or a dash for nothing."""
    return MISSING if value is None else f"{value:,}"


def difference_text(left: int, right: int) -> str:
    """`+34,112`, `-5` or `equal`."""
    return "equal" if left == right else f"{right - left:+,}"


def mebibytes_text(size_bytes: int, digits: int = 5) -> str:
    """`13.50055 MiB` (1 MiB = 2^20 bytes)."""
    return f"{size_bytes / BYTES_PER_MEBIBYTE:,.{digits}f} MiB"


def milliseconds_text(duration_s: float) -> str:
    """`21.09`, the milliseconds of a time in seconds, without the unit."""
    return f"{duration_s * 1e3:,.2f}"


def percent_text(share: float) -> str:
    """`62.48 %` for a share of 0.6248."""
    return f"{share * 100:.2f} %"


def mac_unit(smallest: int) -> str:
    """The unit in which MACs from `smallest` on do not read as zero: `M`, `k`, or none."""
    return "M" if smallest >= 1e5 else "k" if smallest >= 1e3 else ""


def macs_in(mac_count: int, unit: str) -> str:
    """`10.8`, multiply-accumulates in one of the units of `mac_unit`, without the unit."""
    return f"{mac_count / _MACS_PER_UNIT[unit]:,.1f}" if unit else count_text(mac_count)


def macs_text(mac_count: int) -> str:
    """`10.8 M`, `33.6 k` or `48`."""
    unit = mac_unit(mac_count)
    return f"{macs_in(mac_count, unit)} {unit}".rstrip()


def shape_text(shape: tuple[int, ...]) -> str:
    """`32×112×112`; `scalar` for an empty shape."""
    return "×".join(str(size) for size in shape) or "scalar"


def input_sizes_text(network: Network) -> str:
    """`224×224` for one image in colours, else every input without its batch: `a 224×224×3, b 10`."""
    shapes = [spec.shape[1:] for spec in network.inputs]
    channels_at = 2 if network.data_layout == "NHWC" else 0
    if len(shapes) == 1:
        shape = shapes[0]
        is_image = len(shape) == 3 and shape[channels_at] == 3
        return shape_text(shape[:2] if channels_at else shape[1:]) if is_image else shape_text(shape)
    names = network.input_names if len(network.input_names) == len(shapes) else ("",) * len(shapes)
    return ", ".join(f"{name} {shape_text(shape)}".strip() for name, shape in zip(names, shapes, strict=True))


def same_or_both(left: str, right: str) -> str:
    """`224×224`, or `224×224 (left) and 299×299 (right)`."""
    return left if left == right else f"{left} (left) and {right} (right)"


def statistic_text(value: float | None) -> str:
    """A mean or an extreme to five significant digits, or a dash for nothing."""
    return MISSING if value is None or not isfinite(value) else f"{value:.5g}"


def value_text(value: AttributeValue) -> str:
    """An attribute as text: `(3, 3)` reads `3, 3`, booleans yes and no, numbers to nine digits."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def attribute_title(name: str) -> str:
    """`kernel size` for `kernel_size`."""
    return name.replace("_", " ")


PURPOSE_TITLES: dict[TensorPurpose, str] = {
    TensorPurpose.LEARNABLE: "Learnable parameters",
    TensorPurpose.FROZEN: "Frozen parameters",
    TensorPurpose.MOVING_STATISTIC: "Moving mean and variance",
    TensorPurpose.COUNTER: "Batch counters",
    TensorPurpose.OTHER_BUFFER: "Other buffers",
}

EFFECT_TITLES: dict[Effect, str] = {
    Effect.INFERENCE: "inference",
    Effect.TRAINING: "training",
    Effect.ACCOUNTING: "accounting",
    Effect.NONE: "none",
}


def evidence_text(pair: LayerPair) -> str:
    """`paired with confidence 1.00 (kind, output shape)`, or which side stands alone."""
    if pair.left is None or pair.right is None:
        return "no partner on the other side"
    return f"paired with confidence {pair.confidence:.2f} ({', '.join(pair.evidence)})"


def side_title(side: Side, left: Framework | None, right: Framework | None) -> str:
    """`PyTorch` or `Keras`; `PyTorch (left)` where both sides share a framework, `Left` where nothing is known."""
    own = left if side is Side.LEFT else right
    if own is None:
        return side.value.capitalize()
    return f"{own.display_name} ({side.value})" if left is right else own.display_name
