"""What can be measured of the comparison shown: the buttons at the end of the latency controls."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from mbgui.gui.settings import MeasureScope

_SCOPES = {
    MeasureScope.CALL_PATHS: "All &call paths",
    MeasureScope.BATCH: "Sweep &batch sizes",
    MeasureScope.THREADS: "Sweep &threads",
    MeasureScope.INPUT: "Sweep &input sizes",
    MeasureScope.LAYERS: "Time by &layer",
    MeasureScope.EVERYTHING: "&Everything",
}
_CALIBRATE_TIP = (
    "Time each of the two named models against itself, to learn which differences this machine can tell at all"
)
_RUNNING_TIP = "Something is being measured or compared: stop it, or wait for its end."
_NOTHING_TIP = "Press Compare, or open a snapshot, first: then its models can be measured."
_MEASURE_TIP = "Measure {title} by these settings; everything else in the comparison is kept"


class LatencyButtons(QWidget):
    """Calibrate, Measure, and a menu of what else to measure.

    `measure_requested` carries a `MeasureScope`, `values_requested` asks for other values of the sweeps.
    """

    measure_requested = Signal(object)
    calibrate_requested = Signal()
    values_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._is_running = False
        self._create()
        self._lay_out()
        self._connect()
        self._update()

    def set_running(self, *, is_running: bool) -> None:
        """Nothing can be asked for while something runs."""
        self._is_running = is_running
        self._update()

    def set_title(self, title: str) -> None:
        """Name the comparison that would be measured, "" for none."""
        self._title = title
        self._update()

    def _create(self) -> None:
        self.calibrate = QPushButton("Calibrate", self)
        self.measure = QPushButton("Measure", self)
        self.measure.setProperty("role", "primary")
        self.measure.setAccessibleName("Measure latency")
        self.more = QToolButton(self)
        self.more.setText("More")
        self.more.setProperty("role", "button")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setAccessibleName("More to measure")
        self._menu = QMenu("More to measure", self)
        for scope, title in _SCOPES.items():
            if scope is MeasureScope.EVERYTHING:
                self._menu.addSeparator()
            self._menu.addAction(title).setData(scope.value)
        self._menu.addSeparator()
        self._values = self._menu.addAction("&Values of the sweeps…")
        self.measured = self._menu.addAction("&Measure with Compare, too")
        self.measured.setCheckable(True)
        self.more.setMenu(self._menu)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addStretch(1)  # in a row of their own they stay as wide as they are
        for button in (self.calibrate, self.measure, self.more):
            row.addWidget(button)

    def _connect(self) -> None:
        self.calibrate.clicked.connect(self._on_calibrate_clicked)
        self.measure.clicked.connect(self._on_measure_clicked)
        self._menu.triggered.connect(self._on_triggered)

    def _update(self) -> None:
        can_measure = bool(self._title) and not self._is_running
        why_not = _RUNNING_TIP if self._is_running else _NOTHING_TIP
        self.calibrate.setEnabled(not self._is_running)
        self.calibrate.setToolTip(_RUNNING_TIP if self._is_running else _CALIBRATE_TIP)
        self.measure.setEnabled(can_measure)
        self.measure.setToolTip(_MEASURE_TIP.format(title=self._title) if can_measure else why_not)
        self.more.setToolTip("Call paths, sweeps and single layers" if can_measure else why_not)
        for action in self._menu.actions():
            action.setEnabled(can_measure or action in (self._values, self.measured))

    def _on_calibrate_clicked(self) -> None:
        self.calibrate_requested.emit()

    def _on_measure_clicked(self) -> None:
        self.measure_requested.emit(MeasureScope.DUEL)

    def _on_triggered(self, action: QAction) -> None:
        if action is self._values:
            self.values_requested.emit()
        elif action is not self.measured:
            self.measure_requested.emit(MeasureScope(action.data()))
