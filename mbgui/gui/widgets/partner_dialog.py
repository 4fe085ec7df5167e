"""Choosing the partner of a layer among the layers of the other side."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from mbgui.analysis.corrections import PartnerChoice
from mbgui.analysis.layer_text import type_text
from mbgui.domain.request import Side
from mbgui.gui.item_models.partner_table_model import PartnerColumn, PartnerTableModel
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.layer_search_bar import SearchField
from mbgui.gui.widgets.tensor_table import TensorColumns, TensorTable

_SIZE = (700, 500)
_COLUMNS = TensorColumns(
    widths={PartnerColumn.TYPE: 200, PartnerColumn.OUTPUT: 110, PartnerColumn.STATE: 84},
    name=PartnerColumn.LAYER,
    codes=(PartnerColumn.OUTPUT,),
)


class PartnerDialog(QDialog):
    """Lists the layers of one side, those without a partner first; `chosen` carries the path of the one picked."""

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        layer: str,
        side: Side,
        choices: Sequence[PartnerChoice],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self._texts = [f"{one.layer.path} {type_text(one.layer)}".casefold() for one in choices]
        self._create(theme, layer, side)
        self._lay_out()
        self._connect()
        self._table.selectRow(0)
        self._field.setFocus()

    def accept(self) -> None:
        """Take the selected layer; where none is, nothing happens."""
        index = self._table.currentIndex()
        if index.isValid():
            place = self._proxy.mapToSource(index).row()
            super().accept()
            self.chosen.emit(self._choices[place].layer.path)

    def _create(self, theme: Theme, layer: str, side: Side) -> None:
        self.setWindowTitle("Pair with…")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._question = QLabel(f"Which {side.value} layer is the partner of {layer}?")
        self._question.setWordWrap(True)
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._field = SearchField("name or type")
        self._field.setMaximumWidth(16_777_215)
        self._field.setAccessibleName("Search layers")
        self._model = PartnerTableModel(self)
        self._model.show_records(self._choices)
        self._proxy = SortFilterProxy(self._model, self)
        self._table = TensorTable(theme, self._proxy, _COLUMNS)
        self._table.setSelectionMode(TensorTable.SelectionMode.SingleSelection)
        self._table.setAccessibleName("Layers to choose from")
        buttons = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self._buttons.button(buttons.Ok).setText("Pair")
        self._buttons.button(buttons.Ok).setProperty("role", "primary")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        for widget in (self._question, self._field, self._table, self._buttons):
            column.addWidget(widget, 1 if widget is self._table else 0)

    def _connect(self) -> None:
        self._field.textChanged.connect(self._on_text_changed)
        self._field.left.connect(self._table.setFocus)
        self._table.doubleClicked.connect(self.accept)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _on_text_changed(self, text: str) -> None:
        words = text.casefold().split()
        rows = [row for row, known in enumerate(self._texts) if all(word in known for word in words)]
        self._proxy.keep_rows(rows if words else None)
        self._table.selectRow(0)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(rows))
