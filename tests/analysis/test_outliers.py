"""Outliers by the modified z-score."""

import numpy as np

from mbgui.analysis.outliers import outlier_mask


def test_calls_far_from_the_median_are_marked_whichever_way() -> None:
    calls = [0.010, 0.011, 0.009, 0.0105, 0.0095, 0.030, 0.001]
    assert outlier_mask(calls).tolist() == [False] * 5 + [True, True]


def test_the_limit_is_a_score_of_three_and_a_half() -> None:
    # median 3, MAD 1: 0.6745 · 5 = 3.37 is within, 0.6745 · 6 = 4.05 beyond
    assert outlier_mask([1.0, 2.0, 3.0, 4.0, 8.0]).tolist() == [False] * 5
    assert outlier_mask([1.0, 2.0, 3.0, 4.0, 9.0]).tolist() == [False] * 4 + [True]


def test_where_most_calls_are_equal_the_one_that_is_not_stands_out() -> None:
    assert outlier_mask([0.01] * 9 + [0.02]).tolist() == [False] * 9 + [True]


def test_equal_calls_and_none_have_no_outliers() -> None:
    assert not outlier_mask([0.01] * 5).any()
    assert outlier_mask([]).shape == (0,)
    assert outlier_mask(np.zeros(0)).dtype == np.bool_
