"""A handful of planted differences through the real frameworks; a script in `benchmarks` runs them all."""

import pytest

from tests.planted.plants import PLANTS
from tests.planted.scoring import score_base, score_plant

pytestmark = pytest.mark.real

HANDFUL = ("epsilon_of_one", "padding_same", "one_layer_off", "residual_dropped", "softmax_missing", "dropout_rate")


@pytest.mark.parametrize("name", HANDFUL)
def test_a_planted_difference_is_found_with_its_cause_and_its_layer_and_nothing_is_invented(name: str) -> None:
    plant = next(plant for plant in PLANTS if plant.name == name)
    score = score_plant(plant)
    assert score.is_right, score


def test_where_nothing_is_planted_nothing_is_found() -> None:
    score = score_base("mobile")
    assert score.is_right, score
