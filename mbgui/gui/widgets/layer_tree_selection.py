"""Selecting rows of the tree of layers, wherever they lie."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from mbgui.analysis.outline_tree import TOP
from mbgui.gui.item_models.layer_columns import LayerColumn
from mbgui.gui.item_models.layer_tree_model import LayerTreeModel
from mbgui.gui.widgets.layer_tree import LayerTree


def select_rows(tree: LayerTree, model: LayerTreeModel, rows: Sequence[int]) -> None:
    """Open what lies above these rows of the outline, select them and scroll to the first; nothing for none."""
    selection = QItemSelection()
    for row in rows:
        _open_above(tree, model, row)
        index = model.index_of(row, LayerColumn.LEFT_NAME)
        selection.select(index, index)
    if rows:
        flags = QItemSelectionModel.SelectionFlag
        first = model.index_of(rows[0], LayerColumn.LEFT_NAME)
        tree.selectionModel().setCurrentIndex(first, flags.NoUpdate)
        tree.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)
        tree.scrollTo(first, LayerTree.ScrollHint.PositionAtCenter)


def _open_above(tree: LayerTree, model: LayerTreeModel, row: int) -> None:
    above = model.layers.outline.rows[row].parent
    while above != TOP:
        tree.expand(model.index_of(above))
        above = model.layers.outline.rows[above].parent
