"""Call paths and the time of single layers, in real PyTorch and Keras."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.frameworks.printed_json import printed_json

pytestmark = pytest.mark.real
FLOAT32 = 1e-5
"""Relative errors that rounding in another order makes."""


@pytest.fixture(scope="module")
def in_torch() -> dict[str, Any]:
    """What PyTorch's process found."""
    return printed_json("tests.frameworks.torch_timing")


@pytest.fixture(scope="module")
def in_keras() -> dict[str, Any]:
    """What Keras's process found."""
    return printed_json("tests.frameworks.keras_timing")


def times(found: dict[str, Any]) -> dict[tuple[str, int], float]:
    return {(layer, call): duration_s for layer, call, duration_s in found["layers"]}


def test_both_frameworks_get_the_same_numbers(in_torch: dict[str, Any], in_keras: dict[str, Any]) -> None:
    assert in_torch["inputs"] == in_keras["inputs"]
    assert len(set(in_torch["inputs"][0])) == 2 * 3 * 4 * 5


def test_a_built_model_runs_without_having_been_read(in_torch: dict[str, Any], in_keras: dict[str, Any]) -> None:
    for found, path in ((in_torch, "eager"), (in_keras, "call")):
        shape, norm = found[path]
        assert shape == [2, 10]
        assert norm > 0
        assert not found["is_loaded"]


def test_every_call_path_of_pytorch_computes_what_eager_computes(in_torch: dict[str, Any]) -> None:
    errors = in_torch["errors"]
    assert errors["channels_last"] < FLOAT32
    assert 1e-4 < errors["bfloat16"] < 0.05
    assert in_torch["is_eager_again"]


@pytest.mark.skipif(shutil.which("g++") is None, reason="there is no C++ compiler")
def test_a_compiled_model_computes_what_eager_computes_and_leaves_no_file(in_torch: dict[str, Any]) -> None:
    assert in_torch["errors"]["torch.compile"] < FLOAT32
    assert in_torch["left in the temporary folder"] == []
    assert in_torch["pt2 compile"] == []


def test_every_call_path_of_keras_computes_what_a_call_computes(in_keras: dict[str, Any]) -> None:
    assert set(in_keras["errors"]) == {"tf.function", "predict", "xla"}
    assert max(in_keras["errors"].values()) < FLOAT32


def test_functions_are_traced_once(in_torch: dict[str, Any], in_keras: dict[str, Any]) -> None:
    assert in_keras["traces"] == {"tf.function": 1, "predict": 1, "xla": 1}
    assert in_keras["traces of call"] is None
    assert in_torch["traces"] is None


def test_weights_are_turned_for_channels_last_alone(in_torch: dict[str, Any]) -> None:
    contiguous, turned = [27, 9, 3, 1], [27, 1, 9, 3]
    assert in_torch["strides"]["channels_last"] == [turned, contiguous]
    assert in_torch["strides"]["bfloat16"] == [contiguous, contiguous]


def test_the_module_with_the_work_takes_the_time(in_torch: dict[str, Any]) -> None:
    for found in (in_torch["layer times"], in_torch["layer times in channels_last"]):
        by_layer = times(found)
        assert max(by_layer, key=lambda key: by_layer[key]) == ("block.heavy", 0)
        assert {("shared", 0), ("shared", 1), ("block", 0), ("block.light", 0)} <= set(by_layer)


def test_the_layer_with_the_work_takes_the_time(in_keras: dict[str, Any]) -> None:
    by_layer = times(in_keras["layer times"])
    assert max(by_layer, key=lambda key: by_layer[key]) == ("heavy", 0)
    assert {("shared", 0), ("shared", 1), ("relu", 0), ("add", 0), ("head/dense", 0)} <= set(by_layer)


@pytest.mark.parametrize("framework", ["in_torch", "in_keras"])
def test_times_are_those_of_layers_that_are_read(framework: str, request: pytest.FixtureRequest) -> None:
    found: dict[str, Any] = request.getfixturevalue(framework)
    timing = found["layer times"]
    by_layer = times(timing)
    assert {layer for layer, _ in by_layer} <= set(found["layers"])
    assert all(duration_s >= 0 for duration_s in by_layer.values())
    assert timing["method"].startswith("eager passes")
    assert min(timing["plain_s"], timing["total_s"]) > 0


def test_a_saved_program_is_timed_call_by_call(in_torch: dict[str, Any]) -> None:
    by_layer = times(in_torch["pt2 layer times"])
    assert max(by_layer, key=lambda key: by_layer[key]) == ("block.heavy", 0)
    assert {("shared", 0), ("shared", 1), ("block.add", 0)} <= set(by_layer)
    assert {layer for layer, _ in by_layer} <= set(in_torch["pt2 layers"])


@pytest.mark.parametrize("form", ["pt2", "pt"])
def test_saved_models_run_by_every_path_that_does_not_compile(in_torch: dict[str, Any], form: str) -> None:
    errors = in_torch[f"{form} errors"]
    assert max(errors["eager"], errors["channels_last"]) < FLOAT32
    assert 1e-4 < errors["bfloat16"] < 0.05


def test_layers_that_only_code_calls_are_timed(in_keras: dict[str, Any]) -> None:
    of_code, around_code = times(in_keras["layer times of code"]), times(in_keras["layer times around code"])
    assert list(of_code) == [("first", 0), ("block", 0), ("block/inner", 0)]
    assert list(around_code) == [("block", 0), ("block/inner", 0), ("last", 0)]
    assert in_keras["layer times of code"]["method"] != in_keras["layer times around code"]["method"]
    assert {layer for layer, _ in of_code} <= set(in_keras["layers of code"])
    assert {layer for layer, _ in around_code} <= set(in_keras["layers around code"])


def test_timing_layers_leaves_the_model_as_it_was(in_torch: dict[str, Any], in_keras: dict[str, Any]) -> None:
    assert (in_torch["hooks left"], in_torch["hooks left where it broke off"]) == (0, 0)
    assert "five is too much" in in_torch["broken off"][0]
    assert in_keras["wrapped layers left"] == []
    assert in_keras["is_left_as_it_was"]


def test_inputs_of_an_embedding_are_whole_numbers(in_torch: dict[str, Any], in_keras: dict[str, Any]) -> None:
    assert in_torch["words"] == in_keras["words"] == [1, 3]


@pytest.mark.parametrize(
    ("case", "sentence", "advice"),
    [
        ("no image", "“channels_last” is a layout of images, and own:Words takes none.", "“eager”"),
        ("no such path", "PyTorch has no call path “xla”.", "“torch.compile”"),
        ("nothing prepared", "No model is ready to be timed.", "prepare"),
        ("huge", "own:Words ran out of memory by “eager” with a batch of", "smaller batch"),
        ("no compiler", "there is no C++ compiler: “no-such-compiler” is not found", "CXX"),
        ("pt compile", "TorchScript is compiled already", "“eager”"),
        ("pt layer times", "TorchScript runs its modules out of reach", "eager form"),
        ("no layers", "Its layers cannot be timed one by one", "eager form"),
        ("fixed batch", "skewed.pt2 takes a batch of 1 and cannot be run with one of 2", "open batch"),
    ],
)
def test_what_pytorch_cannot_do_is_one_sentence(
    in_torch: dict[str, Any], case: str, sentence: str, advice: str
) -> None:
    said, advised = in_torch[case]
    assert sentence in said
    assert advice in advised
    assert "\n" not in said


@pytest.mark.parametrize(
    ("case", "sentence", "advice"),
    [
        ("no such path", "Keras has no call path “eager”.", "“predict”"),
        ("nothing prepared", "No model is ready to be timed.", "prepare"),
        ("huge", "own:words ran out of memory by “call” with a batch of", "smaller batch"),
        ("not for XLA", "by “xla” (XLA cannot compile its operation EagerPyFunc).", "“call”"),
        ("decides by values", "own:Deciding cannot be run by “tf.function”", "“call”"),
        ("no layers", "The layers of own:Bare cannot be timed one by one", "layers of their own"),
    ],
)
def test_what_keras_cannot_do_is_one_sentence(in_keras: dict[str, Any], case: str, sentence: str, advice: str) -> None:
    said, advised = in_keras[case]
    assert sentence in said
    assert advice in advised
    assert "\n" not in said


def test_another_path_can_be_taken_after_one_that_failed(in_torch: dict[str, Any], in_keras: dict[str, Any]) -> None:
    assert in_torch["words again"] == [1, 3]
    assert in_torch["runs afterwards"] < FLOAT32
    assert in_keras["runs afterwards"] == [1, 4]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="rights are taken away by the kernel of Linux")
def test_without_rights_all_runs_but_a_compiler(in_torch: dict[str, Any], in_keras: dict[str, Any]) -> None:
    assert "may start no program" in in_torch["confined compile"][0]
    assert in_torch["confined eager"] == [1, 10]
    assert in_keras["confined"] == {path: [1, 10] for path in ("call", "tf.function", "predict", "xla")}
