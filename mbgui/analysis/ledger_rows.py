"""The ledger of both sides as rows: what is stored, and what of it each framework counts."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mbgui.analysis.wording import PURPOSE_TITLES, count_text, mebibytes_text
from mbgui.domain.accounting import Accounting, LedgerEntry, NetworkAccounting
from mbgui.domain.network import TensorPurpose


class LedgerRowKind(StrEnum):
    """An entry of the ledger, or a sum over it."""

    ENTRY = "entry"
    TOTAL = "total"
    SIZE = "size"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCell:
    """One side of a row. `is_counted` is `None` where the question does not arise."""

    text: str
    is_counted: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One quantity of both sides, and a sentence that says what it is."""

    kind: LedgerRowKind
    title: str
    explanation: str
    left: LedgerCell
    right: LedgerCell


_EXPLANATIONS = {
    TensorPurpose.LEARNABLE: "Values that training changes by gradient.",
    TensorPurpose.FROZEN: "Parameters that training leaves as they are.",
    TensorPurpose.MOVING_STATISTIC: "BatchNorm's moving mean and variance: PyTorch keeps them as buffers and does not "
    "count them, Keras counts them as non-trainable weights.",
    TensorPurpose.COUNTER: "How many batches a BatchNorm has seen, one integer a layer.",
    TensorPurpose.OTHER_BUFFER: "Stored values that are neither parameters nor moving statistics.",
}
_OPTIONAL = {TensorPurpose.FROZEN, TensorPurpose.OTHER_BUFFER}


def ledger_rows(accounting: Accounting) -> tuple[LedgerRow, ...]:
    """Entries, then the sums. Frozen parameters and other buffers are left out where neither side has any."""
    entries = tuple(
        _entry_row(left, right)
        for left, right in zip(accounting.left.ledger, accounting.right.ledger, strict=True)
        if left.purpose not in _OPTIONAL or left.value_count or right.value_count
    )
    return entries + _sum_rows(accounting)


def _entry_row(left: LedgerEntry, right: LedgerEntry) -> LedgerRow:
    return LedgerRow(
        kind=LedgerRowKind.ENTRY,
        title=PURPOSE_TITLES[left.purpose],
        explanation=_EXPLANATIONS[left.purpose],
        left=_entry_cell(left),
        right=_entry_cell(right),
    )


def _entry_cell(entry: LedgerEntry) -> LedgerCell:
    return LedgerCell(text=count_text(entry.value_count or None), is_counted=entry.is_counted)


def _sum_rows(accounting: Accounting) -> tuple[LedgerRow, ...]:
    def row(kind: LedgerRowKind, title: str, explanation: str, text: Callable[[NetworkAccounting], str]) -> LedgerRow:
        left, right = (LedgerCell(text=text(books), is_counted=None) for books in (accounting.left, accounting.right))
        return LedgerRow(kind=kind, title=title, explanation=explanation, left=left, right=right)

    return (
        row(LedgerRowKind.TOTAL, "Framework total", "What the framework itself answers.", _framework_total),
        row(LedgerRowKind.TOTAL, "All stored values", "Every value of every stored tensor.", _stored_values),
        row(LedgerRowKind.SIZE, "Stored size", "Every stored tensor; 1 MiB is 2^20 bytes.", _size),
        row(LedgerRowKind.SIZE, "Size without buffers", "Learnable and frozen parameters alone.", _bare_size),
    )


def _framework_total(books: NetworkAccounting) -> str:
    return count_text(books.framework_parameter_count)


def _stored_values(books: NetworkAccounting) -> str:
    return count_text(books.stored_value_count)


def _size(books: NetworkAccounting) -> str:
    return mebibytes_text(books.size_bytes)


def _bare_size(books: NetworkAccounting) -> str:
    return mebibytes_text(books.size_without_buffers_bytes)
