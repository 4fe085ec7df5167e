"""A dialog that asks which values the sweeps take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from mbgui.domain.request import SweepAxis
from mbgui.gui.widgets.sweep_values import parse_values, values_text

if TYPE_CHECKING:
    from mbgui.gui.settings import LatencyOptions

_TITLES = {
    SweepAxis.BATCH: "&Batch sizes",
    SweepAxis.THREADS: "&Threads",
    SweepAxis.INPUT: "&Input sides, pixels",
}
_FIELD_WIDTH = 300


class SweepDialog(QDialog):
    """One field for each axis; `chosen` carries the values by axis. What makes no sense keeps the dialog open."""

    chosen = Signal(dict)

    def __init__(self, options: LatencyOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Values of the sweeps")
        self._create(options)
        self._lay_out()
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)
        for field in self.fields.values():
            field.textEdited.connect(self._check)

    def _create(self, options: LatencyOptions) -> None:
        self.fields = {axis: QLineEdit(values_text(options.values(axis)), self) for axis in SweepAxis}
        for axis, field in self.fields.items():
            field.setMinimumWidth(_FIELD_WIDTH)
            field.setAccessibleName(_TITLES[axis].replace("&", ""))
            field.setToolTip("Whole numbers with commas between them: 1, 2, 4")
        self.fault = QLabel(self)
        self.fault.setProperty("role", "muted")
        self.fault.setWordWrap(True)
        self.fault.setMinimumHeight(self.fault.fontMetrics().lineSpacing() * 2)  # the dialog keeps its size
        kinds = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, self)

    def _lay_out(self) -> None:
        form = QFormLayout()
        for axis, field in self.fields.items():
            form.addRow(_TITLES[axis], field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(self.fault)
        layout.addWidget(self._buttons)

    def _check(self) -> None:
        self._values()

    def _on_accepted(self) -> None:
        values = self._values()
        if values is not None:
            self.chosen.emit(values)
            self.accept()

    def _values(self) -> dict[SweepAxis, tuple[int, ...]] | None:
        """What is typed, `None` where some of it makes no sense; then the dialog says why."""
        try:
            values = {axis: parse_values(field.text(), axis) for axis, field in self.fields.items()}
        except ValueError as error:
            self.fault.setText(str(error))
            return None
        self.fault.setText("")
        return values
