"""The table of pairs and their errors."""

from PySide6.QtCore import QAbstractItemModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from mbgui.gui.item_models.pair_evidence_table_model import PairColumn
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.tensor_table import TensorColumns, TensorTable

_COLUMNS = TensorColumns(
    widths={
        PairColumn.NUMBER: 52,
        PairColumn.RELATIVE_L2: 84,
        PairColumn.MAX_ABSOLUTE: 76,
        PairColumn.COSINE: 78,
        PairColumn.VERDICT: 84,
        PairColumn.ISOLATED: 84,
        PairColumn.ISOLATED_VERDICT: 78,
        PairColumn.NOISE_FLOOR: 84,
    },
    name=PairColumn.RIGHT,
    second_name=PairColumn.LEFT,
)
_ROWS = 14  # that are shown at once; the others are scrolled to


class PairTable(TensorTable):
    """Sortable by every column; `row_chosen` carries the row of a double click or Enter."""

    row_chosen = Signal(int)

    def __init__(self, theme: Theme, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, model, _COLUMNS, parent)
        self.setProperty("role", "plain")
        self.setAccessibleName("Pairs of layers and their errors")
        self.setAccessibleDescription("Enter on a row shows its layers")
        for column in (PairColumn.CONFIDENCE, PairColumn.NOTE):
            self.setColumnHidden(column, True)
        self.doubleClicked.connect(self._on_double_clicked)

    def sizeHint(self) -> QSize:
        """The header and as many rows as are read at a glance."""
        rows = min(max(self.model().rowCount(), 3), _ROWS)
        row_height = self.verticalHeader().defaultSectionSize()
        return QSize(400, self.horizontalHeader().sizeHint().height() + rows * row_height + 4)

    def minimumSizeHint(self) -> QSize:
        """No less tall than that: the page scrolls."""
        return QSize(200, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_chosen.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _on_double_clicked(self) -> None:
        self.row_chosen.emit(self.currentIndex().row())
