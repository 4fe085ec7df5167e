"""The headline figures of a comparison: both sides and what lies between them, as text."""

from dataclasses import dataclass

from mbgui.analysis.latency_wording import VERDICT_WORDS, ratio_text
from mbgui.analysis.wording import (
    BYTES_PER_MEBIBYTE,
    MAC_CONVENTION,
    MISSING,
    count_text,
    difference_text,
    mac_unit,
    macs_in,
    mebibytes_text,
    milliseconds_text,
)
from mbgui.domain.accounting import Accounting
from mbgui.domain.latency import LatencyComparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of both sides. `unit` follows both, `note` says what differs, `explanation` what is meant."""

    title: str
    left: str
    right: str
    unit: str
    note: str
    explanation: str


def metrics(accounting: Accounting, latency: LatencyComparison | None) -> tuple[Metric, ...]:
    """Learnable and counted parameters, size, MACs, layers and median latency."""
    return (
        _learnable(accounting),
        _counted(accounting),
        _size(accounting),
        _macs(accounting),
        _layers(accounting),
        _latency(latency),
    )


def _learnable(books: Accounting) -> Metric:
    left, right = books.left.learnable_count, books.right.learnable_count
    return Metric(
        title="Learnable parameters",
        left=count_text(left),
        right=count_text(right),
        unit="",
        note=difference_text(left, right),
        explanation="Values that training changes by gradient.",
    )


def _counted(books: Accounting) -> Metric:
    left, right = books.left.framework_parameter_count, books.right.framework_parameter_count
    share = f" ({(right - left) / left * 100:+.2f} % of the left)" if left and left != right else ""
    return Metric(
        title="Counted by the framework",
        left=count_text(left),
        right=count_text(right),
        unit="",
        note=difference_text(left, right) + share,
        explanation="What each framework itself answers; the ledger below says what it counts.",
    )


def _size(books: Accounting) -> Metric:
    left, right = books.left, books.right
    bare = {_mebibytes(left.size_without_buffers_bytes), _mebibytes(right.size_without_buffers_bytes)}
    return Metric(
        title="Stored size",
        left=_mebibytes(left.size_bytes),
        right=_mebibytes(right.size_bytes),
        unit="MiB",
        note=f"{' and '.join(sorted(bare))} without buffers",
        explanation=(
            f"All stored tensors: {mebibytes_text(left.size_bytes)} left, {mebibytes_text(right.size_bytes)} right; "
            f"without buffers {mebibytes_text(left.size_without_buffers_bytes)} left, "
            f"{mebibytes_text(right.size_without_buffers_bytes)} right. 1 MiB is 2^20 bytes."
        ),
    )


def _macs(books: Accounting) -> Metric:
    left, right = books.left.mac_count, books.right.mac_count
    unit = mac_unit(min(left, right) or max(left, right))
    return Metric(
        title="MACs",
        left=macs_in(left, unit),
        right=macs_in(right, unit),
        unit=unit,
        note=difference_text(left, right),
        explanation=f"{count_text(left)} left, {count_text(right)} right. {MAC_CONVENTION}",
    )


def _layers(books: Accounting) -> Metric:
    left, right = books.left.layer_count, books.right.layer_count
    return Metric(
        title="Layers",
        left=count_text(left),
        right=count_text(right),
        unit="",
        note=difference_text(left, right),
        explanation="Layers and operations that compute, without the containers they lie in.",
    )


def _latency(latency: LatencyComparison | None) -> Metric:
    title = "Latency, median"
    if latency is None:
        return Metric(
            title=title, left=MISSING, right=MISSING, unit="ms", note="not measured", explanation="Nothing was timed."
        )
    return Metric(
        title=title,
        left=milliseconds_text(latency.left_summary.median_s),
        right=milliseconds_text(latency.right_summary.median_s),
        unit="ms",
        note=f"{VERDICT_WORDS[latency.verdict]}, ratio {ratio_text(latency)}",
        explanation=latency.sentence,
    )


def _mebibytes(size_bytes: int) -> str:
    """Two decimals, or three significant digits of a small size, so that it does not read as zero."""
    size = size_bytes / BYTES_PER_MEBIBYTE
    return f"{size:,.2f}" if size >= 1 else f"{size:.3g}"
