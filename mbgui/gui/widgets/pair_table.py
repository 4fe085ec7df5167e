"""The table of pairs and their errors."""

from PySide6.QtCore import QAbstractItemModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mbgui.gui.item_models.pair_evidence_table_model import PairColumn
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.tensor_table import TensorColumns, TensorTable

_COLUMNS = TensorColumns(
    widths={
        PairColumn.NUMBER: 58,
        PairColumn.RELATIVE_L2: 106,
        PairColumn.MAX_ABSOLUTE: 98,
        PairColumn.COSINE: 102,
        PairColumn.VERDICT: 108,
        PairColumn.ISOLATED: 106,
        PairColumn.ISOLATED_VERDICT: 92,
        PairColumn.NOISE_FLOOR: 106,
    },
    name=PairColumn.RIGHT,
    second_name=PairColumn.LEFT,
)
_FURTHER_FIGURES = (PairColumn.MAX_ABSOLUTE, PairColumn.COSINE)
_FURTHER_FIGURES_FROM = 1180  # pixels of width below which they give their room to the names
_NARROWEST_NAME = 150  # pixels
_ROWS = 14  # that are shown at once; the others are scrolled to


class PairTable(TensorTable):
    """Sortable by every column; `row_chosen` carries the row of a double click or Enter."""

    row_chosen = Signal(int)

    def __init__(self, theme: Theme, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, model, _COLUMNS, parent)
        self.setProperty("role", "plain")
        self.setAccessibleName("Pairs of layers and their errors")
        self.setAccessibleDescription("Enter on a row shows its layers")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for column in (PairColumn.CONFIDENCE, PairColumn.NOTE):
            self.setColumnHidden(column, True)
        self.doubleClicked.connect(self._on_double_clicked)

    def _divide_width(self) -> None:
        """Both names share what the figures leave; of these, two are hidden where the room is scarce."""
        self._is_dividing = True
        header, width = self.horizontalHeader(), self.viewport().width()
        for further in _FURTHER_FIGURES:
            header.setSectionHidden(further, width < _FURTHER_FIGURES_FROM)
        shown = {column: room for column, room in _COLUMNS.widths.items() if not header.isSectionHidden(column)}
        for number, room in shown.items():
            header.resizeSection(number, room)
        a_name = max((width - sum(shown.values())) // 2, _NARROWEST_NAME)
        for name in _COLUMNS.names:
            header.resizeSection(name, a_name)
        self._is_dividing = False

    def sizeHint(self) -> QSize:
        """The header and as many rows as are read at a glance."""
        rows = min(max(self.model().rowCount(), 3), _ROWS)
        row_height = self.verticalHeader().defaultSectionSize()
        return QSize(400, self.horizontalHeader().sizeHint().height() + rows * row_height + 2)

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
