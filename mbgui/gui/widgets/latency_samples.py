"""The calls gathered so far, side by side, in arrays that grow; imported in the background since NumPy is."""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from mbgui.analysis.outliers import outlier_mask
from mbgui.domain.latency import LatencyRound
from mbgui.domain.request import Side
from mbgui.gui.widgets.growing_array import GrowingArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

LAUNCH_GAP_S = 0.02
"""What is left on the strip of the time between two launches, in which processes start and nothing is measured."""


class SideCalls:
    """The calls of one side in the order in which they ran, those of the warm-up among them."""

    def __init__(self) -> None:
        self._started: GrowingArray[np.float64] = GrowingArray(np.float64)
        self._durations: GrowingArray[np.float64] = GrowingArray(np.float64)
        self._launches: GrowingArray[np.int64] = GrowingArray(np.int64)
        self._warmup: GrowingArray[np.bool_] = GrowingArray(np.bool_)
        self._outliers: Flags = np.zeros(0, dtype=np.bool_)
        self._judged_to = 0

    def __len__(self) -> int:
        return len(self._durations)

    @property
    def started_s(self) -> Floats:
        """When each call began, in seconds since measuring began."""
        return self._started.values

    @property
    def durations_s(self) -> Floats:
        """How long each call took."""
        return self._durations.values

    @property
    def launches(self) -> Integers:
        """The launch of each call."""
        return self._launches.values

    @property
    def is_warmup(self) -> Flags:
        """Which calls belong to the warm-up."""
        return self._warmup.values

    @property
    def timed_s(self) -> Floats:
        """The durations of the timed calls."""
        return self.durations_s[~self.is_warmup]

    def timed_by_launch(self) -> tuple[Floats, ...]:
        """The durations of the timed calls of each launch that has any."""
        found, start = [], 0
        for end in self._launch_ends(0):
            found.append(self.durations_s[start:end][~self.is_warmup[start:end]])
            start = end
        return tuple(durations for durations in found if len(durations))

    def outliers(self) -> Flags:
        """Which timed calls are outliers within their launch; only launches that grew are judged again."""
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[: self._judged_to] = self._outliers[: self._judged_to]
        start = self._judged_to
        for end in self._launch_ends(start):
            timed = ~self.is_warmup[start:end]
            mask[start:end][timed] = outlier_mask(self.durations_s[start:end][timed])
            self._judged_to, start = start, end
        self._outliers = mask
        return mask

    def add(self, rounds: Sequence[LatencyRound]) -> None:
        """Append the calls of these rounds; within a round each call begins where the one before ended."""
        rounds = [taken for taken in rounds if taken.durations_s]
        if not rounds:
            return
        lengths = np.fromiter((len(taken.durations_s) for taken in rounds), np.int64)
        durations = np.fromiter(chain.from_iterable(taken.durations_s for taken in rounds), np.float64)
        before = np.cumsum(durations) - durations
        firsts = np.cumsum(lengths) - lengths
        began = np.fromiter((taken.started_s for taken in rounds), np.float64) - before[firsts]
        self._started.add(before + np.repeat(began, lengths))
        self._durations.add(durations)
        self._launches.add(np.repeat(np.fromiter((taken.launch for taken in rounds), np.int64), lengths))
        self._warmup.add(np.repeat(np.fromiter((taken.is_warmup for taken in rounds), np.bool_), lengths))

    def _launch_ends(self, start: int) -> list[int]:
        """Where each launch from that call on ends."""
        if start >= len(self):
            return []
        changes = np.flatnonzero(np.diff(self.launches[start:])) + start + 1
        return [*changes.tolist(), len(self)]


class Samples:
    """Both sides' calls, and where launches and blocks lie on a strip that leaves out the time between launches."""

    def __init__(self, rounds: Iterable[LatencyRound] = ()) -> None:
        self.sides = {side: SideCalls() for side in Side}
        self._launches: dict[int, tuple[float, float]] = {}
        self._blocks: dict[tuple[int, int], tuple[float, float]] = {}
        self.add(rounds)

    def __getitem__(self, side: Side) -> SideCalls:
        return self.sides[side]

    @property
    def has_timed(self) -> bool:
        """Whether any call but those of the warm-up is there."""
        return bool(self._blocks)

    def add(self, rounds: Iterable[LatencyRound]) -> None:
        """Append these rounds."""
        taken = tuple(rounds)
        for side, calls in self.sides.items():
            calls.add([one for one in taken if one.side is side])
        for one in taken:
            if one.durations_s:
                self._extend(one)

    def launch_starts(self) -> dict[int, float]:
        """Where on the strip each launch begins, in seconds."""
        starts, end = {}, 0.0
        for launch, (began, ended) in sorted(self._launches.items()):
            starts[launch] = end
            end += ended - began + LAUNCH_GAP_S
        return starts

    def length_s(self) -> float:
        """The length of the strip in seconds."""
        spans = [ended - began for began, ended in self._launches.values()]
        return sum(spans) + LAUNCH_GAP_S * max(len(spans) - 1, 0)

    def places_s(self, side: Side) -> Floats:
        """Where on the strip each call of a side began."""
        starts, calls = self.launch_starts(), self.sides[side]
        if not starts:
            return calls.started_s
        shifts = np.asarray([start - self._launches[launch][0] for launch, start in starts.items()])
        return np.asarray(calls.started_s + shifts[np.searchsorted(list(starts), calls.launches)])

    def odd_blocks(self) -> tuple[Floats, Floats]:
        """Where on the strip every second block of each launch begins and ends."""
        starts = self.launch_starts()
        spans = [
            (starts[launch] + began - self._launches[launch][0], starts[launch] + ended - self._launches[launch][0])
            for (launch, block), (began, ended) in self._blocks.items()
            if block % 2
        ]
        edges = np.asarray(spans, dtype=np.float64).reshape(-1, 2)
        return edges[:, 0], edges[:, 1]

    def _extend(self, taken: LatencyRound) -> None:
        span = (taken.started_s, taken.started_s + sum(taken.durations_s))
        self._launches[taken.launch] = _union(self._launches.get(taken.launch, span), span)
        if not taken.is_warmup:
            block = (taken.launch, taken.block)
            self._blocks[block] = _union(self._blocks.get(block, span), span)


def _union(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    return min(first[0], second[0]), max(first[1], second[1])
