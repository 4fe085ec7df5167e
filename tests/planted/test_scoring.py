"""The score itself: right answers count, and each kind of wrong one does not."""

from dataclasses import replace

import pytest

from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Cause, Difference, Effect, LayerPlace
from mbgui.domain.equivalence import Equivalence, EquivalenceVerdict, LayerReference
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.request import Side
from tests.planted.planted_difference import AFTER, SAME, PlantedDifference, harmless, planted
from tests.planted.scoring import judged
from tests.support.records import tiny_comparison

PLANT = planted("mobile", Side.RIGHT, "x", {Cause.STRIDE}, "", left=("conv",), right=("filter",), also={Cause.PADDING})
HARMLESS = harmless("mobile", Side.RIGHT, "y", {Cause.DROPOUT}, "")
GUILTY = LayerReference(left="conv", right="filter")


def difference(cause: Cause, effect: Effect = Effect.INFERENCE, left: str | None = "conv") -> Difference:
    return Difference(
        cause=cause,
        effect=effect,
        title="",
        left_value="1",
        right_value="2",
        where="1 layer",
        explanation="",
        places=(LayerPlace(left=left, right="filter" if left == "conv" else "other"),),
    )


def answer(
    *differences: Difference,
    verdict: EquivalenceVerdict = AFTER[0],
    first: LayerReference | None = GUILTY,
) -> Comparison:
    proof = Equivalence(
        verdict=verdict,
        headline="",
        details=(),
        transfer=WeightTransfer.AS_IS,
        precision=Precision.FLOAT64,
        causes=(),
        first_divergence=first,
        unexplained_residual=0.0,
        sizes=(),
        weights=(),
        calibrated=False,
        is_untouched=True,
    )
    return replace(tiny_comparison(with_latency=False), differences=differences, equivalence=proof)


STRIDE, DROPOUT = difference(Cause.STRIDE), difference(Cause.DROPOUT, Effect.TRAINING)


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (PLANT, answer(STRIDE)),
        (PLANT, answer(STRIDE, difference(Cause.PADDING), difference(Cause.BATCHNORM_VARIANCE, Effect.TRAINING))),
        (HARMLESS, answer(DROPOUT, verdict=SAME[0], first=None)),
    ],
)
def test_what_was_planted_and_nothing_else_is_right(plant: PlantedDifference, said: Comparison) -> None:
    assert judged(plant, said).is_right


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (PLANT, answer(STRIDE, verdict=EquivalenceVerdict.IDENTICAL)),
        (PLANT, answer(STRIDE, first=None)),
        (PLANT, answer(STRIDE, first=LayerReference(left="conv", right="victim"))),
        (PLANT, answer(STRIDE, difference(Cause.GROUPS))),
        (PLANT, answer(difference(Cause.STRIDE, Effect.TRAINING))),
        (PLANT, answer(difference(Cause.STRIDE, left="elsewhere"))),
        (PLANT, answer()),
        (PLANT, replace(answer(STRIDE), equivalence=None)),
        (HARMLESS, answer(DROPOUT, verdict=SAME[0])),
        (HARMLESS, answer(verdict=SAME[0], first=None)),
    ],
)
def test_a_wrong_verdict_cause_effect_layer_or_an_invented_cause_is_not_right(
    plant: PlantedDifference, said: Comparison
) -> None:
    assert not judged(plant, said).is_right
