"""The data itself: both sides of a network compute the same, and what is planted is seen just where it should be."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mbgui.domain.difference import Cause
from mbgui.domain.request import Side
from tests.planted.plants import NETWORKS, PLANTS, ROUNDING
from tests.planted.run_side import BASE

ROOT = Path(__file__).parents[2]
NOT_PLANTED = {Cause.BATCHNORM_VARIANCE, Cause.CONVOLUTION_CLASS, Cause.OUTPUT_SHAPE}
"""Causes that every pair of frameworks brings along, or that only follow from others."""
Outputs = dict[str, npt.NDArray[np.float64]]


def _outputs(network: str, side: Side, folder: Path) -> Outputs:
    framework = "torch" if side is Side.LEFT else "keras"
    file = folder / f"{framework}.npz"
    plants = [plant.name for plant in PLANTS if plant.network == network and plant.side is side]
    command = [sys.executable, "-m", "tests.planted.run_side", framework, network, str(file), *plants]
    environment = os.environ | {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}
    subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True)
    with np.load(file) as found:
        return dict(found)


def _error(left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> float:
    return float(np.linalg.norm(right - left) / np.linalg.norm(left))


@pytest.mark.real
@pytest.mark.parametrize("network", NETWORKS)
def test_both_sides_agree_and_each_plant_changes_outputs_just_where_it_should(network: str, tmp_path: Path) -> None:
    left, right = (_outputs(network, side, tmp_path) for side in Side)
    assert _error(left[BASE], right[BASE]) < ROUNDING.get(network, 1e-12)
    assert _error(left[BASE][:1], left[BASE][1:]) > 0.05, "two images give nearly the same"
    wrong = []
    for plant in (plant for plant in PLANTS if plant.network == network):
        mine = left[plant.name if plant.side is Side.LEFT else BASE]
        other = right[plant.name if plant.side is Side.RIGHT else BASE]
        is_same = _error(mine, other) < 1e-6  # a value that is no number is not the same
        if is_same == plant.is_seen_in_outputs:
            wrong.append(plant.name)
    assert wrong == []


def test_every_cause_is_planted_somewhere_and_no_name_comes_twice() -> None:
    assert set(Cause) - {cause for plant in PLANTS for cause in plant.causes} == NOT_PLANTED
    assert len({plant.name for plant in PLANTS}) == len(PLANTS) >= 40
