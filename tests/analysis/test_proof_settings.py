"""How each cause is evened out while the networks run."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mbgui.analysis.graph import calls_of
from mbgui.analysis.proof_settings import CauseSettings, cause_settings
from mbgui.analysis.structure import compare_structure
from mbgui.domain.difference import Cause, Difference, Effect, LayerPlace
from mbgui.domain.framework import Framework
from mbgui.domain.network import Attribute, AttributeValue, LayerKind, Network
from mbgui.domain.proof_plan import AFTER, SKIP, CallSetting
from mbgui.domain.request import Side
from tests.support.layer_graphs import network_of
from tests.support.numpy_network import keras_weights, small_network, torch_weights
from tests.support.records import layer, tiny_keras_network, tiny_torch_network
from tests.support.small_structures import small_pair

EPSILON, HEAD, PADDING = Cause.BATCHNORM_EPSILON, Cause.HEAD_ACTIVATION, Cause.PADDING


def settings_of(left: Network, right: Network) -> dict[Cause, CauseSettings]:
    return {found.cause: found for found in cause_settings(left, right, compare_structure(left, right))}


def known(network: Network) -> Network:
    """The network with its calls."""
    calls = calls_of(network)
    return replace(network, calls=calls, output_calls=(calls[-1].name,))


def with_attribute(network: Network, path: str, name: str, value: AttributeValue) -> Network:
    own = Attribute(name=name, value=value, native=str(value))
    layers = tuple(
        replace(one, attributes=(*(old for old in one.attributes if old.name != name), own))
        if one.path == path
        else one
        for one in network.layers
    )
    return replace(network, layers=layers)


def setting(call: str, name: str, value: AttributeValue) -> CallSetting:
    return CallSetting(call=call, name=name, value=value)


def test_equal_networks_need_no_settings() -> None:
    assert settings_of(*small_pair()) == {}


def test_the_torch_side_takes_the_other_sides_epsilon() -> None:
    found = settings_of(*small_pair(epsilon=0.1))[EPSILON]
    assert found.settings[Side.LEFT] == (setting("norm", "epsilon", 0.1),)
    assert found.settings[Side.RIGHT] == ()
    assert found.reason == ""


def test_the_torch_side_is_patched_on_the_right_as_well() -> None:
    left, right = small_pair(epsilon=0.1)
    found = settings_of(right, left)[EPSILON]
    assert found.settings[Side.RIGHT] == (setting("norm", "epsilon", 0.1),)
    assert found.settings[Side.LEFT] == ()


def test_of_two_sides_of_one_framework_the_left_one_is_patched() -> None:
    weights = keras_weights(torch_weights())
    left, right = (small_network(Framework.KERAS, weights, epsilon=value) for value in (1e-3, 0.1))
    assert settings_of(left, right)[EPSILON].settings[Side.LEFT] == (setting("norm", "epsilon", 0.1),)


def test_a_softmax_in_the_head_of_the_other_side_is_applied_after_the_own_one() -> None:
    found = settings_of(*small_pair(head="softmax"))[HEAD]
    assert found.settings[Side.LEFT] == (setting("head", f"{AFTER}activation", "softmax"),)


def test_a_softmax_in_the_head_of_the_own_side_is_left_out() -> None:
    weights = torch_weights()
    left = small_network(Framework.PYTORCH, weights, head="softmax")
    right = small_network(Framework.KERAS, keras_weights(weights))
    assert settings_of(left, right)[HEAD].settings[Side.LEFT] == (setting("head", "activation", "linear"),)


def test_another_activation_takes_its_function_and_clears_the_bounds_of_the_own_one() -> None:
    left, right = small_pair()
    left = with_attribute(left, "relu", "max_value", 6.0)
    right = with_attribute(right, "relu", "activation", "gelu")
    found = settings_of(left, right)
    (cause,) = found.values()
    assert cause.cause in {Cause.ACTIVATION, Cause.ACTIVATION_PARAMETERS}
    assert setting("relu", "activation", "gelu") in cause.settings[Side.LEFT]
    assert setting("relu", "max_value", None) in cause.settings[Side.LEFT]


def test_another_bound_takes_that_of_the_other_side() -> None:
    left, right = small_pair()
    right = with_attribute(right, "relu", "max_value", 6.0)
    found = settings_of(left, right)[Cause.ACTIVATION_PARAMETERS]
    assert setting("relu", "max_value", 6.0) in found.settings[Side.LEFT]
    assert setting("relu", "activation", "relu") in found.settings[Side.LEFT]


def test_padding_takes_the_four_effective_sides_whatever_layer_pads() -> None:
    left, right = known(tiny_torch_network()), known(tiny_keras_network())
    found = settings_of(left, right)[PADDING]
    assert set(found.settings[Side.LEFT]) == {
        setting("features.0.0", "padding", (0, 1, 0, 1)),
        setting("features.1.0", "padding", (0, 1, 0, 1)),
    }


def test_a_padding_layer_of_the_own_side_pads_on_and_the_rest_is_set() -> None:
    left, right = known(tiny_torch_network()), known(tiny_keras_network())
    two = replace(left, framework=Framework.KERAS), replace(right, framework=Framework.PYTORCH)
    found = settings_of(*two)[PADDING]
    assert set(found.settings[Side.RIGHT]) == {
        setting("stem_conv", "padding", (1, 1, 1, 1)),
        setting("block_1_depthwise", "padding", (1, 0, 1, 0)),
    }


@pytest.mark.parametrize(
    ("path", "name", "value", "cause"),
    [
        ("conv", "strides", (2, 2), Cause.STRIDE),
        ("conv", "dilation", (2, 2), Cause.DILATION),
        ("pool", "pooling", "max", Cause.POOLING),
    ],
)
def test_other_attributes_are_taken_from_the_other_side(
    path: str, name: str, value: AttributeValue, cause: Cause
) -> None:
    left, right = small_pair()
    if name == "dilation":
        left = with_attribute(left, path, name, (1, 1))
    found = settings_of(left, with_attribute(right, path, name, value))[cause]
    assert found.settings[Side.LEFT] == (setting(path, name, value),)


@pytest.mark.parametrize(
    ("name", "value", "cause", "reason"),
    [
        ("groups", 5, Cause.GROUPS, "other groups need weights of another shape"),
        ("kernel_size", (3, 3), Cause.KERNEL_SIZE, "another kernel needs weights of another shape"),
        ("padding_mode", "reflect", PADDING, "padding other than by zeros"),
    ],
)
def test_what_cannot_be_evened_out_says_why(name: str, value: AttributeValue, cause: Cause, reason: str) -> None:
    left, right = (with_attribute(network, "conv", "padding", (1, 1, 1, 1)) for network in small_pair())
    left = with_attribute(left, "conv", "padding_mode", "zeros")
    found = settings_of(left, with_attribute(right, "conv", name, value))[cause]
    assert found.reason.startswith(reason)
    assert not any(found.settings.values())


def grown(network: Network, change: Callable[[list[Any]], None]) -> Network:
    """The network with other layers, in a row."""
    layers = list(network.layers)
    change(layers)
    made = network_of(tuple(layers), network.tensors, (layers[-1].path,))
    kept = ("source", "framework", "class_name", "data_layout", "inputs", "outputs")
    return replace(made, **{name: getattr(network, name) for name in kept})


def test_a_layer_that_only_one_side_has_is_skipped_there() -> None:
    def double(layers: list[Any]) -> None:
        tanh = layer("tanh", "Activation", LayerKind.ACTIVATION, (8, 8, 5), inputs=("relu",),
                     attributes={"activation": "tanh"})  # fmt: skip
        layers.insert(3, tanh)
        layers[4] = replace(layers[4], inputs=("tanh",))

    left, right = small_pair()
    found = settings_of(left, grown(right, double))
    skipped = [one for cause in found.values() for one in cause.settings.get(Side.RIGHT, ())]
    assert skipped == [setting("tanh", SKIP, True)]


def test_a_lone_layer_that_changes_the_shape_cannot_be_skipped() -> None:
    left, right = small_pair()
    structure = compare_structure(left, right)
    lone = Difference(
        cause=Cause.EXTRA_LAYER,
        effect=Effect.INFERENCE,
        title="Extra layer",
        left_value="none",
        right_value="pool",
        where="1 layer",
        explanation="",
        places=(LayerPlace(left=None, right="pool"),),
    )
    (found,) = cause_settings(left, right, replace(structure, differences=(lone,)))
    assert found.reason == "a layer that changes the shape cannot be skipped"


def test_a_shared_layer_is_set_at_each_of_its_calls() -> None:
    left, right = small_pair(epsilon=0.1)
    again = next(call for call in left.calls if call.layer == "norm")
    twice = (*left.calls, replace(again, index=1, inputs=("norm",)))
    found = settings_of(replace(left, calls=twice), right)[EPSILON]
    assert {one.call for one in found.settings[Side.LEFT]} == {"norm", "norm@1"}


def test_causes_that_touch_training_only_are_not_evened_out() -> None:
    left, right = known(tiny_torch_network()), known(tiny_keras_network())
    differences = {found.cause for found in compare_structure(left, right).differences}
    assert Cause.DROPOUT in differences
    assert set(settings_of(left, right)) == {EPSILON, PADDING, HEAD}


def test_causes_come_in_the_order_of_the_closed_list() -> None:
    left, right = known(tiny_torch_network()), known(tiny_keras_network())
    causes = [found.cause for found in cause_settings(left, right, compare_structure(left, right))]
    assert causes == [cause for cause in Cause if cause in causes]
