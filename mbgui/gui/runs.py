"""The runs of all windows, so that none falsifies the times that another one takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mbgui.domain.errors import Problem

if TYPE_CHECKING:
    from mbgui.domain.comparison import Comparison
    from mbgui.domain.request import CompareRequest
    from mbgui.gui.controller import Controller


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    title: str
    is_measuring: bool


class Runs(QObject):
    """Which windows have something under way; `ended` tells of each end."""

    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: dict[object, _Run] = {}

    @property
    def is_any(self) -> bool:
        """Whether anything is under way in any window."""
        return bool(self._runs)

    def begin(self, owner: object, title: str, *, is_measuring: bool) -> None:
        """A window began to run; its own next run takes the place of this one."""
        self._runs[owner] = _Run(title=title, is_measuring=is_measuring)

    def end(self, owner: object) -> None:
        """The run of a window is over; nothing happens where there was none."""
        if self._runs.pop(owner, None) is not None:
            self.ended.emit()

    def obstacle(self, owner: object, *, is_measuring: bool) -> Problem | None:
        """Why a window should not run now: its times, or those that another window takes, would be wrong."""
        for other, run in self._runs.items():
            if other is not owner and (run.is_measuring or is_measuring):
                return _problem(run)
        return None


class RunGate(QObject):
    """Lets the runs that a window asks for pass to its controller, or says why one had better wait."""

    refused = Signal(object)

    def __init__(self, controller: Controller, runs: Runs) -> None:
        super().__init__(controller)
        self._controller = controller
        self._runs = runs
        controller.run_started.connect(self._on_run_started)
        controller.measurement_started.connect(self._on_measurement_started)
        controller.calibration_started.connect(self._on_calibration_started)
        controller.running_changed.connect(self._on_running_changed)

    def compare(self, request: CompareRequest) -> None:
        """Start a comparison."""
        if self._is_free(is_measuring=request.latency is not None):
            self._controller.compare(request)

    def measure(self, comparison: Comparison, request: CompareRequest) -> None:
        """Start to measure the models of a comparison."""
        if self._is_free(is_measuring=True):
            self._controller.measure(comparison, request)

    def calibrate(self, request: CompareRequest) -> None:
        """Start to calibrate."""
        if self._is_free(is_measuring=True):
            self._controller.calibrate(request)

    def _is_free(self, *, is_measuring: bool) -> bool:
        problem = self._runs.obstacle(self, is_measuring=is_measuring)
        if problem is not None:
            self.refused.emit(problem)
        return problem is None

    def _begin(self, request: CompareRequest, *, is_measuring: bool) -> None:
        title = f"{request.left.reference} and {request.right.reference}"
        self._runs.begin(self, title, is_measuring=is_measuring)

    def _on_run_started(self, request: CompareRequest) -> None:
        self._begin(request, is_measuring=request.latency is not None)

    def _on_measurement_started(self, comparison: Comparison, request: CompareRequest) -> None:
        del request  # names what the window would compare; measured is what it shows
        self._begin(comparison.request, is_measuring=True)

    def _on_calibration_started(self, request: CompareRequest) -> None:
        self._begin(request, is_measuring=True)

    def _on_running_changed(self, is_running: bool) -> None:
        if not is_running:
            self._runs.end(self)


def _problem(run: _Run) -> Problem:
    if run.is_measuring:
        return Problem(
            sentence=f"Another window is measuring {run.title}.",
            advice="A second run would falsify its times: wait for its end, or stop it there.",
        )
    return Problem(
        sentence=f"Another window is comparing {run.title}.",
        advice="Times taken meanwhile would be wrong: wait for its end, stop it there, or compare without latency.",
    )
