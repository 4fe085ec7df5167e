"""The table of pairs of layers and their times."""

from PySide6.QtCore import QAbstractItemModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mbgui.gui.item_models.layer_times_table_model import LayerTimesColumn
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.tensor_table import TensorColumns, TensorTable

_COLUMNS = TensorColumns(
    widths={
        LayerTimesColumn.LEFT_TIME: 92,
        LayerTimesColumn.RIGHT_TIME: 96,
        LayerTimesColumn.DIFFERENCE: 144,
        LayerTimesColumn.LEFT_SHARE: 80,
        LayerTimesColumn.RIGHT_SHARE: 84,
    },
    name=LayerTimesColumn.RIGHT,
    second_name=LayerTimesColumn.LEFT,
)
_SHARES = (LayerTimesColumn.LEFT_SHARE, LayerTimesColumn.RIGHT_SHARE)
_SHARES_FROM = 860  # pixels of width below which they give their room to the names
_NARROWEST_NAME = 140  # pixels
_ROWS = 12  # that are shown at once; the others are scrolled to


class LayerTimesTable(TensorTable):
    """Sortable by every column, at first by the size of the difference.

    `row_chosen` carries the row of a double click or Enter.
    """

    row_chosen = Signal(int)

    def __init__(self, theme: Theme, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, model, _COLUMNS, parent)
        self.setProperty("role", "plain")
        self.setAccessibleName("Time by layer")
        self.setAccessibleDescription("Enter on a row shows its layers")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.sortByColumn(LayerTimesColumn.DIFFERENCE, Qt.SortOrder.DescendingOrder)
        self.doubleClicked.connect(self._on_double_clicked)

    def sizeHint(self) -> QSize:
        """The header and as many rows as are read at a glance."""
        rows = min(max(self.model().rowCount(), 1), _ROWS)
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

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page where all rows are in sight."""
        if self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    def _divide_width(self) -> None:
        """Both names share what the figures leave; shares are hidden where the room is scarce."""
        self._is_dividing = True
        header, width = self.horizontalHeader(), self.viewport().width()
        for share in _SHARES:
            header.setSectionHidden(share, width < _SHARES_FROM)
        shown = {column: room for column, room in _COLUMNS.widths.items() if not header.isSectionHidden(column)}
        for column, room in shown.items():
            header.resizeSection(column, room)
        a_name = max((width - sum(shown.values())) // 2, _NARROWEST_NAME)
        for name in _COLUMNS.names:
            header.resizeSection(name, a_name)
        self._is_dividing = False

    def _on_double_clicked(self) -> None:
        self.row_chosen.emit(self.currentIndex().row())
