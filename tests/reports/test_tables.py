"""The tables of a report say what the records say, down to the last figure."""

from dataclasses import replace

from mbgui.analysis.structure import compare_structure
from mbgui.analysis.wording import mebibytes_text
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.comparison import Comparison
from mbgui.domain.network import LayerCall, Network, TensorPurpose
from mbgui.domain.request import Side
from mbgui.reports import tables
from mbgui.reports.document import build_document
from tests.support.records import tensor, tiny_comparison, tiny_torch_network


def rows_of(table: tables.Table) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in table.rows}


def sentences_of(comparison: Comparison, section: str) -> tuple[str, ...]:
    return next(found.sentences for found in build_document(comparison).sections if found.title == section)


def compared(left: Network, right: Network) -> Comparison:
    structure = compare_structure(left, right)
    return replace(
        tiny_comparison(),
        left=left,
        right=right,
        accounting=structure.accounting,
        alignment=structure.alignment,
        outline=structure.outline,
        differences=structure.differences,
        verdict=structure.verdict,
    )


def test_every_table_has_as_many_cells_in_each_row_as_columns() -> None:
    for section in build_document(tiny_comparison()).sections:
        for table in section.tables:
            assert {len(row) for row in table.rows} == {len(table.columns)}


def test_parameters_say_what_is_counted_by_whom() -> None:
    rows = rows_of(tables.parameter_table(tiny_comparison()))
    assert rows["Parameters as the framework counts them"] == ("1,346", "1,378", "+32")
    assert rows["Learnable parameters"] == ("1,346 (counted)", "1,346 (counted)", "equal")
    assert rows["Moving mean and variance"] == ("32 (not counted)", "32 (counted)", "equal")
    assert rows["Batch counters"] == ("2 (not counted)", "–", "-2")
    assert rows["All stored values"] == ("1,380", "1,378", "-2")


def test_totals_that_differ_are_explained_with_both_bases() -> None:
    assert sentences_of(tiny_comparison(), "Parameter count") == (
        "The framework totals differ by +32: +2.38 % of the left total, +2.32 % of the right total (right minus left).",
        "By what is counted, that is made up of: moving mean and variance +32.",
        "The learnable parameters are equal: 1,346.",
    )


def test_equal_totals_are_said_to_be_equal() -> None:
    network = tiny_torch_network()
    assert sentences_of(compared(network, network), "Parameter count") == (
        "Both frameworks count 1,346 parameters.",
        "The learnable parameters are equal: 1,346.",
    )


def test_learnable_parameters_that_differ_are_told() -> None:
    left = tiny_torch_network()
    more = replace(
        left,
        tensors=(*left.tensors, tensor("classifier.1.extra", (10,))),
        framework_parameter_count=left.framework_parameter_count + 10,
    )
    assert sentences_of(compared(left, more), "Parameter count") == (
        "The framework totals differ by +10: +0.74 % of the left total, +0.74 % of the right total (right minus left).",
        "By what is counted, that is made up of: learnable parameters +10.",
        "The learnable parameters differ by +10.",
    )


def test_a_network_without_parameters_divides_by_nothing() -> None:
    left = tiny_torch_network()
    empty = replace(left, tensors=(), framework_parameter_count=0)
    sentences = sentences_of(compared(empty, left), "Parameter count")
    assert sentences[0] == "The framework totals differ by +1,346: +100.00 % of the right total (right minus left)."


def test_sizes_are_given_with_and_without_buffers_and_by_purpose() -> None:
    left = tiny_torch_network()
    size_bytes = sum(found.size_bytes for found in left.tensors)
    kept = [found for found in left.tensors if found.purpose is TensorPurpose.LEARNABLE]
    rows = rows_of(tables.size_table(tiny_comparison()))
    assert rows["All stored tensors"][0] == mebibytes_text(size_bytes)
    assert rows["All stored tensors"][2] == "-16 bytes"
    assert rows["Without buffers"][0] == mebibytes_text(sum(found.size_bytes for found in kept))
    assert rows["Without buffers"][2] == "equal"


def test_layer_types_give_count_parameters_and_share() -> None:
    left = rows_of(tables.layer_type_table(tiny_comparison(), Side.LEFT))
    assert left["Conv2d"] == ("2", "288", "21.40 %")
    assert left["Linear"] == ("1", "1,026", "76.23 %")
    assert left["ReLU6"] == ("1", "0", "–")
    assert left["add (operation)"] == ("1", "0", "–")
    right = rows_of(tables.layer_type_table(tiny_comparison(), Side.RIGHT))
    assert right["DepthwiseConv2D"] == ("1", "72", "5.22 %")


def test_macs_are_exact_and_layers_without_partner_counted() -> None:
    comparison = tiny_comparison()
    rows = rows_of(tables.work_table(comparison))
    macs = f"{sum(layer.mac_count for layer in comparison.left.layers):,}"
    assert rows["MACs of one forward pass"] == (macs, macs, "equal")
    paired, alone = rows["With a partner on the other side"], rows["Without a partner"]
    for column in (0, 1):
        assert int(rows["Layers and operations"][column]) == int(paired[column]) + int(alone[column])


def test_layers_that_do_a_partners_work_together_all_have_a_partner_and_a_shared_layer_counts_once() -> None:
    comparison = tiny_comparison()
    calls = tuple(LayerCall(layer="flatten", index=index, inputs=(), outputs=()) for index in range(2))
    several = LayerPair(
        left="features.0.0", right="stem_conv", right_members=("block_1_pad", "stem_conv"), confidence=1.0, evidence=()
    )
    shared = replace(several, left="flatten", left_members=("flatten", "flatten@1"), right=None, right_members=())
    alone = replace(several, left=None, right="flatten", right_members=())
    comparison = replace(
        comparison,
        left=replace(comparison.left, calls=calls),
        alignment=Alignment(pairs=(several, shared, alone)),
    )
    assert tables.partner_counts(comparison, Side.LEFT) == (1, 1)
    assert tables.partner_counts(comparison, Side.RIGHT) == (2, 1)


def test_the_layer_table_has_a_row_for_every_row_of_the_outline_indented_by_depth() -> None:
    comparison = tiny_comparison()
    table = tables.layer_table(comparison)
    assert len(table.rows) == len(comparison.outline.rows)
    for row, shown in zip(comparison.outline.rows, table.rows, strict=True):
        if row.left is not None:
            assert shown[0].lstrip("\u2003") == row.left.label
            assert shown[0].startswith("\u2003") == (row.parent >= 0)


def test_sides_of_one_framework_are_told_apart() -> None:
    network = tiny_torch_network()
    titles = [column.title for column in tables.models_table(compared(network, network)).columns]
    assert titles == ["", "PyTorch (left)", "PyTorch (right)"]
