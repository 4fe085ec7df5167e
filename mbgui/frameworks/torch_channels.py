"""Where the channels of every value in a PyTorch program are."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import fx

from mbgui.frameworks.channel_axis import PLAIN, Layout, channels_first, permuted, reshaped

_CHANNELS_FIRST = ("conv", "max_pool", "avg_pool", "adaptive_", "upsample", "batch_norm", "group_norm", "instance_norm")
_CHANNELS_LAST = frozenset({"linear", "embedding", "scaled_dot_product_attention", "lstm", "gru", "rnn_tanh"})
_RESHAPES = frozenset({"flatten", "view", "reshape", "unflatten", "squeeze", "unsqueeze", "_unsafe_view"})


def layouts_of(program: torch.export.ExportedProgram) -> dict[str, Layout]:
    """The layout of every node's value. Images come in channels first, sequences only where a `conv1d` reads them."""
    found: dict[str, Layout] = {}
    inputs = set(program.graph_signature.user_inputs)
    for node in program.graph.nodes:
        if node.op == "placeholder":
            found[node.name] = _input_layout(node) if node.name in inputs else PLAIN
        elif node.op == "call_function":
            found[node.name] = _layout(node, found)
    return found


def shape_of(node: fx.Node) -> tuple[int, ...]:
    """The shape of a node's value; empty where it is no tensor."""
    value = node.meta.get("val")
    return tuple(int(size) for size in value.shape) if isinstance(value, torch.Tensor) else ()


def operator_name(node: fx.Node) -> str:
    """The name of a node's operator without the mark of working in place."""
    target: Any = node.target
    packet = getattr(target, "overloadpacket", None)
    return str(packet.__name__ if packet is not None else getattr(target, "__name__", target)).rstrip("_")


def _input_layout(node: fx.Node) -> Layout:
    rank = len(shape_of(node))
    if rank == 3 and not any(operator_name(user).startswith(("conv", "batch_norm")) for user in node.users):
        return PLAIN
    return channels_first(rank)


def _layout(node: fx.Node, found: dict[str, Layout]) -> Layout:  # noqa: PLR0911  one a kind of operator
    name, shape = operator_name(node), shape_of(node)
    if not shape:
        return PLAIN
    if name.startswith(_CHANNELS_FIRST):
        return channels_first(len(shape))
    if name in _CHANNELS_LAST:
        return PLAIN
    source = next(_sources(node, len(shape)), None)
    if source is None:
        return PLAIN
    before, layout = shape_of(source), found.get(source.name, PLAIN)
    if name == "permute":
        return permuted(layout, tuple(int(axis) % len(shape) for axis in _second(node)))
    if name in {"transpose", "swapaxes"}:
        return permuted(layout, _swapped(len(before), int(_second(node)), int(_argument(node, 2))))
    if name in _RESHAPES or len(before) != len(shape):
        return reshaped(layout, before, shape)
    return layout


def _sources(node: fx.Node, rank: int) -> Iterator[fx.Node]:
    """The tensors a node reads, those of its own rank first, and those that depend on the input before parameters."""
    read = list(node.all_input_nodes)
    same = [source for source in read if len(shape_of(source)) == rank and source.op != "placeholder"]
    yield from same
    yield from (source for source in read if source not in same)


def _second(node: fx.Node) -> Any:
    return _argument(node, 1)


def _argument(node: fx.Node, index: int) -> Any:
    return node.args[index] if len(node.args) > index else next(iter(node.kwargs.values()))


def _swapped(rank: int, first: int, second: int) -> tuple[int, ...]:
    order = list(range(rank))
    order[first], order[second] = order[second], order[first]
    return tuple(order)
