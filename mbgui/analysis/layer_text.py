"""A layer in a few characters: `Conv2d 3×3 /2 dw`, `32×112×112`."""

from mbgui.analysis.wording import shape_text
from mbgui.domain import attribute_names
from mbgui.domain.difference import Cause
from mbgui.domain.network import AttributeValue, Layer, LayerKind

_CONVOLUTIONS = {LayerKind.CONVOLUTION, LayerKind.TRANSPOSED_CONVOLUTION, LayerKind.SEPARABLE_CONVOLUTION}
_WINDOWED = _CONVOLUTIONS | {LayerKind.POOLING}

CAUSE_LABELS: dict[Cause, str] = {
    Cause.BATCHNORM_EPSILON: "epsilon",
    Cause.BATCHNORM_MOMENTUM: "momentum",
    Cause.BATCHNORM_VARIANCE: "variance",
    Cause.ACTIVATION_PARAMETERS: "activation",
    Cause.HEAD_ACTIVATION: "head",
    Cause.MISSING_LAYER: "only left",
    Cause.EXTRA_LAYER: "only right",
    Cause.CONVOLUTION_CLASS: "class",
    Cause.DATA_LAYOUT: "layout",
    Cause.FROZEN_PARAMETERS: "frozen",
    Cause.PARAMETER_ACCOUNTING: "accounting",
}
"""Short words for causes where their own name is too long for a badge."""


def cause_label(cause: Cause) -> str:
    """One or two words for a badge: `epsilon`, `padding`, `only right`."""
    return CAUSE_LABELS.get(cause, cause.value.replace("_", " "))


def type_text(layer: Layer) -> str:
    """The type with what matters most: kernel, stride, grouping, upper bound, padding: `Conv2d 3×3 /2 dw`."""
    return " ".join(part for part in (layer.type_name, *_main_attributes(layer)) if part)


def output_text(layer: Layer) -> str:
    """The shape of the first output without the batch; `(+1)` tells of further outputs."""
    if not layer.outputs:
        return ""
    shape = layer.outputs[0].shape
    further = f" (+{len(layer.outputs) - 1})" if len(layer.outputs) > 1 else ""
    return (shape_text(shape[1:]) if len(shape) > 1 else "scalar") + further


def _main_attributes(layer: Layer) -> tuple[str, ...]:
    if layer.kind in _WINDOWED:
        return (_kernel(layer), _stride(layer), _dilation(layer), _grouping(layer))
    if layer.kind is LayerKind.ACTIVATION:
        return (_upper_bound(layer),)
    if layer.kind is LayerKind.PADDING:
        return (_padding(layer),)
    if layer.kind is LayerKind.DROPOUT:
        return (_number(layer.value(attribute_names.RATE)),)
    return (_fused_activation(layer),) if layer.kind is LayerKind.DENSE else ()


def _kernel(layer: Layer) -> str:
    size = layer.value(attribute_names.KERNEL_SIZE)
    return "×".join(str(length) for length in size) if isinstance(size, tuple) else _number(size)


def _stride(layer: Layer) -> str:
    text = _steps(layer.value(attribute_names.STRIDES))
    return f"/{text}" if text else ""


def _dilation(layer: Layer) -> str:
    text = _steps(layer.value(attribute_names.DILATION))
    return f"dilated {text}" if text else ""


def _steps(value: AttributeValue) -> str:
    """`2` for 2×2, `2×1` for unequal steps, nothing for steps of one."""
    steps = value if isinstance(value, tuple) else (value,) if isinstance(value, int) else ()
    if set(steps) <= {1}:
        return ""
    return str(steps[0]) if len(set(steps)) == 1 else "×".join(map(str, steps))


def _grouping(layer: Layer) -> str:
    groups = layer.value(attribute_names.GROUPS)
    if not isinstance(groups, int) or groups <= 1 or "depthwise" in layer.type_name.casefold():
        return ""
    channels = layer.value(attribute_names.IN_CHANNELS) or layer.value(attribute_names.OUT_CHANNELS)
    return "dw" if groups == channels else f"{groups} groups"


def _upper_bound(layer: Layer) -> str:
    bound = layer.value(attribute_names.MAX_VALUE)
    if bound is None or layer.type_name.casefold().endswith(_number(bound)):
        return ""
    return f"(max {_number(bound)})"


def _padding(layer: Layer) -> str:
    sides = layer.value(attribute_names.PADDING)
    return f"({','.join(map(str, sides))})" if isinstance(sides, tuple) else ""


def _fused_activation(layer: Layer) -> str:
    name = layer.value(attribute_names.ACTIVATION)
    return str(name) if name not in (None, "linear", "none", "identity") else ""


def _number(value: AttributeValue) -> str:
    return f"{value:g}" if isinstance(value, int | float) else ""
