"""How the tensors of multi-head attention correspond.

PyTorch stacks query, key and value in `in_proj_weight` (3·D, D), Keras keeps a kernel (D, heads, size) for each; an
output feature of a projection is head·size + place in both. Sources: `torch.nn.MultiheadAttention`,
`keras.layers.MultiHeadAttention`.
"""

from mbgui.analysis.weight_layout import Axes, layout_between
from mbgui.analysis.weight_records import Region, TensorPart, WeightLink
from mbgui.analysis.weight_slots import WeightSide
from mbgui.analysis.weight_whole_layers import identical_links, swapped
from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer, StoredTensor

Layers = tuple[Layer, ...]
_PARTS = ("query", "key", "value")
_UNMOVABLE = ("bias_k", "bias_v")


def attention_links(
    left: WeightSide, left_layers: Layers, right: WeightSide, right_layers: Layers
) -> list[WeightLink] | str:
    """The links of two attention layers, or why there are none."""
    if left.framework is right.framework:
        return identical_links(left, left_layers, right, right_layers)
    if len(left_layers) != 1 or len(right_layers) != 1:
        return "Several attention layers stand against one."
    if left.framework is Framework.PYTORCH:
        return _Attention(left, left_layers[0], right, right_layers[0]).links()
    links = _Attention(right, right_layers[0], left, left_layers[0]).links()
    return links if isinstance(links, str) else [swapped(link) for link in links]


class _Attention:
    """PyTorch's layer on the left, that of Keras on the right."""

    def __init__(self, torch_side: WeightSide, mine: Layer, keras_side: WeightSide, other: Layer) -> None:
        self._layers = mine.path, other.path
        self._mine = {tensor.role: tensor for tensor in torch_side.tensors[mine.path]}
        self._other = {"/".join(tensor.role.split("/")[-2:]): tensor for tensor in keras_side.tensors[other.path]}

    def links(self) -> list[WeightLink] | str:
        for role in _UNMOVABLE:
            if role in self._mine:
                return f"{role} of PyTorch's attention has no counterpart in Keras."
        if not {"out_proj.weight"} <= self._mine.keys() or "attention_output/kernel" not in self._other:
            return "The projections of the two attention layers are stored under unknown names."
        made = [*(self._kernel(place) for place in range(3)), self._output()]
        biases = self._biases()
        if isinstance(biases, str):
            return biases
        found = [link for link in (*made, *biases) if link is not None]
        if len(found) != len(made) + len(biases):
            return "The projections of the two attention layers have different sizes."
        return found

    def _kernel(self, place: int) -> WeightLink | None:
        target = self._other.get(f"{_PARTS[place]}/kernel")
        stacked = self._mine.get("in_proj_weight") or self._mine.get(f"{_PARTS[place][0]}_proj_weight")
        if target is None or stacked is None or len(target.shape) != 3:
            return None
        inputs, heads, size = target.shape
        region = self._rows(place, stacked)
        axes = (("head", heads), ("size", size), ("in", inputs))
        return self._link(stacked, region, target, axes, (axes[2], *axes[:2]), f"{_PARTS[place]} kernel")

    def _rows(self, place: int, stacked: StoredTensor) -> Region:
        """The rows of one projection in a stack of three; all of a tensor of its own."""
        if not stacked.role.startswith("in_proj"):
            return ()
        height = stacked.shape[0] // 3
        rest = tuple((0, size) for size in stacked.shape[1:])
        return ((place * height, (place + 1) * height), *rest)

    def _output(self) -> WeightLink | None:
        target, source = self._other["attention_output/kernel"], self._mine["out_proj.weight"]
        if len(target.shape) != 3:
            return None
        heads, size, outputs = target.shape
        before: Axes = (("out", outputs), ("head", heads), ("size", size))
        return self._link(source, (), target, before, (*before[1:], before[0]), "output kernel")

    def _biases(self) -> list[WeightLink | None] | str:
        mine, other = "in_proj_bias" in self._mine, "query/bias" in self._other
        if mine != other:
            return "Only one of the two attention layers has biases."
        if not mine:
            return []
        stacked = self._mine["in_proj_bias"]
        targets = [self._other[f"{part}/bias"] for part in _PARTS]
        found = [
            self._link(stacked, self._rows(place, stacked), target, _heads(target), _heads(target), f"{part} bias")
            for place, (part, target) in enumerate(zip(_PARTS, targets, strict=True))
        ]
        source, target = self._mine["out_proj.bias"], self._other["attention_output/bias"]
        axes: Axes = (("out", source.shape[0]),)
        return [*found, self._link(source, (), target, axes, axes, "output bias")]

    def _link(  # noqa: PLR0913, PLR0917 - two tensors, each with its axes
        self, source: StoredTensor, region: Region, target: StoredTensor, before: Axes, after: Axes, role: str
    ) -> WeightLink | None:
        left = TensorPart(name=source.name, shape=source.shape, region=region)
        change = layout_between(before, left.part_shape, after, target.shape)
        if change is None:
            return None
        return WeightLink(
            left=(left,),
            right=(TensorPart(name=target.name, shape=target.shape),),
            change=change,
            axes=tuple(name for name, size in before if size != 1),
            role=role,
            left_layer=self._layers[0],
            right_layer=self._layers[1],
        )


def _heads(bias: StoredTensor) -> Axes:
    return tuple(zip(("head", "size"), bias.shape, strict=False))
