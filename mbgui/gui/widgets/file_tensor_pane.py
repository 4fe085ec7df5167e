"""The tensors of a file: a field of words, the totals of what is shown, and the table."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mbgui.analysis.file_tensor_search import file_search_text, find_texts
from mbgui.analysis.tensor_search import totals_text, words_of
from mbgui.domain.model_file import FileTensor
from mbgui.gui.item_models.file_tensor_table_model import FileTensorColumn, FileTensorTableModel
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.layer_search_bar import SearchField
from mbgui.gui.widgets.sliced_task import SlicedTask
from mbgui.gui.widgets.tensor_table import TensorColumns, TensorTable

_TENSORS_A_STEP = 5_000
_COLUMNS = TensorColumns(
    widths={
        FileTensorColumn.SHAPE: 112,
        FileTensorColumn.DTYPE: 74,
        FileTensorColumn.COUNT: 86,
        FileTensorColumn.BYTES: 96,
        FileTensorColumn.MEAN: 92,
        FileTensorColumn.STD: 86,
        FileTensorColumn.MINIMUM: 86,
        FileTensorColumn.MAXIMUM: 86,
    },
    name=FileTensorColumn.NAME,
    codes=(FileTensorColumn.SHAPE,),
)


class FileTensorPane(QWidget):
    """Sorts by a click on a title, filters by words, copies selected rows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: list[str] = []
        self._counts: list[int] = []
        self._create(theme)
        self._lay_out()
        self._field.textChanged.connect(self._on_words_changed)
        self._field.left.connect(self._on_results_requested)

    def show_tensors(self, tensors: Sequence[FileTensor]) -> None:
        """Show these tensors; what is looked for in them is prepared in slices."""
        self._texts, self._counts = [], []
        self._model.show_records(tensors)
        self._task.run(self._prepare_steps())

    def focus_search(self) -> None:
        """Give the focus to the field of words."""
        self._field.focus()

    def _create(self, theme: Theme) -> None:
        self._field = SearchField("name, type or shape", self)
        self._field.setAccessibleName("Filter tensors")
        self._totals = QLabel(self)
        self._totals.setProperty("role", "muted")
        self._totals.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._model = FileTensorTableModel(self)
        self._proxy = SortFilterProxy(self._model, self)
        self._table = TensorTable(theme, self._proxy, _COLUMNS, self)
        self._table.setAccessibleName("Tensors in the file")
        self._task = SlicedTask(self)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._field, 2)
        row.addWidget(self._totals, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self._table, 1)

    def _prepare_steps(self) -> Iterator[None]:
        while len(self._texts) < len(self._model.records):
            self._prepare(_TENSORS_A_STEP)
            yield
        self._show_totals()

    def _prepare(self, count: int) -> None:
        start = len(self._texts)
        tensors = self._model.records[start : start + count]
        self._texts += [file_search_text(tensor) for tensor in tensors]
        self._counts += [tensor.value_count for tensor in tensors]

    def _on_words_changed(self, text: str) -> None:
        current = self._proxy.mapToSource(self._table.currentIndex())
        self._prepare(len(self._model.records))
        words = words_of(text)
        self._proxy.keep_rows(find_texts(words, self._texts) if words else None)
        self._show_totals()
        if current.isValid():
            self._table.setCurrentIndex(self._proxy.mapFromSource(current))

    def _show_totals(self) -> None:
        records, rows = self._model.records, self._proxy.shown_rows
        counts = [self._counts[row] for row in rows]
        self._totals.setText(totals_text(counts, [records[row].size_bytes for row in rows], len(records)))

    def _on_results_requested(self) -> None:
        self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self._table.currentIndex().isValid():
            self._table.setCurrentIndex(self._proxy.index(0, FileTensorColumn.NAME))
