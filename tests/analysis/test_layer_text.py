"""A layer reads in a few characters."""

import pytest

from mbgui.analysis.layer_text import cause_label, output_text, type_text
from mbgui.analysis.wording import macs_text
from mbgui.domain.difference import Cause
from mbgui.domain.network import AttributeValue, LayerKind
from tests.support.records import layer

_CONV, _ACT = LayerKind.CONVOLUTION, LayerKind.ACTIVATION


@pytest.mark.parametrize(
    ("type_name", "kind", "attributes", "text"),
    [
        (
            "Conv2d",
            _CONV,
            {"kernel_size": (3, 3), "strides": (2, 2), "groups": 8, "in_channels": 8},
            "Conv2d 3×3 /2 dw",
        ),
        (
            "Conv2d",
            _CONV,
            {"kernel_size": (3, 3), "strides": (1, 1), "groups": 4, "in_channels": 8},
            "Conv2d 3×3 4 groups",
        ),
        ("Conv2d", _CONV, {"kernel_size": (1, 1), "strides": (2, 1), "groups": 1}, "Conv2d 1×1 /2×1"),
        ("Conv2d", _CONV, {"kernel_size": (3, 3), "dilation": (2, 2)}, "Conv2d 3×3 dilated 2"),
        ("DepthwiseConv2D", _CONV, {"kernel_size": (3, 3), "groups": 8, "in_channels": 8}, "DepthwiseConv2D 3×3"),
        ("ReLU", _ACT, {"max_value": 6.0}, "ReLU (max 6)"),
        ("ReLU6", _ACT, {"max_value": 6.0}, "ReLU6"),
        ("ZeroPadding2D", LayerKind.PADDING, {"padding": (0, 1, 0, 1)}, "ZeroPadding2D (0,1,0,1)"),
        ("Dense", LayerKind.DENSE, {"activation": "softmax"}, "Dense softmax"),
        ("Dense", LayerKind.DENSE, {"activation": "linear"}, "Dense"),
        ("Dropout", LayerKind.DROPOUT, {"rate": 0.2}, "Dropout 0.2"),
        ("BatchNorm2d", LayerKind.BATCH_NORMALIZATION, {"epsilon": 1e-5}, "BatchNorm2d"),
    ],
)
def test_the_type_comes_with_what_matters_most(
    type_name: str, kind: LayerKind, attributes: dict[str, AttributeValue], text: str
) -> None:
    assert type_text(layer("a", type_name, kind, attributes=attributes)) == text


def test_the_output_is_its_shape_without_the_batch() -> None:
    assert output_text(layer("a", "Conv2d", _CONV, (32, 112, 112))) == "32×112×112"
    assert output_text(layer("a", "Sequential", LayerKind.CONTAINER)) == ""


def test_small_counts_of_macs_do_not_read_as_zero() -> None:
    assert macs_text(10_838_016) == "10.8 M"
    assert macs_text(4_608) == "4.6 k"
    assert macs_text(48) == "48"


def test_every_cause_fits_a_badge() -> None:
    assert cause_label(Cause.BATCHNORM_EPSILON) == "epsilon"
    assert cause_label(Cause.PADDING) == "padding"
    assert max(len(cause_label(cause)) for cause in Cause) <= 13
