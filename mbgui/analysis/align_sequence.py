"""Two sequences of parts lined up: in step where they agree, by a dynamic programme where they part.

Both are split where they certainly belong together, then each stretch is walked through from its start.
The programme looks at a window of both, which grows until behind the gap the two agree again; time grows with the
length of the sequences, not with its square.
"""

import numpy as np
from numpy.typing import NDArray

from mbgui.analysis.align_anchors import anchors
from mbgui.analysis.align_likeness import Codes, Features, likeness

WINDOWS = (48, 192, 768)
"""How many parts of either side are looked at, one window after the other."""
AGREEMENT = 10
"""So many equal parts in a row end a gap."""
LEAST_LIKENESS = 0.36
"""Parts less alike are no partners: of one family, but of another kind and with nothing else in common."""

Pairs = list[tuple[int, int]]


def line_up(left: Features, right: Features, left_order: Codes, right_order: Codes) -> Pairs:
    """Pairs of part numbers, in the order of both sequences."""
    certain = anchors(left.signatures[left_order], right.signatures[right_order])
    pairs: Pairs = []
    i = j = 0
    for next_i, next_j in [*certain, (len(left_order), len(right_order))]:
        pairs += _between(left, right, left_order[i:next_i], right_order[j:next_j])
        if next_i < len(left_order):
            pairs.append((int(left_order[next_i]), int(right_order[next_j])))
        i, j = next_i + 1, next_j + 1
    return pairs


def _between(left: Features, right: Features, left_order: Codes, right_order: Codes) -> Pairs:
    """The pairs of two stretches."""
    left_signatures, right_signatures = left.signatures[left_order], right.signatures[right_order]
    pairs: Pairs = []
    i = j = 0
    while i < len(left_order) and j < len(right_order):
        length = _equal_run(left_signatures[i:], right_signatures[j:])
        pairs += zip(left_order[i : i + length].tolist(), right_order[j : j + length].tolist(), strict=True)
        i, j = i + length, j + length
        if i == len(left_order) or j == len(right_order):
            break
        found, i_step, j_step = _across_gap(left, right, left_order[i:], right_order[j:])
        pairs += found
        i, j = i + i_step, j + j_step
    return pairs


def _equal_run(left: Codes, right: Codes) -> int:
    """How long both begin alike."""
    size = 64
    done = 0
    while True:
        mine, other = left[done : done + size], right[done : done + size]
        length = min(len(mine), len(other))
        unequal = np.flatnonzero(mine[:length] != other[:length])
        if len(unequal):
            return done + int(unequal[0])
        done += length
        if length < size:
            return done


def _across_gap(left: Features, right: Features, left_rest: Codes, right_rest: Codes) -> tuple[Pairs, int, int]:
    """Pairs from the start of both rests to where they agree again, and how far that is on either side.

    Half of the widest window where they do not.
    """
    for window in WINDOWS:
        mine, other = left_rest[:window], right_rest[:window]
        steps = _programme(left, right, mine, other)
        if len(mine) == len(left_rest) and len(other) == len(right_rest):
            return _numbers(steps, mine, other), len(mine), len(other)
        end = _agreement(steps, left.signatures[mine], right.signatures[other])
        if end is not None:
            return _numbers(steps[:end], mine, other), *steps[end]
    half = len(steps) // 2
    return (_numbers(steps[:half], mine, other), *steps[half]) if half else ([], len(mine), len(other))


def _numbers(steps: Pairs, mine: Codes, other: Codes) -> Pairs:
    return [(int(mine[i]), int(other[j])) for i, j in steps]


def _agreement(steps: Pairs, left: Codes, right: Codes) -> int | None:
    """Which step begins the first run of equal parts that is long enough, without a gap in it."""
    length = 0
    for index, (i, j) in enumerate(steps):
        is_next = index > 0 and steps[index - 1] == (i - 1, j - 1)
        is_equal = left[i] == right[j]
        length = (length + 1 if is_next else 1) if is_equal else 0
        if length == AGREEMENT:
            return index - AGREEMENT + 1
    return None


def _programme(left: Features, right: Features, mine: Codes, other: Codes) -> Pairs:
    """The pairs in order whose likenesses, weighted by importance, have the greatest sum (Needleman and Wunsch)."""
    scores = likeness(left, right, mine, other)
    is_possible = (scores >= LEAST_LIKENESS) & ~_has_better(left, right, mine, other)
    values = np.where(is_possible, scores, 0) * np.minimum(
        left.importances[mine][:, None], right.importances[other][None, :]
    )
    best = np.zeros((len(mine) + 1, len(other) + 1), dtype=np.float32)
    for i in range(len(mine) - 1, -1, -1):
        row = np.zeros(len(other) + 1, dtype=np.float32)
        row[:-1] = np.maximum(best[i + 1, :-1], best[i + 1, 1:] + values[i])
        best[i] = np.maximum.accumulate(row[::-1])[::-1]
    return _traced(best, values)


def _has_better(left: Features, right: Features, mine: Codes, other: Codes) -> NDArray[np.bool_]:
    """Where two parts are unequal though one of them has its equal on the other side.

    In a branch that stands elsewhere, perhaps: such parts are left to the graph, which has no order to keep to.
    """
    is_unequal: NDArray[np.bool_] = left.signatures[mine][:, None] != right.signatures[other][None, :]
    settled: NDArray[np.bool_] = left.is_settled[mine][:, None] | right.is_settled[other][None, :]
    return is_unequal & settled


def _traced(best: NDArray[np.float32], values: NDArray[np.float32]) -> Pairs:
    steps: Pairs = []
    i = j = 0
    while i < values.shape[0] and j < values.shape[1]:
        if values[i, j] > 0 and best[i, j] <= best[i + 1, j + 1] + values[i, j]:
            steps.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1, j] >= best[i, j + 1]:
            i += 1
        else:
            j += 1
    return steps
