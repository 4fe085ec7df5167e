"""Long work on the window's thread in slices, so that the window stays alive between them."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

_SLICE_S = 0.012  # well under the 50 ms at which a stall is felt


class SlicedTask(QObject):
    """Runs one iterator at a time; work that fits one slice is done before `run` returns."""

    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_running(self) -> bool:
        """Whether steps are left."""
        return self._steps is not None

    def run(self, steps: Iterator[None]) -> None:
        """Run these steps in place of those that are left of the ones before."""
        self._steps = steps
        self._run_slice()

    def finish(self) -> None:
        """Do what is left at once."""
        steps = self._steps
        if steps is not None:
            for _ in steps:
                pass
            self.stop()
            self.finished.emit()

    def stop(self) -> None:
        """Drop what is left."""
        self._steps = None
        self._timer.stop()

    def _run_slice(self) -> None:
        end = perf_counter() + _SLICE_S
        steps = self._steps
        while steps is not None and steps is self._steps:
            if next(steps, self) is self:
                self.stop()
                self.finished.emit()
                return
            if perf_counter() > end:
                self._timer.start(0)
                return

    def _on_timeout(self) -> None:
        self._run_slice()
