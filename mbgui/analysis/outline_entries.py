"""What stands in the rows of an outline: each leaf layer once, though calls are what is paired.

A layer that is called again has its row already: beside a partner that has none yet stands the call's name, and nothing
where both have one. Members of a pair stand beside its main layer in rows of their own, one side empty.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from mbgui.analysis.graph import layer_of_call
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.network import call_name


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineEntry:
    """One row below the containers: the layers of its cells, and the pair that it tells of.

    `left_again` and `right_again` are the names of calls of layers that have their row elsewhere.
    """

    left: str | None
    right: str | None
    pair: LayerPair
    left_again: str | None = None
    right_again: str | None = None

    @property
    def is_alone(self) -> bool:
        """Whether its layer has no partner, nor belongs to one that has."""
        return self.pair.left is None or self.pair.right is None


def outline_entries(
    alignment: Alignment, left_paths: Container[str], right_paths: Container[str]
) -> tuple[OutlineEntry, ...]:
    """The rows of all pairs, in their order; the paths are those of all leaf layers of a side."""
    shown: tuple[set[str], set[str]] = set(), set()
    return tuple(entry for pair in alignment.pairs for entry in _entries(pair, (left_paths, right_paths), shown))


def _entries(
    pair: LayerPair, paths: tuple[Container[str], Container[str]], shown: tuple[set[str], set[str]]
) -> Iterator[OutlineEntry]:
    left = _around_main(pair.left, pair.left_call, pair.left_members, paths[0])
    right = _around_main(pair.right, pair.right_call, pair.right_members, paths[1])
    for is_before in (True, False):
        if not is_before:
            yield from _main_entry(pair, shown)
        for path in left[is_before]:
            if _is_new(path, shown[0]):
                yield OutlineEntry(left=path, right=None, pair=pair)
        for path in right[is_before]:
            if _is_new(path, shown[1]):
                yield OutlineEntry(left=None, right=path, pair=pair)


def _main_entry(pair: LayerPair, shown: tuple[set[str], set[str]]) -> Iterator[OutlineEntry]:
    is_new = [_is_new(path, known) for path, known in zip((pair.left, pair.right), shown, strict=True)]
    if not any(is_new):
        return
    yield OutlineEntry(
        left=pair.left,
        right=pair.right,
        pair=pair,
        left_again=None if is_new[0] or pair.left is None else call_name(pair.left, pair.left_call),
        right_again=None if is_new[1] or pair.right is None else call_name(pair.right, pair.right_call),
    )


def _is_new(path: str | None, shown: set[str]) -> bool:
    if path is None or path in shown:
        return False
    shown.add(path)
    return True


def _around_main(
    path: str | None, call: int, members: tuple[str, ...], paths: Container[str]
) -> tuple[list[str], list[str]]:
    """The layers of the members behind the main one, and of those before it."""
    if path is None or not members:
        return [], []
    main = members.index(call_name(path, call))
    layers = [layer_of_call(name, paths) for name in members]
    return layers[main + 1 :], layers[:main]
