"""Turning many fast calls into few: the first at once, later ones no more often than asked for."""

from PySide6.QtCore import QObject, QTimer, Signal


class Throttle(QObject):
    """Emits `triggered` at most once every `interval_ms`, and always once after the last request."""

    triggered = Signal()

    def __init__(self, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_wanted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._on_interval_over)

    def request(self) -> None:
        """Ask for `triggered`: now, or when the interval since the last time is over."""
        if self._timer.isActive():
            self._is_wanted = True
            return
        self._fire()

    def cancel(self) -> None:
        """Forget what was asked for."""
        self._timer.stop()
        self._is_wanted = False

    def _on_interval_over(self) -> None:
        if self._is_wanted:
            self._fire()

    def _fire(self) -> None:
        self._is_wanted = False
        self._timer.start()
        self.triggered.emit()
