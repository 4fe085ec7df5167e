"""Moved weights compute the same: the plan against plain numpy, layer kind by layer kind."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbgui.analysis.weight_findings import moved_findings
from mbgui.analysis.weight_moving import moved_tensors
from mbgui.analysis.weight_plan import plan_weights
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.framework import Framework
from mbgui.domain.network import AttributeValue, LayerCall, LayerKind, Network
from mbgui.domain.request import Side
from tests.analysis import weight_networks as made
from tests.analysis.weight_networks import Array, one_layer, plan_of_one, random_tensors
from tests.support.records import layer

TORCH, KERAS = Framework.PYTORCH, Framework.KERAS
CONVOLUTION, DENSE = LayerKind.CONVOLUTION, LayerKind.DENSE
SMALL = st.integers(min_value=1, max_value=3)


def _moved(left: Network, right: Network) -> tuple[dict[str, Array], dict[str, Array]]:
    """Random tensors of the left side, and what becomes of them on the right; the way back is exact."""
    plan = plan_of_one(left, right)
    tensors = random_tensors(left)
    there = moved_tensors(plan, tensors, Side.RIGHT)
    for name, values in moved_tensors(plan, there, Side.LEFT).items():
        assert np.array_equal(values, tensors[name])
    return tensors, there


@given(groups=SMALL, per_group=SMALL, outputs=SMALL, rows=SMALL, columns=SMALL)
@settings(max_examples=25, deadline=None)
def test_a_moved_convolution_computes_the_same(
    groups: int, per_group: int, outputs: int, rows: int, columns: int
) -> None:
    attributes: Mapping[str, AttributeValue] = {"groups": groups, "in_channels": groups * per_group}
    left = one_layer(TORCH, CONVOLUTION, {"weight": (groups * outputs, per_group, rows, columns)}, "Conv2d", attributes)
    right = one_layer(
        KERAS, CONVOLUTION, {"kernel": (rows, columns, per_group, groups * outputs)}, "Conv2D", attributes
    )
    tensors, there = _moved(left, right)
    image = np.random.default_rng(2).standard_normal((groups * per_group, 4, 3))
    expected = made.torch_convolution(image, tensors["layer.weight"], groups)
    found = made.keras_convolution(image.transpose(1, 2, 0), there["layer/kernel"], groups)
    assert np.allclose(found.transpose(2, 0, 1), expected, rtol=1e-12, atol=1e-12)


@given(channels=SMALL, multipliers=SMALL, rows=SMALL)
@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("type_name", ["DepthwiseConv2D", "OwnDepthwise"])
def test_a_moved_depthwise_convolution_keeps_the_order_of_its_multipliers(
    channels: int, multipliers: int, rows: int, type_name: str
) -> None:
    outputs = channels * multipliers
    left = one_layer(TORCH, CONVOLUTION, {"weight": (outputs, 1, rows, 2), "bias": (outputs,)}, "Conv2d")
    right = one_layer(
        KERAS,
        CONVOLUTION,
        {"kernel": (rows, 2, channels, multipliers), "bias": (outputs,)},
        type_name,
        {"groups": channels, "in_channels": channels},
    )
    tensors, there = _moved(left, right)
    image = np.random.default_rng(2).standard_normal((channels, 4, 3))
    expected = made.torch_convolution(image, tensors["layer.weight"], channels)
    found = made.keras_depthwise(image.transpose(1, 2, 0), there["layer/kernel"])
    assert np.allclose(found.transpose(2, 0, 1), expected, rtol=1e-12, atol=1e-12)
    assert np.array_equal(there["layer/bias"], tensors["layer.bias"])


@given(inputs=SMALL, outputs=SMALL, rows=SMALL)
@settings(max_examples=20, deadline=None)
def test_a_moved_transposed_convolution_computes_the_same(inputs: int, outputs: int, rows: int) -> None:
    kind = LayerKind.TRANSPOSED_CONVOLUTION
    left = one_layer(TORCH, kind, {"weight": (inputs, outputs, rows, 2)})
    right = one_layer(KERAS, kind, {"kernel": (rows, 2, outputs, inputs)})
    tensors, there = _moved(left, right)
    image = np.random.default_rng(2).standard_normal((inputs, 3, 2))
    expected = made.torch_transposed(image, tensors["layer.weight"])
    found = made.keras_transposed(image.transpose(1, 2, 0), there["layer/kernel"])
    assert np.allclose(found.transpose(2, 0, 1), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("left_shape", "right_shape"), [((4, 3, 5), (5, 3, 4)), ((4, 3, 5, 2, 6), (5, 2, 6, 3, 4))])
def test_convolutions_of_one_and_three_dimensions_move_alike(
    left_shape: tuple[int, ...], right_shape: tuple[int, ...]
) -> None:
    left = one_layer(TORCH, CONVOLUTION, {"weight": left_shape})
    right = one_layer(KERAS, CONVOLUTION, {"kernel": right_shape})
    tensors, there = _moved(left, right)
    expected = np.moveaxis(tensors["layer.weight"], (0, 1), (-1, -2))
    assert np.array_equal(there["layer/kernel"], expected)


def test_a_separable_convolution_goes_with_the_two_convolutions_that_are_its_members() -> None:
    left = made.network(
        TORCH,
        [layer("dw", "Conv2d", CONVOLUTION), layer("pw", "Conv2d", CONVOLUTION, inputs=("dw",))],
        {"dw.weight": (6, 1, 3, 2), "pw.weight": (5, 6, 1, 1), "pw.bias": (5,)},
    )
    right = one_layer(
        KERAS,
        LayerKind.SEPARABLE_CONVOLUTION,
        {"depthwise_kernel": (3, 2, 3, 2), "pointwise_kernel": (1, 1, 6, 5), "bias": (5,)},
        "SeparableConv2D",
        {"groups": 3},
    )
    pair = LayerPair(left="pw", right="layer", left_members=("dw", "pw"), confidence=1.0, evidence=())
    tensors = random_tensors(left)
    plan = plan_weights(left, right, Alignment(pairs=(pair,)))
    there = moved_tensors(plan, tensors, Side.RIGHT)
    assert plan.unmoved == ()
    image = np.random.default_rng(2).standard_normal((3, 4, 3))
    expected = made.torch_convolution(made.torch_convolution(image, tensors["dw.weight"], 3), tensors["pw.weight"])
    between = made.keras_depthwise(image.transpose(1, 2, 0), there["layer/depthwise_kernel"])
    found = made.keras_convolution(between, there["layer/pointwise_kernel"])
    assert np.allclose(found.transpose(2, 0, 1), expected, rtol=1e-12, atol=1e-12)
    assert np.array_equal(there["layer/bias"], tensors["pw.bias"])


def test_a_dense_layer_goes_with_a_convolution_of_one_by_one() -> None:
    left = one_layer(TORCH, CONVOLUTION, {"weight": (4, 3, 1, 1), "bias": (4,)}, "Conv2d")
    right = one_layer(KERAS, DENSE, {"kernel": (3, 4), "bias": (4,)}, "Dense")
    tensors, there = _moved(left, right)
    assert np.array_equal(there["layer/kernel"], tensors["layer.weight"][:, :, 0, 0].T)


def test_the_arrays_of_a_batch_normalisation_move_by_role_in_whatever_order_they_are_stored() -> None:
    kind = LayerKind.BATCH_NORMALIZATION
    roles = ("running_var", "bias", "running_mean", "weight")
    left = one_layer(TORCH, kind, dict.fromkeys(roles, (4,)) | {"num_batches_tracked": ()})
    right = one_layer(KERAS, kind, dict.fromkeys(("gamma", "beta", "moving_mean", "moving_variance"), (4,)))
    plan = plan_of_one(left, right)
    tensors = random_tensors(left)
    there = moved_tensors(plan, tensors, Side.RIGHT)
    expected = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}
    for role, source in expected.items():
        assert np.array_equal(there[f"layer/{role}"], tensors[f"layer.{source}"])
    assert [(found.name, found.is_expected) for found in plan.unmoved] == [("layer.num_batches_tracked", True)]
    assert plan.obstacles == ()


def test_a_missing_gamma_stands_for_ones_and_a_missing_bias_for_zeros() -> None:
    kind = LayerKind.BATCH_NORMALIZATION
    left = one_layer(TORCH, kind, dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (2,)))
    right = one_layer(KERAS, kind, dict.fromkeys(("moving_mean", "moving_variance"), (2,)), "BatchNormalization")
    plan = plan_of_one(left, right)
    here = moved_tensors(plan, random_tensors(right), Side.LEFT)
    assert here["layer.weight"].tolist() == [1, 1]
    assert here["layer.bias"].tolist() == [0, 0]
    reasons = {found.role: found.reason for found in plan.unmoved}
    assert reasons["scale"] == "layer (Keras's BatchNormalization) has no scale, as if it were all ones."


def test_a_learnable_scale_moves_whatever_its_framework_calls_it() -> None:
    left = made.network(
        TORCH,
        [
            layer("block", "CNBlock", LayerKind.CONTAINER),
            layer("block.mul", "mul", LayerKind.MULTIPLY, parent="block", operation=True),
        ],
        {"block.layer_scale": (3, 1, 1)},
    )
    left_calls = LayerCall(layer="block.mul", inputs=(), outputs=(), tensors=("block.layer_scale",))
    right = one_layer(KERAS, LayerKind.MULTIPLY, {"variable": (3,)}, "LayerScale")
    for network in (left, _with_calls(left, left_calls)):
        tensors = random_tensors(network)
        plan = plan_weights(network, right, made.pairs(("block.mul", "layer")))
        there = moved_tensors(plan, tensors, Side.RIGHT)
        assert np.array_equal(there["layer/variable"], tensors["block.layer_scale"].ravel())


def _with_calls(found: Network, *calls: LayerCall) -> Network:
    values = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return Network(**values | {"calls": calls})


def test_embeddings_and_shared_slopes_keep_their_order() -> None:
    for kind, left_shape, right_role, right_shape in (
        (LayerKind.EMBEDDING, (5, 3), "embeddings", (5, 3)),
        (LayerKind.ACTIVATION, (3,), "alpha", (1, 1, 3)),
    ):
        left = one_layer(TORCH, kind, {"weight": left_shape})
        right = one_layer(KERAS, kind, {right_role: right_shape})
        tensors, there = _moved(left, right)
        assert np.array_equal(there[f"layer/{right_role}"].ravel(), tensors["layer.weight"].ravel())


def test_a_layer_normalisation_over_a_map_moves_its_channels_to_the_end() -> None:
    kind = LayerKind.LAYER_NORMALIZATION
    left = one_layer(TORCH, kind, {"weight": (2, 3, 4)})
    right = one_layer(KERAS, kind, {"gamma": (3, 4, 2)})
    tensors, there = _moved(left, right)
    assert np.array_equal(there["layer/gamma"], tensors["layer.weight"].transpose(1, 2, 0))


def test_a_kernel_of_another_size_is_not_moved_and_the_reason_names_both_shapes() -> None:
    left = one_layer(TORCH, CONVOLUTION, {"weight": (4, 3, 3, 3)})
    right = one_layer(KERAS, CONVOLUTION, {"kernel": (3, 3, 3, 5)})
    plan = plan_of_one(left, right)
    assert plan.links == ()
    assert plan.obstacles[0].reason == "Its shape (4, 3, 3, 3) does not go with (3, 3, 3, 5) of layer/kernel."


def test_layers_without_a_partner_and_layers_that_never_run_say_so() -> None:
    idle = layer("aux", "Conv2d", CONVOLUTION)
    values = {name: getattr(idle, name) for name in idle.__dataclass_fields__}
    layers = [layer("conv", "Conv2d", CONVOLUTION), type(idle)(**values | {"call_count": 0})]
    left = made.network(TORCH, layers, {"conv.weight": (1, 1, 3, 3), "aux.weight": (1, 1, 3, 3)})
    right = made.network(KERAS, [], {})
    plan = plan_weights(left, right, Alignment(pairs=()))
    assert [(found.name, found.is_expected) for found in plan.unmoved] == [("conv.weight", False), ("aux.weight", True)]
    assert [found.name for found in plan.obstacles] == ["conv.weight"]


def test_networks_of_one_framework_keep_their_layouts() -> None:
    shapes = {"kernel": (3, 3, 2, 4), "bias": (4,)}
    left, right = (one_layer(KERAS, CONVOLUTION, shapes, "Conv2D") for _ in range(2))
    assert all(link.change.is_identity for link in plan_of_one(left, right).links)


def test_a_tensor_that_is_tied_on_one_side_takes_the_first_of_the_other_sides_two() -> None:
    dense = [layer("one", "Linear", DENSE), layer("two", "Linear", DENSE)]
    left = made.network(TORCH, dense, {"one.weight": (2, 3)})
    tied = _with_calls(
        left,
        LayerCall(layer="one", inputs=(), outputs=(), tensors=("one.weight",)),
        LayerCall(layer="two", inputs=("one",), outputs=(), tensors=("one.weight",)),
    )
    right = made.network(
        KERAS, [layer("a", "Dense", DENSE), layer("b", "Dense", DENSE)], {"a/kernel": (3, 2), "b/kernel": (3, 2)}
    )
    plan = plan_weights(tied, right, made.pairs(("one", "a"), ("two", "b")))
    tensors = random_tensors(tied)
    there = moved_tensors(plan, tensors, Side.RIGHT)
    assert np.array_equal(there["a/kernel"], there["b/kernel"])
    other = random_tensors(right)
    assert np.array_equal(moved_tensors(plan, other, Side.LEFT)["one.weight"], other["a/kernel"].T)
    notes = {finding.right: finding.note for finding in moved_findings(plan, other.__getitem__, Side.LEFT)}
    assert notes == {"a/kernel": "", "b/kernel": "It is shared there and holds the values of a/kernel."}
    assert all(finding.is_equal for finding in moved_findings(plan, tensors.__getitem__, Side.RIGHT))


@pytest.mark.parametrize("is_joining", [False, True])
def test_a_dense_layer_goes_with_one_that_keeps_heads_apart(is_joining: bool) -> None:
    shape = (2, 3, 5) if is_joining else (5, 2, 3)
    bias = (5,) if is_joining else (2, 3)
    left = one_layer(TORCH, DENSE, {"weight": (5, 6) if is_joining else (6, 5), "bias": (int(np.prod(bias)),)})
    right = one_layer(KERAS, DENSE, {"kernel": shape, "bias": bias}, "EinsumDense")
    tensors, there = _moved(left, right)
    vector = np.random.default_rng(2).standard_normal(6 if is_joining else 5)
    expected = tensors["layer.weight"] @ vector + tensors["layer.bias"]
    given = vector.reshape(2, 3) if is_joining else vector
    found = np.tensordot(given, there["layer/kernel"], axes=given.ndim) + there["layer/bias"]
    assert np.allclose(found.ravel(), expected)
