"""Latency measured on both children in turns."""

import time
from collections.abc import Iterator

from mbgui.domain.events import Event, LatencySampled, Stage
from mbgui.domain.framework import CALL_PATHS, CallPath
from mbgui.domain.latency import LatencyComparison, LatencyRound, LatencyRun
from mbgui.domain.request import CompareRequest, LatencyRequest, Side
from mbgui.pipeline.crew import Crew, Member
from mbgui.pipeline.stages import StageClock
from mbgui.pipeline.validation import require_call_path
from mbgui.processes.latency_messages import LatencyPrepared, MeasureRound, PrepareLatency, RoundMeasured


def schedule_rounds(runs: int, round_size: int) -> tuple[tuple[Side, int], ...]:
    """Who is timed when, and for how many calls: left, right, right, left, and again.

    The mirrored order (ABBA) keeps a slow drift of the machine from favouring one side.
    """
    sizes = [round_size] * (runs // round_size) + [runs % round_size] * (runs % round_size > 0)
    order = ((Side.LEFT, Side.RIGHT), (Side.RIGHT, Side.LEFT))
    return tuple((side, size) for index, size in enumerate(sizes) for side in order[index % 2])


class Measuring:
    """One measurement under way: both sides are prepared, then timed in turns. Keeps what it has so far."""

    def __init__(self, request: CompareRequest, latency: LatencyRequest, crew: Crew) -> None:
        self._request = request
        self._latency = latency
        self._members = {member.side: member for member in crew.members}
        self._runs: dict[Side, LatencyRun] = {}
        self._rounds: list[LatencyRound] = []

    def events(self, clock: StageClock) -> Iterator[Event]:
        """Do it all.

        Raises:
            MbguiError: a child failed or ended on the way; `result` then has what was measured before.
        """
        yield clock.start(Stage.WARM_UP)
        yield from self._prepare_both(clock)
        yield clock.finish()
        yield clock.start(Stage.MEASURE)
        yield from self._measure_rounds(clock)
        yield clock.finish()

    def result(self, *, is_complete: bool) -> LatencyComparison | None:
        """What was measured so far, or `None` where a side has no round yet."""
        if {taken.side for taken in self._rounds} != set(Side):
            return None
        from mbgui.analysis.latency import compare_latency  # noqa: PLC0415  numpy: not at the start of the app

        return compare_latency(
            self._runs[Side.LEFT], self._runs[Side.RIGHT], tuple(self._rounds), is_complete=is_complete
        )

    def _prepare_both(self, clock: StageClock) -> Iterator[Event]:
        """One after the other, so that neither first call is slowed down by the other side."""
        for index, member in enumerate(self._members.values()):
            path = self._call_path(member)
            text = f"{member.source.reference} ({member.framework.display_name}, {path})"
            yield clock.progress(index / len(self._members), text)
            self._runs[member.side] = self._prepare(member, path)

    def _prepare(self, member: Member, path: CallPath) -> LatencyRun:
        command = PrepareLatency(
            call_path=path.value,
            batch_size=self._request.batch_size,
            warmup=self._latency.warmup,
            seed=self._request.seed,
        )
        prepared = member.child.ask(command, LatencyPrepared)
        return LatencyRun(
            call_path=path,
            threads=self._request.threads,
            batch_size=self._request.batch_size,
            first_call_s=prepared.first_call_s,
            warmup_s=prepared.warmup_s,
        )

    def _measure_rounds(self, clock: StageClock) -> Iterator[Event]:
        schedule = schedule_rounds(self._latency.runs, self._latency.round_size)
        began_s = time.perf_counter()
        for count, (side, size) in enumerate(schedule, start=1):
            started_s = time.perf_counter() - began_s
            measured = self._members[side].child.ask(MeasureRound(runs=size), RoundMeasured)
            index = sum(taken.side is side for taken in self._rounds)
            taken = LatencyRound(side=side, index=index, started_s=started_s, durations_s=measured.durations_s)
            self._rounds.append(taken)
            yield LatencySampled(latency_round=taken)
            yield clock.progress(count / len(schedule), f"Round {count} of {len(schedule)}")

    def _call_path(self, member: Member) -> CallPath:
        chosen = self._latency.left_path if member.side is Side.LEFT else self._latency.right_path
        if chosen is not None:
            require_call_path(member.source, member.framework, chosen)
        return chosen or CALL_PATHS[member.framework][0]
