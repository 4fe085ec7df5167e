"""Axes of partners are compared by what they are in each layout, and only where that can be told."""

from dataclasses import replace

import pytest

from mbgui.domain.difference import Cause
from mbgui.domain.network import AttributeValue, Layer, LayerKind, Network
from tests.analysis.graph_networks import activation, inference_causes, network, node

_BATCH, _LAYER = LayerKind.BATCH_NORMALIZATION, LayerKind.LAYER_NORMALIZATION


def _around(middle: Layer, layout: str) -> Network:
    first = node("first", LayerKind.CONVOLUTION, shape=middle.outputs[0].shape[1:])
    last = node("last", LayerKind.CONVOLUTION, middle.path, kernel_size=(5, 5), shape=middle.outputs[0].shape[1:])
    return replace(network(first, replace(middle, inputs=("first",)), last), data_layout=layout)


@pytest.mark.parametrize(
    ("kind", "first", "last", "causes"),
    [
        (_BATCH, "channels", "channels", []),
        (_BATCH, "channels", 3, []),
        (_BATCH, "channels", 1, [Cause.NORMALIZATION]),
        (_LAYER, "channels", (1, 2, 3), [Cause.NORMALIZATION]),
        (_LAYER, (8, 4, 4), (1, 2, 3), []),
    ],
)
def test_normalising_along_another_axis_is_found(
    kind: LayerKind, first: AttributeValue, last: AttributeValue, causes: list[Cause]
) -> None:
    left = _around(node("norm", kind, axis=first, shape=(8, 4, 4)), "NCHW")
    right = _around(node("norm", kind, axis=last, shape=(4, 4, 8)), "NHWC")
    assert [cause for cause, _, _ in inference_causes(left, right)] == causes


@pytest.mark.parametrize(
    ("first", "last", "shapes", "causes"),
    [
        (1, -1, ((8, 4, 4), (4, 4, 8)), []),
        (-1, -1, ((2, 4, 4), (2, 4, 4)), []),
        (2, -1, ((8, 4, 4), (4, 4, 8)), [Cause.ACTIVATION_PARAMETERS]),
        (1, -1, ((4, 8), (4, 8)), []),
    ],
)
def test_a_softmax_along_another_axis_is_found_where_the_layout_is_known(
    first: int, last: int, shapes: tuple[tuple[int, ...], tuple[int, ...]], causes: list[Cause]
) -> None:
    softmax = activation("softmax", "softmax", axis=0)
    left, right = (
        _around(
            replace(
                softmax,
                outputs=node("", LayerKind.OTHER, shape=shape).outputs,
                attributes=(softmax.attributes[0], replace(softmax.attributes[1], value=axis)),
            ),
            layout,
        )
        for shape, axis, layout in zip(shapes, (first, last), ("NCHW", "NHWC"), strict=True)
    )
    assert [cause for cause, _, _ in inference_causes(left, right)] == causes
