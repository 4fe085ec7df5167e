"""Keras models run call by call: the same numbers as the model itself gives, and nothing of it changed."""

from typing import Any

import pytest

from tests.frameworks.conftest import Findings, _findings

pytestmark = pytest.mark.real

MODELS = ("nested", "shared", "kinds", "functions", "transformer", "subclassed", "nested code", "windows", "zoo")
SETTINGS = (
    "padding",
    "cropping",
    "no bias",
    "max pool padding",
    "strides",
    "dilation",
    "epsilon",
    "batch statistics",
    "fused activation",
    "no fused activation",
    "activation layer",
    "slope",
    "bound",
    "after",
    "skip",
    "reads",
)


@pytest.fixture(scope="module")
def runs() -> dict[str, Any]:
    """What Keras's process found."""
    found: Findings = _findings("tests.frameworks.keras_stepping")
    return found.runs


@pytest.mark.parametrize("name", MODELS)
def test_the_output_is_bit_by_bit_that_of_the_live_model(runs: dict[str, Any], name: str) -> None:
    assert runs["models"][name]["output_gap"] == 0


@pytest.mark.parametrize("name", MODELS)
def test_a_call_alone_gives_what_it_gives_in_the_run(runs: dict[str, Any], name: str) -> None:
    assert runs["models"][name]["calls"] > 1
    assert runs["models"][name]["unlike_between"] == []


@pytest.mark.parametrize("name", MODELS)
def test_in_float64_everything_is_and_only_rounding_changes(runs: dict[str, Any], name: str) -> None:
    found = runs["models"][name]
    assert found["wide_formats"] == ["float64"]
    assert all(0 < gap < 5e-6 for gap in found["rounding"])


@pytest.mark.parametrize("name", MODELS)
def test_variables_and_number_formats_are_as_they_were(runs: dict[str, Any], name: str) -> None:
    assert runs["models"][name]["is_untouched"]


@pytest.mark.parametrize("name", MODELS)
def test_probes_that_run_at_once_do_not_mix(runs: dict[str, Any], name: str) -> None:
    assert runs["models"][name]["lane_gap"] == 0


def test_batchnorm_called_in_training_mode_takes_the_batch_and_keeps_nothing_of_it(runs: dict[str, Any]) -> None:
    assert runs["training"]["gap"] < 1e-5
    assert runs["training"]["is_untouched"]


def test_a_layer_with_a_number_format_of_its_own_keeps_it_in_float64(runs: dict[str, Any]) -> None:
    found = runs["mixed"]
    assert found["formats"] == {"wide": "float64", "half": "float16", "end": "float64"}
    assert found["policies"]["half"] == "mixed_float16"
    assert found["policies"]["wide"] == found["policies"]["end"] == "float32"
    assert found["live_gap"] == 0


def test_a_product_in_float64_is_exact_to_its_rounding(runs: dict[str, Any]) -> None:
    assert runs["dense"] < 1e-15


def test_a_set_tensor_counts_in_its_run_only(runs: dict[str, Any]) -> None:
    found = runs["overrides"]
    assert found["gap"] == 0
    assert found["effect"] > 0.1
    assert found["kept_gap"] == 0


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_gives_what_a_plain_reference_computes(runs: dict[str, Any], name: str) -> None:
    gap, effect = runs["settings"][name]
    assert gap < 1e-6
    assert effect > 0.1


def test_every_setting_that_was_tried_is_looked_at(runs: dict[str, Any]) -> None:
    assert set(runs["settings"]) == set(SETTINGS)


def test_a_layer_is_as_it_was_after_its_settings_also_where_they_fail(runs: dict[str, Any]) -> None:
    assert runs["layer afterwards"] == {"after success": True, "after failure": True}


@pytest.mark.parametrize(
    ("tried", "name"),
    [
        ("tensor", "nothing/kernel"),
        ("between", "#0"),
        ("activation", "no such function"),
        ("average", "padding"),
        ("attribute", "epsilon"),
        ("pooling", "pooling"),
    ],
)
def test_what_cannot_be_is_a_key_error_not_a_run_without_it(runs: dict[str, Any], tried: str, name: str) -> None:
    assert runs["refusals"][tried] == name


def test_flattened_maps_leave_in_one_order_whatever_was_permuted_before(runs: dict[str, Any]) -> None:
    assert runs["flattened"] == [0, 0]
