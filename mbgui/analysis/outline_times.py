"""The time of every row of an outline: a layer's own, and for a group that of everything in it."""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mbgui.domain.network import Layer, LayerKind, Network
from mbgui.domain.outline import Outline, OutlineCell
from mbgui.domain.performance import LayerTiming, LayerTimings
from mbgui.domain.request import Side

_LAYERS_A_STEP = 500
_SEPARATOR = "_"  # between the words of a name, as groups made from names see it

Seconds = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineTimes:
    """Seconds by row of an outline; `None` where nothing was timed. Both are empty where there are no times at all."""

    left: Seconds = ()
    right: Seconds = ()

    def of(self, side: Side) -> Seconds:
        """The times of one side."""
        return self.left if side is Side.LEFT else self.right

    def at(self, row: int) -> tuple[float | None, float | None]:
        """The times of both sides of a row."""
        return (self.left[row], self.right[row]) if self.left else (None, None)


NO_TIMES = OutlineTimes()


def outline_time_steps(
    timings: LayerTimings, outline: Outline, left: Network, right: Network
) -> Generator[None, None, OutlineTimes]:
    """Yields between steps of some hundred layers, and returns the times of all rows.

    Totals follow each side's own hierarchy, as the counts of parameters in the same cells do: a row may stand in the
    group of the other side.
    """
    left_times = yield from _side_steps(timings.left, outline, left, Side.LEFT)
    right_times = yield from _side_steps(timings.right, outline, right, Side.RIGHT)
    return OutlineTimes(left=left_times, right=right_times)


def _side_steps(
    timing: LayerTiming | None, outline: Outline, network: Network, side: Side
) -> Generator[None, None, Seconds]:
    if timing is None:
        return [None] * len(outline.rows)
    own: dict[str, float] = defaultdict(float)
    for number, time in enumerate(timing.layers):
        if number % _LAYERS_A_STEP == 0:
            yield
        own[time.layer] += time.duration_s
    groups = yield from _group_steps(own, outline, network, side)
    found: list[float | None] = []
    for number, row in enumerate(outline.rows):
        if number % _LAYERS_A_STEP == 0:
            yield
        found.append(_cell_time(row.left if side is Side.LEFT else row.right, own, groups, is_group=row.is_group))
    return found


def _cell_time(
    cell: OutlineCell | None, own: dict[str, float], groups: dict[str, float], *, is_group: bool
) -> float | None:
    """A later call of a layer that has its row elsewhere names no layer; its time is in that row."""
    if cell is None:
        return None
    if is_group:
        return groups.get(cell.label)
    return own.get(cell.layer) if cell.layer is not None else None


def _group_steps(
    own: dict[str, float], outline: Outline, network: Network, side: Side
) -> Generator[None, None, dict[str, float]]:
    """The time of each group by its label: containers where the network has any, else groups made from names."""
    layers: dict[str, Layer] = {}
    has_containers = False
    for number, layer in enumerate(network.layers):
        if number % _LAYERS_A_STEP == 0:
            yield
        layers[layer.path] = layer
        has_containers = has_containers or layer.kind is LayerKind.CONTAINER
    totals: dict[str, float] = defaultdict(float)
    chains = _container_chains(own, layers) if has_containers else _name_chains(own, layers, outline, side)
    for number, (path, above) in enumerate(chains):
        if number % _LAYERS_A_STEP == 0:
            yield
        for label in above:
            totals[label] += own[path]
    return totals


def _container_chains(own: dict[str, float], layers: dict[str, Layer]) -> Iterator[tuple[str, Iterable[str]]]:
    """Each timed layer with the containers around it; a container's own time is its own as well."""
    for path in own:
        layer = layers.get(path)
        above = [path] if layer is not None and layer.kind is LayerKind.CONTAINER else []
        while layer is not None and layer.parent in layers and layer.parent not in above:
            above.append(layer.parent)
            layer = layers[layer.parent]
        yield path, above


def _name_chains(
    own: dict[str, float], layers: dict[str, Layer], outline: Outline, side: Side
) -> Iterator[tuple[str, Iterable[str]]]:
    """Each timed layer with the shown groups whose words its name begins with, and that of a layer next to it.

    What `name_groups` finds, but found a layer at a time.
    """
    cells = (row.left if side is Side.LEFT else row.right for row in outline.rows if row.is_group)
    labels = {cell.label for cell in cells if cell is not None}
    before: set[str] = set()
    paths = list(layers)
    here = _prefixes(paths[0], labels) if paths else set()
    for path, following in zip(paths, [*paths[1:], ""], strict=True):
        after = _prefixes(following, labels)
        if path in own:
            yield path, here & (before | after)
        before, here = here, after


def _prefixes(path: str, labels: set[str]) -> set[str]:
    """The groups whose words this name begins with."""
    words = path.split(_SEPARATOR)
    return {_SEPARATOR.join(words[:count]) for count in range(1, len(words) + 1)} & labels
