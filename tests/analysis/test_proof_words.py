"""From the size of an error to a word."""

import pytest

from mbgui.analysis.proof_words import KEPT_IN_FLOAT32, coarse_reason, tolerances, word_of, word_of_relative
from mbgui.domain.equivalence import ErrorWord
from mbgui.domain.framework import Framework
from mbgui.domain.network import AttributeValue, LayerKind
from mbgui.domain.proof_choices import Precision
from tests.support.records import layer
from tests.support.small_structures import figures

WIDE, NARROW = Precision.FLOAT64, Precision.FLOAT32
IDENTICAL, ROUNDING, DIFFERS = ErrorWord
KERAS, TORCH = Framework.KERAS, Framework.PYTORCH


@pytest.mark.parametrize(
    ("error", "precision", "word"),
    [
        (0.0, WIDE, IDENTICAL),
        (4e-15, WIDE, ROUNDING),
        (1e-11, WIDE, DIFFERS),
        (1e-4, WIDE, DIFFERS),
        (0.0, NARROW, IDENTICAL),
        (1e-6, NARROW, ROUNDING),
        (1e-3, NARROW, DIFFERS),
        (None, WIDE, DIFFERS),
    ],
)
def test_an_error_is_judged_in_the_number_format_it_was_made_in(
    error: float | None, precision: Precision, word: ErrorWord
) -> None:
    allowed = tolerances(1e-7, precision, is_coarse=False, was_coarse=False)
    assert word_of_relative(error, allowed.isolated) is word
    assert word_of_relative(error, allowed.propagated) is word


def test_a_layer_that_rounds_more_is_allowed_more() -> None:
    """A deep and correct port may be off by 1e-4 in float32; then 3e-13 in float64 is no difference."""
    noisy, quiet = (tolerances(floor, NARROW, is_coarse=False, was_coarse=False) for floor in (1e-4, 1e-7))
    assert word_of_relative(1e-4, noisy.propagated) is ROUNDING
    assert word_of_relative(1e-4, quiet.propagated) is DIFFERS
    wide = tolerances(1e-4, WIDE, is_coarse=False, was_coarse=False)
    assert word_of_relative(3e-12, wide.propagated) is ROUNDING
    assert word_of_relative(1e-10, wide.propagated) is DIFFERS


def test_an_unknown_noise_floor_leaves_the_least_tolerance() -> None:
    none, small = (tolerances(floor, WIDE, is_coarse=False, was_coarse=False) for floor in (None, 1e-9))
    assert none == small
    assert 0 < none.isolated <= 1e-11


def test_what_a_framework_keeps_in_float32_is_allowed_there_alone_and_from_there_on_propagated() -> None:
    at, behind = (tolerances(1e-7, WIDE, is_coarse=here, was_coarse=True) for here in (True, False))
    assert at.isolated == KEPT_IN_FLOAT32
    assert at.propagated == behind.propagated
    assert behind.isolated < 1e-11
    assert behind.propagated >= KEPT_IN_FLOAT32
    assert word_of_relative(6e-8, at.isolated) is ROUNDING
    assert word_of_relative(1e-4, behind.propagated) is DIFFERS


def test_values_that_are_not_finite_on_one_side_differ_whatever_is_allowed() -> None:
    assert word_of(figures(0.0, non_finite=1), 1.0) is DIFFERS
    assert word_of(figures(None), 1.0) is DIFFERS


def test_an_error_that_was_not_measured_has_no_word() -> None:
    assert word_of(None, 1.0) is None


def reason(kind: LayerKind, attributes: dict[str, AttributeValue], framework: Framework = KERAS) -> str:
    return coarse_reason(layer("a", "A", kind, attributes=attributes), framework)


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        (LayerKind.ACTIVATION, {"activation": "gelu"}),
        (LayerKind.DENSE, {"activation": "gelu"}),
        (LayerKind.ACTIVATION, {"activation": "leaky_relu", "negative_slope": 0.1}),
        (LayerKind.ACTIVATION, {"activation": "relu", "max_value": 6.1}),
        (LayerKind.RESCALE, {"factor": 1 / 255}),
        (LayerKind.NORMALIZATION, {}),
        (LayerKind.RESIZE, {}),
    ],
)
def test_keras_is_known_to_keep_parts_of_some_layers_in_float32(
    kind: LayerKind, attributes: dict[str, AttributeValue]
) -> None:
    assert reason(kind, attributes).startswith("Keras")
    assert reason(kind, attributes, TORCH) == ""


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        (LayerKind.ACTIVATION, {"activation": "relu", "max_value": 6.0}),
        (LayerKind.ACTIVATION, {"activation": "leaky_relu", "negative_slope": 0.25}),
        (LayerKind.ACTIVATION, {"activation": "silu"}),
        (LayerKind.BATCH_NORMALIZATION, {"epsilon": 1e-3}),
        (LayerKind.CONVOLUTION, {}),
    ],
)
def test_what_float32_holds_exactly_or_keras_computes_in_float64_is_no_excuse(
    kind: LayerKind, attributes: dict[str, AttributeValue]
) -> None:
    assert reason(kind, attributes) == ""
