"""Differences that belong to the whole networks rather than to a pair of layers."""

from collections.abc import Iterator

from mbgui.analysis.accounting import parameter_count
from mbgui.analysis.causes import CAUSE_TEXTS
from mbgui.analysis.wording import MISSING, PURPOSE_TITLES
from mbgui.domain.accounting import Accounting, LedgerEntry
from mbgui.domain.difference import Cause, Difference, Effect
from mbgui.domain.network import Network, TensorPurpose

_PARAMETERS = frozenset({TensorPurpose.LEARNABLE, TensorPurpose.FROZEN})
"""Other counts of these are another network, not other books."""


def network_differences(left: Network, right: Network, accounting: Accounting) -> Iterator[Difference]:
    """Data layout, frozen parameters and parameter accounting."""
    if left.data_layout != right.data_layout:
        yield _difference(Cause.DATA_LAYOUT, Effect.NONE, left.data_layout, right.data_layout, "all layers")
    yield from _frozen_difference(accounting)
    for mine, other in zip(accounting.left.ledger, accounting.right.ledger, strict=True):
        if mine.purpose not in _PARAMETERS and mine.is_counted != other.is_counted:
            yield _accounting_difference(mine, other)


def _frozen_difference(accounting: Accounting) -> Iterator[Difference]:
    """Equally many parameters, of which one side trains fewer."""
    left, right = accounting.left, accounting.right
    gap = left.learnable_count - right.learnable_count
    if gap and parameter_count(left) == parameter_count(right):
        counts = (parameter_count(books) - books.learnable_count for books in (left, right))
        mine, other = (f"{count:,} frozen" if count else MISSING for count in counts)
        yield _difference(Cause.FROZEN_PARAMETERS, Effect.TRAINING, mine, other, f"{abs(gap):,} values")


def _accounting_difference(left: LedgerEntry, right: LedgerEntry) -> Difference:
    values = max(left.value_count, right.value_count)
    is_on_both = bool(left.value_count and right.value_count)
    return _difference(
        Cause.PARAMETER_ACCOUNTING,
        Effect.ACCOUNTING,
        _entry_text(left),
        _entry_text(right),
        f"{values:,} values",
        title=f"{PURPOSE_TITLES[left.purpose]} counted" if is_on_both else PURPOSE_TITLES[left.purpose],
        explanation="" if is_on_both else "Only one side stores such values at all.",
    )


def _entry_text(entry: LedgerEntry) -> str:
    if not entry.value_count:
        return MISSING
    return "counted" if entry.is_counted else "not counted (buffers)"


def _difference(  # noqa: PLR0913 -- one argument a field of the record
    cause: Cause,
    effect: Effect,
    left_value: str,
    right_value: str,
    where: str,
    *,
    title: str = "",
    explanation: str = "",
) -> Difference:
    text = CAUSE_TEXTS[cause]
    return Difference(
        cause=cause,
        effect=effect,
        title=title or text.title,
        left_value=left_value,
        right_value=right_value,
        where=where,
        explanation=explanation or text.explanation,
        places=(),
    )
