"""How the tensors of recurrent layers correspond.

PyTorch stores (gates·U, I) and two biases that are added, Keras (I, gates·U) and one bias, or both for a GRU with
`reset_after`. The gates of an LSTM have one order in both (i, f, g, o), those of a GRU have not: r, z, n against
z, r, h. Sources: the formulas in the documentation of `torch.nn.LSTM` and `torch.nn.GRU`; the splits in
`keras.layers.LSTMCell` and `GRUCell`.
"""

import re
from dataclasses import dataclass

from mbgui.analysis.weight_layout import layout_between
from mbgui.analysis.weight_records import Region, TensorPart, WeightLink
from mbgui.analysis.weight_slots import WeightSide
from mbgui.analysis.weight_whole_layers import identical_links, swapped
from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer, StoredTensor

Layers = tuple[Layer, ...]
INPUT, STATE = "kernel", "recurrent kernel"
INPUT_BIAS, STATE_BIAS, BIAS = "input bias", "recurrent bias", "bias"
_TORCH_NAME = re.compile(r"(weight|bias)_(ih|hh|hr)_l(\d+)(_reverse)?$")
_TORCH_ROLES = {"weight_ih": INPUT, "weight_hh": STATE, "bias_ih": INPUT_BIAS, "bias_hh": STATE_BIAS}
_GRU_GATES = ((0, 1), (1, 0), (2, 2))  # PyTorch's place, Keras's place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """The tensors of one direction of one layer by role."""

    layer: str
    tensors: dict[str, StoredTensor]


def recurrent_links(
    left: WeightSide, left_layers: Layers, right: WeightSide, right_layers: Layers
) -> list[WeightLink] | str:
    """The links of recurrent layers, or why there are none; a stack in PyTorch may be several layers in Keras."""
    if left.framework is right.framework:
        return identical_links(left, left_layers, right, right_layers)
    is_torch_left = left.framework is Framework.PYTORCH
    torch_side = (left, left_layers) if is_torch_left else (right, right_layers)
    keras_side = (right, right_layers) if is_torch_left else (left, left_layers)
    mine, other = _torch_cells(*torch_side), _keras_cells(*keras_side)
    if isinstance(mine, str):
        return mine
    if len(mine) != len(other):
        return f"PyTorch has {len(mine)} cells (layers and directions) here, Keras {len(other)}."
    links: list[WeightLink] = []
    for torch_cell, keras_cell in zip(mine, other, strict=True):
        found = _cell_links(torch_cell, keras_cell)
        if isinstance(found, str):
            return found
        links += found
    return links if is_torch_left else [swapped(link) for link in links]


def _torch_cells(side: WeightSide, layers: Layers) -> list[_Cell] | str:
    cells: dict[tuple[str, str, str], _Cell] = {}
    for layer in layers:
        for tensor in side.tensors[layer.path]:
            name = _TORCH_NAME.search(tensor.role)
            if name is None or name[2] == "hr":
                return f"{tensor.role} of PyTorch's {layer.type_name} has no counterpart in Keras."
            cell = cells.setdefault((layer.path, name[3], name[4] or ""), _Cell(layer=layer.path, tensors={}))
            cell.tensors[_TORCH_ROLES[f"{name[1]}_{name[2]}"]] = tensor
    return list(cells.values())


def _keras_cells(side: WeightSide, layers: Layers) -> list[_Cell]:
    cells: dict[tuple[str, str], _Cell] = {}
    for layer in layers:
        for tensor in side.tensors[layer.path]:
            holder, _, role = tensor.role.rpartition("/")
            if role in {"kernel", "recurrent_kernel", "bias"}:
                cell = cells.setdefault((layer.path, holder), _Cell(layer=layer.path, tensors={}))
                cell.tensors[role.replace("_", " ")] = tensor
    return [cells[key] for key in sorted(cells, key=lambda key: (_place(layers, key[0]), "backward" in key[1]))]


def _place(layers: Layers, path: str) -> int:
    return next(place for place, layer in enumerate(layers) if layer.path == path)


def _cell_links(mine: _Cell, other: _Cell) -> list[WeightLink] | str:
    units = mine.tensors[STATE].shape[1]
    gates = mine.tensors[STATE].shape[0] // units
    for role in (INPUT, STATE):
        if mine.tensors[role].shape != other.tensors[role].shape[::-1]:
            return f"The {role}s have shapes {mine.tensors[role].shape} and {other.tensors[role].shape}."
    blocks = _GRU_GATES if gates == 3 else ((None, None),)
    links = [
        _kernel_link(mine, other, role, _block(here, units), _block(there, units))
        for role in (INPUT, STATE)
        for here, there in blocks
    ]
    biases = _bias_links(mine, other, gates, units)
    return biases if isinstance(biases, str) else [*links, *biases]


def _block(place: int | None, units: int) -> tuple[int, int] | None:
    return None if place is None else (place * units, (place + 1) * units)


def _kernel_link(
    mine: _Cell, other: _Cell, role: str, here: tuple[int, int] | None, there: tuple[int, int] | None
) -> WeightLink:
    shape, other_shape = mine.tensors[role].shape, other.tensors[role].shape
    return _link(
        mine,
        other,
        role,
        [_part(mine.tensors[role], (here, (0, shape[1])) if here else ())],
        _part(other.tensors[role], ((0, other_shape[0]), there) if there else ()),
    )


def _bias_links(mine: _Cell, other: _Cell, gates: int, units: int) -> list[WeightLink] | str:
    if INPUT_BIAS not in mine.tensors or BIAS not in other.tensors:
        return [] if (INPUT_BIAS in mine.tensors) == (BIAS in other.tensors) else "Only one side has biases."
    parts = [_part(mine.tensors[role]) for role in (INPUT_BIAS, STATE_BIAS)]
    bias = other.tensors[BIAS]
    if gates != 3:
        return [_link(mine, other, BIAS, parts, _part(bias))]
    if bias.shape != (2, 3 * units):
        return (
            "PyTorch's GRU resets the state behind the product (reset_after=True in Keras); this one in Keras does not."
        )
    return [
        _link(mine, other, BIAS, [_part(mine.tensors[role], (here,))], _part(bias, ((row, row + 1), there)))
        for row, role in enumerate((INPUT_BIAS, STATE_BIAS))
        for here, there in (((a * units, (a + 1) * units), (b * units, (b + 1) * units)) for a, b in _GRU_GATES)
    ]


def _part(tensor: StoredTensor, region: Region = ()) -> TensorPart:
    return TensorPart(name=tensor.name, shape=tensor.shape, region=region)


def _link(mine: _Cell, other: _Cell, role: str, parts: list[TensorPart], right: TensorPart) -> WeightLink:
    shape = parts[0].part_shape
    before = tuple(zip(("gates", "in"), shape, strict=False))
    after = (before[1], before[0]) if len(shape) == 2 else before
    change = layout_between(before, shape, after, right.part_shape)
    if change is None:
        raise ValueError(f"{shape} and {right.part_shape} were checked to agree")
    return WeightLink(
        left=tuple(parts),
        right=(right,),
        change=change,
        axes=tuple(name for name, size in before if size != 1),
        role=role,
        left_layer=mine.layer,
        right_layer=other.layer,
    )
