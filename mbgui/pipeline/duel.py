"""The duel: both sides launched in pairs and timed in turns, until it is decided or the time is spent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mbgui.domain.errors import MbguiError
from mbgui.domain.events import Event, LatencyEstimated, LatencySampled, Stage
from mbgui.domain.latency import (
    LatencyComparison,
    LatencyEstimate,
    LatencyLaunch,
    LatencyRound,
    LatencyRun,
    StopReason,
)
from mbgui.domain.request import FEWEST_LAUNCHES, BenchMode, LatencyRequest, Side
from mbgui.pipeline.launch import Launch
from mbgui.pipeline.machine_watch import MachineWatch
from mbgui.pipeline.pace import Pace

if TYPE_CHECKING:
    from mbgui.analysis.latency_stopping import Look
    from mbgui.analysis.launch_spread import LaunchSpread
    from mbgui.pipeline.launcher import Launcher
    from mbgui.pipeline.stages import StageClock
    from mbgui.pipeline.subject import Subject

MOST_LAUNCHES = 30
"""Beyond it, the machine would have to be calm for longer than any is."""
ROUNDS: dict[BenchMode, int] = {BenchMode.QUICK: 16, BenchMode.RIGOROUS: 8}
"""Rounds of a side in a launch where the number of calls is left open: launches tell more than rounds do."""
_FEWEST_ROUNDS = 4
_MOST_LOOKS = 12
_MEASURE_S: dict[BenchMode, float] = {BenchMode.QUICK: 5.0, BenchMode.RIGOROUS: 3.0}
"""Rounds that would take a side longer are left out, down to the fewest."""


def schedule_blocks(rounds: int) -> tuple[tuple[int, Side], ...]:
    """Who is timed when: blocks of left, right, right, left, every second one mirrored; `rounds` for each side.

    The mirrored order (ABBA) keeps a slow drift of the machine from favouring one side. The last block is cut in half
    where `rounds` is odd.
    """
    abba = (Side.LEFT, Side.RIGHT, Side.RIGHT, Side.LEFT)
    baab = tuple(reversed(abba[:2])) + abba[:2]
    order = [(block, side) for block in range((rounds + 1) // 2) for side in (baab if block % 2 else abba)]
    return tuple(order[: 2 * rounds])


class Duel:
    """One duel under way. Keeps what it has so far. With `launches` it takes as many, whatever they show."""

    def __init__(
        self,
        subjects: dict[Side, Subject],
        latency: LatencyRequest,
        launcher: Launcher,
        spread: LaunchSpread,
        *,
        launches: int | None = None,
    ) -> None:
        self._subjects = subjects
        self._latency = latency
        self._launcher = launcher
        self._spread = spread
        self._exact_launches = launches
        self._watch = MachineWatch()
        self._pace = Pace()
        self._launches: dict[Side, list[LatencyLaunch]] = {side: [] for side in Side}
        self._timers: dict[Side, tuple[float, float]] = dict.fromkeys(Side, (0.0, 0.0))
        self._rounds: list[LatencyRound] = []
        self._estimates: list[LatencyEstimate] = []
        self._stop: StopReason | None = None
        self._is_cut = False
        self._began_s = launcher.elapsed_s

    @property
    def rounds(self) -> tuple[LatencyRound, ...]:
        """What was measured, in the order in which it was, warm-up included."""
        return tuple(self._rounds)

    def events(self, clock: StageClock, stage: Stage = Stage.MEASURE) -> Iterator[Event]:
        """Launch and measure until something says stop.

        Raises:
            MbguiError: a side failed or ended on the way; `result` then has what was measured before.
        """
        yield clock.start(stage)
        index = 0
        while self._stop is None:
            yield from self._launch(index, clock)
            index += 1
            look = self._look()
            self._stop = self._stop or self._reason_to_stop(look, index)
            yield LatencyEstimated(estimate=look.estimate)
        yield clock.finish()

    def result(self, *, ended: StopReason | None = None) -> LatencyComparison | None:
        """What was measured, or `None` where no launch has calls of both sides. `ended` is what cut it short."""
        if not self._is_comparable():
            return None
        from mbgui.analysis.latency import compare_latency  # noqa: PLC0415  numpy: not at the start of the app

        return compare_latency(
            self._run(Side.LEFT),
            self._run(Side.RIGHT),
            tuple(self._rounds),
            is_complete=ended is None and not self._is_cut and self._has_enough_launches(),
            mode=self._latency.mode,
            stop_reason=ended or self._stop or StopReason.DONE,
            spread=self._spread,
            estimates=tuple(self._estimates),
            warnings=self._watch.warnings(),
        )

    def _launch(self, index: int, clock: StageClock) -> Iterator[Event]:
        """One process a side: built side by side, warmed up one after the other, timed in turns."""
        yield self._progress(clock, index, "starting")
        with self._launcher.launched(tuple(self._subjects.values()), index) as pair:
            launches = {launch.subject.side: launch for launch in pair}
            for launch in pair:
                built = launch.require_built()
                self._timers[launch.subject.side] = (built.timer_resolution_s, built.call_overhead_s)
            for launch in pair:
                launch.suspend()
            try:
                for launch in pair if index % 2 == 0 else reversed(pair):
                    yield self._progress(clock, index, f"warming up {launch.subject.title}")
                    yield from self._warm_up(launch)
                yield from self._measure(launches, index, clock)
            except MbguiError:
                for launch in pair:  # what is known of its processes goes with the rounds that are kept
                    if launch.is_prepared:
                        self._launches[launch.subject.side].append(launch.describe_so_far())
                raise
            for launch in pair:
                launch.resume()
                self._launches[launch.subject.side].append(launch.describe())

    def _warm_up(self, launch: Launch) -> Iterator[Event]:
        launch.resume()
        launch.prepare()
        for taken in launch.warm_up(self._latency.warmup):
            yield self._sampled(taken)
        launch.suspend()

    def _measure(self, launches: dict[Side, Launch], index: int, clock: StageClock) -> Iterator[Event]:
        """Rounds in ABBA blocks. Whoever waits is suspended. The first launch is looked at after every block."""
        sizes, rounds = self._plan(launches)
        left_over = {side: self._latency.runs or rounds * sizes[side] for side in Side}
        schedule = schedule_blocks(rounds)
        process_ids = [launch.child.process_id for launch in launches.values()]
        looks = max(len(schedule) // 4 // _MOST_LOOKS, 1) * 4
        self._watch.begin(process_ids)
        for count, (block, side) in enumerate(schedule, start=1):
            self._pace.wait()
            taken = launches[side].measure(block, min(sizes[side], left_over[side]))
            self._pace.mark()
            left_over[side] -= len(taken.durations_s)
            yield self._sampled(taken)
            if index == 0 and count % looks == 0 and count < len(schedule):
                yield LatencyEstimated(estimate=self._look().estimate)
            yield self._progress(clock, index, f"round {count} of {len(schedule)}", count / len(schedule))
            if self._is_time_up() and count % 4 == 0 and count < len(schedule):
                self._stop, self._is_cut = StopReason.BUDGET, True
                break
        self._watch.end(process_ids)

    def _plan(self, launches: dict[Side, Launch]) -> tuple[dict[Side, int], int]:
        """Calls in a round of each side, and rounds of each side."""
        latency = self._latency
        if latency.runs:
            size = latency.round_size or max(1, min(launches[side].round_runs(0) for side in Side))
            size = min(size, max(1, latency.runs // 2))  # at least two rounds, so that sides take turns
            return dict.fromkeys(Side, size), -(-latency.runs // size)
        sizes = {side: launches[side].round_runs(latency.round_size) for side in Side}
        slowest_s = max(launches[side].level_s * sizes[side] for side in Side)
        fitting = int(_MEASURE_S[latency.mode] / max(slowest_s, 1e-9)) // 2 * 2
        return sizes, min(max(fitting, _FEWEST_ROUNDS), ROUNDS[latency.mode])

    def _sampled(self, taken: LatencyRound) -> LatencySampled:
        self._rounds.append(taken)
        return LatencySampled(latency_round=taken)

    def _look(self) -> Look:
        from mbgui.analysis.latency_stopping import look  # noqa: PLC0415  numpy: not at the start of the app

        found = look(self._rounds, self._spread, self._latency.mode, self._elapsed_s())
        self._estimates.append(found.estimate)
        return found

    def _reason_to_stop(self, look: Look, launches: int) -> StopReason | None:
        mode = self._latency.mode
        if self._exact_launches is not None:
            return StopReason.DONE if launches >= self._exact_launches else None
        if look.stop is not None:
            return look.stop
        if mode is BenchMode.QUICK or launches >= MOST_LAUNCHES:
            return StopReason.DONE
        next_end_s = self._elapsed_s() * (launches + 1) / launches
        if self._is_time_up() or (launches >= FEWEST_LAUNCHES[mode] and next_end_s > self._latency.duel_budget_s):
            return StopReason.BUDGET
        return None

    def _is_time_up(self) -> bool:
        return self._exact_launches is None and self._elapsed_s() > self._latency.duel_budget_s

    def _elapsed_s(self) -> float:
        return self._launcher.elapsed_s - self._began_s

    def _is_comparable(self) -> bool:
        timed: dict[int, set[Side]] = {}
        for taken in self._rounds:
            if not taken.is_warmup:
                timed.setdefault(taken.launch, set()).add(taken.side)
        return any(sides == set(Side) for sides in timed.values())

    def _has_enough_launches(self) -> bool:
        return min(map(len, self._launches.values())) >= FEWEST_LAUNCHES[self._latency.mode]

    def _run(self, side: Side) -> LatencyRun:
        subject = self._subjects[side]
        resolution_s, overhead_s = self._timers[side]
        return LatencyRun(
            call_path=subject.call_path,
            threads=subject.threads,
            batch_size=subject.batch_size,
            launches=tuple(self._launches[side]),
            timer_resolution_s=resolution_s,
            call_overhead_s=overhead_s,
        )

    def _progress(self, clock: StageClock, index: int, doing: str, part: float = 0.0) -> Event:
        """Of a quick duel the rounds tell how far it is, of a rigorous one the launches and the time."""
        fewest = FEWEST_LAUNCHES[self._latency.mode]
        if self._exact_launches is not None:
            fraction = (index + part) / self._exact_launches
            return clock.progress(fraction, f"Launch {index + 1} of {self._exact_launches}: {doing}")
        if fewest == 1:
            return clock.progress(part, doing[:1].upper() + doing[1:])
        fraction = max((index + part) / MOST_LAUNCHES, min(self._elapsed_s() / self._latency.duel_budget_s, 1.0))
        return clock.progress(fraction, f"Launch {index + 1} ({fewest} or more): {doing}")
