"""Both layer trees as one tree: partners on one row.

Indices carry the number of their row in the outline, never a Python object: a collected object there would be a crash.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from mbgui.analysis.layer_text import cause_label, output_text, type_text
from mbgui.analysis.outline_places import is_member
from mbgui.analysis.outline_search import OutlineLayers
from mbgui.analysis.outline_times import NO_TIMES, OutlineTimes
from mbgui.analysis.outline_tree import HIDDEN, TOP, OutlineTree, arrange
from mbgui.analysis.performance_wording import layer_milliseconds_text
from mbgui.analysis.wording import count_text, macs_text, side_title
from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer
from mbgui.domain.outline import Outline, OutlineCell, OutlineRow, RowStatus
from mbgui.domain.request import Side
from mbgui.gui.item_models.layer_columns import LayerColumn, LayerFact, alignment_of, fact_of, side_of, title_of
from mbgui.gui.item_models.record_table_model import Index, SortValue
from mbgui.gui.item_models.roles import (
    BADGES_ROLE,
    DEPTH_ROLE,
    RECORD_ROLE,
    SIDE_ROLE,
    SORT_ROLE,
    TONE_ROLE,
    Badge,
    Tone,
)

NO_LAYERS = OutlineLayers(outline=Outline(rows=()), left={}, right={})

STATUS_SIGNS = {
    RowStatus.SAME: "=",
    RowStatus.MINOR: "≈",
    RowStatus.DIFFERENT: "≠",
    RowStatus.LEFT_ONLY: "−",
    RowStatus.RIGHT_ONLY: "+",
}
STATUS_WORDS = {
    RowStatus.SAME: "the same",
    RowStatus.MINOR: "differs in training, accounting or spelling only",
    RowStatus.DIFFERENT: "differs where inference is touched",
    RowStatus.LEFT_ONLY: "only left",
    RowStatus.RIGHT_ONLY: "only right",
}
_STATUS_TONES = {
    RowStatus.SAME: Tone.MUTED,
    RowStatus.MINOR: Tone.NORMAL,
    RowStatus.DIFFERENT: Tone.WARNING,
    RowStatus.LEFT_ONLY: Tone.WARNING,
    RowStatus.RIGHT_ONLY: Tone.WARNING,
}
_MEMBER = "part of a pair"
_TIME_WORDS = "Milliseconds that the layer takes in one pass, a group with all of its members"
_LONE = {RowStatus.LEFT_ONLY, RowStatus.RIGHT_ONLY}


_TEXTS: dict[LayerFact, Callable[[OutlineCell, Layer | None], str]] = {
    LayerFact.NAME: lambda cell, _: cell.label,
    LayerFact.TYPE: lambda _, layer: type_text(layer) if layer else "",
    LayerFact.OUTPUT: lambda _, layer: output_text(layer) if layer else "",
    LayerFact.PARAMETERS: lambda cell, _: count_text(cell.parameter_count) if cell.parameter_count else "",
    LayerFact.MACS: lambda cell, _: macs_text(cell.mac_count) if cell.mac_count else "",
}


class LayerTreeModel(QAbstractItemModel):
    """Rows of an outline, all of them or those that a search found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layers = NO_LAYERS
        self._rows: tuple[OutlineRow, ...] = ()
        self._tree = arrange(NO_LAYERS.outline)
        self._frameworks: tuple[Framework | None, Framework | None] = (None, None)
        self._is_compared = True
        self._times = NO_TIMES

    def show_layers(
        self,
        layers: OutlineLayers,
        tree: OutlineTree,
        left: Framework | None,
        right: Framework | None,
        *,
        is_compared: bool = True,
    ) -> None:
        """Show an outline in place of the one before, without times; without signs where nothing is compared."""
        self.beginResetModel()
        self._times = NO_TIMES
        self._layers, self._rows = layers, layers.outline.rows
        self._tree = tree
        self._frameworks = (left, right)
        self._is_compared = is_compared
        self.endResetModel()

    def show_tree(self, tree: OutlineTree) -> None:
        """Show these rows of the outline alone."""
        self.beginResetModel()
        self._tree = tree
        self.endResetModel()

    def show_times(self, times: OutlineTimes) -> None:
        """Show how long the rows of the outline take; rows that are open stay so."""
        self._times = times
        roots = self.rowCount()
        if roots:  # the view paints all that is in sight anew, at whatever depth
            self.dataChanged.emit(self.index(0, 0), self.index(roots - 1, len(LayerColumn) - 1))

    @property
    def times(self) -> OutlineTimes:
        """How long the rows take."""
        return self._times

    @property
    def layers(self) -> OutlineLayers:
        """The outline shown and its layers."""
        return self._layers

    @property
    def tree(self) -> OutlineTree:
        """The rows shown."""
        return self._tree

    def index_of(self, row: int, column: int = 0) -> QModelIndex:
        """The index of a row of the outline; invalid where it is not shown."""
        is_shown = 0 <= row < len(self._rows) and self._tree.positions[row] != HIDDEN
        return self.createIndex(self._tree.positions[row], column, row) if is_shown else QModelIndex()

    def row_of(self, index: Index) -> int:
        """The number of an index's row in the outline; -1 for an invalid index."""
        return index.internalId() if index.isValid() else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Number of shown members of a row, or of shown rows at the top."""
        if not parent.isValid():
            return len(self._tree.roots)
        return len(self._tree.children[parent.internalId()]) if parent.column() == 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns, the same everywhere."""
        del parent
        return len(LayerColumn)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        """Whether a row has shown members."""
        return self.rowCount(parent) > 0

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """The index of a member of `parent`."""
        siblings = self._tree.children[parent.internalId()] if parent.isValid() else self._tree.roots
        if 0 <= row < len(siblings) and 0 <= column < len(LayerColumn):
            return self.createIndex(row, column, siblings[row])
        return QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """The index of the row above in the tree."""
        if not index.isValid():
            return QModelIndex()
        above = self._rows[index.internalId()].parent
        return QModelIndex() if above == TOP else self.createIndex(self._tree.positions[above], 0, above)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, record, raw sort value, tone, badges and words for those who do not see signs."""
        if not index.isValid():
            return None
        number, column = index.internalId(), index.column()
        row = self._rows[number]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(number, column)
        if role == RECORD_ROLE:
            return row
        if role == SORT_ROLE:
            return self._sort_value(number, column)
        if role == DEPTH_ROLE:
            depths = self._tree.right_depths if side_of(column) is Side.RIGHT else self._tree.left_depths
            return depths[number]
        return self._appearance(number, column, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, alignment and side of a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(LayerColumn):
            return None
        side = side_of(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return title_of(section).format(side=self._side_title(side) if side is not None else "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment_of(section)
        if role == SIDE_ROLE:
            return side if fact_of(section) is LayerFact.NAME else None
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return _header_words(section)
        return None

    def _side_title(self, side: Side) -> str:
        """`PyTorch layer`; two sides of one framework are told apart in fewer words."""
        left, right = self._frameworks
        title = side_title(side, left, right)
        return title if left is right else f"{title} layer"

    def _text(self, number: int, column: int) -> str:
        row = self._rows[number]
        if column == LayerColumn.STATUS:
            return STATUS_SIGNS[row.status] if self._is_compared else ""
        if column == LayerColumn.DIFFERENCES:
            return ", ".join(badge.text for badge in self._badges(row))
        fact, (cell, layer) = fact_of(column), self._side(row, column)
        if fact is LayerFact.TIME:
            time_s = self._time(number, column)
            return layer_milliseconds_text(time_s) if time_s is not None else ""
        return _TEXTS[fact](cell, layer) if cell is not None and fact is not None else ""

    def _side(self, row: OutlineRow, column: int) -> tuple[OutlineCell | None, Layer | None]:
        left, right = self._layers.pair(row)
        return (row.left, left) if column < LayerColumn.RIGHT_NAME else (row.right, right)

    def _time(self, number: int, column: int) -> float | None:
        left_s, right_s = self._times.at(number)
        return left_s if column < LayerColumn.RIGHT_NAME else right_s

    def _sort_value(self, number: int, column: int) -> SortValue:
        fact, (cell, _) = fact_of(column), self._side(self._rows[number], column)
        if fact is LayerFact.PARAMETERS:
            return cell.parameter_count if cell is not None else None
        if fact is LayerFact.MACS:
            return cell.mac_count if cell is not None else None
        return self._time(number, column) if fact is LayerFact.TIME else self._text(number, column)

    def _appearance(self, number: int, column: int, role: int) -> object:
        row = self._rows[number]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment_of(column)
        if role == TONE_ROLE:
            return self._tone(row, column)
        if role == BADGES_ROLE:
            return self._badges(row) if column == LayerColumn.DIFFERENCES else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(number, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == LayerColumn.STATUS:
            return STATUS_WORDS[row.status] if self._is_compared else ""
        return None

    def _tone(self, row: OutlineRow, column: int) -> Tone:
        if column == LayerColumn.STATUS:
            return _STATUS_TONES[row.status]
        fact = fact_of(column)
        if fact is LayerFact.NAME:
            return Tone.STRONG if row.is_group else Tone.NORMAL
        return Tone.MUTED if fact is LayerFact.TYPE or row.is_group else Tone.NORMAL

    def _badges(self, row: OutlineRow) -> tuple[Badge, ...]:
        if not self._is_compared:
            return ()
        if row.status in _LONE and not row.is_group:
            return (Badge(text=STATUS_WORDS[row.status], tone=Tone.MUTED),)
        if is_member(row) and not row.causes:
            return (Badge(text=_MEMBER, tone=Tone.MUTED),)
        tone = Tone.WARNING if row.status is RowStatus.DIFFERENT else Tone.NORMAL
        labels = dict.fromkeys(cause_label(cause) for cause in row.causes)
        return tuple(Badge(text=label, tone=tone) for label in labels)

    def _tooltip(self, number: int, column: int) -> str | None:
        row = self._rows[number]
        if column == LayerColumn.STATUS:
            return STATUS_WORDS[row.status] if self._is_compared else None
        cell, _ = self._side(row, column)
        if fact_of(column) is LayerFact.NAME and cell is not None:
            return cell.layer or cell.label
        return self._text(number, column) or None


def _header_words(section: int) -> str | None:
    if section == LayerColumn.STATUS:
        return "How both sides relate"
    return _TIME_WORDS if fact_of(section) is LayerFact.TIME else None
