"""Keras models from code of one's own, with options, from files and with weights of files."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mbgui.analysis.accounting import account
from mbgui.domain.errors import ProblemKind
from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.network import LayerKind, Network
from tests.frameworks.conftest import ROOT, Findings
from tests.support.round_trips import lost_on_the_way

pytestmark = pytest.mark.real
_TIMEOUT_S = 900
"""Two cores that others use as well."""


def _printed_by(module: str, *arguments: str) -> bytes:
    command = [sys.executable, "-m", module, *arguments]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=_TIMEOUT_S, check=False)
    assert finished.returncode == 0, finished.stderr.decode()[-3000:]
    return finished.stdout


@pytest.fixture(scope="module")
def in_keras() -> Findings:
    """What Keras's process found in code, files and weights."""
    return msgspec.json.decode(_printed_by("tests.frameworks.keras_sources"), type=Findings)


@pytest.fixture(scope="module")
def confined(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process without rights could do."""
    found: dict[str, Any] = json.loads(
        _printed_by("tests.frameworks.keras_confined", str(tmp_path_factory.mktemp("saved")))
    )
    return found


def input_shapes(network: Network) -> list[tuple[int, ...]]:
    return [spec.shape for spec in network.inputs]


def output_shapes(network: Network) -> list[tuple[int, ...]]:
    return [spec.shape for spec in network.outputs]


@pytest.mark.parametrize(
    ("case", "shapes", "origin"),
    [
        ("plain", [(1, 224, 224, 3)], InputOrigin.STATED),
        ("options", [(1, 64, 64, 3)], InputOrigin.GIVEN),
        ("channels first", [(1, 40, 48, 1)], InputOrigin.GIVEN),
        ("gray", [(1, 28, 28, 1)], InputOrigin.GIVEN),
        ("gray narrow", [(1, 28, 28, 1)], InputOrigin.GIVEN),
        ("not square", [(1, 20, 30, 3)], InputOrigin.GIVEN),
        ("assumed", [(1, 224, 224, 3)], InputOrigin.ASSUMED),
        ("two", [(1, 32, 32, 3), (1, 10)], InputOrigin.GIVEN),
        ("words", [(1, 20)], InputOrigin.GIVEN),
        ("vector", [(1, 128)], InputOrigin.FIXED),
        ("vector given", [(1, 128)], InputOrigin.GIVEN),
        ("open sequence", [(1, 7)], InputOrigin.GIVEN),
        ("several", [(1, 10), (1, 24, 20, 3)], InputOrigin.GIVEN),
        ("bare", [(1, 6)], InputOrigin.GIVEN),
        ("MobileNet from h5", [(1, 64, 64, 3)], InputOrigin.FIXED),
    ],
)
def test_the_input_is_the_one_asked_for_or_the_one_stated(
    in_keras: Findings, case: str, shapes: list[tuple[int, ...]], origin: InputOrigin
) -> None:
    network = in_keras.networks[case]
    assert (input_shapes(network), network.input_origin) == (shapes, origin)


def test_inputs_go_by_the_names_of_the_model(in_keras: Findings) -> None:
    assert in_keras.networks["two"].input_names == ("image", "angle")
    assert in_keras.networks["several"].input_names == ("angle", "image")
    assert in_keras.networks["vector"].input_names == ("values",)


def test_what_an_embedding_reads_are_whole_numbers(in_keras: Findings) -> None:
    assert [spec.dtype for spec in in_keras.networks["words"].inputs] == ["int32"]


def test_options_change_what_is_built(in_keras: Findings) -> None:
    networks = in_keras.networks
    assert output_shapes(networks["options"]) == output_shapes(networks["classes"]) == [(1, 10)]
    assert networks["options"].framework_parameter_count < networks["plain"].framework_parameter_count / 5
    assert output_shapes(networks["no top"]) == [(1, 2, 2, 256)]
    assert output_shapes(networks["pooled"]) == [(1, 256)]
    assert networks["pooled"].layers[-1].type_name == "GlobalMaxPooling2D"
    rates = [layer.value("rate") for layer in networks["own argument"].layers if layer.kind is LayerKind.DROPOUT]
    assert rates == [0.4]
    assert "softmax" not in {layer.value("activation") for layer in networks["logits"].layers}


def test_the_options_of_a_model_are_listed_common_ones_first(in_keras: Findings) -> None:
    options = {option["name"]: option for option in in_keras.runs["options"]["MobileNetV2"]}
    common = ["alpha", "num_classes", "include_top", "pooling", "classifier_activation"]
    assert [name for name, option in options.items() if option["is_common"]] == common
    assert list(options)[: len(common)] == common
    assert options["num_classes"]["default"] == 1000
    assert options["pooling"]["choices"] == ["none", "avg", "max"]
    assert not {"weights", "input_tensor", "input_shape", "classes"} & set(options)
    assert "alpha" not in {option["name"] for option in in_keras.runs["options"]["ResNet50"]}


def test_every_model_of_the_zoo_states_its_size(in_keras: Findings) -> None:
    stated = in_keras.runs["stated"]
    assert len(stated) >= 38
    assert None not in stated.values()
    expected = {"EfficientNetB7": 600, "InceptionV3": 299, "NASNetLarge": 331, "MobileNetV3Small": 224, "VGG16": 224}
    assert {name: stated[name] for name in expected} == {name: [size, size] for name, size in expected.items()}


def test_code_is_followed_into_the_layers_of_ones_own(in_keras: Findings) -> None:
    network = in_keras.networks["gray"]
    assert network.reading == "traced call"
    assert [layer.path for layer in network.layers] == [
        *("image", "first", "relu"),
        *("block", "block/add", "block/norm", "block/dense", "block/add_1"),
        *("mean", "head"),
    ]
    found = {layer.path: layer for layer in network.layers}
    assert found["block"].kind is LayerKind.CONTAINER
    assert found["block/add"].kind is LayerKind.ADD
    assert found["block/add_1"].inputs == ("relu", "block/dense")
    assert found["mean"].inputs == ("block/add_1",)
    assert {tensor.name: tensor.layer for tensor in network.tensors}["block/shift"] == "block"


def test_every_counted_value_has_its_place(in_keras: Findings) -> None:
    for network in in_keras.networks.values():
        paths = {layer.path for layer in network.layers}
        counted = [tensor for tensor in network.tensors if tensor.is_counted_by_framework]
        assert sum(tensor.value_count for tensor in counted) == network.framework_parameter_count
        assert {tensor.layer for tensor in counted} <= paths


def test_a_bare_layer_is_a_model_of_one_layer(in_keras: Findings) -> None:
    network = in_keras.networks["bare"]
    assert (network.class_name, network.framework_parameter_count) == ("Dense", 35)
    assert output_shapes(network) == [(1, 5)]


def test_outputs_by_name_are_all_read(in_keras: Findings) -> None:
    assert output_shapes(in_keras.networks["several"]) == [(1, 14), (1, 4)]
    assert output_shapes(in_keras.networks["two"]) == [(1, 10), (1, 2)]


@pytest.mark.parametrize("name", ["MobileNet", "features"])
@pytest.mark.parametrize("form", ["odd", "h5"])
def test_a_saved_model_keeps_its_books(in_keras: Findings, name: str, form: str) -> None:
    original, opened = in_keras.networks[f"{name} as it is"], in_keras.networks[f"{name} from {form}"]
    assert list(lost_on_the_way(original, opened)) == []
    values = [
        [found.statistics for found in one.tensors if found.is_counted_by_framework] for one in (original, opened)
    ]
    assert values[0] == values[1]
    assert Counter(layer.type_name for layer in opened.layers) == Counter(layer.type_name for layer in original.layers)


def test_a_model_of_keras_2_opens_whatever_it_was_compiled_with(in_keras: Findings) -> None:
    network = in_keras.networks["old"]
    assert [(layer.path, layer.type_name) for layer in network.layers] == [
        ("values", "InputLayer"),
        ("dense_1", "Dense"),
    ]
    assert {tensor.name: tensor.statistics.mean for tensor in network.tensors} == {
        "dense_1/kernel": 0.25,
        "dense_1/bias": -1.0,
    }
    assert account(network).size_bytes == 18 * 4


@pytest.mark.parametrize(
    "file",
    [
        *("plain.weights.h5", "whole.h5", "whole.keras", "paths.npz", "order.npz", "names.safetensors"),
        *("old_weights.h5", "old_order.h5"),
    ],
)
def test_weights_of_every_format_replace_all_values(in_keras: Findings, file: str) -> None:
    network = in_keras.networks[f"weights {file}"]
    counted = [tensor for tensor in network.tensors if tensor.is_counted_by_framework]
    assert {(tensor.statistics.minimum, tensor.statistics.maximum) for tensor in counted} == {(0.25, 0.25)}
    assert output_shapes(network) == [(1, 19)]


def test_tensors_without_names_are_taken_in_order_and_that_is_said(in_keras: Findings) -> None:
    assert "in the order of get_weights()" in in_keras.networks["weights order.npz"].notes[0]
    assert in_keras.networks["weights paths.npz"].notes == ()


def test_prefixes_are_stripped_and_parts_are_loaded_where_asked_for(in_keras: Findings) -> None:
    for case in ("weights stripped", "weights in part"):
        network = in_keras.networks[case]
        assert {tensor.statistics.mean for tensor in network.tensors if tensor.is_counted_by_framework} == {0.25}
    assert "1 in it are not used" in in_keras.networks["weights in part"].notes[0]


def test_weights_attach_to_code_of_ones_own(in_keras: Findings) -> None:
    network = in_keras.networks["weights of own code"]
    assert {tensor.statistics.mean for tensor in network.tensors if tensor.is_counted_by_framework} == {0.5}


def test_layers_compute_their_constants_anew_from_new_weights(in_keras: Findings) -> None:
    assert in_keras.runs["scaled"] == pytest.approx((3 - 1) / 2)


def test_pretrained_weights_come_from_keras_own_folder(in_keras: Findings) -> None:
    network = in_keras.networks["imagenet"]
    assert {tensor.statistics.mean for tensor in network.tensors if tensor.is_counted_by_framework} == {0.125}


@pytest.mark.parametrize(
    ("case", "sentence", "advice"),
    [
        ("unknown option", "has no option “alhpa”", "alpha"),
        ("no width", "The option alpha cannot be “-1”.", "above 0"),
        ("bad pooling", "The option pooling cannot be “median”.", "none, avg, max"),
        (
            "bad activation",
            "Could not interpret activation function identifier: foo.",
            "mbgui models keras:MobileNetV2",
        ),
        ("too small", "MobileNetV2 refuses an input of 28×28×1: it takes at least 32×32 pixels.", ""),
        ("other size", "refuses an input of 64: it takes 128.", "Leave the input size out"),
        ("which inputs", "is called with 2 inputs: image, angle.", "--input image=SIZE,angle=SIZE"),
        ("wrong name", "has no input called “angel”; it takes angle 10, image any×any×3.", "image=SIZE"),
        ("unnamed", "has no input without a name", "angle=SIZE,image=SIZE"),
        ("imagenet width", "alpha must be one of", "mbgui models keras:MobileNetV2"),
        ("imagenet classes", "have a head of 1000 classes, not 19.", "include_top=false"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_sentence(in_keras: Findings, case: str, sentence: str, advice: str) -> None:
    problem = in_keras.problems[case]
    assert sentence in problem.sentence
    assert advice in problem.advice
    assert problem.kind is ProblemKind.WRONG_USE
    assert "\n" not in problem.sentence


@pytest.mark.parametrize(
    ("case", "sentence", "advice"),
    [
        ("no model", "returned an object of type builtins.int", "keras.Model"),
        ("imagenet", "could not be downloaded", "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5 into"),
        ("imagenet without top", "could not be downloaded", "kernels_1.0_224_no_top.h5 into"),
        (
            "other head",
            "plain.weights.h5 has a head of 19 classes, MobileNet (alpha=0.25) one of 1000",
            "num_classes=19@",
        ),
        ("other head of Keras 2", "old_weights.h5 has a head of 19 classes", "num_classes=19@"),
        ("prefix", "The names in prefixed.npz begin with “model/”", "strip=model/"),
        ("other model", "None of the 4 tensors in perceptron.weights.h5", "Choose the architecture"),
        ("unexpected", "1 tensor is unexpected", ""),
        ("of PyTorch", "torch.npz has PyTorch's names", "torchvision:NAME@FILE"),
        ("lambda", "secret", "module:callable"),
        ("own class", "Gray", "module:callable"),
        ("weights only", "holds weights only", "@plain.weights.h5"),
        ("cut off", "cut.keras", ""),
        ("not there", "none.weights.h5 does not exist", ""),
        ("decides by values", "Deciding cannot be run by “tf.function”", "“call”"),
        ("predict of two", "“predict” hands over one argument", "tf.function"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_sentence(in_keras: Findings, case: str, sentence: str, advice: str) -> None:
    problem = in_keras.problems[case]
    assert sentence in problem.sentence
    assert advice in problem.advice
    assert "\n" not in problem.sentence


def test_the_detail_names_the_layer_beside_the_path_in_the_file(in_keras: Findings) -> None:
    assert "/vars/0: (1, 1, 256, 19) in the file" in in_keras.problems["other head"].detail
    assert "[conv_preds/kernel]" in in_keras.problems["other head"].detail


def test_ways_out_are_ready_to_be_taken(in_keras: Findings) -> None:
    remedies = {case: in_keras.problems[case].remedies for case in ("other head", "prefix", "unexpected")}
    assert "num_classes=19@" in remedies["other head"][0].reference
    assert remedies["prefix"][0].reference.endswith("?strip=model/")
    assert remedies["unexpected"][0].reference.endswith("?partial=true")


def test_only_models_of_the_zoo_are_held(in_keras: Findings) -> None:
    runs = in_keras.runs
    assert (runs["is_zoo_held"], runs["is_own_read_anew"], runs["is_file_read_anew"]) == (True, True, True)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="rights are taken away by the kernel of Linux")
def test_files_are_read_and_run_by_a_process_without_rights(confined: dict[str, Any]) -> None:
    assert confined["counts"] == dict.fromkeys(("c.weights.h5", "a.keras", "b.h5"), 475_544)
    assert confined["times"] == 3
    assert confined["is_refused"]
