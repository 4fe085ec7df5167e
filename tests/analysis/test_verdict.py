"""The verdict says no more than the structure shows."""

from dataclasses import replace

from mbgui.analysis.structure import compare_structure
from mbgui.domain.comparison import Agreement
from tests.support.records import large_network, tiny_keras_network, tiny_torch_network


def test_settings_that_touch_inference_are_named() -> None:
    verdict = compare_structure(tiny_torch_network(), tiny_keras_network()).verdict
    assert verdict.agreement is Agreement.SAME_LAYERS
    assert verdict.headline == (
        "The same layers and learnable parameters; three differences touch inference: "
        "BatchNorm epsilon, padding, head activation."
    )
    assert "+32, +2.38 % of the left total" in " ".join(verdict.details)


def test_equal_networks_have_the_same_structure() -> None:
    verdict = compare_structure(tiny_torch_network(), tiny_torch_network()).verdict
    assert verdict.agreement is Agreement.SAME_STRUCTURE


def test_missing_layers_make_another_network() -> None:
    left = tiny_torch_network()
    right = replace(left, layers=tuple(found for found in left.layers if found.path != "features.1.add"))
    verdict = compare_structure(left, right).verdict
    assert verdict.agreement is Agreement.DIFFERENT
    assert "layer only on the left" in verdict.headline


def test_other_parameter_counts_make_another_network() -> None:
    left = large_network(20)
    verdict = compare_structure(left, replace(left, tensors=left.tensors[:-1])).verdict
    assert verdict.agreement is Agreement.DIFFERENT
    assert verdict.headline.endswith(" parameters.")


def test_what_could_not_be_read_is_said() -> None:
    left = replace(tiny_torch_network(), notes=("Read through module hooks.",))
    assert "Left: Read through module hooks." in compare_structure(left, tiny_keras_network()).verdict.details
