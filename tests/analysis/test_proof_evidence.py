"""From the errors of a run to evidence in words."""

from dataclasses import replace

import pytest

from mbgui.analysis.proof_evidence import Judge, first_off, settle
from mbgui.analysis.proof_points import checkpoints_of
from mbgui.analysis.structure import compare_structure
from mbgui.domain.equivalence import ErrorWord, LayerReference
from mbgui.domain.network import Attribute
from mbgui.domain.proof_choices import Precision
from mbgui.domain.proof_plan import CheckResult
from tests.support.small_structures import FLOOR, figures, judged, small_pair, tiny_pair


def test_the_guilty_pair_differs_in_isolation_and_its_victims_only_as_the_networks_run() -> None:
    _, found = judged({"relu": (1e-2, 1e-2), "pool": (1e-2, 0.0), "head": (3e-2, 2e-16)})
    assert [item.evidence.left for item in found if item.is_guilty] == ["relu"]
    words = {item.evidence.left: (item.evidence.verdict.value, item.evidence.isolated_verdict) for item in found}
    assert words["norm"] == ("identical", "identical")
    assert words["relu"] == ("differs", "differs")
    assert words["head"] == ("differs", "rounding")


def test_evidence_carries_the_pair_its_confidence_and_its_noise_floor() -> None:
    structure, found = judged({})
    pairs = {pair.left: pair for pair in structure.alignment.pairs}
    for item in found:
        pair = pairs[item.evidence.left]
        assert (item.evidence.right, item.evidence.confidence) == (pair.right, pair.confidence)
        assert item.evidence.noise_floor == FLOOR


def test_only_the_last_pair_gives_the_networks_outputs() -> None:
    _, found = judged({})
    assert [item.evidence.left for item in found if item.is_output] == ["head"]


def test_an_isolated_error_that_could_not_be_had_makes_nobody_guilty() -> None:
    left, right = small_pair()
    alignment = compare_structure(left, right).alignment
    points = checkpoints_of(left, right, alignment)
    judge = Judge(left, right, alignment, points, Precision.FLOAT64)
    result = CheckResult(left="conv", right="conv", propagated=figures(1.0), isolated=None)
    found = judge.judge(result, None)
    assert found.evidence.isolated_verdict is None
    assert not found.is_guilty


def test_a_difference_lies_in_the_pair_that_covers_its_layer() -> None:
    structure, found = judged({}, epsilon=0.1)
    covering = [item.evidence.left for item in found if item.places(structure.differences)]
    assert covering == ["norm"]
    assert found[1].reference(structure.differences) == LayerReference(left="norm", right="norm")


def test_a_pair_covers_the_layers_between_it_and_the_checkpoint_before() -> None:
    left, right = tiny_pair()
    alignment = compare_structure(left, right).alignment
    points = checkpoints_of(left, right, alignment)
    judge = Judge(left, right, alignment, points, Precision.FLOAT64)
    results = [
        CheckResult(left=point.left, right=point.right, propagated=figures(0.0), isolated=figures(0.0))
        for point in points
    ]
    covered = {item.evidence.right: item for item in (judge.judge(result, FLOOR) for result in results)}
    assert covered["block_1_depthwise"].right_layers == {"block_1_depthwise", "block_1_pad"}
    assert covered["predictions"].left_layers == {"classifier.1", "classifier.0", "flatten"}


def coarse_at_relu(errors: dict[str, tuple[float, float]]) -> list[tuple[str, str, str | None, str]]:
    """Words and notes where Keras keeps constants of the activation in float32."""
    left, right = small_pair()
    slope = Attribute(name="negative_slope", value=0.1, native="0.1")
    layers = tuple(
        replace(one, attributes=(*one.attributes, slope)) if one.path == "relu" else one for one in right.layers
    )
    right = replace(right, layers=layers)
    alignment = compare_structure(left, right).alignment
    points = checkpoints_of(left, right, alignment)
    judge = Judge(left, right, alignment, points, Precision.FLOAT64)
    found = []
    for point in points:
        propagated, isolated = errors.get(point.left, (0.0, 0.0))
        result = CheckResult(
            left=point.left, right=point.right, propagated=figures(propagated), isolated=figures(isolated)
        )
        found.append(judge.judge(result, FLOOR))
    told = [item.evidence for item in settle(found)]
    return [(one.left, one.verdict.value, one.isolated_verdict, one.note) for one in told]


def test_what_a_framework_keeps_in_float32_is_rounding_with_a_note_there_and_behind_it() -> None:
    found = {name: rest for name, *rest in coarse_at_relu({"relu": (6e-8, 6e-8), "pool": (6e-8, 0.0)})}
    assert found["relu"] == ["rounding", "rounding", "Keras keeps the constants of this activation in float32."]
    assert found["pool"] == ["rounding", "identical", ""]


def test_before_it_the_same_error_differs() -> None:
    found = {name: rest for name, *rest in coarse_at_relu({"norm": (6e-8, 6e-8)})}
    assert found["norm"][:2] == ["differs", "differs"]


def test_behind_a_guilty_pair_no_error_passes_for_rounding_of_float32() -> None:
    errors = {"conv": (1e-3, 1e-3), "relu": (6e-8, 6e-8), "pool": (6e-8, 0.0)}
    found = {name: rest for name, *rest in coarse_at_relu(errors)}
    assert found["pool"][0] == "differs"


def test_the_first_pair_off_in_a_run_is_the_first_beyond_its_own_tolerance() -> None:
    _, found = judged({})
    assert first_off(found, [0.0, 1e-15, 1e-6, 1e-3, 1e-3]) is found[2]
    assert first_off(found, [0.0, 1e-15, 1e-15, None, 0.0]) is found[3]
    assert first_off(found, [1e-15] * 5) is None


def test_a_run_with_another_number_of_errors_is_a_fault() -> None:
    _, found = judged({})
    with pytest.raises(ValueError, match="shorter"):
        first_off(found, [0.0])


def test_words_are_judged_in_the_precision_of_the_run() -> None:
    _, narrow = judged({"relu": (1e-6, 1e-6)}, Precision.FLOAT32)
    _, wide = judged({"relu": (1e-6, 1e-6)}, Precision.FLOAT64)
    assert narrow[2].evidence.verdict is ErrorWord.ROUNDING
    assert wide[2].evidence.verdict is ErrorWord.DIFFERS
