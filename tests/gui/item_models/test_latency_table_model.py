"""The statistics table shows milliseconds and sorts by seconds."""

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from mbgui.domain.latency import LatencySummary
from mbgui.domain.request import Side
from mbgui.gui.item_models.latency_table_model import LatencyColumn, LatencyRow, LatencyTableModel
from mbgui.gui.item_models.roles import SIDE_ROLE, SORT_ROLE

SUMMARY = LatencySummary(
    count=1500, mean_s=0.02156, median_s=0.02109, p90_s=0.02386, p99_s=0.02916, minimum_s=0.01863, iqr_s=0.00149
)
ROW = LatencyRow(side=Side.LEFT, title="PyTorch · eager", summary=SUMMARY, first_call_s=None)


def filled() -> LatencyTableModel:
    model = LatencyTableModel()
    model.show_records((ROW,))
    return model


def test_the_model_is_sound_empty_and_filled(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(LatencyTableModel())  # type: ignore[no-untyped-call]
    qtmodeltester.check(filled())  # type: ignore[no-untyped-call]


def test_times_read_in_milliseconds() -> None:
    model = filled()
    texts = [model.index(0, column).data() for column in LatencyColumn]
    assert texts == ["PyTorch · eager", "1,500", "21.56", "21.09", "23.86", "29.16", "18.63", "1.49", "–"]


def test_values_sort_in_seconds() -> None:
    model = filled()
    assert model.index(0, LatencyColumn.MEDIAN).data(SORT_ROLE) == 0.02109
    assert model.index(0, LatencyColumn.FIRST_CALL).data(SORT_ROLE) is None


def test_the_title_carries_its_side_and_numbers_are_right_aligned() -> None:
    model = filled()
    assert model.index(0, LatencyColumn.CALLED).data(SIDE_ROLE) == Side.LEFT
    alignment = model.data(model.index(0, LatencyColumn.P99), Qt.ItemDataRole.TextAlignmentRole)
    assert alignment & Qt.AlignmentFlag.AlignRight
