"""Order of layers: containers before their members, idle ones where they are defined."""

from mbgui.domain.network import Layer, LayerKind
from mbgui.frameworks.layer_tree import LayerTree


def _layer(path: str) -> Layer:
    return Layer(
        path=path,
        parent=path.rpartition(".")[0],
        type_name="",
        kind=LayerKind.OTHER,
        is_operation=False,
        call_count=0,
        inputs=(),
        outputs=(),
        mac_count=0,
        attributes=(),
    )


def _tree(*paths: str) -> LayerTree:
    tree = LayerTree()
    for path in paths:
        tree.append(_layer(path))
    return tree


def _paths(tree: LayerTree) -> list[str]:
    return [layer.path for layer in tree.layers()]


def test_a_layer_is_listed_once() -> None:
    assert _paths(_tree("a", "a.b", "a")) == ["a", "a.b"]


def test_an_idle_layer_stands_behind_its_sibling_and_that_one_s_members() -> None:
    tree = _tree("a", "a.b", "a.b.c", "a.d", "e")
    tree.insert_after(_layer("a.idle"), "a.b")
    assert _paths(tree) == ["a", "a.b", "a.b.c", "a.idle", "a.d", "e"]


def test_a_sibling_is_not_mistaken_for_one_with_a_longer_name() -> None:
    tree = _tree("block", "block1", "block10")
    tree.insert_after(_layer("idle"), "block1")
    assert _paths(tree) == ["block", "block1", "idle", "block10"]


def test_an_idle_first_member_stands_right_behind_its_container() -> None:
    tree = _tree("a", "b", "b.c")
    tree.insert_after(_layer("b.idle"), "")
    assert _paths(tree) == ["a", "b", "b.idle", "b.c"]
