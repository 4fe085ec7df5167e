"""Check boxes that switch causes off, and what is left of the error then."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QWidget

from mbgui.analysis.equivalence_rows import run_without, switchable_causes
from mbgui.analysis.equivalence_wording import error_text
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import NeutralisedCause, SizeEvidence
from mbgui.gui.theme import Theme

_NOT_RUN = "these were not switched off together; one alone, all but one, and all of them were"


class CauseSwitches(QWidget):
    """One box a cause; `changed` carries the causes that are switched off now."""

    changed = Signal(tuple)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._size: SizeEvidence | None = None
        self._boxes: dict[Cause, QCheckBox] = {}
        self._title = QLabel("Switch off")
        self._title.setProperty("role", "section")
        self._all = QPushButton("All")
        self._all.setCheckable(True)
        self._all.setAccessibleName("Switch all causes off")
        self._all.setToolTip("Switch all causes off together, or none")
        self._error = QLabel()
        self._lay_out()
        self._all.clicked.connect(self._on_all_clicked)
        theme.changed.connect(self._show_error)
        self.setAccessibleName("Switch causes off")

    @property
    def switched_off(self) -> tuple[Cause, ...]:
        """The causes that are ticked, in the order listed."""
        return tuple(cause for cause, box in self._boxes.items() if box.isChecked())

    @property
    def error_text(self) -> str:
        """What is said of the output error."""
        return self._error.text()

    def show_size(self, size: SizeEvidence | None) -> None:
        """Offer the causes of one input size; ticks stay where their cause is still offered."""
        before = self.switched_off
        self._size = size
        neutralised = size.neutralised if size is not None else ()
        if tuple(self._boxes) != tuple(found.cause for found in neutralised):
            self._rebuild(neutralised)
        switchable = switchable_causes(size) if size is not None else ()
        for found in neutralised:
            box = self._boxes[found.cause]
            box.setEnabled(found.cause in switchable)
            box.setChecked(found.cause in before and box.isEnabled())
            box.setToolTip(found.reason or f"Even out: {found.title}")
        self.setVisible(size is not None and bool(size.runs or neutralised))
        self._show_error()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(12)
        self._row = QHBoxLayout()
        self._row.setSpacing(14)
        row.addWidget(self._title)
        row.addLayout(self._row)
        row.addWidget(self._all)
        row.addStretch(1)
        row.addWidget(self._error)

    def _rebuild(self, neutralised: Sequence[NeutralisedCause]) -> None:
        for box in self._boxes.values():
            self._row.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = {}
        for found in neutralised:
            box = QCheckBox(found.title, self)
            box.setAccessibleName(f"Switch off {found.title}")
            self._boxes[found.cause] = box
            self._row.addWidget(box)
            box.show()
            box.clicked.connect(self._on_clicked)
        self._title.setVisible(bool(neutralised))
        self._all.setVisible(len(neutralised) > 1)

    def _on_all_clicked(self) -> None:
        is_wanted = self._all.isChecked()
        for box in self._boxes.values():
            box.setChecked(is_wanted and box.isEnabled())
        self._on_clicked()

    def _on_clicked(self) -> None:
        self._show_error()
        self.changed.emit(self.switched_off)

    def _show_error(self) -> None:
        usable = [box for box in self._boxes.values() if box.isEnabled()]
        self._all.setChecked(bool(usable) and all(box.isChecked() for box in usable))
        self._all.setEnabled(bool(usable))
        run = run_without(self._size, self.switched_off) if self._size is not None else None
        if self._size is None:
            text = ""
        elif run is not None:
            text = f"output error {error_text(run.output_error)}"
        else:
            text = _NOT_RUN if self.switched_off else f"output error {error_text(self._size.output_error)}"
        self._error.setText(text)
        self._error.setProperty("role", "strong")
        is_lacking = bool(self.switched_off) and run is None
        self._error.setStyleSheet(f"color: {self._theme.colors.warning};" if is_lacking else "font-weight: 600;")
