"""Every planted difference is found under its name, and none is invented."""

from dataclasses import replace

import pytest

from mbgui.analysis.layer_rules import RULES, Rule
from mbgui.analysis.structure import compare_structure
from mbgui.domain.comparison import Agreement
from mbgui.domain.difference import Cause, Difference, Effect
from mbgui.domain.network import Attribute, AttributeValue, Layer, LayerKind, Network, TensorPurpose, TensorSpec
from tests.support.records import layer, tiny_keras_network, tiny_torch_network

_RELU6: dict[str, AttributeValue] = {"activation": "relu", "max_value": 6.0}


def _differences(left: Network, right: Network) -> dict[Cause, Difference]:
    return {found.cause: found for found in compare_structure(left, right).differences}


def _with_layer(network: Network, path: str, **changes: AttributeValue) -> Network:
    def changed(found: Layer) -> Layer:
        if found.path != path:
            return found
        attributes = tuple(
            replace(attribute, value=changes[attribute.name]) if attribute.name in changes else attribute
            for attribute in found.attributes
        )
        return replace(found, attributes=attributes)

    return replace(network, layers=tuple(changed(found) for found in network.layers))


@pytest.mark.parametrize("network", [tiny_torch_network(), tiny_keras_network()])
def test_a_network_does_not_differ_from_itself(network: Network) -> None:
    assert compare_structure(network, network).differences == ()


@pytest.mark.parametrize(
    ("path", "name", "value", "cause", "effect"),
    [
        ("features.0.0", "kernel_size", (5, 5), Cause.KERNEL_SIZE, Effect.INFERENCE),
        ("features.0.0", "strides", (1, 1), Cause.STRIDE, Effect.INFERENCE),
        ("features.0.0", "padding", (0, 1, 0, 1), Cause.PADDING, Effect.INFERENCE),
        ("features.1.0", "groups", 4, Cause.GROUPS, Effect.INFERENCE),
        ("features.0.1", "epsilon", 1e-4, Cause.BATCHNORM_EPSILON, Effect.INFERENCE),
        ("features.0.1", "momentum", 0.5, Cause.BATCHNORM_MOMENTUM, Effect.TRAINING),
        ("features.0.2", "max_value", 6.1, Cause.ACTIVATION_PARAMETERS, Effect.INFERENCE),
        ("features.0.2", "max_value", None, Cause.ACTIVATION_PARAMETERS, Effect.INFERENCE),
        ("features.0.2", "activation", "gelu", Cause.ACTIVATION, Effect.INFERENCE),
        ("classifier.0", "rate", 0.5, Cause.DROPOUT, Effect.TRAINING),
        ("classifier.1", "use_bias", False, Cause.BIAS, Effect.INFERENCE),
    ],
)
def test_a_planted_difference_is_found_under_its_name_and_nothing_else(
    path: str, name: str, value: AttributeValue, cause: Cause, effect: Effect
) -> None:
    left = tiny_torch_network()
    found = compare_structure(left, _with_layer(left, path, **{name: value})).differences
    assert [(difference.cause, difference.effect) for difference in found] == [(cause, effect)]
    assert found[0].places[0].left == found[0].places[0].right == path


def test_equal_differences_are_grouped_over_layers() -> None:
    found = _differences(tiny_torch_network(), tiny_keras_network())[Cause.BATCHNORM_EPSILON]
    assert (found.left_value, found.right_value, found.where) == ("1e-05", "0.001", "2 layers")


def test_a_padding_layer_counts_as_padding_of_the_convolution_behind_it() -> None:
    differences = _differences(tiny_torch_network(), tiny_keras_network())
    padding = differences[Cause.PADDING]
    assert (padding.left_value, padding.right_value) == ("1, 1, 1, 1", "0, 1, 0, 1")
    assert {place.right for place in padding.places} == {"stem_conv", "block_1_depthwise"}
    assert Cause.EXTRA_LAYER not in differences


def test_a_padding_layer_that_two_layers_read_is_an_extra_layer() -> None:
    keras = tiny_keras_network()
    second = layer("second", "Conv2D", LayerKind.CONVOLUTION, (8, 8, 8), inputs=("block_1_pad",))
    right = replace(keras, layers=(*keras.layers[:6], second, *keras.layers[6:]))
    extra = [
        found
        for found in compare_structure(tiny_torch_network(), right).differences
        if found.cause is Cause.EXTRA_LAYER and found.right_value == "ZeroPadding2D"
    ]
    assert [found.effect for found in extra] == [Effect.INFERENCE]


def test_the_softmax_of_the_head_is_named_once_whether_fused_or_a_layer() -> None:
    left = tiny_torch_network()
    softmax = layer(
        "softmax", "Softmax", LayerKind.ACTIVATION, (2,), inputs=("classifier.1",), attributes={"activation": "softmax"}
    )
    with_layer = replace(left, layers=(*left.layers, softmax))
    (found,) = compare_structure(left, with_layer).differences
    assert (found.cause, found.left_value, found.right_value) == (Cause.HEAD_ACTIVATION, "none (logits)", "softmax")
    assert Cause.HEAD_ACTIVATION not in _differences(with_layer, tiny_keras_network())


def test_a_missing_layer_touches_inference() -> None:
    left = tiny_torch_network()
    right = replace(left, layers=tuple(found for found in left.layers if found.path != "features.1.add"))
    found = _differences(left, right)[Cause.MISSING_LAYER]
    assert (found.effect, found.left_value) == (Effect.INFERENCE, "add")


def test_an_activation_fused_into_the_partner_is_no_difference() -> None:
    left = _two_layers(fused="relu", separate=False)
    assert compare_structure(left, _two_layers(fused="linear", separate=True)).differences == ()
    wrong = _two_layers(fused="gelu", separate=False)
    assert [found.cause for found in compare_structure(left, wrong).differences] == [Cause.ACTIVATION]


def _two_layers(*, fused: str, separate: bool) -> Network:
    dense, activation = LayerKind.DENSE, LayerKind.ACTIVATION
    relu = layer("act", "ReLU", activation, (4,), inputs=("a",), attributes={"activation": "relu"})
    layers = [layer("a", "Dense", dense, (4,), attributes={"activation": fused}), *([relu] if separate else [])]
    layers.append(layer("b", "Dense", dense, (2,), inputs=(layers[-1].path,), attributes={"activation": "linear"}))
    return replace(tiny_keras_network(), layers=tuple(layers), tensors=(), framework_parameter_count=0)


def test_a_shape_that_differs_is_reported_where_it_begins_only() -> None:
    left = tiny_torch_network()
    narrow = [
        replace(found, outputs=(TensorSpec(shape=(1, 8, 7, 7), dtype="float32"),))
        if found.path in {"features.1.0", "features.1.1", "features.1.add"}
        else found
        for found in left.layers
    ]
    (found,) = compare_structure(left, replace(left, layers=tuple(narrow))).differences
    assert (found.cause, found.where) == (Cause.OUTPUT_SHAPE, "1 layer")


def test_the_accounting_says_who_counts_the_moving_statistics() -> None:
    found = [
        (difference.title, difference.left_value, difference.right_value, difference.where)
        for difference in compare_structure(tiny_torch_network(), tiny_keras_network()).differences
        if difference.cause is Cause.PARAMETER_ACCOUNTING
    ]
    assert ("Moving mean and variance counted", "not counted (buffers)", "counted", "32 values") in found


def test_layers_that_change_nothing_are_no_difference() -> None:
    left = tiny_torch_network()
    add = next(found for found in left.layers if found.path == "features.1.add")
    idle = [
        layer("cat", "cat", LayerKind.CONCATENATE, (8, 8, 8), inputs=(add.path,)),
        layer(
            "pool",
            "AdaptiveAvgPool2d",
            LayerKind.POOLING,
            (8, 8, 8),
            inputs=("cat",),
            attributes={"output_size": (8, 8)},
        ),
        layer("drop", "StochasticDepth", LayerKind.DROPOUT, (8, 8, 8), inputs=("pool",), attributes={"rate": 0.0}),
    ]
    position = left.layers.index(add) + 1
    right = replace(left, layers=(*left.layers[:position], *idle, *left.layers[position:]))
    assert compare_structure(left, right).differences == ()
    pooled = replace(idle[1], outputs=(TensorSpec(shape=(1, 8, 4, 4), dtype="float32"),))
    changed = replace(left, layers=(*left.layers[:position], idle[0], pooled, *left.layers[position:]))
    assert Cause.EXTRA_LAYER in _differences(left, changed)


def test_calls_of_a_shared_activation_stand_for_as_many_layers_of_the_other_side() -> None:
    left = tiny_torch_network()
    relus = [layer(f"relu_{index}", "ReLU", LayerKind.ACTIVATION, (8, 8, 8), attributes=_RELU6) for index in range(2)]
    right = replace(left, layers=(*left.layers[:-4], *relus, *left.layers[-4:]))
    shared = tuple(replace(found, call_count=3) if found.type_name == "ReLU6" else found for found in left.layers)
    assert Cause.EXTRA_LAYER in _differences(left, right)
    assert compare_structure(replace(left, layers=shared), right).differences == ()


def test_more_moving_statistics_of_more_layers_are_no_matter_of_accounting() -> None:
    left = tiny_torch_network()
    more = replace(
        left, tensors=(*left.tensors, *(replace(found, name=f"{found.name}_2") for found in left.tensors[3:5]))
    )
    assert compare_structure(left, more).differences == ()


def _chain(*layers: Layer) -> Network:
    """A network of these layers, each of which reads the one before."""
    linked = tuple(
        replace(found, inputs=(layers[index - 1].path,) if index else ()) for index, found in enumerate(layers)
    )
    return replace(tiny_torch_network(), layers=linked, tensors=(), framework_parameter_count=0)


def _found(left: Network, right: Network) -> list[tuple[Cause, str, str]]:
    found = compare_structure(left, right).differences
    return [(difference.cause, difference.left_value, difference.right_value) for difference in found]


def _layer(path: str, kind: LayerKind, **attributes: AttributeValue) -> Layer:
    return layer(path, kind.value, kind, (8, 4, 4), attributes=attributes)


_RELU = _layer("relu", LayerKind.ACTIVATION, activation="relu")
_SOFTMAX = _layer("softmax", LayerKind.ACTIVATION, activation="softmax")
_DENSE = _layer("dense", LayerKind.DENSE, use_bias=True)


def test_an_activation_without_a_bound_is_another_function_than_one_with_it() -> None:
    relu6 = _layer("relu", LayerKind.ACTIVATION, **_RELU6)
    unbounded = _chain(_DENSE, _RELU, _layer("last", LayerKind.DENSE))
    assert _found(_chain(_DENSE, relu6, _layer("last", LayerKind.DENSE)), unbounded) == [
        (Cause.ACTIVATION_PARAMETERS, "relu (max value 6)", "relu")
    ]
    fused = _chain(_layer("dense", LayerKind.DENSE, **_RELU6), _layer("last", LayerKind.DENSE))
    assert _found(fused, unbounded) == [(Cause.ACTIVATION_PARAMETERS, "relu (max value 6)", "relu")]
    assert _found(_chain(_DENSE, relu6), _chain(_DENSE, _RELU)) == [
        (Cause.HEAD_ACTIVATION, "relu (max value 6)", "relu")
    ]


def test_an_activation_before_that_of_the_head_is_not_taken_for_it() -> None:
    left = _chain(_DENSE, _RELU, _SOFTMAX)
    assert _found(left, _chain(_DENSE, _SOFTMAX)) == [(Cause.MISSING_LAYER, "activation", "–")]


def test_one_more_layer_at_the_end_is_found() -> None:
    last = layer("last", "Linear", LayerKind.DENSE, (2,))
    assert (Cause.EXTRA_LAYER, "–", "Linear") in _found(_chain(_DENSE), _chain(_DENSE, last))
    dropout = _layer("dropout", LayerKind.DROPOUT, rate=0.5)
    assert _found(_chain(_DENSE), _chain(_DENSE, dropout)) == [(Cause.DROPOUT, "–", "0.5")]


def test_a_layer_that_never_runs_does_not_touch_inference() -> None:
    idle = replace(_layer("auxiliary", LayerKind.DENSE), call_count=0)
    last = _layer("last", LayerKind.ADD)
    (found,) = compare_structure(_chain(_DENSE, last), _chain(_DENSE, idle, last)).differences
    assert (found.cause, found.effect) == (Cause.EXTRA_LAYER, Effect.TRAINING)


@pytest.mark.parametrize(
    ("kind", "name", "left", "right", "cause"),
    [
        (LayerKind.CONVOLUTION, "padding_mode", "zeros", "reflect", Cause.PADDING),
        (LayerKind.PADDING, "padding_mode", "zeros", "reflect", Cause.PADDING),
        (LayerKind.POOLING, "count_include_pad", True, False, Cause.POOLING),
        (LayerKind.RECURRENT, "out_channels", 8, 16, Cause.CHANNELS),
        (LayerKind.RESCALE, "factor", 1 / 255, 1 / 127.5, Cause.PREPROCESSING),
        (LayerKind.DROPOUT, "noise_shape", "value", "channel", Cause.DROPOUT),
        (LayerKind.ATTENTION, "rate", 0.1, 0.2, Cause.DROPOUT),
        (LayerKind.ACTIVATION, "min_value", -1.0, -2.0, Cause.ACTIVATION_PARAMETERS),
    ],
)
def test_what_a_kind_of_layer_can_be_set_to_is_compared(
    kind: LayerKind, name: str, left: AttributeValue, right: AttributeValue, cause: Cause
) -> None:
    mine, other = (
        _chain(_layer("changed", kind, **{"activation": "hard_tanh", name: value}), _DENSE) for value in (left, right)
    )
    assert [found.cause for found in compare_structure(mine, other).differences] == [cause]


_ZEROS = _layer("pad", LayerKind.PADDING, padding=(1, 1, 1, 1), padding_mode="zeros")


def _padded(kind: LayerKind, *, in_front: tuple[Layer, ...], **attributes: AttributeValue) -> Network:
    sides = (0, 0, 0, 0) if in_front else (1, 1, 1, 1)
    return _chain(_RELU, *in_front, _layer("padded", kind, padding=sides, **attributes), _DENSE)


def test_zeros_in_front_of_a_maximum_are_padding_only_where_nothing_is_below_zero() -> None:
    alone = _padded(LayerKind.POOLING, in_front=(), pooling="max")
    padded = _padded(LayerKind.POOLING, in_front=(_ZEROS,), pooling="max")
    assert _found(alone, padded) == []
    leaky = _layer("relu", LayerKind.ACTIVATION, activation="tanh")
    alone, padded = (replace(found, layers=(leaky, *found.layers[1:])) for found in (alone, padded))
    assert {cause for cause, _, _ in _found(alone, padded)} == {Cause.PADDING, Cause.EXTRA_LAYER}


def test_zeros_in_front_of_a_maximum_are_no_difference_besides_the_function_before_them() -> None:
    alone = _padded(LayerKind.POOLING, in_front=(), pooling="max")
    padded = _padded(LayerKind.POOLING, in_front=(_ZEROS,), pooling="max")
    other = _layer("relu", LayerKind.ACTIVATION, activation="tanh")
    padded = replace(padded, layers=(other, *padded.layers[1:]))
    assert _found(alone, padded) == [(Cause.ACTIVATION, "relu", "tanh")]
    assert _found(padded, alone) == [(Cause.ACTIVATION, "tanh", "relu")]


def test_an_average_over_zeros_in_front_counts_them() -> None:
    padded = _padded(LayerKind.POOLING, in_front=(_ZEROS,), pooling="average")
    counting = _padded(LayerKind.POOLING, in_front=(), pooling="average", count_include_pad=True)
    leaving_out = _padded(LayerKind.POOLING, in_front=(), pooling="average", count_include_pad=False)
    assert _found(counting, padded) == []
    assert _found(leaving_out, padded) == [(Cause.POOLING, "count include pad no", "count include pad yes")]


@pytest.mark.parametrize(
    ("kind", "pad"),
    [
        (LayerKind.TRANSPOSED_CONVOLUTION, _ZEROS),
        (LayerKind.CONVOLUTION, _layer("pad", LayerKind.PADDING)),
        (LayerKind.CONVOLUTION, _layer("pad", LayerKind.PADDING, padding=(1, 1, 1, 1), padding_mode="reflect")),
    ],
)
def test_padding_that_is_not_that_of_the_layer_behind_is_a_layer_of_its_own(kind: LayerKind, pad: Layer) -> None:
    found = _found(_padded(kind, in_front=()), _padded(kind, in_front=(pad,)))
    assert {cause for cause, _, _ in found} == {Cause.PADDING, Cause.EXTRA_LAYER}


def test_padding_in_front_that_differs_is_named_once() -> None:
    wide = _layer("pad", LayerKind.PADDING, padding=(2, 2, 2, 2), padding_mode="zeros")
    left, right = (_padded(LayerKind.CONVOLUTION, in_front=(pad,)) for pad in (_ZEROS, wide))
    assert _found(left, right) == [(Cause.PADDING, "1, 1, 1, 1", "2, 2, 2, 2")]


def test_freezing_parameters_touches_training_and_makes_no_other_network() -> None:
    left = tiny_torch_network()
    frozen = tuple(
        replace(found, purpose=TensorPurpose.FROZEN, is_trainable=False) if found.is_trainable else found
        for found in left.tensors
    )
    found = compare_structure(left, replace(left, tensors=frozen))
    assert [(difference.cause, difference.effect) for difference in found.differences] == [
        (Cause.FROZEN_PARAMETERS, Effect.TRAINING)
    ]
    assert found.verdict.agreement is Agreement.SAME_STRUCTURE


def test_the_verdict_says_that_a_network_was_not_read_whole() -> None:
    left = tiny_torch_network()
    partly = replace(left, notes=("Functional operations are missing.",))
    assert "not everything could be read" in compare_structure(left, partly).verdict.headline
    assert "not everything could be read" not in compare_structure(left, left).verdict.headline


def test_dropouts_of_one_side_are_one_difference_whatever_their_rates() -> None:
    left = tiny_torch_network()
    more = [
        layer(f"depth_{rate}", "StochasticDepth", LayerKind.DROPOUT, (512,), attributes={"rate": rate})
        for rate in (0.3, 0.4)
    ]
    right = replace(left, layers=tuple(found for found in left.layers if found.kind is not LayerKind.DROPOUT))
    position = [found.path for found in left.layers].index("classifier.1")
    left = replace(left, layers=(*left.layers[:position], *more, *left.layers[position:]))
    (found,) = compare_structure(left, right).differences
    assert (found.cause, found.left_value, found.right_value) == (Cause.DROPOUT, "0.2 to 0.4", "–")
    assert found.where == "3 layers"


def test_a_normalisation_set_otherwise_says_which_setting() -> None:
    left = tiny_torch_network()
    scaled = [
        replace(found, attributes=(*found.attributes, Attribute(name="scale", value=True, native="affine=True")))
        if found.path == "features.0.1"
        else found
        for found in left.layers
    ]
    left = replace(left, layers=tuple(scaled))
    (found,) = compare_structure(left, _with_layer(left, "features.0.1", scale=False)).differences
    assert (found.left_value, found.right_value) == ("scale yes", "scale no")


@pytest.mark.parametrize(("kind", "rule"), [(kind, rule) for kind, rules in RULES.items() for rule in rules], ids=str)
def test_every_rule_finds_a_layer_that_breaks_it(kind: LayerKind, rule: Rule) -> None:
    name, cause, effect = rule
    left, right = (_chain(_layer("changed", kind, **{name: value}), _DENSE) for value in (1, 2))
    found = compare_structure(left, right).differences
    assert [(difference.cause, difference.effect) for difference in found] == [(cause, effect)]


def test_the_rules_hold_every_setting_that_both_frameworks_have() -> None:
    by_kind = {kind: {name for name, _, _ in rules} for kind, rules in RULES.items()}
    assert by_kind[LayerKind.CONVOLUTION] >= {"kernel_size", "strides", "padding", "dilation", "groups", "use_bias"}
    assert by_kind[LayerKind.BATCH_NORMALIZATION] >= {"epsilon", "momentum", "scale", "center", "variance_estimate"}
    assert by_kind[LayerKind.RESIZE] >= {"interpolation"}
