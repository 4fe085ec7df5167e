"""At which inputs both networks were read, and why, as a sentence."""

from collections import Counter

from mbgui.analysis.wording import input_sizes_text
from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.network import Network, TensorSpec

_REASONS = {
    InputOrigin.GIVEN: "",
    InputOrigin.FIXED: "the only size it takes",
    InputOrigin.STATED: "the size it states",
    InputOrigin.ASSUMED: "assumed, since it states none",
}
_COMMON_REASONS = {
    InputOrigin.GIVEN: "",
    InputOrigin.FIXED: "the only size they take",
    InputOrigin.STATED: "the size both state",
    InputOrigin.ASSUMED: "assumed, since neither states one",
}
_IMAGE_RANK = 4


def input_sentence(left: Network, right: Network) -> str:
    """`Both were read at 224×224 (the size both state).`, or what each was read at where they differ."""
    if not are_inputs_alike(left, right):
        return f"Left was read at {_text_with_reason(left)}, right at {_text_with_reason(right)}."
    reason = _common_reason(left.input_origin, right.input_origin)
    return f"Both were read at {input_sizes_text(left)}{f' ({reason})' if reason else ''}."


def are_inputs_alike(left: Network, right: Network) -> bool:
    """Whether both were read at inputs of the same sizes, whatever their layouts and their order."""
    return _sizes(left) == _sizes(right)


def _common_reason(left: InputOrigin, right: InputOrigin) -> str:
    if left is right:
        return _COMMON_REASONS[left]
    reasons = (("left", _REASONS[left]), ("right", _REASONS[right]))
    return "; ".join(f"{side}: {reason}" for side, reason in reasons if reason)


def _sizes(network: Network) -> Counter[tuple[int, ...]]:
    return Counter(_channels_last(spec, network.data_layout) for spec in network.inputs)


def _channels_last(spec: TensorSpec, layout: str) -> tuple[int, ...]:
    if len(spec.shape) != _IMAGE_RANK or layout == "NHWC":
        return spec.shape
    batch, channels, height, width = spec.shape
    return batch, height, width, channels


def _text_with_reason(network: Network) -> str:
    reason = _REASONS[network.input_origin]
    return f"{input_sizes_text(network)}{f' ({reason})' if reason else ''}"
