"""Proofs with the real frameworks in real children, small inputs."""

from pathlib import Path

import pytest

from mbgui import api
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import Equivalence, EquivalenceVerdict, ErrorWord

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]  # sixteen runs of 150 layers; a busy machine is no fault

LEFT, RIGHT = "torchvision:mobilenet_v2", "keras:MobileNetV2"
CAUSES = (Cause.BATCHNORM_EPSILON, Cause.PADDING, Cause.HEAD_ACTIVATION)
LEAST = 1e-12
"""What is rounding in float64 at every layer."""


@pytest.fixture(scope="module")
def pair() -> Equivalence:
    """MobileNetV2 with PyTorch's weights, at an even and an odd size."""
    comparison = api.verify(LEFT, RIGHT, transfer="left-to-right", input_size="96x96", further_inputs=["97x97"])
    assert comparison.warnings == ()
    assert comparison.equivalence is not None
    return comparison.equivalence


def test_the_pair_is_equivalent_after_exactly_three_causes(pair: Equivalence) -> None:
    assert pair.verdict is EquivalenceVerdict.EQUIVALENT_AFTER
    assert pair.causes == CAUSES
    assert pair.is_untouched
    assert pair.calibrated


def test_nothing_is_left_unexplained_at_any_layer_of_any_size(pair: Equivalence) -> None:
    assert pair.unexplained_residual is not None
    assert pair.unexplained_residual <= LEAST
    for size in pair.sizes:
        last = max(size.runs, key=lambda run: len(run.causes))
        assert len(last.errors) == len(size.pairs) > 100
        assert all(error is not None and error <= LEAST for error in last.errors)


def test_padding_plays_a_part_at_the_even_size_only(pair: Equivalence) -> None:
    even, odd = pair.sizes
    assert {found.cause for found in even.neutralised} == set(CAUSES)
    assert {found.cause for found in odd.neutralised} == set(CAUSES) - {Cause.PADDING}
    for size in (even, odd):
        assert size.output_word is ErrorWord.DIFFERS
        for found in size.neutralised:
            assert found.reason == ""
            assert found.left_in_alone is not None
            assert found.left_in_alone > 1e-4


def test_only_what_a_cause_touches_differs_in_isolation(pair: Equivalence) -> None:
    guilty = [found.left for found in pair.sizes[1].pairs if found.isolated_verdict is ErrorWord.DIFFERS]
    assert all(path.endswith(".1") or ".conv." in path or path.startswith("classifier") for path in guilty)
    assert len(guilty) == 53


def test_the_probes_would_show_a_difference(pair: Equivalence) -> None:
    for size in pair.sizes:
        assert size.power.between_inputs is not None
        assert size.power.one_pixel_shift is not None
        assert min(size.power.between_inputs, size.power.one_pixel_shift) > 0.01


TOKENS = """
from torch import nn

class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.head = nn.Embedding(20, 8), nn.Linear(8, 3)

    def forward(self, tokens):
        return self.head(self.embedding(tokens).mean(1))
"""


def test_tokens_stay_whole_numbers_also_where_a_pair_runs_alone(tmp_path: Path) -> None:
    (tmp_path / "tokens_of_mine.py").write_text(TOKENS)
    model = "tokens_of_mine:Tokens"
    proof = api.verify(model, model, input_size="12", code_folders=[str(tmp_path)]).equivalence
    assert proof is not None
    assert proof.verdict is EquivalenceVerdict.IDENTICAL, proof.headline
    words = {found.left: found.isolated_verdict for found in proof.sizes[0].pairs}
    assert words["embedding"] is ErrorWord.IDENTICAL


def test_a_model_is_identical_to_itself() -> None:
    proof = api.verify(LEFT, LEFT, input_size="64x64").equivalence
    assert proof is not None
    assert proof.verdict is EquivalenceVerdict.IDENTICAL, proof.headline
    words = {(found.verdict, found.isolated_verdict) for found in proof.sizes[0].pairs}
    assert words == {(ErrorWord.IDENTICAL, ErrorWord.IDENTICAL)}


TORCH_CODE = """
import torch

def net():
    body = [torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4, eps=1e-3), torch.nn.ReLU(), torch.nn.Flatten()]
    return torch.nn.Sequential(*body, torch.nn.Linear(4 * 6 * 6, 5))
"""
KERAS_CODE = """
import keras
from keras import layers

def net():
    body = [layers.Conv2D(4, 3), layers.BatchNormalization(epsilon=1e-3), layers.ReLU(), layers.Flatten()]
    return keras.Sequential([keras.Input((8, 8, 3)), *body, layers.Dense(5)])
"""


@pytest.mark.parametrize(("transfer", "suffix"), [("left-to-right", ".weights.h5"), ("right-to-left", ".safetensors")])
def test_exported_weights_load_back_and_are_equivalent_as_they_are(tmp_path: Path, transfer: str, suffix: str) -> None:
    (tmp_path / "in_torch.py").write_text(TORCH_CODE)
    (tmp_path / "in_keras.py").write_text(KERAS_CODE)
    left, right = f"{tmp_path / 'in_torch.py'}:net", f"{tmp_path / 'in_keras.py'}:net"
    moved, own = (
        tmp_path / f"moved{suffix}",
        tmp_path / f"own{'.safetensors' if suffix == '.weights.h5' else '.weights.h5'}",
    )
    api.verify(left, right, transfer=transfer, input_size="8x8", export=str(moved))
    assert moved.stat().st_size > 4 * 6 * 6 * 4 * 5
    other = "right-to-left" if transfer == "left-to-right" else "left-to-right"
    sides = [f"{left}@{moved}", right] if suffix == ".safetensors" else [left, f"{right}@{moved}"]
    api.verify(*sides, transfer=other, input_size="8x8", export=str(own))
    both = [f"{left}@{file}" if file.suffix == ".safetensors" else f"{right}@{file}" for file in (moved, own)]
    proof = api.verify(*sorted(both, key=lambda text: "keras" in text), input_size="8x8").equivalence
    assert proof is not None
    assert proof.verdict in {EquivalenceVerdict.EQUIVALENT, EquivalenceVerdict.IDENTICAL}, proof.headline
    assert proof.causes == ()
    assert all(finding.is_equal for finding in proof.weights)
