"""One fresh process of one side: built, warmed up, timed round by round, and suspended while the other side runs."""

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath
from mbgui.domain.latency import LatencyLaunch, LatencyRound
from mbgui.pipeline.subject import Subject
from mbgui.processes.client import ANSWER_TIMEOUT_S, IMPORT_TIMEOUT_S
from mbgui.processes.latency_messages import (
    BuildModel,
    LatencyPrepared,
    MeasureRound,
    ModelBuilt,
    PrepareLatency,
    ReadUsage,
    RoundMeasured,
    UsageRead,
)
from mbgui.processes.pool import ChildLike

ROUND_S = 0.1
"""A round takes about as long: much longer than a switch of sides, much shorter than a machine's moods."""
FEWEST_IN_ROUND, MOST_IN_ROUND = 3, 200
_WARMUP_CALLS = 5
_REFILL_S = 0.01
"""Untimed calls at the beginning of a round take as long, and one is made at least: the other side used the caches."""


class Launch:
    """One process of one side. `began_s` is the moment (`time.perf_counter`) that its rounds are dated from."""

    def __init__(self, subject: Subject, index: int, child: ChildLike, began_s: float) -> None:
        self.subject = subject
        self.index = index
        self.child = child
        self.built: ModelBuilt | None = None
        self.problem: MbguiError | None = None
        self._began_s = began_s
        self._first_call_s = 0.0
        self._is_steady = True
        self._level_s = 0.0
        self._rounds = 0

    def build(self, command: BuildModel | None = None) -> None:
        """Wait for the framework and build the model, or that of another command. Raises `MbguiError`.

        It is asked before the framework is there, so that its process finds no pause in which to warm up by itself.
        """
        source, limits = self.subject.source, self.subject.command.limits
        is_limited = source.reads_file and limits.duration_s > 0
        timeout_s = limits.duration_s + IMPORT_TIMEOUT_S if is_limited else ANSWER_TIMEOUT_S
        self.built = self.child.ask(command or self.subject.command, ModelBuilt, timeout_s)

    def try_to_build(self) -> None:
        """Build, and keep the problem where that fails; for a thread of its own."""
        try:
            self.build()
        except MbguiError as error:
            self.problem = error

    def require_built(self) -> ModelBuilt:
        """What building told. Raises `MbguiError` with the problem that kept it from being built."""
        if self.built is None:
            raise self.problem or MbguiError(Problem(sentence=f"{self.subject.source.reference} was not built."))
        return self.built

    def prepare(self, path: CallPath | None = None, batch_size: int | None = None) -> None:
        """Make the first call, by another path or of another batch than the subject's where they are given.

        Raises:
            MbguiError: the model cannot be called like that, or its process ended.
        """
        command = PrepareLatency(
            call_path=(path or self.subject.call_path).value,
            batch_size=batch_size or self.subject.batch_size,
            warmup=0,
            seed=self.subject.seed,
        )
        self._first_call_s = self.child.ask(command, LatencyPrepared).first_call_s
        self._level_s = self._first_call_s

    def warm_up(self, fewest: int) -> Iterator[LatencyRound]:
        """Call until the level is steady, at least `fewest` times and not beyond a bound. Raises `MbguiError`."""
        from mbgui.analysis.warm_up import WarmUpState, warm_up_is_over  # noqa: PLC0415  numpy: not at the start

        calls: list[float] = []
        started_s = time.perf_counter()
        state = WarmUpState.GOES_ON
        while state is WarmUpState.GOES_ON:
            taken = self._taken(0, _WARMUP_CALLS, is_warmup=True)
            calls += taken.durations_s
            yield taken
            state = warm_up_is_over(calls, fewest=fewest, elapsed_s=time.perf_counter() - started_s)
        self._is_steady = state is WarmUpState.STEADY
        self._level_s = median(calls[-2 * _WARMUP_CALLS :])

    def measure(self, block: int, runs: int) -> LatencyRound:
        """Resume the process, time so many calls, and suspend it again. Raises `MbguiError`."""
        self.resume()
        taken = self._taken(block, runs, untimed=max(1, math.ceil(_REFILL_S / max(self._level_s, 1e-6))))
        self.suspend()
        return taken

    def round_runs(self, round_size: int) -> int:
        """Calls in a round: as many as asked for, else as fill a round's time at the level of the warm-up."""
        if round_size:
            return round_size
        return min(max(round(ROUND_S / max(self._level_s, 1e-9)), FEWEST_IN_ROUND), MOST_IN_ROUND)

    @property
    def is_prepared(self) -> bool:
        """Whether its first call was made."""
        return self._first_call_s > 0.0

    @property
    def level_s(self) -> float:
        """Seconds of a call at the end of the warm-up."""
        return self._level_s

    def describe(self) -> LatencyLaunch:
        """What the process took before and beside its timed calls; it must not be suspended. Raises `MbguiError`."""
        usage = self.child.ask(ReadUsage(), UsageRead)
        return replace(self.describe_so_far(), peak_bytes=usage.peak_bytes, traces=usage.traces)

    def describe_so_far(self) -> LatencyLaunch:
        """The same of a process that failed or was stopped on its way, which can no longer be asked for its memory."""
        built = self.require_built()
        return LatencyLaunch(
            index=self.index,
            import_s=built.import_s,
            build_s=built.build_s,
            first_call_s=self._first_call_s,
            is_steady=self._is_steady,
            baseline_bytes=built.baseline_bytes,
        )

    def suspend(self) -> None:
        """Its spinning threads cost the other side nothing from now on."""
        self.child.suspend()

    def resume(self) -> None:
        """It may run again."""
        self.child.resume()

    def _taken(self, block: int, runs: int, *, untimed: int = 0, is_warmup: bool = False) -> LatencyRound:
        started_s = time.perf_counter() - self._began_s
        measured = self.child.ask(MeasureRound(runs=runs, untimed=untimed), RoundMeasured)
        taken = LatencyRound(
            side=self.subject.side,
            launch=self.index,
            block=block,
            index=self._rounds,
            started_s=started_s,
            durations_s=measured.durations_s,
            is_warmup=is_warmup,
        )
        self._rounds += 1
        return taken
