"""Each leaf layer has one row, however often it is called and whatever it belongs to."""

from dataclasses import replace

from mbgui.analysis.align import align
from mbgui.analysis.outline import build_outline
from mbgui.domain.network import LayerKind, Network, call_name
from mbgui.domain.outline import OutlineRow, RowStatus
from tests.support.layer_graphs import GraphBuilder


def _chain() -> Network:
    builder = GraphBuilder()
    first = builder.activation(builder.convolution(None, 3, 8), "relu")
    builder.activation(builder.convolution(first, 8, 8), "relu")
    return builder.network()


def _shared() -> Network:
    """The same with one activation that is called twice."""
    network = _chain()
    calls = (*network.calls[:3], replace(network.calls[3], layer="layer1", index=1))
    layers = (network.layers[0], replace(network.layers[1], call_count=2), network.layers[2])
    return replace(network, layers=layers, calls=calls, output_calls=(call_name("layer1", 1),))


def _fused() -> Network:
    builder = GraphBuilder()
    at: tuple[str, ...] = ()
    for given in (3, 8):
        shapes = ((8, given, 3, 3),)
        kind = LayerKind.CONVOLUTION
        path = builder.add(
            kind, at, 8, shapes, in_channels=given, out_channels=8, kernel_size=(3, 3), groups=1, activation="relu"
        )
        at = (path,)
    return builder.network()


def _rows(left: Network, right: Network) -> list[OutlineRow]:
    rows = build_outline(left, right, align(left, right), ()).rows
    return [row for row in rows if not row.is_group]


def _labels(rows: list[OutlineRow]) -> list[tuple[str | None, str | None]]:
    return [(row.left.label if row.left else None, row.right.label if row.right else None) for row in rows]


def test_a_later_call_of_a_layer_is_named_beside_a_partner_of_its_own() -> None:
    rows = _rows(_shared(), _chain())
    assert _labels(rows)[-1] == ("layer1@1", "layer3")
    assert rows[-1].left is not None
    assert (rows[-1].left.layer, rows[-1].status) == (None, RowStatus.SAME)


def test_later_calls_of_layers_on_both_sides_have_no_row_of_their_own() -> None:
    assert _labels(_rows(_shared(), _shared())) == [(f"layer{i}", f"layer{i}") for i in range(3)]


def test_what_belongs_to_a_pair_stands_behind_it_and_is_no_difference() -> None:
    rows = _rows(_chain(), _fused())
    assert _labels(rows) == [("layer0", "layer0"), ("layer1", None), ("layer2", "layer1"), ("layer3", None)]
    assert {row.status for row in rows} == {RowStatus.SAME}
    assert rows[1].evidence == rows[0].evidence
