"""Operations of PyTorch that reduce, resize or permute, in the same words as the modules of the same meaning."""

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.layer_traits import LayerTraits, global_pooling, traits
from mbgui.frameworks.torch_graph import Operation
from mbgui.frameworks.torch_pooling import resizing


def mean(operation: Operation) -> LayerTraits:
    """A mean over all spatial dimensions is global pooling."""
    return _reduction("average", operation)


def maximum(operation: Operation) -> LayerTraits:
    """The same of a maximum, where it is taken over dimensions of one tensor."""
    return _reduction("max", operation) if "dim" in operation.arguments else traits(LayerKind.OTHER, {})


def resize(operation: Operation) -> LayerTraits:
    """Interpolation of a map to another size."""
    mode = operation.operator.removeprefix("_").removeprefix("upsample_").rstrip("123d")
    return resizing(mode, operation.arguments.get("align_corners"), operation.operator)


def permutation(operation: Operation) -> LayerTraits:
    """Axes in another order, where the operation says which."""
    rank = len(operation.input_shape)
    given = operation.arguments
    axes = list(range(rank))
    if operation.name == "permute":
        axes = [int(axis) % rank for axis in given["dims"]]
    elif {"dim0", "dim1"} <= given.keys():
        first, second = int(given["dim0"]) % rank, int(given["dim1"]) % rank
        axes[first], axes[second] = second, first
    else:
        return traits(LayerKind.RESHAPE, {})
    return traits(LayerKind.RESHAPE, {names.PERMUTATION: tuple(axes)})


def _reduction(pooling: str, operation: Operation) -> LayerTraits:
    rank = len(operation.input_shape)
    given = operation.arguments.get("dim")
    axes = given if isinstance(given, tuple | list) else () if given is None else (given,)
    reduced = {int(axis) % rank for axis in axes}
    if rank >= 3 and reduced == set(range(2, rank)):
        return global_pooling(pooling, {names.POOLING: f"{operation.name}({list(axes)})"})
    return traits(
        LayerKind.OTHER,
        {names.AXIS: tuple(sorted(reduced)), names.POOLING: pooling},
        {names.POOLING: f"{operation.name}({list(axes)})"},
    )
