"""The MobileNetV2 pair, read by the real frameworks: every known figure comes out exactly."""

import pytest

from mbgui.analysis.wording import mebibytes_text, percent_text
from mbgui.domain.accounting import NetworkAccounting
from mbgui.domain.comparison import Agreement, Comparison
from mbgui.domain.difference import Cause, Effect
from mbgui.domain.events import Completed
from mbgui.domain.input_shape import InputShape
from mbgui.domain.network import TensorPurpose
from mbgui.domain.request import CompareRequest
from mbgui.domain.source import ModelSource, SourceKind
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.compare import compare
from mbgui.processes.pool import WarmChildren

pytestmark = pytest.mark.real

LEFT = ModelSource(kind=SourceKind.TORCHVISION, name="mobilenet_v2")
RIGHT = ModelSource(kind=SourceKind.KERAS, name="MobileNetV2")


def _compare(size: int) -> Comparison:
    children = WarmChildren()
    try:
        request = CompareRequest(
            left=LEFT, right=RIGHT, inputs=(InputShape(sizes=(size, size)),), threads=2, latency=None
        )
        *_, last = compare(request, cancel=CancelToken(), children=children, store=None)
    finally:
        children.close()
    assert isinstance(last, Completed), last
    return last.comparison


@pytest.fixture(scope="module")
def pair() -> Comparison:
    """Both models at 224×224 with random weights."""
    return _compare(224)


def _types(books: NetworkAccounting) -> dict[str, tuple[int, int, str]]:
    return {
        found.type_name: (found.count, found.parameter_count, percent_text(found.share)) for found in books.layer_types
    }


def test_parameters_are_counted_as_each_framework_counts_them(pair: Comparison) -> None:
    left, right = pair.accounting.left, pair.accounting.right
    assert (left.framework_parameter_count, right.framework_parameter_count) == (3_504_872, 3_538_984)
    assert left.learnable_count == right.learnable_count == 3_504_872


def test_the_ledger_explains_the_gap(pair: Comparison) -> None:
    left = {entry.purpose: entry for entry in pair.accounting.left.ledger}
    right = {entry.purpose: entry for entry in pair.accounting.right.ledger}
    moving, counter = TensorPurpose.MOVING_STATISTIC, TensorPurpose.COUNTER
    assert (left[moving].value_count, left[moving].is_counted) == (34_112, False)
    assert (right[moving].value_count, right[moving].is_counted) == (34_112, True)
    assert (left[counter].value_count, right[counter].value_count) == (52, 0)


def test_sizes_agree_with_the_known_ones(pair: Comparison) -> None:
    left, right = pair.accounting.left, pair.accounting.right
    assert mebibytes_text(left.size_bytes) == "13.50055 MiB"
    assert mebibytes_text(right.size_bytes) == "13.50015 MiB"
    assert mebibytes_text(left.size_without_buffers_bytes) == "13.37003 MiB"


def test_both_sides_do_the_same_work(pair: Comparison) -> None:
    assert pair.accounting.left.mac_count == pair.accounting.right.mac_count == 300_774_272


def test_layer_types_have_the_known_counts_and_shares(pair: Comparison) -> None:
    left, right = _types(pair.accounting.left), _types(pair.accounting.right)
    assert left["Conv2d"] == (52, 2_189_760, "62.48 %")
    assert left["BatchNorm2d"] == (52, 34_112, "0.97 %")
    assert left["Linear"] == (1, 1_281_000, "36.55 %")
    assert (left["ReLU6"][0], left["Dropout"][0], left["add"][0]) == (35, 1, 10)
    assert right["Conv2D"] == (35, 2_125_536, "60.06 %")
    assert right["BatchNormalization"] == (52, 68_224, "1.93 %")
    assert right["DepthwiseConv2D"] == (17, 64_224, "1.81 %")
    assert right["Dense"] == (1, 1_281_000, "36.20 %")
    counts = {name: right[name][0] for name in ("ReLU", "Add", "ZeroPadding2D", "InputLayer", "GlobalAveragePooling2D")}
    assert counts == {"ReLU": 35, "Add": 10, "ZeroPadding2D": 4, "InputLayer": 1, "GlobalAveragePooling2D": 1}


def test_the_known_differences_are_found_and_no_other(pair: Comparison) -> None:
    found = [
        (difference.cause, difference.effect, difference.left_value, difference.right_value, len(difference.places))
        for difference in pair.differences
    ]
    inference, training, accounting, none = Effect.INFERENCE, Effect.TRAINING, Effect.ACCOUNTING, Effect.NONE
    assert sorted(found) == sorted(
        [
            (Cause.BATCHNORM_EPSILON, inference, "1e-05", "0.001", 52),
            (Cause.PADDING, inference, "1, 1, 1, 1", "0, 1, 0, 1", 5),
            (Cause.HEAD_ACTIVATION, inference, "none (logits)", "softmax", 1),
            (Cause.BATCHNORM_MOMENTUM, training, "0.9", "0.999", 52),
            (Cause.BATCHNORM_VARIANCE, training, "unbiased", "biased", 52),
            (Cause.DROPOUT, training, "0.2", "–", 1),
            (Cause.PARAMETER_ACCOUNTING, accounting, "not counted (buffers)", "counted", 0),
            (Cause.PARAMETER_ACCOUNTING, accounting, "not counted (buffers)", "–", 0),
            (Cause.CONVOLUTION_CLASS, none, "Conv2d, groups = channels", "DepthwiseConv2D", 17),
            (Cause.DATA_LAYOUT, none, "NCHW", "NHWC", 0),
        ]
    )


def test_every_layer_that_computes_has_its_partner(pair: Comparison) -> None:
    alone = [(row.left or row.right) for row in pair.outline.rows if not row.is_group and not (row.left and row.right)]
    assert sorted(cell.label for cell in alone if cell) == [
        "block_13_pad", "block_1_pad", "block_3_pad", "block_6_pad", "classifier.0", "flatten", "input_layer",
    ]  # fmt: skip
    assert pair.verdict.agreement is Agreement.SAME_LAYERS


def test_padding_plays_no_part_at_the_odd_size_but_where_maps_are_even() -> None:
    """At 225 every map before a stride of two is odd (225, 113, 57, 29, 15), so the effective padding is the same."""
    causes = {difference.cause for difference in _compare(225).differences}
    assert Cause.PADDING not in causes
    assert Cause.BATCHNORM_EPSILON in causes
