"""Quantiles of Student's t agree with printed tables."""

from math import inf

import pytest

from mbgui.analysis.student_t import t_quantile


@pytest.mark.parametrize(
    ("probability", "degrees", "expected"),
    [
        (0.975, 1, 12.7062),
        (0.975, 2, 4.3027),
        (0.975, 4, 2.7764),
        (0.995, 10, 3.1693),
        (0.975, 30, 2.0423),
        (0.975, 120, 1.9799),
        (0.9995, 4, 8.6103),
        (0.9995, 9, 4.7809),
        (0.975, inf, 1.9600),
    ],
)
def test_quantiles_are_those_of_the_tables(probability: float, degrees: float, expected: float) -> None:
    assert t_quantile(probability, degrees) == pytest.approx(expected, abs=1e-4)
    assert t_quantile(1 - probability, degrees) == pytest.approx(-expected, abs=1e-4)


def test_degrees_need_not_be_whole() -> None:
    assert t_quantile(0.975, 5) < t_quantile(0.975, 4.5) < t_quantile(0.975, 4)


def test_large_degrees_pass_into_the_normal_distribution_without_a_step() -> None:
    assert t_quantile(0.975, 99_999) == pytest.approx(t_quantile(0.975, 100_001), abs=1e-4)


@pytest.mark.parametrize(("probability", "degrees"), [(0.0, 5), (1.0, 5), (0.9, 0.5)])
def test_what_has_no_quantile_is_refused(probability: float, degrees: float) -> None:
    with pytest.raises(ValueError, match="no t quantile"):
        t_quantile(probability, degrees)
