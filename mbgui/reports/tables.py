"""The tables of a report: rows of text made from a comparison, without any markup."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mbgui.analysis.wording import (
    EFFECT_TITLES,
    MISSING,
    PURPOSE_TITLES,
    count_text,
    difference_text,
    mebibytes_text,
    percent_text,
    shape_text,
    side_title,
)
from mbgui.domain.accounting import LedgerEntry
from mbgui.domain.comparison import Comparison
from mbgui.domain.network import Network, TensorSpec
from mbgui.domain.outline import OutlineCell, OutlineRow
from mbgui.domain.request import Side


class Align(StrEnum):
    """How the cells of a column are set."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; `side` where all of it belongs to one model."""

    title: str
    align: Align = Align.LEFT
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of plain text. `is_long` marks one that a reader wants to unfold first."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    is_long: bool = False


def column_title(comparison: Comparison, side: Side) -> str:
    """How a column names a side: `PyTorch`, or `PyTorch (left)` where both sides share a framework."""
    return side_title(side, comparison.left.framework, comparison.right.framework)


def models_table(comparison: Comparison) -> Table:
    """Which two models these are and how they were read."""
    left, right = comparison.left, comparison.right
    rows = [
        ("Model", left.source.reference, right.source.reference),
        ("Class", left.class_name, right.class_name),
        ("Input", _specs_text(left.inputs), _specs_text(right.inputs)),
        ("Output", _specs_text(left.outputs), _specs_text(right.outputs)),
        ("Data layout", left.data_layout, right.data_layout),
        ("Read by", left.reading, right.reading),
        ("Seconds to build", f"{left.build_s:.2f}", f"{right.build_s:.2f}"),
        ("Seconds to read", f"{left.read_s:.2f}", f"{right.read_s:.2f}"),
    ]
    return Table(title="Models", columns=(Column(title=""), *_sides(comparison)), rows=tuple(rows))


def parameter_table(comparison: Comparison) -> Table:
    """What each framework counts, and everything it stores whether counted or not."""
    left, right = comparison.accounting.left, comparison.accounting.right
    counted = (left.framework_parameter_count, right.framework_parameter_count)
    rows = [
        _count_row("Parameters as the framework counts them", *counted),
        *_ledger_rows(comparison),
        _count_row("All stored values", left.stored_value_count, right.stored_value_count),
    ]
    return Table(title="Parameters", columns=_quantities(comparison), rows=tuple(rows))


def size_table(comparison: Comparison) -> Table:
    """Bytes of what is stored, in MiB (2^20 bytes)."""
    left, right = comparison.accounting.left, comparison.accounting.right
    rows = [
        _size_row("All stored tensors", left.size_bytes, right.size_bytes),
        _size_row("Without buffers", left.size_without_buffers_bytes, right.size_without_buffers_bytes),
    ]
    for left_entry, right_entry in _ledger_pairs(comparison):
        rows.append(_size_row(PURPOSE_TITLES[left_entry.purpose], left_entry.size_bytes, right_entry.size_bytes))
    return Table(title="Size", columns=_quantities(comparison), rows=tuple(rows))


def layer_type_table(comparison: Comparison, side: Side) -> Table:
    """Every type of layer of one side: how many, their parameters, and the share of the framework's total."""
    books = comparison.accounting.left if side is Side.LEFT else comparison.accounting.right
    rows = [
        (
            f"{kind.type_name} (operation)" if kind.is_operation else kind.type_name,
            count_text(kind.count),
            count_text(kind.parameter_count),
            percent_text(kind.share) if kind.parameter_count else MISSING,
        )
        for kind in books.layer_types
    ]
    columns = (
        Column(title=f"{column_title(comparison, side)} layer", side=side),
        Column(title="Count", align=Align.RIGHT),
        Column(title="Parameters", align=Align.RIGHT),
        Column(title="Share", align=Align.RIGHT),
    )
    return Table(title=f"Layer types: {comparison.network(side).source.title}", columns=columns, rows=tuple(rows))


def work_table(comparison: Comparison) -> Table:
    """Layers and multiply-accumulates, and how many layers have a partner."""
    left, right = comparison.accounting.left, comparison.accounting.right
    (left_paired, left_alone), (right_paired, right_alone) = (partner_counts(comparison, side) for side in Side)
    rows = [
        _count_row("Layers and operations", left.layer_count, right.layer_count),
        _count_row("With a partner on the other side", left_paired, right_paired),
        _count_row("Without a partner", left_alone, right_alone),
        _count_row("MACs of one forward pass", left.mac_count, right.mac_count),
    ]
    return Table(title="Layers and work", columns=_quantities(comparison), rows=tuple(rows))


def partner_counts(comparison: Comparison, side: Side) -> tuple[int, int]:
    """How many layers of a side have a partner, be it as a part of several that do its work, and how many have none."""
    layer_of = {call.name: call.layer for call in comparison.network(side).calls}
    paired: set[str] = set()
    seen: set[str] = set()
    for pair in comparison.alignment.pairs:
        own, members = (pair.left, pair.left_members) if side is Side.LEFT else (pair.right, pair.right_members)
        layers = {layer_of.get(name, name) for name in members} | ({own} if own is not None else set())
        seen |= layers
        paired |= layers if pair.left is not None and pair.right is not None else set()
    return len(paired), len(seen - paired)


def layer_table(comparison: Comparison) -> Table:
    """Both layer trees, partners on one row, indented by depth."""
    columns = (
        Column(title=column_title(comparison, Side.LEFT), side=Side.LEFT),
        Column(title="Parameters", align=Align.RIGHT),
        Column(title="MACs", align=Align.RIGHT),
        Column(title=column_title(comparison, Side.RIGHT), side=Side.RIGHT),
        Column(title="Parameters", align=Align.RIGHT),
        Column(title="MACs", align=Align.RIGHT),
        Column(title="Relation"),
    )
    depths: list[int] = []
    for row in comparison.outline.rows:
        depths.append(0 if row.parent < 0 else depths[row.parent] + 1)
    rows = (_layer_row(row, depth) for row, depth in zip(comparison.outline.rows, depths, strict=True))
    return Table(title="Layer by layer", columns=columns, rows=tuple(rows), is_long=True)


def difference_table(comparison: Comparison) -> Table:
    """Every difference with both values, where it shows and what it touches."""
    rows = [
        (found.title, found.left_value, found.right_value, found.where, EFFECT_TITLES[found.effect])
        for found in comparison.differences
    ]
    columns = (Column(title="Difference"), *_sides(comparison), Column(title="Where"), Column(title="Touches"))
    return Table(title="Differences", columns=columns, rows=tuple(rows))


def environment_table(comparison: Comparison) -> Table:
    """The machine and the versions."""
    found = comparison.environment
    rows = [
        ("Made at", comparison.created_at),
        ("mbgui", found.mbgui_version),
        ("Operating system", found.operating_system),
        ("Processor", f"{found.processor} ({found.processor_count} logical)"),
        ("Memory", mebibytes_text(found.memory_bytes, 0)),
        ("Python", found.python_version),
        ("Threads for each side", str(found.threads)),
        *((version.name, version.version) for version in found.versions),
    ]
    return Table(title="Environment", columns=(Column(title="What"), Column(title="Value")), rows=tuple(rows))


def _sides(comparison: Comparison, align: Align = Align.LEFT) -> tuple[Column, ...]:
    return tuple(Column(title=column_title(comparison, side), align=align, side=side) for side in Side)


def _quantities(comparison: Comparison) -> tuple[Column, ...]:
    return (
        Column(title="Quantity"),
        *_sides(comparison, Align.RIGHT),
        Column(title="Difference (right − left)", align=Align.RIGHT),
    )


def _count_row(title: str, left: int, right: int) -> tuple[str, ...]:
    return title, count_text(left), count_text(right), difference_text(left, right)


def _size_row(title: str, left: int, right: int) -> tuple[str, ...]:
    difference = "equal" if left == right else f"{right - left:+,} bytes"
    return title, mebibytes_text(left), mebibytes_text(right), difference


def _ledger_pairs(comparison: Comparison) -> Iterator[tuple[LedgerEntry, LedgerEntry]]:
    for left, right in zip(comparison.accounting.left.ledger, comparison.accounting.right.ledger, strict=True):
        if left.tensor_count or right.tensor_count:
            yield left, right


def _ledger_rows(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    for left, right in _ledger_pairs(comparison):
        difference = difference_text(left.value_count, right.value_count)
        yield PURPOSE_TITLES[left.purpose], _entry_text(left), _entry_text(right), difference


def _entry_text(entry: LedgerEntry) -> str:
    mark = {None: "", True: " (counted)", False: " (not counted)"}[entry.is_counted]
    return f"{count_text(entry.value_count or None)}{mark}"


def _layer_row(row: OutlineRow, depth: int) -> tuple[str, ...]:
    relation = row.status.replace("_", " ")
    causes = ", ".join(cause.replace("_", " ") for cause in row.causes)
    text = f"{relation}: {causes}" if causes else relation
    return (*_cell_texts(row.left, depth), *_cell_texts(row.right, depth), text)


def _cell_texts(cell: OutlineCell | None, depth: int) -> tuple[str, str, str]:
    if cell is None:
        return MISSING, "", ""
    return "\u2003" * depth + cell.label, count_text(cell.parameter_count), count_text(cell.mac_count)


def _specs_text(specs: tuple[TensorSpec, ...]) -> str:
    return ", ".join(f"{shape_text(spec.shape)} {spec.dtype}" for spec in specs) or MISSING


def notes_of(network: Network) -> tuple[str, ...]:
    """What could not be read of a network, each sentence led by its name."""
    return tuple(f"{network.source.title}: {note}" for note in network.notes)
