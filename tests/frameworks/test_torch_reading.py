"""Small PyTorch models as read by the real framework."""

import pytest

from mbgui.domain import attribute_names as names
from mbgui.domain.network import Layer, LayerKind, Network, TensorPurpose
from tests.frameworks.conftest import Findings

pytestmark = pytest.mark.real


def _layer(network: Network, path: str) -> Layer:
    return next(layer for layer in network.layers if layer.path == path)


def _paths(network: Network) -> list[str]:
    return [layer.path for layer in network.layers]


def _meaning(layer: Layer) -> tuple[LayerKind, dict[str, object]]:
    return layer.kind, {attribute.name: attribute.value for attribute in layer.attributes}


def test_every_network_lists_containers_before_members_and_makers_before_readers(in_torch: Findings) -> None:
    for network in in_torch.networks.values():
        seen = {""}
        for layer in network.layers:
            assert layer.path not in seen
            assert layer.parent in seen
            seen.add(layer.path)
        assert {source for layer in network.layers for source in layer.inputs} <= seen


def test_functional_operations_stand_among_the_modules_in_execution_order(in_torch: Findings) -> None:
    network = in_torch.networks["residual"]
    assert network.reading == "torch.export"
    ran = [layer.path for layer in network.layers if layer.call_count and layer.path != "shortcut"]
    assert ran == ["first", "norm", "relu", "second", "add", "relu_1", "add_1", "cat", "mean"]
    assert [layer.path for layer in network.layers if layer.is_operation] == ["add", "relu_1", "add_1", "cat", "mean"]


def test_inputs_follow_the_values_through_modules_that_hand_them_on(in_torch: Findings) -> None:
    network = in_torch.networks["residual"]
    assert _layer(network, "add_1").inputs == ("relu_1", "relu")
    assert _layer(network, "cat").inputs == ("add_1", "relu")


def test_a_module_called_twice_is_listed_once_with_both_sources(in_torch: Findings) -> None:
    relu = _layer(in_torch.networks["residual"], "relu")
    assert (relu.call_count, relu.inputs) == (2, ("norm", "second"))


def test_idle_modules_appear_where_they_are_defined(in_torch: Findings) -> None:
    network = in_torch.networks["residual"]
    paths = _paths(network)
    assert paths.index("relu") < paths.index("unused") < paths.index("shortcut") < paths.index("second")
    assert _layer(network, "unused").call_count == 0
    assert _layer(network, "shortcut").kind is LayerKind.IDENTITY


def test_the_effective_padding_of_same_and_valid_is_read_at_the_size_at_hand(in_torch: Findings) -> None:
    network = in_torch.networks["residual"]
    assert _layer(network, "first").value(names.PADDING) == (0, 0, 0, 0)
    assert _layer(network, "second").value(names.PADDING) == (1, 1, 1, 1)


def test_momentum_is_the_weight_of_the_old_value_and_keeps_its_own_spelling(in_torch: Findings) -> None:
    momentum = _layer(in_torch.networks["residual"], "norm").attribute(names.MOMENTUM)
    assert momentum is not None
    assert (momentum.value, momentum.native) == (0.75, "momentum=0.25")


def test_macs_count_the_whole_batch_and_each_group_alone(in_torch: Findings) -> None:
    network = in_torch.networks["residual"]
    assert _layer(network, "first").mac_count == 2 * 4 * 4 * 4 * 27
    assert _layer(network, "second").mac_count == 2 * 4 * 4 * 4 * 9


def test_a_mean_over_the_image_is_global_pooling(in_torch: Findings) -> None:
    mean = _layer(in_torch.networks["residual"], "mean")
    assert (mean.kind, mean.value(names.POOLING)) == (LayerKind.GLOBAL_POOLING, "average")


def test_functions_and_modules_of_one_meaning_give_the_same_records(in_torch: Findings) -> None:
    network = in_torch.networks["pair"]
    modules = ["convolution", *(f"steps.{index}" for index in range(7)), "pool"]
    functions = ["conv2d", "relu6", "hardswish", "gelu", "max_pool2d", "avg_pool2d", "softmax", "silu", "mean"]
    for module, function in zip(modules, functions, strict=True):
        assert _meaning(_layer(network, module)) == _meaning(_layer(network, function)), function


def test_reading_after_an_in_place_operation_reads_its_result(in_torch: Findings) -> None:
    assert _layer(in_torch.networks["in_place"], "mul").inputs == ("relu",)


def test_tied_weights_are_stored_once_under_both_names(in_torch: Findings) -> None:
    network = in_torch.networks["tied"]
    weight = next(tensor for tensor in network.tensors if tensor.role == "weight")
    assert (weight.name, weight.aliases) == ("one.weight", ("two.weight",))
    assert network.framework_parameter_count == 64 + 8 + 8


def test_tensors_are_told_apart_by_purpose(in_torch: Findings) -> None:
    purposes = {
        tensor.name: tensor.purpose for name in ("tied", "residual") for tensor in in_torch.networks[name].tensors
    }
    assert purposes["two.bias"] is TensorPurpose.FROZEN
    assert purposes["one.bias"] is TensorPurpose.LEARNABLE
    assert purposes["ramp"] is TensorPurpose.OTHER_BUFFER
    assert purposes["norm.running_var"] is TensorPurpose.MOVING_STATISTIC
    assert purposes["norm.num_batches_tracked"] is TensorPurpose.COUNTER


def test_only_parameters_are_counted_by_the_framework(in_torch: Findings) -> None:
    for network in in_torch.networks.values():
        counted = sum(tensor.value_count for tensor in network.tensors if tensor.is_counted_by_framework)
        assert counted == network.framework_parameter_count


def test_attention_is_one_layer_with_its_projections(in_torch: Findings) -> None:
    network = in_torch.networks["attention"]
    attention = _layer(network, "attention")
    assert attention.kind is LayerKind.ATTENTION
    assert attention.mac_count == 4 * (4 * 64 * 64) + 2 * (4 * 4 * 64)
    assert {tensor.layer for tensor in network.tensors} == {"attention"}


def test_a_model_that_cannot_be_exported_is_read_by_hooks_and_says_so(in_torch: Findings) -> None:
    network = in_torch.networks["data_dependent"]
    assert network.reading == "module hooks"
    assert "functional operations" in network.notes[0]
    assert _paths(network) == ["features", "features.0", "features.1", "attention"]
    assert _layer(network, "features.1").inputs == ("features.0",)
    assert _layer(network, "attention").mac_count == 4 * (4 * 64 * 64) + 2 * (4 * 4 * 64)


def test_mobilenet_v2_has_its_known_layers_parameters_and_macs(in_torch: Findings) -> None:
    network = in_torch.networks["mobilenet_v2"]
    counts: dict[str, int] = {}
    for layer in network.layers:
        counts[layer.type_name] = counts.get(layer.type_name, 0) + 1
    expected = {"Conv2d": 52, "BatchNorm2d": 52, "ReLU6": 35, "add": 10, "adaptive_avg_pool2d": 1, "flatten": 1}
    assert expected.items() <= counts.items()
    assert network.framework_parameter_count == 3_504_872
    assert sum(layer.mac_count for layer in network.layers) == 300_774_272
    assert sum(tensor.size_bytes for tensor in network.tensors) / 2**20 == pytest.approx(13.5005, abs=5e-5)


def test_height_comes_before_width(in_torch: Findings) -> None:
    network = in_torch.networks["resnet18"]
    assert network.inputs[0].shape == (1, 3, 64, 96)
    assert _layer(network, "layer4").outputs[0].shape == (1, 512, 2, 3)


def test_googlenet_is_built_without_auxiliary_classifiers_as_it_is_published(in_torch: Findings) -> None:
    assert in_torch.networks["googlenet"].framework_parameter_count == 6_624_904


def test_problems_say_what_is_wrong(in_torch: Findings) -> None:
    problems = in_torch.problems
    assert "mobilenet_v2" in problems["unknown"].advice
    assert problems["too small"].sentence == "inception_v3 refuses an input of 32×32 pixels."
    assert "Expected 224" in problems["odd"].detail
    assert problems["not prepared"].sentence == "No model is ready to be timed."


def test_a_seed_fixes_the_weights_and_calls_are_timed(in_torch: Findings) -> None:
    runs = in_torch.runs
    assert runs["same_seed_same_weights"]
    assert runs["is_held"]
    assert runs["first_call_s"] > 0
    assert len(runs["durations_s"]) == 3
    assert min(runs["durations_s"]) > 0
    assert runs["versions"] == ["torch", "torchvision"]


def test_every_classification_model_can_be_named(in_torch: Findings) -> None:
    assert len(in_torch.runs["names"]) >= 80
    assert list(in_torch.runs["names"]) == sorted(in_torch.runs["names"])


def test_paddings_that_are_no_plain_number_are_the_effective_ones(in_torch: Findings) -> None:
    layers = {layer.type_name: layer for layer in in_torch.networks["padded"].layers}
    removed = (1, 0, 1, 0)  # the output padding takes back what is left out at the end
    assert layers["ConvTranspose2d"].value(names.PADDING) == removed
    assert layers["conv_transpose2d"].value(names.PADDING) == removed
    assert layers["conv2d"].value(names.PADDING) == (2, 2, 2, 2)
    assert layers["clamp"].value(names.ACTIVATION) == "relu"


def test_the_numbers_and_axes_of_operations_are_attributes(in_torch: Findings) -> None:
    network = in_torch.networks["arranged"]
    scaled, divided = _layer(network, "scaled"), _layer(network, "div")
    assert (scaled.kind, scaled.value(names.FACTOR), scaled.value(names.OFFSET)) == (LayerKind.RESCALE, 2.0, -0.5)
    assert (divided.kind, divided.value(names.FACTOR), divided.value(names.OFFSET)) == (LayerKind.RESCALE, 0.25, 0.0)
    assert _layer(network, "transpose").value(names.PERMUTATION) == (0, 1, 3, 2)
    assert _layer(network, "permute").value(names.PERMUTATION) == (0, 2, 3, 1)
    assert _layer(network, "amax").value(names.POOLING) == "max"


def test_a_resize_says_what_tells_it_from_others_of_its_name(in_torch: Findings) -> None:
    resize = _layer(in_torch.networks["arranged"], "up")
    assert resize.value(names.INTERPOLATION) == "bicubic"
    assert (resize.value(names.ALIGN_CORNERS), resize.value(names.CUBIC_COEFFICIENT)) == (True, -0.75)


def test_a_subclass_that_normalises_by_the_batch_is_seen_through(in_torch: Findings) -> None:
    assert _layer(in_torch.networks["arranged"], "norm").value(names.BATCH_STATISTICS) is True
    assert _layer(in_torch.networks["residual"], "norm").value(names.BATCH_STATISTICS) is False
