"""Statistics of stored tensors, against Python's own arithmetic."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.model_files.tensor_statistics import CHUNK_VALUES, describe


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=50))
def test_moments_are_those_of_the_population(values: list[float]) -> None:
    found = describe(np.array(values, dtype=np.float32))
    assert found.mean == pytest.approx(statistics.fmean(values), rel=1e-9, abs=1e-6)
    assert found.std == pytest.approx(statistics.pstdev(values), rel=1e-6, abs=1e-6)
    assert (found.minimum, found.maximum) == (min(values), max(values))


def test_values_that_are_not_finite_are_counted_and_left_out() -> None:
    found = describe(np.array([1.0, np.nan, 3.0, np.inf, -np.inf], dtype=np.float32))
    assert (found.mean, found.minimum, found.maximum, found.non_finite_count) == (2.0, 1.0, 3.0, 3)


def test_nothing_finite_leaves_no_statistics() -> None:
    found = describe(np.full(4, np.nan))
    assert (found.mean, found.std, found.minimum, found.maximum, found.non_finite_count) == (None, None, None, None, 4)


def test_an_empty_tensor_has_no_statistics() -> None:
    assert describe(np.empty((0, 3))).mean is None


def test_a_sum_beyond_float64_is_none_rather_than_infinite() -> None:
    assert describe(np.full(4, 1e308)).mean is None


def test_half_precision_does_not_overflow() -> None:
    assert describe(np.full(1000, 60000, dtype=np.float16)).mean == 60000.0


def test_small_integers_and_scalars_are_numbers() -> None:
    assert describe(np.array([250, 255], dtype=np.uint8)).mean == 252.5
    assert describe(np.array(7)).std == 0.0


@pytest.mark.parametrize("bad", [[], [0, CHUNK_VALUES + 1]])
def test_a_tensor_of_many_chunks_is_described_as_a_whole(bad: list[int]) -> None:
    values = np.random.default_rng(0).normal(3.0, 2.0, (5, CHUNK_VALUES // 2)).astype(np.float32)
    values.reshape(-1)[bad] = np.nan
    finite = values[np.isfinite(values)].astype(np.float64)
    found = describe(values)
    assert found.non_finite_count == len(bad)
    assert found.mean == pytest.approx(finite.mean(), rel=1e-12)
    assert found.std == pytest.approx(finite.std(), rel=1e-12)
    assert (found.minimum, found.maximum) == (finite.min(), finite.max())
