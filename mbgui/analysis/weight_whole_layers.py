"""Links of layers whose tensors correspond only as a whole: recurrent ones and attention."""

from mbgui.analysis.weight_layout import unchanged
from mbgui.analysis.weight_records import TensorPart, WeightLink
from mbgui.analysis.weight_roles import is_bookkeeping
from mbgui.analysis.weight_slots import WeightSide
from mbgui.domain.network import Layer


def identical_links(
    left: WeightSide, left_layers: tuple[Layer, ...], right: WeightSide, right_layers: tuple[Layer, ...]
) -> list[WeightLink] | str:
    """Layers of one framework: the tensors one by one as they are defined, or why they do not agree."""
    mine, other = (
        [tensor for layer in layers for tensor in side.tensors[layer.path] if not is_bookkeeping(tensor)]
        for side, layers in ((left, left_layers), (right, right_layers))
    )
    if [_key(tensor.role, tensor.shape) for tensor in mine] != [_key(tensor.role, tensor.shape) for tensor in other]:
        return "The two layers do not store the same tensors."
    return [
        WeightLink(
            left=(TensorPart(name=here.name, shape=here.shape),),
            right=(TensorPart(name=there.name, shape=there.shape),),
            change=unchanged(here.shape),
            axes=tuple(str(place) for place in range(len(here.shape))),
            role=here.role,
            left_layer=here.layer,
            right_layer=there.layer,
        )
        for here, there in zip(mine, other, strict=True)
    ]


def _key(role: str, shape: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """What must agree: the last word of a role (names of members differ from run to run), and the shape."""
    return role.rpartition("/")[2], shape


def swapped(link: WeightLink) -> WeightLink:
    """The same link with the sides changed over."""
    split = link.axes
    change = link.change.inverted()
    return WeightLink(
        left=link.right,
        right=link.left,
        change=change,
        axes=tuple(split[axis] for axis in link.change.axes) if len(split) == len(link.change.axes) else split,
        role=link.role,
        left_layer=link.right_layer,
        right_layer=link.left_layer,
    )
