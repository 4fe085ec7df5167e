"""The statistics table shows milliseconds and sorts by seconds."""

import dataclasses

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from mbgui.domain.latency import LatencySummary
from mbgui.domain.request import Side
from mbgui.gui.item_models.latency_table_model import LatencyColumn, LatencyRow, LatencyTableModel
from mbgui.gui.item_models.roles import SIDE_ROLE, SORT_ROLE

SUMMARY = LatencySummary(
    count=1500,
    mean_s=0.02156,
    median_s=0.02109,
    p90_s=0.02386,
    p99_s=0.02916,
    minimum_s=0.01863,
    iqr_s=0.00149,
    outliers=21,
    median_low_s=0.02095,
    median_high_s=0.0213,
)
ROW = LatencyRow(
    side=Side.LEFT,
    title="PyTorch · eager",
    summary=SUMMARY,
    launches=5,
    first_call_s=0.09,
    memory_bytes=214.4 * 2**20,
    traces=1,
)
LIVE = LatencyRow(
    side=Side.RIGHT,
    title="Keras · tf.function",
    summary=dataclasses.replace(SUMMARY, median_low_s=0.0, median_high_s=0.0),
    launches=1,
)


def filled() -> LatencyTableModel:
    model = LatencyTableModel()
    model.show_records((ROW, LIVE))
    return model


def texts(model: LatencyTableModel, row: int) -> list[str]:
    return [model.index(row, column).data() for column in LatencyColumn]


def test_the_model_is_sound_empty_and_filled(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(LatencyTableModel())  # type: ignore[no-untyped-call]
    qtmodeltester.check(filled())  # type: ignore[no-untyped-call]


def test_times_read_in_milliseconds_and_memory_in_mebibytes() -> None:
    assert texts(filled(), 0) == [
        "PyTorch · eager",
        "1,500",
        *("21.09", "20.95–21.30", "21.56", "23.86", "29.16", "18.63", "1.49"),
        *("21", "5", "90.00", "214 MiB", "1"),
    ]


def test_what_is_not_known_while_measuring_is_a_dash() -> None:
    shown = dict(zip(LatencyColumn, texts(filled(), 1), strict=True))
    unknown = (LatencyColumn.INTERVAL, LatencyColumn.FIRST_CALL, LatencyColumn.MEMORY, LatencyColumn.TRACES)
    assert [shown[column] for column in unknown] == ["–"] * 4


def test_values_sort_in_seconds() -> None:
    model = filled()
    assert model.index(0, LatencyColumn.MEDIAN).data(SORT_ROLE) == 0.02109
    assert model.index(1, LatencyColumn.FIRST_CALL).data(SORT_ROLE) is None


def test_the_title_carries_its_side_and_numbers_are_right_aligned() -> None:
    model = filled()
    assert model.index(0, LatencyColumn.CALLED).data(SIDE_ROLE) == Side.LEFT
    alignment = model.data(model.index(0, LatencyColumn.P99), Qt.ItemDataRole.TextAlignmentRole)
    assert alignment & Qt.AlignmentFlag.AlignRight


def test_renewed_figures_are_told_without_a_reset() -> None:
    model = filled()
    changes: list[int] = []
    model.modelReset.connect(lambda: changes.append(1))
    model.renew((dataclasses.replace(ROW, launches=6), LIVE))
    assert model.index(0, LatencyColumn.LAUNCHES).data() == "6"
    assert changes == []
