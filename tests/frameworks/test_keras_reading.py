"""Small Keras models as read by the real framework."""

import pytest

from mbgui.domain import attribute_names as names
from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.network import Layer, LayerKind, Network, TensorPurpose, TensorSpec
from tests.frameworks.conftest import Findings

pytestmark = pytest.mark.real


def _layer(network: Network, path: str) -> Layer:
    return next(layer for layer in network.layers if layer.path == path)


def test_every_network_lists_containers_before_members_and_makers_before_readers(in_keras: Findings) -> None:
    for network in in_keras.networks.values():
        seen = {""}
        for layer in network.layers:
            assert layer.path not in seen
            assert layer.parent in seen
            assert set(layer.inputs) <= seen
            seen.add(layer.path)


def test_nested_models_are_containers_and_the_graph_runs_through_them(in_keras: Findings) -> None:
    network = in_keras.networks["nested"]
    assert [layer.path for layer in network.layers] == [
        "image",
        "block",
        "block/conv2d",
        "block/batch_normalization",
        "inner",
        "inner/max_pooling2d",
        "flatten",
        "head",
    ]
    assert _layer(network, "block").kind is LayerKind.CONTAINER
    assert _layer(network, "block/conv2d").inputs == ("image",)
    assert _layer(network, "inner/max_pooling2d").inputs == ("block/batch_normalization",)
    assert _layer(network, "flatten").inputs == ("inner/max_pooling2d",)


def test_shapes_carry_the_batch_and_the_size_at_hand_into_nested_models(in_keras: Findings) -> None:
    network = in_keras.networks["nested"]
    assert network.inputs[0].shape == (2, 9, 8, 3)
    assert _layer(network, "inner/max_pooling2d").outputs[0].shape == (2, 3, 2, 4)
    assert network.outputs[0].shape == (2, 5)


def test_same_padding_depends_on_the_size(in_keras: Findings) -> None:
    convolution = _layer(in_keras.networks["nested"], "block/conv2d")
    padding = convolution.attribute(names.PADDING)
    assert padding is not None
    assert (padding.value, padding.native) == ((1, 1, 0, 1), "padding='same'")


def test_fused_activations_are_attributes(in_keras: Findings) -> None:
    network = in_keras.networks["nested"]
    convolution = _layer(network, "block/conv2d")
    assert (convolution.value(names.ACTIVATION), convolution.value(names.MAX_VALUE)) == ("relu", 6.0)
    assert _layer(network, "head").value(names.ACTIVATION) == "softmax"


def test_a_layer_called_twice_is_listed_once_and_counts_both_calls(in_keras: Findings) -> None:
    shared = _layer(in_keras.networks["shared"], "shared")
    assert (shared.call_count, shared.inputs) == (2, ("image",))
    assert shared.mac_count == 2 * (2 * 8 * 8 * 3 * 27)


def test_functional_operations_are_layers_of_their_meaning(in_keras: Findings) -> None:
    network = in_keras.networks["shared"]
    kinds = {layer.path: layer.kind for layer in network.layers if layer.is_operation}
    assert kinds == {
        "relu": LayerKind.ACTIVATION,
        "add": LayerKind.ADD,
        "multiply": LayerKind.RESCALE,
        "mean": LayerKind.GLOBAL_POOLING,
    }
    assert _layer(network, "add").inputs == ("relu", "shared")


def test_a_depthwise_convolution_has_a_group_for_every_input_channel(in_keras: Findings) -> None:
    depthwise = _layer(in_keras.networks["kinds"], "depthwise")
    assert depthwise.kind is LayerKind.CONVOLUTION
    assert (depthwise.value(names.GROUPS), depthwise.value(names.OUT_CHANNELS)) == (4, 8)
    assert depthwise.mac_count == 2 * 15 * 19 * 8 * 9


def test_macs_of_separable_and_transposed_convolutions(in_keras: Findings) -> None:
    network = in_keras.networks["kinds"]
    assert _layer(network, "separable").mac_count == 2 * 15 * 19 * (8 * 9 + 8 * 6)
    assert _layer(network, "transposed").mac_count == 2 * 15 * 19 * 6 * 5 * 4


def test_paddings_dropouts_and_activations_read_as_in_pytorch(in_keras: Findings) -> None:
    network = in_keras.networks["kinds"]
    assert _layer(network, "pad").value(names.PADDING) == (0, 1, 2, 3)
    assert _layer(network, "drop").value(names.NOISE_SHAPE) == "sample"
    assert _layer(network, "hard_silu").value(names.ACTIVATION) == "hard_silu"
    assert _layer(network, "nothing").kind is LayerKind.IDENTITY
    relu6 = _layer(network, "relu6")
    assert (relu6.value(names.ACTIVATION), relu6.value(names.MAX_VALUE)) == ("relu", 6.0)


def test_functions_read_as_layers_of_the_same_meaning(in_keras: Findings) -> None:
    network = in_keras.networks["functions"]
    first, last = (layer for layer in network.layers if layer.kind is LayerKind.PADDING)
    assert (first.value(names.PADDING), first.value(names.PADDING_MODE)) == ((1, 2, 3, 4), "zeros")
    assert last.attribute(names.PADDING) is None  # channels are padded, too: no layer can say that
    slopes = [layer.value(names.NEGATIVE_SLOPE) for layer in network.layers if layer.kind is LayerKind.ACTIVATION]
    assert slopes == [0.3, 0.2]


def test_a_transposed_convolution_leaves_out_what_tensorflow_would_pad(in_keras: Findings) -> None:
    same = _layer(in_keras.networks["functions"], "transposed")
    assert same.value(names.PADDING) == (0, 1, 0, 1)
    valid = _layer(in_keras.networks["kinds"], "transposed")
    assert valid.value(names.PADDING) == (0, 0, 0, 0)


def test_attention_counts_its_projections_and_owns_its_weights(in_keras: Findings) -> None:
    network = in_keras.networks["transformer"]
    assert _layer(network, "attention").mac_count == 4 * (2 * 4 * 8 * 6) + 2 * (2 * 4 * 4 * 6)
    assert {tensor.layer for tensor in network.tensors} == {"attention", "norm"}


def test_tensors_are_told_apart_by_purpose(in_keras: Findings) -> None:
    purposes = {
        tensor.name: tensor.purpose
        for name in ("nested", "shared", "kinds")
        for tensor in in_keras.networks[name].tensors
    }
    assert purposes["head/kernel"] is TensorPurpose.LEARNABLE
    assert purposes["frozen/kernel"] is TensorPurpose.FROZEN
    assert purposes["block/batch_normalization/moving_mean"] is TensorPurpose.MOVING_STATISTIC
    assert purposes["drop/seed_generator_state"] is TensorPurpose.OTHER_BUFFER


def test_the_framework_counts_statistics_but_no_seeds(in_keras: Findings) -> None:
    for network in in_keras.networks.values():
        counted = sum(tensor.value_count for tensor in network.tensors if tensor.is_counted_by_framework)
        assert counted == network.framework_parameter_count


def test_code_is_followed_and_its_layers_are_as_in_evaluation(in_keras: Findings) -> None:
    network = in_keras.networks["subclassed"]
    assert (network.reading, network.notes, network.input_origin) == ("traced call", (), InputOrigin.STATED)
    assert [layer.path for layer in network.layers] == [
        *("image", "block", "block/same", "block/same_1", "block/matmul", "block/add", "dense", "idle", "noise"),
    ]
    assert {layer.path: layer.call_count for layer in network.layers if layer.call_count != 1} == {
        **dict.fromkeys(("block", "block/same", "block/same_1", "block/matmul", "block/add"), 2),
        **dict.fromkeys(("idle", "noise"), 0),
    }


def test_products_with_weights_of_ones_own_are_counted(in_keras: Findings) -> None:
    product = _layer(in_keras.networks["subclassed"], "block/matmul")
    assert (product.kind, product.mac_count) == (LayerKind.MATRIX_PRODUCT, 2 * (2 * 4 * 4) * 3 * 3)
    assert _layer(in_keras.networks["subclassed"], "block/add").kind is LayerKind.ADD


def test_weights_belong_to_the_layer_that_holds_them(in_keras: Findings) -> None:
    owners = {tensor.name: tensor.layer for tensor in in_keras.networks["subclassed"].tensors}
    assert {name: owner for name, owner in owners.items() if "kernel" in name or "scale" in name} == {
        "block/same/kernel": "block/same",
        "block/same_1/kernel": "block/same_1",
        "block/scale": "block",
        "dense/kernel": "dense",
        "idle/kernel": "idle",
    }


def test_code_inside_a_graph_is_followed_as_well(in_keras: Findings) -> None:
    network = in_keras.networks["nested code"]
    assert (network.reading, network.notes) == ("functional graph", ())
    assert _layer(network, "subclassed").kind is LayerKind.CONTAINER
    assert _layer(network, "subclassed/block/same").parent == "subclassed/block"
    assert _layer(network, "subclassed/block/same").inputs == ("rows",)
    assert _layer(network, "head").inputs == ("subclassed/dense",)


def test_code_that_cannot_be_followed_is_named_and_its_layers_are_listed_as_they_ran(in_keras: Findings) -> None:
    network = in_keras.networks["opaque"]
    assert network.reading == "list of layers"
    assert "opaque" in network.notes[0]
    assert "cannot be used as input to a TensorFlow function" in network.notes[0]
    assert [(layer.path, layer.outputs[0].shape) for layer in network.layers] == [("first", (2, 4)), ("last", (2, 2))]
    assert _layer(network, "first").mac_count == 2 * 3 * 4
    assert network.outputs[0].shape == (2, 2)
    nested = in_keras.networks["nested opaque"]
    assert [layer.path for layer in nested.layers] == ["rows", "opaque", "opaque/first", "opaque/last", "head"]
    assert _layer(nested, "head").inputs == ("opaque/last",)
    assert "opaque" in nested.notes[0]


def test_a_model_that_does_not_run_says_why_and_lists_its_layers(in_keras: Findings) -> None:
    network = in_keras.networks["broken"]
    assert len(network.notes) == 1
    assert network.notes[0].startswith("The code of broken cannot be followed (RuntimeError: worn out): its layers are")
    assert [(layer.path, layer.call_count) for layer in network.layers] == [("first", 0)]
    assert network.tensors[0].layer == "first"


def test_layers_that_keras_makes_of_several_stay_one(in_keras: Findings) -> None:
    network = in_keras.networks["words"]
    assert {layer.path for layer in network.layers} >= {"words", "embedding", "each", "both"}
    assert not any("/" in layer.path for layer in network.layers)
    assert network.inputs[0] == TensorSpec(shape=(2, 6), dtype="int32")
    assert network.outputs[0].shape == (2, 4)


def test_a_length_that_nothing_states_is_assumed(in_keras: Findings) -> None:
    network = in_keras.networks["words of any length"]
    assert (network.inputs[0].shape, network.input_origin) == ((2, 128), InputOrigin.ASSUMED)


def test_an_operation_may_move_the_batch(in_keras: Findings) -> None:
    network = in_keras.networks["windows"]
    assert _layer(network, "dense").outputs[0].shape == (2 * 4, 16, 3)
    assert network.outputs[0].shape == (2, 8, 8, 3)


def test_mobilenet_v2_has_its_known_layers_parameters_and_macs(in_keras: Findings) -> None:
    network = in_keras.networks["MobileNetV2"]
    counts: dict[str, int] = {}
    for layer in network.layers:
        counts[layer.type_name] = counts.get(layer.type_name, 0) + 1
    expected = {"Conv2D": 35, "BatchNormalization": 52, "DepthwiseConv2D": 17, "ReLU": 35, "ZeroPadding2D": 4}
    assert expected.items() <= counts.items()
    assert network.framework_parameter_count == 3_538_984
    assert sum(layer.mac_count for layer in network.layers) == 300_774_272
    assert sum(tensor.size_bytes for tensor in network.tensors) / 2**20 == pytest.approx(13.5001, abs=6e-5)
    assert _layer(network, "block_1_pad").value(names.PADDING) == (0, 1, 0, 1)


def test_names_begin_anew_with_every_model(in_keras: Findings) -> None:
    assert in_keras.networks["ConvNeXtTiny"].layers[0].path == "input_layer"
    assert in_keras.networks["MobileNetV2"].layers[0].path == "input_layer"


def test_problems_say_what_is_wrong(in_keras: Findings) -> None:
    problems = in_keras.problems
    assert "MobileNetV2" in problems["unknown"].advice
    assert problems["too small"].sentence == "InceptionV3 refuses an input of 40×40 pixels."
    assert "at least 75x75" in problems["too small"].detail
    assert problems["not prepared"].sentence == "No model is ready to be timed."


def test_every_call_path_can_be_timed(in_keras: Findings) -> None:
    runs = in_keras.runs
    assert runs["same_seed_same_weights"]
    assert runs["is_held"]
    assert set(runs["first_calls_s"]) == {"tf.function", "call", "predict"}
    assert min(runs["first_calls_s"].values()) > 0
    assert len(runs["durations_s"]) == 3
    assert len(runs["names"]) >= 38


def test_the_numbers_and_axes_of_operations_are_attributes(in_keras: Findings) -> None:
    network = in_keras.networks["arranged"]
    scaled = [layer for layer in network.layers if layer.kind is LayerKind.RESCALE]
    values = [(layer.value(names.FACTOR), layer.value(names.OFFSET)) for layer in scaled]
    assert values == [(2.0, 0.0), (1.0, -0.5), (0.25, 0.0)]
    assert _layer(network, "turned").value(names.PERMUTATION) == (0, 2, 1, 3)
    by_type = {layer.type_name: layer for layer in network.layers}
    assert by_type["Transpose"].value(names.PERMUTATION) == (0, 2, 1, 3)
    assert by_type["Concatenate"].value(names.AXIS) == 1
    assert (by_type["Max"].kind, by_type["Max"].value(names.POOLING)) == (LayerKind.GLOBAL_POOLING, "max")


def test_a_resize_says_what_tells_it_from_others_of_its_name(in_keras: Findings) -> None:
    resize = _layer(in_keras.networks["arranged"], "up")
    assert resize.value(names.INTERPOLATION) == "bicubic"
    assert (resize.value(names.ALIGN_CORNERS), resize.value(names.CUBIC_COEFFICIENT)) == (False, -0.5)


def test_a_subclass_that_normalises_by_the_batch_is_seen_through(in_keras: Findings) -> None:
    assert _layer(in_keras.networks["arranged"], "norm").value(names.BATCH_STATISTICS) is True
    assert _layer(in_keras.networks["nested"], "block/batch_normalization").value(names.BATCH_STATISTICS) is False
