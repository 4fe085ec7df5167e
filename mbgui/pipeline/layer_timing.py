"""Where the time goes: every layer of both sides, each side in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mbgui.domain.errors import MbguiError
from mbgui.domain.events import Event, LayersTimed, Stage
from mbgui.domain.performance import LayerTiming, LayerTimings
from mbgui.domain.request import Side
from mbgui.pipeline.problem_text import problem_text
from mbgui.processes.latency_messages import LayerTimesRead, TimeLayers

if TYPE_CHECKING:
    from mbgui.domain.network import Network
    from mbgui.pipeline.launcher import Launcher
    from mbgui.pipeline.stages import StageClock
    from mbgui.pipeline.subject import Subject

PASSES = 15


class TimingLayers:
    """Both sides' layers, one side after the other. Keeps what it has so far."""

    def __init__(self, subjects: dict[Side, Subject], networks: dict[Side, Network], launcher: Launcher) -> None:
        self._subjects = subjects
        self._paths = {side: {layer.path for layer in network.layers} for side, network in networks.items()}
        self._launcher = launcher
        self._timings: dict[Side, LayerTiming] = {}
        self._reasons: dict[Side, str] = {}

    def events(self, clock: StageClock) -> Iterator[Event]:
        """Time one side after the other. Raises `MbguiError` only where the run was stopped."""
        yield clock.start(Stage.LAYER_TIMES)
        for count, (side, subject) in enumerate(self._subjects.items()):
            yield clock.progress(count / len(Side), f"{subject.source.title} ({subject.framework.display_name})")
            try:
                self._timings[side] = self._timed(subject)
            except MbguiError as error:
                self._launcher.cancel.raise_if_cancelled()
                self._reasons[side] = problem_text(error.problem)
        result = self.result()
        if result is not None:
            yield LayersTimed(timings=result)
        yield clock.finish()

    def result(self) -> LayerTimings | None:
        """What was timed, or `None` where nothing was tried to the end."""
        if not self._timings and not self._reasons:
            return None
        return LayerTimings(
            left=self._timings.get(Side.LEFT),
            right=self._timings.get(Side.RIGHT),
            left_reason=self._reasons.get(Side.LEFT, ""),
            right_reason=self._reasons.get(Side.RIGHT, ""),
        )

    def _timed(self, subject: Subject) -> LayerTiming:
        with self._launcher.launched((subject,)) as (launch,):
            launch.require_built()
            launch.prepare()
            read = launch.child.ask(TimeLayers(passes=PASSES), LayerTimesRead)
        known = self._paths[subject.side]  # a container that computes something itself may be no layer of its own
        return LayerTiming(
            method=read.method,
            passes=PASSES,
            total_s=read.total_s,
            plain_s=read.plain_s,
            layers=tuple(layer for layer in read.layers if layer.layer in known),
        )
