"""Dense kernels behind a Flatten and ahead of a Reshape: permuted where the layouts differ, and only there."""

from collections.abc import Mapping

import numpy as np
import pytest

from mbgui.analysis.weight_findings import compare_weights
from mbgui.analysis.weight_moving import moved_tensors
from mbgui.analysis.weight_plan import plan_weights
from mbgui.analysis.weight_records import WeightPlan
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.difference import Cause
from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer, LayerKind, Network
from mbgui.domain.request import Side
from tests.analysis import weight_networks as made
from tests.analysis.weight_networks import Array, random_tensors
from tests.support.records import layer

TORCH, KERAS = Framework.PYTORCH, Framework.KERAS
Shape = tuple[int, ...]
Step = tuple[str, LayerKind, Shape]
FLATTEN, RESHAPE = LayerKind.FLATTEN, LayerKind.RESHAPE
BATCH_NORMALIZATION, DROPOUT = LayerKind.BATCH_NORMALIZATION, LayerKind.DROPOUT


def _chain(framework: Framework, steps: list[Step], tensors: Mapping[str, Shape]) -> Network:
    """Layers one behind the other, named by their types."""
    layers: list[Layer] = []
    for type_name, kind, shape in steps:
        inputs = (layers[-1].path,) if layers else ()
        layers.append(layer(type_name.lower(), type_name, kind, shape, inputs=inputs))
    return made.network(framework, layers, tensors, steps[0][2])


def _dense_behind(framework: Framework, map_shape: Shape, *between: Step, outputs: int = 2) -> Network:
    """A convolution's map, what lies between, and `linear` or `dense`."""
    size = int(np.prod(map_shape))
    is_torch = framework is TORCH
    steps: list[Step] = [("Conv", LayerKind.CONVOLUTION, map_shape), *between]
    steps.append(("Linear" if is_torch else "Dense", LayerKind.DENSE, (outputs,)))
    name, shape = ("linear.weight", (outputs, size)) if is_torch else ("dense/kernel", (size, outputs))
    return _chain(framework, steps, {name: shape})


def _dense_plan(left: Network, right: Network) -> WeightPlan:
    return plan_weights(left, right, made.pairs(("linear", "dense")))


def _kernel(left: Network, right: Network) -> tuple[Array, Array]:
    """The kernel of the left side, and what becomes of it."""
    tensors = random_tensors(left)
    moved = moved_tensors(_dense_plan(left, right), tensors, Side.RIGHT)
    return tensors["linear.weight"], moved["dense/kernel"]


def test_a_dense_layer_behind_a_flatten_computes_the_same_from_the_map_in_either_layout() -> None:
    left = _dense_behind(TORCH, (3, 2, 4), ("Flatten", FLATTEN, (24,)), ("Dropout", DROPOUT, (24,)))
    right = _dense_behind(KERAS, (2, 4, 3), ("Flatten", FLATTEN, (24,)))
    weight, kernel = _kernel(left, right)
    image = np.random.default_rng(3).standard_normal((3, 2, 4))
    assert np.allclose(weight @ image.ravel(), image.transpose(1, 2, 0).ravel() @ kernel)


@pytest.mark.parametrize("permute", ["Permute", "permute", "transpose"])
def test_a_permute_before_the_flatten_leaves_nothing_to_permute(permute: str) -> None:
    left = _dense_behind(TORCH, (3, 2, 4), ("Flatten", FLATTEN, (24,)))
    right = _dense_behind(
        KERAS,
        (2, 4, 3),
        (permute, RESHAPE, (3, 2, 4)),
        ("ReLU", LayerKind.ACTIVATION, (3, 2, 4)),
        ("F", FLATTEN, (24,)),
    )
    weight, kernel = _kernel(left, right)
    assert np.array_equal(kernel, weight.T)


def test_a_permute_of_a_cube_is_taken_to_move_the_channels() -> None:
    left = _dense_behind(TORCH, (2, 2, 2), ("Flatten", FLATTEN, (8,)))
    right = _dense_behind(KERAS, (2, 2, 2), ("Permute", RESHAPE, (2, 2, 2)), ("Flatten", FLATTEN, (8,)))
    weight, kernel = _kernel(left, right)
    assert np.array_equal(kernel, weight.T)


def test_a_reshape_of_a_map_before_a_permute_keeps_track_of_the_order() -> None:
    left = _dense_behind(TORCH, (3, 2, 4), ("Flatten", FLATTEN, (24,)))
    right = _dense_behind(
        KERAS, (2, 4, 3), ("Reshape", RESHAPE, (8, 3)), ("Permute", RESHAPE, (3, 8)), ("Flatten", FLATTEN, (24,))
    )
    weight, kernel = _kernel(left, right)
    assert np.array_equal(kernel, weight.T)


@pytest.mark.parametrize(
    "right",
    [
        _dense_behind(KERAS, (1, 1, 6), ("Flatten", FLATTEN, (6,))),
        _dense_behind(KERAS, (6,), ("Dropout", DROPOUT, (6,))),
    ],
)
def test_a_map_of_one_pixel_has_no_order(right: Network) -> None:
    left = _dense_behind(TORCH, (6, 1, 1), ("Flatten", FLATTEN, (6,)))
    weight, kernel = _kernel(left, right)
    assert np.array_equal(kernel, weight.T)


def test_a_flattened_sequence_has_the_same_order_in_both_frameworks() -> None:
    steps = {
        framework: _chain(
            framework,
            [
                ("Embed", LayerKind.EMBEDDING, (4, 4)),
                ("Flatten", FLATTEN, (16,)),
                (name, LayerKind.DENSE, (2,)),
            ],
            tensors,
        )
        for framework, name, tensors in (
            (TORCH, "Linear", {"linear.weight": (2, 16)}),
            (KERAS, "Dense", {"dense/kernel": (16, 2)}),
        )
    }
    weight, kernel = _kernel(steps[TORCH], steps[KERAS])
    assert np.array_equal(kernel, weight.T)


def test_an_image_of_one_channel_flattened_first_thing_is_not_permuted() -> None:
    left = _chain(TORCH, [("Flatten", FLATTEN, (12,)), ("Linear", LayerKind.DENSE, (2,))], {"linear.weight": (2, 12)})
    left = made.network(TORCH, left.layers, {"linear.weight": (2, 12)}, (1, 3, 4))
    right = made.network(
        KERAS,
        [
            layer("image", "InputLayer", LayerKind.INPUT, (3, 4, 1)),
            layer("flatten", "Flatten", FLATTEN, (12,), inputs=("image",)),
            layer("dense", "Dense", LayerKind.DENSE, (2,), inputs=("flatten",)),
        ],
        {"dense/kernel": (12, 2)},
    )
    weight, kernel = _kernel(left, right)
    assert np.array_equal(kernel, weight.T)
    colour = made.network(TORCH, left.layers, {"linear.weight": (2, 12)}, (3, 2, 2))
    weight, kernel = _kernel(colour, _dense_behind(KERAS, (2, 2, 3), ("Flatten", FLATTEN, (12,))))
    assert np.array_equal(kernel, weight.reshape(2, 3, 2, 2).transpose(2, 3, 1, 0).reshape(12, 2))


def test_a_batch_normalisation_of_the_flattened_vector_is_permuted_with_it() -> None:
    networks = [
        _chain(
            framework,
            [("Conv", LayerKind.CONVOLUTION, shape), ("Flatten", FLATTEN, (24,)), ("Norm", BATCH_NORMALIZATION, (24,))],
            {tensor: (24,)},
        )
        for framework, shape, tensor in ((TORCH, (3, 2, 4), "norm.weight"), (KERAS, (2, 4, 3), "norm/gamma"))
    ]
    plan = plan_weights(networks[0], networks[1], made.pairs(("norm", "norm")))
    values = np.arange(24.0)
    moved = moved_tensors(plan, {"norm.weight": values}, Side.RIGHT)
    assert np.array_equal(moved["norm/gamma"], values.reshape(3, 2, 4).transpose(1, 2, 0).ravel())


def test_a_dense_layer_whose_output_becomes_a_map_has_its_outputs_permuted() -> None:
    left = _chain(
        TORCH,
        [
            ("Noise", LayerKind.DENSE, (5,)),
            ("Linear", LayerKind.DENSE, (24,)),
            ("ReLU", LayerKind.ACTIVATION, (24,)),
            ("View", RESHAPE, (3, 2, 4)),
        ],
        {"linear.weight": (24, 5), "linear.bias": (24,)},
    )
    right = _chain(
        KERAS,
        [("Noise", LayerKind.DENSE, (5,)), ("Dense", LayerKind.DENSE, (24,)), ("Reshape", RESHAPE, (2, 4, 3))],
        {"dense/kernel": (5, 24), "dense/bias": (24,)},
    )
    tensors = random_tensors(left)
    moved = moved_tensors(_dense_plan(left, right), tensors, Side.RIGHT)
    vector = np.random.default_rng(3).standard_normal(5)
    expected = (tensors["linear.weight"] @ vector + tensors["linear.bias"]).reshape(3, 2, 4)
    found = (vector @ moved["dense/kernel"] + moved["dense/bias"]).reshape(2, 4, 3)
    assert np.allclose(found.transpose(2, 0, 1), expected)


@pytest.mark.parametrize(("last", "first"), [((2, 4, 3), (3, 2, 4)), ((2, 2, 2), (2, 2, 2))])
def test_a_permute_behind_the_reshape_leaves_no_outputs_to_permute(last: Shape, first: Shape) -> None:
    size = int(np.prod(last))
    steps: list[Step] = [("View", RESHAPE, last), ("permute", RESHAPE, first)]
    left = _chain(TORCH, [("Linear", LayerKind.DENSE, (size,)), *steps], {"linear.weight": (size, 5)})
    right = _chain(
        KERAS, [("Dense", LayerKind.DENSE, (size,)), ("Reshape", RESHAPE, last)], {"dense/kernel": (5, size)}
    )
    weight, kernel = _kernel(left, right)
    assert np.array_equal(kernel, weight.T)


def test_a_convolution_over_the_whole_map_goes_with_a_dense_layer_behind_a_flatten() -> None:
    left = _chain(
        TORCH,
        [("Features", LayerKind.CONVOLUTION, (3, 2, 4)), ("Linear", LayerKind.CONVOLUTION, (5, 1, 1))],
        {"linear.weight": (5, 3, 2, 4)},
    )
    right = _dense_behind(KERAS, (2, 4, 3), ("Flatten", FLATTEN, (24,)), outputs=5)
    weight, kernel = _kernel(left, right)
    image = np.random.default_rng(3).standard_normal((3, 2, 4))
    expected = made.torch_convolution(image, weight)[:, 0, 0]
    assert np.allclose(image.transpose(1, 2, 0).ravel() @ kernel, expected)


def test_flattened_branches_behind_each_other_are_permuted_each_for_itself() -> None:
    networks = [
        made.network(
            framework,
            [
                layer("a", "Conv", LayerKind.CONVOLUTION, first),
                layer("b", "Conv", LayerKind.CONVOLUTION, second),
                layer("fa", "Flatten", FLATTEN, (24,), inputs=("a",)),
                layer("fb", "Flatten", FLATTEN, (8,), inputs=("b",)),
                layer("cat", "Concatenate", LayerKind.CONCATENATE, (32,), inputs=("fa", "fb")),
                layer(name, name, LayerKind.DENSE, (2,), inputs=("cat",)),
            ],
            {tensor: shape},
        )
        for framework, first, second, name, tensor, shape in (
            (TORCH, (3, 2, 4), (2, 2, 2), "linear", "linear.weight", (2, 32)),
            (KERAS, (2, 4, 3), (2, 2, 2), "dense", "dense/kernel", (32, 2)),
        )
    ]
    weight, kernel = _kernel(networks[0], networks[1])
    generator = np.random.default_rng(3)
    first, second = generator.standard_normal((3, 2, 4)), generator.standard_normal((2, 2, 2))
    there = np.concatenate([values.transpose(1, 2, 0).ravel() for values in (first, second)])
    assert np.allclose(weight @ np.concatenate([first.ravel(), second.ravel()]), there @ kernel)
    back = moved_tensors(_dense_plan(networks[0], networks[1]), {"dense/kernel": kernel}, Side.LEFT)
    assert np.array_equal(back["linear.weight"], weight)


def test_a_kernel_that_was_not_permuted_is_recognised_as_that() -> None:
    left = _dense_behind(TORCH, (3, 2, 4), ("Flatten", FLATTEN, (24,)))
    right = _dense_behind(KERAS, (2, 4, 3), ("Flatten", FLATTEN, (24,)))
    tensors = random_tensors(left)
    wrong = {"dense/kernel": tensors["linear.weight"].T}
    found = compare_weights(_dense_plan(left, right), tensors.__getitem__, wrong.__getitem__)
    assert found.layers[0].recognition.cause is Cause.FLATTEN_ORDER
    assert "other flattening" in found.findings[0].note


def test_a_pair_by_members_finds_the_dense_layer_among_them() -> None:
    left = _dense_behind(TORCH, (3, 1, 1), ("Flatten", FLATTEN, (3,)))
    right = _dense_behind(KERAS, (3,))
    pair = LayerPair(
        left="flatten", right="dense", left_members=("flatten", "linear"), confidence=1.0, evidence=("members",)
    )
    plan = plan_weights(left, right, Alignment(pairs=(pair,)))
    assert [(link.left_layer, link.right_layer) for link in plan.links] == [("linear", "dense")]
