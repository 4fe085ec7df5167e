"""The bar above the parameters: words, side, purpose, and the totals of what is shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from mbgui.analysis.tensor_search import TensorFilter, words_of
from mbgui.analysis.wording import PURPOSE_TITLES, side_title
from mbgui.domain.framework import Framework
from mbgui.domain.network import TensorPurpose
from mbgui.domain.request import Side
from mbgui.gui.widgets.layer_search_bar import SearchField

_BOTH = "Both sides"


class ParameterFilterBar(QWidget):
    """`filter_changed` carries a `TensorFilter`."""

    filter_changed = Signal(object)
    results_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._create()
        self._lay_out()
        self._connect()

    def show_sides(self, left: Framework | None, right: Framework | None) -> None:
        """Name the sides."""
        for place, side in enumerate(Side, start=1):
            title = side_title(side, left, right)
            text = title if title.casefold().endswith((side.value, f"({side.value})")) else f"{title} ({side.value})"
            self._side.setItemText(place, text)

    def show_totals(self, text: str) -> None:
        """Say what is shown."""
        self._totals.setText(text)

    def focus_search(self) -> None:
        """Give the focus to the field of words."""
        self._field.focus()

    def reset(self) -> None:
        """Take back all filters without asking for anything."""
        for widget in (self._field, self._side, self._purpose):
            widget.blockSignals(True)
        self._field.clear()
        self._side.setCurrentIndex(0)
        self._purpose.setCurrentIndex(0)
        for widget in (self._field, self._side, self._purpose):
            widget.blockSignals(False)

    def _create(self) -> None:
        self._field = SearchField("name, layer or type")
        self._field.setAccessibleName("Filter parameters")
        self._side, self._purpose = QComboBox(), QComboBox()
        self._side.setAccessibleName("Side")
        self._side.addItem(_BOTH)
        for side in Side:
            self._side.addItem(side.value.capitalize())
        self._side.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._purpose.setAccessibleName("Purpose")
        self._purpose.addItem("Every purpose")
        for purpose in TensorPurpose:
            self._purpose.addItem(PURPOSE_TITLES[purpose])
        self._totals = QLabel()
        self._totals.setProperty("role", "muted")
        self._totals.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._field, 2)
        layout.addWidget(self._side)
        layout.addWidget(self._purpose)
        layout.addWidget(self._totals, 3)

    def _connect(self) -> None:
        self._field.textChanged.connect(self._on_changed)
        self._field.left.connect(self.results_requested)
        self._side.currentIndexChanged.connect(self._on_changed)
        self._purpose.currentIndexChanged.connect(self._on_changed)

    def _on_changed(self) -> None:
        side, purpose = self._side.currentIndex(), self._purpose.currentIndex()
        wanted = TensorFilter(
            words=words_of(self._field.text()),
            side=list(Side)[side - 1] if side else None,
            purpose=list(TensorPurpose)[purpose - 1] if purpose else None,
        )
        self.filter_changed.emit(wanted)
