"""Pairs set by hand: the later word holds, the proof stays only with its pairs, and nothing is added twice."""

from mbgui.analysis.corrections import corrected_comparison, partner_choices, with_corrections
from mbgui.domain.alignment import PairCorrection
from mbgui.domain.request import Side
from tests.support.equivalence_records import proven
from tests.support.records import tiny_comparison

COMPARISON = tiny_comparison()


def correction(left: str | None, right: str | None) -> PairCorrection:
    return PairCorrection(left=left, right=right)


def test_a_later_correction_of_a_layer_takes_back_the_earlier_one() -> None:
    known = (correction("a", "b"), correction("c", "d"))
    assert with_corrections(known, (correction("a", "x"),)) == (correction("c", "d"), correction("a", "x"))
    assert with_corrections(known, (correction("y", "d"),)) == (correction("a", "b"), correction("y", "d"))


def test_corrections_of_a_layer_without_partner_do_not_undo_one_another() -> None:
    known = (correction("a", None), correction(None, "b"))
    assert with_corrections(known, (correction("c", None),)) == (*known, correction("c", None))


def test_no_corrections_give_back_the_same_comparison() -> None:
    assert corrected_comparison(COMPARISON, ()) == COMPARISON


def test_a_correction_changes_pairs_and_is_remembered() -> None:
    corrections = (correction("features.0.1", None), correction(None, "stem_bn"))
    corrected = corrected_comparison(COMPARISON, corrections)
    pairs = {(pair.left, pair.right): pair.is_by_hand for pair in corrected.alignment.pairs}
    assert pairs["features.0.1", None]
    assert pairs[None, "stem_bn"]
    assert corrected.request.corrections == corrections
    assert corrected.latency == COMPARISON.latency
    assert corrected_comparison(corrected, ()).alignment == COMPARISON.alignment


def test_the_proof_goes_with_its_pairs_and_stays_with_them() -> None:
    shown = proven(COMPARISON)
    unpaired = corrected_comparison(shown, (correction("features.0.1", None), correction(None, "stem_bn")))
    assert unpaired.equivalence is None
    confirmed = corrected_comparison(shown, (correction("features.0.1", "stem_bn"),))
    assert confirmed.equivalence is shown.equivalence


def test_layers_without_partner_are_offered_first_and_containers_never() -> None:
    choices = partner_choices(COMPARISON, Side.RIGHT)
    free = [choice.layer.path for choice in choices if choice.is_free]
    assert free == [choice.layer.path for choice in choices[: len(free)]]
    assert "input_layer" in free
    assert "block_1_pad" not in free, "it does its work as part of a pair"
    assert {choice.layer.path for choice in choices} >= {"stem_conv", "stem_bn"}
    assert "features" not in {choice.layer.path for choice in partner_choices(COMPARISON, Side.LEFT)}
