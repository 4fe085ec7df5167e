"""The table of stored tensors of both models."""

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QWidget

from mbgui.gui.item_models.parameter_table_model import ParameterColumn
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.tensor_table import TensorColumns, TensorTable

_COLUMNS = TensorColumns(
    widths={
        ParameterColumn.SIDE: 94,
        ParameterColumn.SHAPE: 100,
        ParameterColumn.DTYPE: 66,
        ParameterColumn.COUNT: 84,
        ParameterColumn.BYTES: 90,
        ParameterColumn.PURPOSE: 126,
        ParameterColumn.TRAINABLE: 82,
        ParameterColumn.MEAN: 92,
        ParameterColumn.STD: 86,
        ParameterColumn.MINIMUM: 86,
        ParameterColumn.MAXIMUM: 80,
    },
    name=ParameterColumn.NAME,
    second_name=ParameterColumn.LAYER,
    codes=(ParameterColumn.SHAPE,),
)


class ParameterTable(TensorTable):
    """Names and layers share what the other columns leave."""

    def __init__(self, theme: Theme, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, model, _COLUMNS, parent)
        self.setAccessibleName("Stored tensors of both models")
