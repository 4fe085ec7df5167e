"""PyTorch models from code of one's own, with options, from files and with weights of files."""

from collections import Counter

import pytest

from mbgui.analysis.accounting import account
from mbgui.domain.accounting import NetworkAccounting
from mbgui.domain.errors import ProblemKind
from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.network import LayerKind, Network
from tests.frameworks.conftest import Findings

FORMS = ("pt2", "traced.pt", "scripted.jit")


def input_shapes(network: Network) -> list[tuple[int, ...]]:
    return [spec.shape for spec in network.inputs]


def output_shapes(network: Network) -> list[tuple[int, ...]]:
    return [spec.shape for spec in network.outputs]


def books(network: Network) -> NetworkAccounting:
    return account(network)


@pytest.mark.parametrize(
    ("case", "shapes", "origin"),
    [
        ("plain", [(1, 3, 224, 224)], InputOrigin.STATED),
        ("stated", [(1, 3, 299, 299)], InputOrigin.STATED),
        ("alpha", [(1, 3, 64, 64)], InputOrigin.GIVEN),
        ("gray", [(1, 1, 28, 28)], InputOrigin.GIVEN),
        ("gray last", [(1, 1, 28, 28)], InputOrigin.GIVEN),
        ("gray square", [(1, 1, 28, 28)], InputOrigin.GIVEN),
        ("not square", [(1, 1, 20, 30)], InputOrigin.GIVEN),
        ("two", [(1, 3, 32, 32), (1, 10)], InputOrigin.GIVEN),
        ("words", [(1, 20)], InputOrigin.GIVEN),
        ("steps", [(1, 12, 6)], InputOrigin.GIVEN),
        ("vector", [(1, 128)], InputOrigin.FIXED),
        ("vector given", [(1, 128)], InputOrigin.GIVEN),
    ],
)
def test_the_input_is_the_one_asked_for_or_the_one_stated(
    in_torch_sources: Findings, case: str, shapes: list[tuple[int, ...]], origin: InputOrigin
) -> None:
    network = in_torch_sources.networks[case]
    assert (input_shapes(network), network.input_origin) == (shapes, origin)


def test_inputs_go_by_the_names_of_the_forward_pass(in_torch_sources: Findings) -> None:
    network = in_torch_sources.networks["two"]
    assert network.input_names == ("image", "angle")
    assert output_shapes(network) == [(1, 2), (1, 10)]
    assert [spec.dtype for spec in in_torch_sources.networks["words"].inputs] == ["int64"]


def test_options_change_what_is_built(in_torch_sources: Findings) -> None:
    found = in_torch_sources.networks
    assert found["plain"].framework_parameter_count == 3_504_872
    assert found["alpha"].framework_parameter_count == 700_490
    assert output_shapes(found["alpha"]) == [(1, 10)]
    assert output_shapes(found["no top"]) == [(1, 512, 2, 2)]
    assert output_shapes(found["pooled"]) == [(1, 1024)]
    assert output_shapes(found["softmax"]) == [(1, 1000)]
    assert found["gray last"].framework_parameter_count == 4 * 9 + 4 + 2 * 4 + 4 * 10 + 10
    rates = [layer.value("rate") for layer in found["own argument"].layers if layer.kind is LayerKind.DROPOUT]
    assert rates == [0.4]


def test_a_top_that_is_left_out_leaves_the_names_of_the_rest(in_torch_sources: Findings) -> None:
    names = {tensor.name for tensor in in_torch_sources.networks["no top"].tensors}
    assert "layer4.1.conv2.weight" in names
    assert not any(name.startswith("fc") for name in names)
    pooled = [layer.type_name for layer in in_torch_sources.networks["pooled"].layers if not layer.parent]
    assert pooled == ["Sequential", "ReLU", "AdaptiveMaxPool2d", "Flatten"]


def test_softmax_is_added_without_another_name_for_any_tensor(in_torch_sources: Findings) -> None:
    network = in_torch_sources.networks["softmax"]
    assert (network.layers[-1].type_name, network.class_name) == ("Softmax", "SqueezeNet")
    assert network.tensors[0].name == "features.0.weight"


@pytest.mark.parametrize(
    ("name", "form"), [("attending", "pt2"), *((name, form) for name in ("mobilenet_v2", "gray") for form in FORMS)]
)
def test_every_format_gives_the_same_books(in_torch_sources: Findings, name: str, form: str) -> None:
    original = in_torch_sources.networks[f"{name} as it is"]
    saved = in_torch_sources.networks[f"{name} from {form}"]
    assert saved.notes == ()
    assert saved.class_name == original.class_name
    assert books(saved) == books(original)
    assert saved.tensors == original.tensors
    assert Counter(layer.kind for layer in saved.layers) == Counter(layer.kind for layer in original.layers)


@pytest.mark.parametrize("form", FORMS)
def test_layers_of_a_file_keep_paths_and_attributes(in_torch_sources: Findings, form: str) -> None:
    original = {layer.path: layer for layer in in_torch_sources.networks["mobilenet_v2 as it is"].layers}
    for layer in in_torch_sources.networks[f"mobilenet_v2 from {form}"].layers:
        known = original[layer.path]
        assert (layer.type_name, layer.inputs, layer.mac_count) == (known.type_name, known.inputs, known.mac_count)
        compared = {"kernel_size", "strides", "padding", "groups", "epsilon", "momentum", "rate"}
        values = {found.name: found.value for found in layer.attributes if found.name in compared}
        assert values == {found.name: found.value for found in known.attributes if found.name in compared}


def test_a_program_with_open_sizes_is_read_at_those_asked_for(in_torch_sources: Findings) -> None:
    exported, given = in_torch_sources.networks["open pt2"], in_torch_sources.networks["open pt2 at 20"]
    assert input_shapes(exported) == [(1, 1, 28, 28)]
    assert input_shapes(given) == [(1, 1, 20, 20)]
    ratio = given.layers[0].mac_count / exported.layers[0].mac_count
    assert ratio == pytest.approx((18 / 26) ** 2)


@pytest.mark.parametrize("file", ["plain.pth", "legacy.pth", "checkpoint.pt", "arrays.npz", "plain.safetensors"])
def test_weights_of_every_format_arrive(in_torch_sources: Findings, file: str) -> None:
    network = in_torch_sources.networks[f"weights {file}"]
    assert {(tensor.statistics.mean, tensor.statistics.std) for tensor in network.tensors} == {(0.25, 0.0)}
    assert network.notes == ()


@pytest.mark.parametrize(
    ("file", "notes"),
    [
        ("example.pth.tar", ()),
        ("run_12:00:00.pth", ()),
        ("swa.pth?strip=module.", ()),
        ("wrapped.pth?strip=1.", ()),
        (
            "averaged.pth",
            ("The weights are those under “model” in averaged.pth; those under “model_ema” are not used.",),
        ),
    ],
)
def test_checkpoints_of_training_scripts_give_the_models_weights(
    in_torch_sources: Findings, file: str, notes: tuple[str, ...]
) -> None:
    network = in_torch_sources.networks[f"weights {file}"]
    assert {(tensor.statistics.mean, tensor.statistics.std) for tensor in network.tensors} == {(0.25, 0.0)}
    assert network.notes == notes


def test_a_prefix_can_be_stripped_and_a_part_be_loaded(in_torch_sources: Findings) -> None:
    stripped, part = in_torch_sources.networks["weights stripped"], in_torch_sources.networks["weights in part"]
    assert {tensor.statistics.mean for tensor in (*stripped.tensors, *part.tensors)} == {0.25}
    assert part.notes == ("Weights in part: 0 of the model's tensors are not in more.pth, 1 in it are not used.",)


def test_weights_go_to_code_of_ones_own_as_well(in_torch_sources: Findings) -> None:
    assert in_torch_sources.networks["weights of own code"].source.title == "own:Gray (gray.pth)"


def test_pretrained_weights_are_read_from_the_cache_without_being_unpickled(in_torch_sources: Findings) -> None:
    network = in_torch_sources.networks["imagenet"]
    assert {tensor.statistics.mean for tensor in network.tensors} == {0.125}


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("vit top", "The classifier of vit_b_16 cannot be left out: its features are no map of an image."),
        ("unknown option", "torchvision:resnet18 has no option “alhpa”."),
        ("no width", "The option alpha cannot be “-1”."),
        ("bad pooling", "The option pooling cannot be “median”."),
        ("one channel", "mobilenet_v2 refuses an input of size 1×28×28."),
        ("which inputs", "Two takes 2 inputs: image, angle."),
        ("unnamed inputs", "Two takes 2 inputs: image, angle."),
        ("wrong name", "Two has no input called “angel”; its inputs are image, angle."),
        ("other size", "MobileNetV2 was exported for the input x 3×224×224, not for 32."),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(in_torch_sources: Findings, case: str, sentence: str) -> None:
    problem = in_torch_sources.problems[case]
    assert (problem.sentence, problem.kind) == (sentence, ProblemKind.WRONG_USE)
    assert problem.advice


@pytest.mark.parametrize(
    ("case", "parts"),
    [
        ("bad argument", ("torchvision:mobilenet_v2?dropout=7 cannot be built", "dropout probability")),
        ("no model", ("own:number returned an object of type builtins.int",)),
        ("other head", ("plain.pth has a head of 19 classes, squeezenet1_1 one of 1000",)),
        ("prefix", ("The names in prefixed.pth begin with “module.”",)),
        ("other model", ("None of the 122 tensors in resnet.pth",)),
        ("unexpected", ("more.pth does not fit", "1 tensor is unexpected")),
        ("pickled module", ("pickled.pt", "torchvision.models.squeezenet.SqueezeNet")),
        ("pickled module as weights", ("pickled.pt", "torchvision.models.squeezenet.SqueezeNet")),
        ("weights only", ("plain.pth holds weights only (52 tensors)",)),
        ("cut off", ("cut.pth",)),
        ("not there", ("none.pth",)),
        ("whole model as weights", ("mobilenet_v2.pt2 holds a whole model: PyTorch exported program",)),
        ("imagenet", ("ImageNet weights of mobilenet_v2 could not be downloaded",)),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(in_torch_sources: Findings, case: str, parts: tuple[str, ...]) -> None:
    problem = in_torch_sources.problems[case]
    for part in parts:
        assert part in problem.sentence
    assert problem.sentence.count("\n") == 0
    assert problem.advice


def test_another_head_of_a_convolution_is_named_too(in_torch_sources: Findings) -> None:
    (remedy,) = in_torch_sources.problems["other head"].remedies
    assert "num_classes=19" in remedy.reference


def test_missing_pretrained_weights_say_which_file_belongs_where(in_torch_sources: Findings) -> None:
    advice = in_torch_sources.problems["imagenet"].advice
    assert "mobilenet_v2-7ebf99e0.pth" in advice
    assert "hub/checkpoints" in advice


def test_options_are_listed_common_ones_first(in_torch_sources: Findings) -> None:
    options = in_torch_sources.runs["options"]
    named = {name: [option["name"] for option in found] for name, found in options.items()}
    assert named["mobilenet_v2"][:5] == ["alpha", "num_classes", "include_top", "pooling", "classifier_activation"]
    assert "dropout" in named["mobilenet_v2"]
    assert "alpha" not in named["resnet18"]
    assert "image_size" in named["vit_b_16"]


def test_every_model_of_the_zoo_states_its_input_size(in_torch_sources: Findings) -> None:
    stated = in_torch_sources.runs["stated"]
    assert len(stated) == 80
    assert all(stated.values())
    assert stated["efficientnet_b7"] == [600, 600]


def test_only_models_of_the_zoo_are_held(in_torch_sources: Findings) -> None:
    assert in_torch_sources.runs["is_zoo_held"]
    assert in_torch_sources.runs["is_own_read_anew"]
