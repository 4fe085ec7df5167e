"""Where the channels of every value in a Keras graph are."""

from collections.abc import Mapping, Sequence

from mbgui.domain.network import LayerCall
from mbgui.frameworks.channel_axis import PLAIN, Layout, channels_first, permuted, reshaped
from mbgui.frameworks.keras_graph import GraphStep

_RESHAPES = frozenset({"Reshape", "Flatten"})
_CHANNELS_LAST = frozenset({"Dense", "EinsumDense", "Embedding", "LSTM", "GRU", "SimpleRNN", "MultiHeadAttention"})
"""Layers that work on the last dimension, whatever it was before."""


def layouts_of(steps: Sequence[GraphStep], calls: Mapping[str, LayerCall]) -> dict[str, Layout]:
    """The layout of what every call gives. Channels come last unless a layer says otherwise."""
    found: dict[str, Layout] = {}
    first = _read_channels_first(steps)
    for step in steps:
        found[step.name] = _layout(step, calls, found, first)
    return found


def _read_channels_first(steps: Sequence[GraphStep]) -> frozenset[str]:
    """Calls whose output a layer reads that is set to channels first."""
    return frozenset(name for step in steps if _is_channels_first(step) for name, _ in step.values.values())


def _is_channels_first(step: GraphStep) -> bool:
    return getattr(step.operation, "data_format", None) == "channels_first"


def _layout(  # noqa: PLR0911  one a kind of layer
    step: GraphStep, calls: Mapping[str, LayerCall], found: Mapping[str, Layout], first: frozenset[str]
) -> Layout:
    shape = _shape(step.name, calls)
    if step.is_input:
        return channels_first(len(shape)) if step.name in first else PLAIN
    kind = type(step.operation).__name__
    if kind in _CHANNELS_LAST:
        return PLAIN
    if _is_channels_first(step) and kind != "Flatten":
        return channels_first(len(shape))
    sources = [name for name, _ in step.values.values()]
    same = [name for name in sources if len(_shape(name, calls)) == len(shape)]
    source = next(iter(same or sources), None)
    if source is None or (_is_channels_first(step) and kind == "Flatten"):
        return PLAIN
    if kind == "Permute":
        return permuted(found[source], (0, *step.operation.dims))
    if kind in _RESHAPES or not same:
        return reshaped(found[source], _shape(source, calls), shape)
    return found[source]


def _shape(name: str, calls: Mapping[str, LayerCall]) -> tuple[int, ...]:
    call = calls.get(name)
    return call.outputs[0].shape if call is not None and call.outputs else ()
