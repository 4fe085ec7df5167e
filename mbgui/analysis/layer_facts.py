"""What two partners are, beyond their attributes: type, output, counts."""

from mbgui.analysis.attributes import AttributeRow
from mbgui.analysis.layer_text import output_text
from mbgui.analysis.performance_wording import layer_milliseconds_text
from mbgui.analysis.wording import MISSING, count_text
from mbgui.domain.network import Layer
from mbgui.domain.outline import OutlineRow

Times = tuple[float | None, float | None]
"""Seconds of the left and the right side of a row; `None` where a side was not timed."""


def layer_facts(
    row: OutlineRow, left: Layer | None, right: Layer | None, times: Times = (None, None)
) -> tuple[AttributeRow, ...]:
    """Type, output shape, parameters and MACs of both sides of a row, and its time where either side was timed.

    Types and layouts are spelt differently by every framework, and no two times are alike, so they are never marked as
    different.
    """
    parameters = tuple(cell.parameter_count if cell is not None else None for cell in (row.left, row.right))
    macs = tuple(cell.mac_count if cell is not None else None for cell in (row.left, row.right))
    return (
        _text_row("type", left.type_name if left else "", right.type_name if right else ""),
        _text_row("output shape", output_text(left) if left else "", output_text(right) if right else ""),
        _count_row("parameters counted", *parameters),
        _count_row("MACs", *macs),
        *_time_rows(times),
    )


def _time_rows(times: Times) -> tuple[AttributeRow, ...]:
    if times == (None, None):
        return ()
    left, right = ("" if time_s is None else layer_milliseconds_text(time_s) for time_s in times)
    return (_text_row("time, ms", left, right),)


def _text_row(name: str, left: str, right: str) -> AttributeRow:
    return AttributeRow(
        name=name, left=left or MISSING, right=right or MISSING, left_native="", right_native="", is_different=False
    )


def _count_row(name: str, left: int | None, right: int | None) -> AttributeRow:
    return AttributeRow(
        name=name,
        left=count_text(left),
        right=count_text(right),
        left_native="",
        right_native="",
        is_different=left is not None and right is not None and left != right,
    )
