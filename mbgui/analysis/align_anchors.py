"""Places where two sequences certainly belong together: long runs of equal parts that each has but once.

They split a long alignment into short ones, however much is missing in between (Bram Cohen's patience diff does so with
unique lines).
"""

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from mbgui.analysis.align_likeness import Codes

RUNS = (32, 12)
"""How many equal parts make a run; the shorter ones are looked for between those that longer ones gave."""
SHORT = 48
"""Stretches of both sequences up to this length need no anchors within."""
_FACTOR = np.int64(1_000_003)

Anchors = list[tuple[int, int]]


def anchors(left: Codes, right: Codes, runs: tuple[int, ...] = RUNS) -> Anchors:
    """Positions of equal parts in both sequences of codes, growing on either side."""
    if not runs or min(len(left), len(right)) < runs[-1] or max(len(left), len(right)) <= SHORT:
        return []
    found: Anchors = []
    i = j = 0
    for next_i, next_j in [*_longest_chain(_unique_runs(left, right, runs[0])), (len(left), len(right))]:
        between = anchors(left[i:next_i], right[j:next_j], runs[1:])
        found += [(i + mine, j + other) for mine, other in between]
        if next_i < len(left):
            found.append((next_i, next_j))
        i, j = next_i + 1, next_j + 1
    return found


def _unique_runs(left: Codes, right: Codes, length: int) -> Anchors:
    """Where runs start that both sequences have exactly once, by the position on the left."""
    mine, other = _once(_runs(left, length)), _once(_runs(right, length))
    return sorted((position, other[run]) for run, position in mine.items() if run in other)


def _once(runs: NDArray[np.int64]) -> dict[int, int]:
    values, positions, counts = np.unique(runs, return_index=True, return_counts=True)
    alone = counts == 1
    return dict(zip(values[alone].tolist(), positions[alone].tolist(), strict=True))


def _runs(codes: Codes, length: int) -> NDArray[np.int64]:
    """A number for the run at each position, equal for equal ones; it wraps around, which makes clashes unlikely."""
    count = max(len(codes) - length + 1, 0)
    runs = np.zeros(count, dtype=np.int64)
    with np.errstate(over="ignore"):
        for offset in range(length):
            runs = runs * _FACTOR + codes[offset : offset + count]
    return runs


def _longest_chain(pairs: Anchors) -> Anchors:
    """As many of the pairs as grow on the right, too (the longest increasing subsequence)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, other) in enumerate(pairs):
        at = bisect_left(ends, other)
        before.append(last[at - 1] if at else -1)
        if at == len(ends):
            ends.append(other)
            last.append(index)
        else:
            ends[at], last[at] = other, index
    chain: Anchors = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
