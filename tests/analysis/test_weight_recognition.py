"""What happened to weights is named, and only what happened."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.analysis.weight_comparing import compare_values
from mbgui.analysis.weight_findings import compare_weights, moved_findings
from mbgui.analysis.weight_moving import moved_tensors
from mbgui.analysis.weight_recognition import ValuePair, recognise
from mbgui.analysis.weight_rounding import as_bfloat16, as_cut_bfloat16, as_float16
from mbgui.domain.difference import Cause
from mbgui.domain.framework import Framework
from mbgui.domain.network import LayerKind
from mbgui.domain.request import Side
from tests.analysis.weight_networks import Array, one_layer, plan_of_one, random_tensors

KERNEL_AXES = ("out", "in", "height", "width")


def _values(*shape: int) -> Array:
    return np.random.default_rng(4).standard_normal(shape).astype(np.float32)


def _sentence(left: Array, right: Array, axes: tuple[str, ...] = (), *, is_flattened: bool = False) -> str:
    pair = ValuePair(left=left, right=right, axes=axes, is_flattened=is_flattened)
    found = recognise({"kernel": pair})
    assert found is not None
    assert found.cause is (Cause.FLATTEN_ORDER if "flattening" in found.sentence else Cause.WEIGHTS)
    return found.sentence


def _multiplier_first(kernel: Array) -> Array:
    channels, multipliers = kernel.shape[:2]
    return kernel.reshape(multipliers, channels, *kernel.shape[2:]).swapaxes(0, 1)


def _one_off(kernel: Array) -> Array:
    changed = kernel.copy()
    changed[2] += np.arange(1, 28, dtype=np.float32).reshape(3, 3, 3)
    return changed


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda kernel: kernel.swapaxes(2, 3), "Kernel height and width are swapped."),
        (lambda kernel: kernel[:, :, ::-1, ::-1], "Kernel: flipped in space."),
        (lambda kernel: kernel[:, :, :, ::-1], "Kernel: flipped in space."),
        (lambda kernel: kernel[:, ::-1], "Kernel: the input channels stand in reverse order (RGB against BGR)."),
        (lambda kernel: kernel[[1, 0, 3, 2]], "Kernel: the same output channels stand in another order."),
        (
            lambda kernel: kernel.reshape(3, 3, 3, 4).transpose(3, 2, 0, 1),
            "Kernel: the values were reshaped where they have to be transposed.",
        ),
        (
            lambda kernel: np.sort(kernel, axis=None).reshape(kernel.shape),
            "Kernel: the same values stand in another order.",
        ),
        (as_bfloat16, "Kernel: the right values are the left ones rounded to bfloat16."),
        (as_cut_bfloat16, "Kernel: the right values are the left ones cut off to bfloat16."),
        (as_float16, "Kernel: the right values are the left ones rounded to float16."),
        (lambda kernel: -kernel, "Kernel: the signs are flipped."),
        (lambda kernel: kernel * np.float32(0.5), "Kernel: every right value is the left one times 0.5."),
        (lambda kernel: kernel + np.float32(1e-3), "Kernel: every right value is the left one plus 0.001."),
        (lambda kernel: kernel - np.float32(1e-3), "Kernel: every right value is the left one minus 0.001."),
        (np.zeros_like, "Kernel: the right values are all 0."),
        (_one_off, "Kernel: 27 of 108 values differ, the largest by 27, all in output channel 2."),
    ],
)
def test_a_change_to_a_kernel_is_named(change: Callable[[Array], Array], sentence: str) -> None:
    kernel = _values(4, 3, 3, 3)
    assert _sentence(kernel, change(kernel), KERNEL_AXES) == sentence


def test_swapped_channels_of_a_square_kernel_are_named() -> None:
    kernel = _values(5, 5)
    assert _sentence(kernel, kernel.T, ("out", "in")) == "Input and output channels are swapped."


@pytest.mark.parametrize("channels", [4, 3])
def test_the_order_of_depthwise_multipliers_is_named_whichever_side_has_it_wrong(channels: int) -> None:
    kernel = _values(channels, 2, 3, 3)
    axes = ("in", "multiplier", "height", "width")
    for left, right in ((kernel, _multiplier_first(kernel)), (_multiplier_first(kernel), kernel)):
        assert "ordered by multiplier first" in _sentence(left, right, axes)


def test_a_kernel_in_the_other_flatten_order_is_named_whichever_side_has_it_wrong() -> None:
    kernel = _values(2, 3, 4, 4)
    wrong = kernel.reshape(2, 4, 4, 3).transpose(0, 3, 1, 2)
    for left, right in ((kernel, wrong), (wrong, kernel)):
        assert "other flattening" in _sentence(left, right, KERNEL_AXES, is_flattened=True)


@pytest.mark.parametrize("roles", [("mean", "variance"), ("scale", "offset")])
def test_swapped_arrays_of_a_normalisation_are_named(roles: tuple[str, str]) -> None:
    first, second = _values(6), _values(6) + 3
    found = recognise({roles[0]: ValuePair(left=first, right=second), roles[1]: ValuePair(left=second, right=first)})
    assert found is not None
    assert found.sentence.endswith("are swapped.")
    assert found.by_role.keys() == set(roles)


def test_what_happened_to_several_tensors_alike_is_said_once() -> None:
    pairs = {role: ValuePair(left=_values(9), right=as_bfloat16(_values(9))) for role in ("kernel", "bias")}
    found = recognise(pairs)
    assert found is not None
    assert found.sentence == "Kernel, bias: the right values are the left ones rounded to bfloat16."


def test_a_standard_deviation_in_place_of_a_variance_is_named() -> None:
    variance = np.abs(_values(8)) + np.float32(0.1)
    found = recognise({"variance": ValuePair(left=variance, right=np.sqrt(variance))})
    assert found is not None
    assert found.sentence == "Moving variance: the right values are the square roots of the left ones."


def test_equal_tensors_need_no_explanation() -> None:
    values = np.array([1.0, np.nan, -0.0])
    assert recognise({"bias": ValuePair(left=values, right=values.copy())}) is None


def test_values_that_are_not_finite_are_counted() -> None:
    left = np.array([1.0, 2.0, 3.0])
    right = np.array([1.0, np.nan, 3.5])
    assert _sentence(left, right) == (
        "Kernel: 2 of 3 values differ (1 of them not finite on a side), the largest by 0.5."
    )


@given(st.integers(0, 2**32 - 1))
def test_unrelated_values_are_never_explained(seed: int) -> None:
    generator = np.random.default_rng(seed)
    left, right = generator.standard_normal((2, 3, 3, 2, 2))
    assert "of 36 values differ" in _sentence(left, right, KERNEL_AXES)


def test_distances_are_relative_to_the_left_side() -> None:
    assert compare_values(np.array([3.0, 4.0]), np.array([3.0, 4.5])) == (0.1, False)
    assert compare_values(np.zeros(2), np.zeros(2)) == (0.0, True)
    assert compare_values(np.zeros(2), np.ones(2)) == (None, False)
    assert compare_values(np.ones(2), np.array([1.0, np.nan])) == (None, False)
    assert compare_values(np.array([np.nan]), np.array([np.nan])) == (0.0, True)
    assert compare_values(np.ones(2), np.ones(3)) == (None, False)
    assert compare_values(np.array([1, 2]), np.array([1, 2])) == (0.0, True)


def test_bfloat16_rounds_to_the_nearest_with_ties_to_even() -> None:
    given_values = np.array([1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-8 + 2**-20, -(1 + 2**-9)], dtype=np.float32)
    assert as_bfloat16(given_values).tolist() == [1, 1 + 2**-6, 1 + 2**-7, -1]
    assert as_cut_bfloat16(given_values).tolist() == [1, 1 + 2**-7, 1, -1]


def test_every_tensor_of_both_sides_has_a_finding() -> None:
    kind = LayerKind.BATCH_NORMALIZATION
    left = one_layer(Framework.PYTORCH, kind, dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (4,)))
    right = one_layer(Framework.KERAS, kind, dict.fromkeys(("beta", "moving_mean", "moving_variance"), (4,)))
    plan, mine = plan_of_one(left, right), random_tensors(left)
    moved = moved_tensors(plan, mine, Side.RIGHT)
    moved["layer/moving_mean"], moved["layer/moving_variance"] = (
        moved["layer/moving_variance"],
        moved["layer/moving_mean"],
    )
    found = compare_weights(plan, mine.__getitem__, moved.__getitem__)
    equal = {finding.left: finding.is_equal for finding in found.findings}
    assert equal == {
        "layer.weight": False,  # there is no gamma on the right, and these are no ones
        "layer.bias": True,
        "layer.running_mean": False,
        "layer.running_var": False,
    }
    assert [layer.recognition.sentence for layer in found.layers] == ["Moving mean and moving variance are swapped."]
    mine["layer.weight"] = np.ones(4)
    equal = {
        finding.left: finding.is_equal
        for finding in compare_weights(plan, mine.__getitem__, moved.__getitem__).findings
    }
    assert equal["layer.weight"]


def test_moved_tensors_are_equal_unless_the_giver_has_one_too_many() -> None:
    kind = LayerKind.BATCH_NORMALIZATION
    left = one_layer(Framework.PYTORCH, kind, {"weight": (4,), "bias": (4,)})
    right = one_layer(Framework.KERAS, kind, {"beta": (4,)})
    plan, mine = plan_of_one(left, right), random_tensors(left)
    for held, to, expected in ((mine, Side.RIGHT, False), (random_tensors(right), Side.LEFT, True)):
        findings = moved_findings(plan, held.__getitem__, to)
        assert {finding.left: finding.is_equal for finding in findings} == {
            "layer.bias": True,
            "layer.weight": expected,
        }
