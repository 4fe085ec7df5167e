"""Attributes stand side by side, and only comparable values can differ."""

from mbgui.analysis.attributes import compare_attributes
from mbgui.domain.network import LayerKind
from tests.support.records import layer

_LEFT = layer("a", "Conv2d", LayerKind.CONVOLUTION, attributes={"kernel_size": (3, 3), "groups": 8, "rate": 0.3})
_RIGHT = layer(
    "b", "Conv2D", LayerKind.CONVOLUTION, attributes={"kernel_size": (5, 5), "rate": 0.1 * 3, "center": True}
)


def test_rows_follow_the_left_layer_and_mark_what_differs() -> None:
    rows = compare_attributes(_LEFT, _RIGHT)
    assert [(row.name, row.left, row.right, row.is_different) for row in rows] == [
        ("kernel size", "3, 3", "5, 5", True),
        ("groups", "8", "–", False),
        ("rate", "0.3", "0.3", False),
        ("center", "–", "yes", False),
    ]
    assert rows[0].left_native == "kernel_size=(3, 3)"


def test_a_layer_alone_shows_its_own_attributes() -> None:
    assert [row.right for row in compare_attributes(_LEFT, None)] == ["–", "–", "–"]
    assert compare_attributes(None, None) == ()
