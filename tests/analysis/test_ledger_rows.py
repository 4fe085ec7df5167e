"""The ledger reconciles both frameworks' totals."""

from mbgui.analysis.ledger_rows import LedgerRowKind, ledger_rows
from tests.support.records import tiny_comparison

_COMPARISON = tiny_comparison(with_latency=False)
_ROWS = ledger_rows(_COMPARISON.accounting)


def _number(text: str) -> int:
    return int(text.replace(",", "")) if text != "–" else 0


def test_counted_entries_add_up_to_the_framework_s_total() -> None:
    entries = [row for row in _ROWS if row.kind is LedgerRowKind.ENTRY]
    total = next(row for row in _ROWS if row.title == "Framework total")
    assert sum(_number(row.left.text) for row in entries if row.left.is_counted) == _number(total.left.text)
    assert sum(_number(row.right.text) for row in entries if row.right.is_counted) == _number(total.right.text)


def test_moving_statistics_are_counted_by_keras_alone() -> None:
    row = next(row for row in _ROWS if row.title == "Moving mean and variance")
    assert (row.left.is_counted, row.right.is_counted) == (False, True)


def test_what_neither_side_stores_is_left_out() -> None:
    titles = [row.title for row in _ROWS]
    assert "Frozen parameters" not in titles
    assert "Other buffers" not in titles
    assert "Batch counters" in titles
