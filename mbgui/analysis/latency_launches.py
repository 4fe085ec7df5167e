"""The timed calls of a duel, by launch and block; launches of both sides come in pairs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mbgui.domain.latency import LatencyRound
from mbgui.domain.request import Side

Samples = NDArray[np.float64]
_SHORTEST_S = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPair:
    """Launch `index` of both sides, which lived at the same time: seconds of the timed calls, block by block.

    Block k of the left and of the right ran in turns. A launch whose blocks are not all of both sides is one block.
    """

    index: int
    left: tuple[Samples, ...]
    right: tuple[Samples, ...]

    def blocks(self, side: Side) -> tuple[Samples, ...]:
        """The blocks of one side."""
        return self.left if side is Side.LEFT else self.right

    def log_ratio(self) -> float:
        """ln(median right / median left) over all timed calls of the launch."""
        return float(np.log(np.median(np.concatenate(self.right))) - np.log(np.median(np.concatenate(self.left))))


def positive(durations_s: Sequence[float]) -> Samples:
    """Seconds that have a logarithm: a coarse clock may show none, which counts as a nanosecond."""
    samples: Samples = np.maximum(np.asarray(durations_s, dtype=np.float64), _SHORTEST_S)
    return samples


def launches_of(rounds: Iterable[LatencyRound], side: Side) -> tuple[tuple[float, ...], ...]:
    """The timed calls of one side in seconds, by launch, in the order in which they ran; none are empty."""
    by_launch: dict[int, list[float]] = {}
    for taken in rounds:
        if taken.side is side and not taken.is_warmup and taken.durations_s:
            by_launch.setdefault(taken.launch, []).extend(taken.durations_s)
    return tuple(tuple(by_launch[launch]) for launch in sorted(by_launch))


def launch_pairs(rounds: Sequence[LatencyRound]) -> tuple[LaunchPair, ...]:
    """The launches in which both sides have timed calls, in order."""
    left, right = _by_block(rounds, Side.LEFT), _by_block(rounds, Side.RIGHT)
    return tuple(_pair(launch, left[launch], right[launch]) for launch in sorted(left.keys() & right.keys()))


def _by_block(rounds: Iterable[LatencyRound], side: Side) -> dict[int, dict[int, list[float]]]:
    """The timed calls of one side by launch, then by block."""
    found: dict[int, dict[int, list[float]]] = {}
    for taken in rounds:
        if taken.side is side and not taken.is_warmup and taken.durations_s:
            found.setdefault(taken.launch, {}).setdefault(taken.block, []).extend(taken.durations_s)
    return found


def _pair(launch: int, left: dict[int, list[float]], right: dict[int, list[float]]) -> LaunchPair:
    """A launch in blocks of both sides; calls of a block that only one side has begun go to the block before."""
    shared = sorted(left.keys() & right.keys())
    return LaunchPair(index=launch, left=_gathered(left, shared), right=_gathered(right, shared))


def _gathered(blocks: dict[int, list[float]], shared: Sequence[int]) -> tuple[Samples, ...]:
    """The calls of one side in the blocks that both have, each with what follows it alone."""
    if not shared:
        return (positive([duration for block in sorted(blocks) for duration in blocks[block]]),)
    gathered: list[list[float]] = [[] for _ in shared]
    for block in sorted(blocks):
        place = max(int(np.searchsorted(shared, block, side="right")) - 1, 0)
        gathered[place].extend(blocks[block])
    return tuple(positive(durations) for durations in gathered)
