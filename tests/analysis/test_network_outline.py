"""One network alone has an outline as well."""

from mbgui.analysis.network_outline import outline_network
from mbgui.domain.request import Side
from tests.support.records import tiny_keras_network, tiny_torch_network


def test_layers_nest_as_their_framework_nests_them() -> None:
    network = tiny_torch_network()
    rows = outline_network(network, Side.LEFT).rows
    assert len(rows) == len(network.layers)
    for row, layer in zip(rows, network.layers, strict=True):
        above = rows[row.parent].left if row.parent >= 0 else None
        assert (above.layer if above is not None else "") == layer.parent
        assert row.right is None


def test_groups_count_their_members() -> None:
    network = tiny_torch_network()
    cells = {row.left.layer: row.left for row in outline_network(network, Side.LEFT).rows if row.left}
    top = [layer.path for layer in network.layers if not layer.parent]
    assert sum(cells[path].parameter_count for path in top) == network.framework_parameter_count
    assert cells["features"].mac_count == 55_296 + 4_608


def test_the_right_side_stands_on_the_right() -> None:
    rows = outline_network(tiny_keras_network(), Side.RIGHT).rows
    assert all(row.left is None and row.right is not None for row in rows)
