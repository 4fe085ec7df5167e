"""Whether a model that was saved and opened again is the one that was saved."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace

from mbgui.analysis.accounting import account
from mbgui.domain.network import Layer, LayerKind, Network

IDLE = "layers that run nothing"
"""What an exported program does not hold: modules that hand their input on, such as dropout in evaluation."""
_IDLE_KINDS = frozenset({LayerKind.DROPOUT, LayerKind.IDENTITY})


def lost_on_the_way(original: Network, opened: Network) -> Iterator[str]:
    """What differs: the books (parameters, sizes, MACs, layers by type), tensors, or kinds of layers."""
    if account(original) != account(opened) and _without_idle(original) == _without_idle(opened):
        yield IDLE
        return
    before, after = account(original), account(opened)
    yield from (found.name for found in fields(before) if getattr(before, found.name) != getattr(after, found.name))
    if _tensors(original) != _tensors(opened):
        yield "tensors"
    if _kinds(original.layers) != _kinds(opened.layers):
        yield "kinds of layers"


def _without_idle(network: Network) -> tuple[object, ...]:
    """The books, tensors and kinds of all layers that compute something."""
    working = tuple(layer for layer in network.layers if layer.kind not in _IDLE_KINDS or layer.inputs)
    return account(replace(network, layers=working)), _tensors(network), _kinds(working)


def _tensors(network: Network) -> list[tuple[object, ...]]:
    return sorted((found.shape, found.dtype, found.purpose) for found in network.tensors)


def _kinds(layers: tuple[Layer, ...]) -> Counter[LayerKind]:
    return Counter(layer.kind for layer in layers if layer.kind is not LayerKind.CONTAINER)
