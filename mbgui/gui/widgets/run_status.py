"""The status bar: what is being done, how far it is, how long it took, and with which versions."""

from time import monotonic

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from mbgui.gui.theme import Theme
from mbgui.gui.widgets.elided_label import ElidedLabel

_TICK_MS = 100
_BAR_WIDTH = 160
_STEPS = 1000


class RunStatus(QStatusBar):
    """Shows the stage of a run with progress and elapsed time, and afterwards how it ended."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._started_at = 0.0
        self._state = ("", "")
        self._create()
        self._lay_out()
        self._connect()

    def start(self) -> None:
        """A run began."""
        self._started_at = monotonic()
        self._bar.setRange(0, 0)
        self._bar.show()
        self._elapsed.show()
        self._timer.start()
        self._show_elapsed()
        self.show_stage("Starting", "")

    def show_stage(self, title: str, text: str) -> None:
        """Name the stage, and a few words on it."""
        self._show_state(title, "accent")
        self._text.show_text(text)

    def show_progress(self, fraction: float, text: str) -> None:
        """The stage is so far, from 0 to 1; below 0 nobody knows."""
        self._bar.setRange(0, 0 if fraction < 0 else _STEPS)
        self._bar.setValue(round(max(fraction, 0.0) * _STEPS))
        if text:
            self._text.show_text(text)

    def finish(self, title: str, text: str, *, is_good: bool) -> None:
        """The run ended."""
        self._timer.stop()
        self._bar.hide()
        self._elapsed.hide()
        self._show_state(title, "success" if is_good else "warning")
        self._text.show_text(text)

    def show_versions(self, text: str) -> None:
        """The versions of the frameworks, at the right end."""
        self._versions.setText(text)
        self._versions.setAccessibleDescription(text)

    @property
    def versions(self) -> str:
        """The versions shown."""
        return self._versions.text()

    def _create(self) -> None:
        self.setSizeGripEnabled(False)
        self._title = QLabel(self)
        self._text = ElidedLabel("", self)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._elapsed = QLabel(self)
        self._versions = QLabel(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        for widget, name in (
            (self._title, "State"),
            (self._text, "What is being done"),
            (self._bar, "Progress"),
            (self._elapsed, "Elapsed time"),
            (self._versions, "Versions"),
        ):
            widget.setAccessibleName(name)

    def _lay_out(self) -> None:
        for widget in (self._title, self._bar, self._elapsed):
            self.addWidget(widget)
        self.addWidget(self._text, 1)
        self.addPermanentWidget(self._versions)
        self.setContentsMargins(10, 0, 10, 0)
        self._bar.hide()
        self._elapsed.hide()

    def _connect(self) -> None:
        self._timer.timeout.connect(self._show_elapsed)
        self._theme.changed.connect(self._color_state)

    def _show_state(self, title: str, color: str) -> None:
        self._state = (title, color)
        self._color_state()

    def _color_state(self) -> None:
        title, color = self._state
        self._title.setText(f"● {title}" if title else "")
        self._title.setStyleSheet(f"color: {getattr(self._theme.colors, color)};" if color else "")
        self._title.setAccessibleDescription(title)

    def _show_elapsed(self) -> None:
        self._elapsed.setText(f"{monotonic() - self._started_at:.1f} s")
