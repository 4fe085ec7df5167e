"""What mbgui is made of, to be searched, and the licence texts of what is selected."""

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from mbgui.gui.bundled_software import Component, bundled_components, licence_texts
from mbgui.gui.item_models.component_table_model import ComponentColumn, ComponentTableModel
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.layer_search_bar import SearchField
from mbgui.gui.widgets.tensor_table import TensorColumns, TensorTable

_COLUMNS = TensorColumns(widths={ComponentColumn.VERSION: 84, ComponentColumn.LICENCE: 150}, name=ComponentColumn.NAME)
_WIDTHS = (460, 620)
_RULE = "─" * 40
_NO_TEXT = "{name} comes without the text of its licence; its metadata name it: {licence}."


class LicencePane(QWidget):
    """Reads the list when it is first shown, and texts when they are asked for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._components: tuple[Component, ...] = ()
        self._is_asked = False
        self._create(theme)
        self._lay_out()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what there is, once the pane is on screen."""
        super().showEvent(event)
        if not self._is_asked:
            self._is_asked = True
            QTimer.singleShot(0, self._fill)

    def _create(self, theme: Theme) -> None:
        self.field = SearchField("name or licence")
        self.field.setMaximumWidth(16_777_215)
        self.field.setMinimumWidth(0)
        self.field.setAccessibleName("Search software")
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._model = ComponentTableModel(self)
        self._proxy = SortFilterProxy(self._model, self)
        self.table = TensorTable(theme, self._proxy, _COLUMNS)
        self.table.setSelectionMode(TensorTable.SelectionMode.SingleSelection)
        self.table.setAccessibleName("Software that mbgui is made of")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setAccessibleName("Licence texts")

    def _lay_out(self) -> None:
        search = QHBoxLayout()
        search.addWidget(self.field, 1)
        search.addWidget(self._count)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(8)
        column.addLayout(search)
        column.addWidget(self.table, 1)
        self._splitter = QSplitter()
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.text)
        self._splitter.setSizes(_WIDTHS)
        self._splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addWidget(self._splitter)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._on_searched)
        self.field.left.connect(self.table.setFocus)
        self.table.selectionModel().currentRowChanged.connect(self._on_current_changed)

    def _fill(self) -> None:
        self._components = bundled_components()
        self._model.show_records(self._components)
        self._on_searched(self.field.text())

    def _on_searched(self, text: str) -> None:
        words = text.casefold().split()
        known = [f"{one.name} {one.licence}".casefold() for one in self._components]
        rows = [row for row, told in enumerate(known) if all(word in told for word in words)]
        self._proxy.keep_rows(rows if words else None)
        self._count.setText(f"{len(rows)} of {len(known)}" if words else f"{len(known)}")
        self.table.selectRow(0)
        if not rows:
            self.text.setPlainText("")

    def _on_current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.text.setPlainText(_told(self._components[self._proxy.mapToSource(current).row()]))


def _told(component: Component) -> str:
    texts = licence_texts(component)
    if not texts:
        return _NO_TEXT.format(name=component.name, licence=component.licence or "no licence")
    return "\n\n\n".join(f"{name}\n{_RULE}\n{text}" for name, text in texts)
