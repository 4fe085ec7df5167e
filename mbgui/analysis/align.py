"""Pairs the layers of two networks in execution order, by kind and shape.

Runs of layers that agree in kind and output shape are paired in step; where the two sequences part, the nearest point
within `WINDOW` layers at which they agree again is looked for, and what lies between is paired by kind. Time grows
linearly with the number of layers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mbgui.analysis.graph import leaves
from mbgui.analysis.shapes import canonical_output
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.network import Layer, LayerKind, Network

WINDOW = 48
_SCORE_KIND, _SCORE_SHAPE, _SCORE_TENSORS = 0.4, 0.3, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A leaf layer and what it is matched by: kind and canonical output shape, and the sizes of its tensors."""

    path: str
    key: tuple[LayerKind, tuple[int, ...] | None]
    tensor_sizes: tuple[int, ...]


Step = tuple[int | None, int | None]


def align(left: Network, right: Network) -> Alignment:
    """Every leaf layer of both networks once, in execution order."""
    left_entries, right_entries = _entries(left), _entries(right)
    steps = _walk([entry.key for entry in left_entries], [entry.key for entry in right_entries])
    return Alignment(
        pairs=tuple(
            _pair(
                left_entries[i] if i is not None else None,
                right_entries[j] if j is not None else None,
            )
            for i, j in steps
        )
    )


def _entries(network: Network) -> list[_Entry]:
    sizes: dict[str, list[int]] = {}
    for tensor in network.tensors:
        if tensor.is_trainable:
            sizes.setdefault(tensor.layer, []).append(tensor.value_count)
    return [_entry(layer, network.data_layout, sizes.get(layer.path, [])) for layer in leaves(network)]


def _entry(layer: Layer, data_layout: str, sizes: list[int]) -> _Entry:
    return _Entry(
        path=layer.path, key=(layer.kind, canonical_output(layer, data_layout)), tensor_sizes=tuple(sorted(sizes))
    )


Keys = Sequence[tuple[LayerKind, tuple[int, ...] | None]]


def _walk(left: Keys, right: Keys) -> list[Step]:
    steps: list[Step] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            steps.append((i, j))
            i, j = i + 1, j + 1
            continue
        skip_left, skip_right = _nearest_agreement(left[i : i + WINDOW], right[j : j + WINDOW])
        steps += _pair_gap(left, right, range(i, i + skip_left), range(j, j + skip_right))
        i, j = i + skip_left, j + skip_right
    steps += [(index, None) for index in range(i, len(left))]
    steps += [(None, index) for index in range(j, len(right))]
    return steps


def _nearest_agreement(left: Keys, right: Keys) -> tuple[int, int]:
    """How many layers to leave out on either side until both agree; both windows whole where they never do."""
    first_right: dict[tuple[LayerKind, tuple[int, ...] | None], int] = {}
    for index, key in enumerate(right):
        first_right.setdefault(key, index)
    candidates = [(index, first_right[key]) for index, key in enumerate(left) if key in first_right]
    return min(candidates, key=lambda skips: (sum(skips), skips[0]), default=(len(left), len(right)))


def _pair_gap(left: Keys, right: Keys, left_gap: range, right_gap: range) -> list[Step]:
    """Pairs of the same kind inside a gap, as many as can be had in order (longest common subsequence of kinds)."""
    lengths = [[0] * (len(right_gap) + 1) for _ in range(len(left_gap) + 1)]
    for i in reversed(range(len(left_gap))):
        for j in reversed(range(len(right_gap))):
            same = left[left_gap[i]][0] is right[right_gap[j]][0]
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if same else max(lengths[i + 1][j], lengths[i][j + 1])
    steps: list[Step] = []
    i = j = 0
    while i < len(left_gap) and j < len(right_gap):
        if left[left_gap[i]][0] is right[right_gap[j]][0]:
            steps.append((left_gap[i], right_gap[j]))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            steps.append((left_gap[i], None))
            i += 1
        else:
            steps.append((None, right_gap[j]))
            j += 1
    steps += [(index, None) for index in left_gap[i:]]
    steps += [(None, index) for index in right_gap[j:]]
    return steps


def _pair(left: _Entry | None, right: _Entry | None) -> LayerPair:
    if left is None or right is None:
        path_left = left.path if left is not None else None
        path_right = right.path if right is not None else None
        return LayerPair(left=path_left, right=path_right, confidence=0.0, evidence=())
    found = {
        "kind": (_SCORE_KIND, left.key[0] is right.key[0]),
        "output shape": (_SCORE_SHAPE, left.key[1] == right.key[1]),
        "parameter sizes": (_SCORE_TENSORS, left.tensor_sizes == right.tensor_sizes),
    }
    return LayerPair(
        left=left.path,
        right=right.path,
        confidence=round(sum(score for score, agrees in found.values() if agrees), 2),
        evidence=tuple(name for name, (_, agrees) in found.items() if agrees),
    )


def pair_counts(alignment: Alignment) -> tuple[int, int, int]:
    """Numbers of pairs, of layers on the left only and of layers on the right only."""
    left_only = sum(1 for pair in alignment.pairs if pair.right is None)
    right_only = sum(1 for pair in alignment.pairs if pair.left is None)
    return len(alignment.pairs) - left_only - right_only, left_only, right_only
