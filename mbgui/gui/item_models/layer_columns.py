"""The columns of the layer tree: which side each belongs to and what it tells of a layer."""

from enum import Enum, IntEnum

from PySide6.QtCore import Qt

from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import LEFT_ALIGNED, RIGHT_ALIGNED


class LayerColumn(IntEnum):
    """The columns, from left to right."""

    STATUS = 0
    LEFT_NAME = 1
    LEFT_TYPE = 2
    LEFT_OUTPUT = 3
    LEFT_PARAMETERS = 4
    LEFT_MACS = 5
    LEFT_TIME = 6
    RIGHT_NAME = 7
    RIGHT_TYPE = 8
    RIGHT_OUTPUT = 9
    RIGHT_PARAMETERS = 10
    RIGHT_MACS = 11
    RIGHT_TIME = 12
    DIFFERENCES = 13


class LayerFact(Enum):
    """What a column tells of one side; its value is the column's title."""

    NAME = "{side}"
    TYPE = "Type"
    OUTPUT = "Output"
    PARAMETERS = "Params"
    MACS = "MACs"
    TIME = "Time, ms"


_FACTS = list(LayerFact)
_NUMBERS = (LayerFact.PARAMETERS, LayerFact.MACS, LayerFact.TIME)


def side_of(column: int) -> Side | None:
    """The side a column belongs to, `None` for the sign and the differences."""
    if LayerColumn.LEFT_NAME <= column < LayerColumn.RIGHT_NAME:
        return Side.LEFT
    return Side.RIGHT if LayerColumn.RIGHT_NAME <= column < LayerColumn.DIFFERENCES else None


def fact_of(column: int) -> LayerFact | None:
    """What a column tells of its side, `None` for the sign and the differences."""
    return _FACTS[(column - LayerColumn.LEFT_NAME) % len(_FACTS)] if side_of(column) is not None else None


def title_of(column: int) -> str:
    """The title of a column; `{side}` stands for the name of its side."""
    fact = fact_of(column)
    if fact is None:
        return "Difference" if column == LayerColumn.DIFFERENCES else ""
    return fact.value


def alignment_of(column: int) -> Qt.AlignmentFlag:
    """Numbers to the right, the sign in the middle, all else to the left."""
    if column == LayerColumn.STATUS:
        return Qt.AlignmentFlag.AlignCenter
    return RIGHT_ALIGNED if fact_of(column) in _NUMBERS else LEFT_ALIGNED
