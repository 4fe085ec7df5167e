"""Setting pairs by hand in the tree of layers: pair with…, pair two rows, unpair, forget."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction

from mbgui.analysis.corrections import partner_choices, with_corrections
from mbgui.analysis.outline_places import is_member
from mbgui.domain.alignment import PairCorrection
from mbgui.domain.comparison import Comparison
from mbgui.domain.outline import OutlineRow
from mbgui.domain.request import Side
from mbgui.gui.item_models.layer_columns import side_of
from mbgui.gui.item_models.layer_tree_model import LayerTreeModel
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.layer_tree import LayerTree
from mbgui.gui.widgets.partner_dialog import PartnerDialog

_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}


class LayerPairing(QObject):
    """Puts its actions into the context menu of the tree; `pairs_corrected` carries all corrections, old and new."""

    pairs_corrected = Signal(tuple)

    def __init__(self, theme: Theme, tree: LayerTree, model: LayerTreeModel) -> None:
        super().__init__(tree)
        self._theme = theme
        self._tree = tree
        self._model = model
        self._comparison: Comparison | None = None
        self.pair_with = self._action("&Pair with…", "Ctrl+Shift+P")
        self.pair_rows = self._action("Pair the &two selected rows", "Ctrl+Shift+J")
        self.unpair = self._action("&Unpair", "Ctrl+Shift+U")
        self.forget = self._action("&Forget all corrections", "")
        self._connect()
        self.show_comparison(None)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """The pairs of this comparison are shown; of none, where nothing is paired yet."""
        self._comparison = comparison
        self._update()

    def choose_partner(self, path: str, side: Side) -> None:
        """Ask for the partner of a layer of a side."""
        if self._comparison is None:
            return
        choices = partner_choices(self._comparison, _OTHER[side])
        dialog = PartnerDialog(self._theme, path, _OTHER[side], choices, self._tree)

        def pair(partner: str) -> None:
            left, right = (path, partner) if side is Side.LEFT else (partner, path)
            self._correct(PairCorrection(left=left, right=right))

        dialog.chosen.connect(pair)
        dialog.open()

    def _action(self, title: str, shortcut: str) -> QAction:
        action = QAction(title, self._tree)
        if shortcut:
            action.setShortcut(shortcut)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._tree.addAction(action)
        return action

    def _connect(self) -> None:
        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.pair_with.triggered.connect(self._on_pair_with)
        self.pair_rows.triggered.connect(self._on_pair_rows)
        self.unpair.triggered.connect(self._on_unpair)
        self.forget.triggered.connect(self._on_forget)
        self._tree.selectionModel().selectionChanged.connect(self._update)
        self._tree.selectionModel().currentChanged.connect(self._update)
        self._model.modelReset.connect(self._update)

    def _update(self) -> None:
        """Offer what the selected rows allow."""
        is_shown = self._comparison is not None
        self.pair_with.setEnabled(is_shown and self._anchor() is not None)
        self.pair_rows.setEnabled(is_shown and self._selected_pair() is not None)
        self.unpair.setEnabled(is_shown and bool(self._apart()))
        self.forget.setEnabled(self._comparison is not None and bool(self._comparison.request.corrections))

    def _on_pair_with(self) -> None:
        anchor = self._anchor()
        if anchor is not None:
            self.choose_partner(*anchor)

    def _on_pair_rows(self) -> None:
        pair = self._selected_pair()
        if pair is not None:
            self._correct(pair)

    def _on_unpair(self) -> None:
        self._correct(*self._apart())

    def _on_forget(self) -> None:
        self.pairs_corrected.emit(())

    def _correct(self, *added: PairCorrection) -> None:
        if self._comparison is not None:
            self.pairs_corrected.emit(with_corrections(self._comparison.request.corrections, added))

    def _current_row(self) -> OutlineRow | None:
        number = self._model.row_of(self._tree.currentIndex())
        return self._model.layers.outline.rows[number] if number >= 0 else None

    def _anchor(self) -> tuple[str, Side] | None:
        """The layer of the current cell, or the one its row has on the other side."""
        row = self._current_row()
        if row is None or row.is_group:
            return None
        wanted = side_of(self._tree.currentIndex().column()) or Side.LEFT
        for side in (wanted, _OTHER[wanted]):
            path = _path(row, side)
            if path is not None:
                return path, side
        return None

    def _apart(self) -> tuple[PairCorrection, ...]:
        """What sets the layers of the current row apart: both partners, or one that is part of a pair next to it."""
        row = self._current_row()
        if row is None or row.is_group:
            return ()
        left, right = _path(row, Side.LEFT), _path(row, Side.RIGHT)
        is_paired = left is not None and right is not None
        if not is_paired and not is_member(row):
            return ()
        apart = (PairCorrection(left=left, right=None), PairCorrection(left=None, right=right))
        return tuple(one for one in apart if (one.left or one.right) is not None)

    def _selected_pair(self) -> PairCorrection | None:
        """The left layer of one of two selected rows and the right layer of the other.

        Where both rows have both, the current row gives the right layer.
        """
        numbers = [self._model.row_of(index) for index in self._tree.selectionModel().selectedRows()]
        if len(numbers) != 2:
            return None
        current = self._model.row_of(self._tree.currentIndex())
        first, second = (self._model.layers.outline.rows[number] for number in sorted(numbers, key=current.__eq__))
        if _is_lone(first, Side.RIGHT) or _is_lone(second, Side.LEFT):
            first, second = second, first
        return _pair(first, second) or _pair(second, first)


def _path(row: OutlineRow, side: Side) -> str | None:
    cell = row.left if side is Side.LEFT else row.right
    return cell.layer if cell is not None else None


def _is_lone(row: OutlineRow, side: Side) -> bool:
    return _path(row, side) is not None and _path(row, _OTHER[side]) is None


def _pair(left_row: OutlineRow, right_row: OutlineRow) -> PairCorrection | None:
    left, right = _path(left_row, Side.LEFT), _path(right_row, Side.RIGHT)
    if left is None or right is None or left_row.is_group or right_row.is_group:
        return None
    return PairCorrection(left=left, right=right)
