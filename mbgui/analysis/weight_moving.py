"""Moves the values of one network's tensors into the layouts of the other."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from mbgui.analysis.weight_layout import Array, apply
from mbgui.analysis.weight_records import Region, TensorPart, WeightLink, WeightPlan
from mbgui.domain.request import Side

ReadTensor = Callable[[str], Array]
"""Gives the values of a stored tensor by name."""


def moved_tensors(plan: WeightPlan, tensors: Mapping[str, Array], to: Side) -> dict[str, Array]:
    """The values for every tensor of the side `to` that the other side's `tensors` determine, by name."""
    return dict(stream_moved(plan, tensors.__getitem__, to))


def stream_moved(plan: WeightPlan, read: ReadTensor, to: Side) -> Iterator[tuple[str, Array]]:
    """The same, one tensor at a time; `read` is asked for a tensor of the other side as often as it is needed.

    Of tensors that are tied on the side `to` only, the first source counts. A tensor without a partner is filled with
    the value at which it does nothing, where it has one. Raises `ValueError` where a tensor has another shape than
    planned.
    """
    for name, found in _links_by_target(plan, to).items():
        yield name, _moved(name, found, read, to)
    for tensor in plan.unmoved:
        if tensor.side is to and tensor.neutral is not None:
            yield tensor.name, np.full(tensor.shape, tensor.neutral, dtype=np.float32)


def link_values(link: WeightLink, read: ReadTensor, side: Side) -> Array:
    """What a link's tensors of one side hold together, in the layout of the left side."""
    values = _total(link, read, side)
    return values if side is Side.LEFT else apply(link.change.inverted(), values)


def tied_targets(plan: WeightPlan, to: Side) -> dict[int, str]:
    """Places of the links whose targets another link has filled already, and the tensors that filled them."""
    filled: dict[tuple[str, Region], str] = {}
    found: dict[int, str] = {}
    other = Side.LEFT if to is Side.RIGHT else Side.RIGHT
    for place, link in enumerate(plan.links):
        target = link.parts(to)[0]
        source = " + ".join(part.name for part in link.parts(other))
        if (target.name, target.region) in filled:
            found[place] = filled[target.name, target.region]
        else:
            filled[target.name, target.region] = source
    return found


def _links_by_target(plan: WeightPlan, to: Side) -> dict[str, list[tuple[WeightLink, TensorPart, bool]]]:
    """The links that fill each tensor, with the part that they fill and whether it is the one that takes the values."""
    found: dict[str, list[tuple[WeightLink, TensorPart, bool]]] = defaultdict(list)
    filled: set[tuple[str, Region]] = set()
    for link in plan.links:
        for place, part in enumerate(link.parts(to)):
            if (part.name, part.region) not in filled:
                filled.add((part.name, part.region))
                found[part.name].append((link, part, place == 0))
    return found


def _moved(name: str, found: list[tuple[WeightLink, TensorPart, bool]], read: ReadTensor, to: Side) -> Array:
    target: Array | None = None
    for link, part, takes_values in found:
        change = link.change if to is Side.RIGHT else link.change.inverted()
        values = apply(change, _total(link, read, Side.LEFT if to is Side.RIGHT else Side.RIGHT))
        if not takes_values:
            values = np.zeros_like(values)
        if not part.region:
            return np.ascontiguousarray(values)
        if target is None:
            target = np.zeros(part.shape, dtype=values.dtype)
        target[_slices(part.region)] = values
    if target is None:
        raise ValueError(f"{name} has no link")
    return target


def _total(link: WeightLink, read: ReadTensor, side: Side) -> Array:
    parts = [_block(part, read(part.name)) for part in link.parts(side)]
    return parts[0] if len(parts) == 1 else sum(parts[1:], start=parts[0])


def _block(part: TensorPart, values: Array) -> Array:
    if values.shape != part.shape:
        raise ValueError(f"{part.name} has shape {values.shape} where {part.shape} was planned")
    return values[_slices(part.region)] if part.region else values


def _slices(region: Region) -> tuple[slice, ...]:
    return tuple(slice(start, stop) for start, stop in region)
