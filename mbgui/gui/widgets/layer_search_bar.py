"""The bar above the layers: search, differences only, expand, collapse, and how many rows there are."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from mbgui.analysis.layer_query import HINT, LayerQuery, parse_query
from mbgui.domain.errors import MbguiError
from mbgui.gui.theme import Theme


class SearchField(QLineEdit):
    """A line for search terms; Escape clears it, Enter and the down arrow lead on to what was found."""

    left = Signal()

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(290)
        self.setMaximumWidth(380)

    def focus(self) -> None:
        """Take the focus, ready to be typed over."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, Enter and the down arrow, then everything a line edit knows."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class LayerSearchBar(QWidget):
    """Gives intents; `search_changed` carries a `LayerQuery` and whether only differences are meant."""

    search_changed = Signal(object, bool)
    expand_requested = Signal()
    collapse_requested = Signal()
    results_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._query = parse_query("")
        self._summary_text = ""
        self._problem = ""
        self._create()
        self._lay_out()
        self._connect()

    @property
    def query(self) -> LayerQuery:
        """The last query that could be read."""
        return self._query

    @property
    def is_differences_only(self) -> bool:
        """Whether rows without differences are to be hidden."""
        return self._only.isChecked()

    def show_summary(self, text: str) -> None:
        """Say how many rows there are."""
        self._summary_text = text
        self._show_text()

    def focus_search(self) -> None:
        """Give the focus to the search field."""
        self._field.focus()

    def reset(self) -> None:
        """Take back search and filter without asking for anything."""
        for widget in (self._field, self._only):
            widget.blockSignals(True)
        self._field.clear()
        self._only.setChecked(False)
        for widget in (self._field, self._only):
            widget.blockSignals(False)
        self._query, self._problem = parse_query(""), ""
        self._show_text()

    def _create(self) -> None:
        self._field = SearchField("name, type:conv, shape:112, params>1000")
        self._field.setToolTip(HINT)
        self._field.setAccessibleName("Search layers")
        self._field.setAccessibleDescription(HINT)
        self._only = QPushButton("Differences only")
        self._only.setCheckable(True)
        self._only.setToolTip("Hide layers that are the same on both sides")
        self._expand, self._collapse = QPushButton("Expand all"), QPushButton("Collapse")
        self._summary = QLabel()
        self._summary.setProperty("role", "muted")
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._field, 2)
        for button in (self._only, self._expand, self._collapse):
            layout.addWidget(button)
        layout.addWidget(self._summary, 3)

    def _connect(self) -> None:
        self._field.textChanged.connect(self._on_text_changed)
        self._field.left.connect(self.results_requested)
        self._only.toggled.connect(self._on_toggled)
        self._expand.clicked.connect(self._on_expand_clicked)
        self._collapse.clicked.connect(self._on_collapse_clicked)
        self._theme.changed.connect(self._show_text)

    def _on_text_changed(self, text: str) -> None:
        try:
            self._query, self._problem = parse_query(text), ""
        except MbguiError as error:  # half a term: the rows found so far stay
            self._problem = error.problem.sentence
            self._show_text()
            return
        self._on_toggled()

    def _on_toggled(self) -> None:
        self._show_text()
        self.search_changed.emit(self._query, self._only.isChecked())

    def _on_expand_clicked(self) -> None:
        self.expand_requested.emit()

    def _on_collapse_clicked(self) -> None:
        self.collapse_requested.emit()

    def _show_text(self) -> None:
        self._summary.setText(self._problem or self._summary_text)
        self._summary.setStyleSheet(f"color: {self._theme.colors.warning};" if self._problem else "")
