"""PyTorch models run call by call: the same numbers as the model itself gives, and nothing of it changed."""

from typing import Any

import pytest

from tests.frameworks.conftest import Findings, _findings

pytestmark = pytest.mark.real

MODELS = ("residual", "in place", "pair", "padded", "shared", "fresh statistics", "mobilenet")
SETTINGS = (
    "padding",
    "cropping",
    "no bias",
    "padding in place of a word",
    "strides",
    "dilation",
    "max pool padding",
    "max pool kernel",
    "max pool strides",
    "average for max",
    "max for average",
    "average not counting",
    "average padding",
    "average padding not counting",
    "global max",
    "interpolation",
    "epsilon",
    "batch statistics",
    "epsilon of rows",
    "activation",
    "activation parameters",
    "slope",
    "no activation",
    "after",
    "softmax after",
    "skip",
    "factor and offset",
    "reads",
)


@pytest.fixture(scope="module")
def runs() -> dict[str, Any]:
    """What PyTorch's process found."""
    found: Findings = _findings("tests.frameworks.torch_stepping")
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
    assert all(0 < gap < 1e-6 for gap in found["rounding"])
    assert found["wide_gap"] < 1e-14


@pytest.mark.parametrize("name", MODELS)
def test_nothing_of_the_model_changes(runs: dict[str, Any], name: str) -> None:
    assert runs["models"][name]["is_untouched"]


@pytest.mark.parametrize("name", MODELS)
def test_probes_that_run_at_once_do_not_mix(runs: dict[str, Any], name: str) -> None:
    assert runs["models"][name]["lane_gap"] == 0


def test_a_shared_module_is_a_call_each_time(runs: dict[str, Any]) -> None:
    assert runs["models"]["shared"]["calls"] == 3 * 4


def test_what_an_activation_in_place_writes_over_is_kept(runs: dict[str, Any]) -> None:
    assert runs["before the activation"] == 0


def test_a_set_tensor_counts_in_its_run_only(runs: dict[str, Any]) -> None:
    found = runs["overrides"]
    assert found["gap"] == 0
    assert found["effect"] > 0.1
    assert found["gap_afterwards"] == 0
    assert not found["is_stored"]


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_gives_what_a_plain_reference_computes(runs: dict[str, Any], name: str) -> None:
    gap, effect = runs["settings"][name]
    assert gap == 0
    assert effect > 0.1


def test_every_setting_that_was_tried_is_looked_at(runs: dict[str, Any]) -> None:
    assert set(runs["settings"]) == set(SETTINGS)


def test_what_is_not_there_is_a_key_error_with_its_name(runs: dict[str, Any]) -> None:
    assert runs["refusals"] == {"tensor": "nothing.weight", "between": "#0", "activation": "no such function"}


def test_a_flattened_map_leaves_and_enters_in_the_order_of_channels_last(runs: dict[str, Any]) -> None:
    assert runs["flattened"] == [0, 0]


def test_a_model_beside_itself_has_no_error_of_either_kind(runs: dict[str, Any]) -> None:
    assert len(runs["session"]["same"]) == len(runs["session"]["calls"])
    assert {tuple(errors) for errors in runs["session"]["same"]} == {(0.0, 0.0)}


def test_other_weights_show_in_isolation_at_their_layer_alone_and_propagated_behind_it(runs: dict[str, Any]) -> None:
    found = runs["session"]
    assert found["guilty"] == ["second"]
    assert found["victims"] == found["calls"][found["calls"].index("second") :]


def test_only_calibration_lets_the_outputs_of_a_fading_stack_depend_on_the_input(runs: dict[str, Any]) -> None:
    found = runs["calibration"]
    for power in ("between_inputs", "one_pixel_shift"):
        before, after = found[power]
        assert before < 1e-4
        assert after > 0.05


def test_calibration_sets_moving_statistics_for_the_runs_and_leaves_the_model(runs: dict[str, Any]) -> None:
    found = runs["calibration"]
    assert sum("running_" in name for name in found["names"]) == 24
    assert found["are_set"]
    assert found["is_untouched"]
