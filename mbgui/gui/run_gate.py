"""Between the intents of a window and its controller: one run had better wait where another window has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from mbgui.domain.comparison import Comparison
    from mbgui.domain.request import CompareRequest
    from mbgui.gui.controller import Controller
    from mbgui.gui.runs import Runs


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
