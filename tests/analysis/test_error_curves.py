"""Errors on a logarithmic axis: zero has a place, gaps stay gaps, and peaks survive being made fewer."""

import numpy as np

from mbgui.analysis.error_curves import as_array, missing_places, on_scale, peaks, scale_of, spans


def test_the_scale_holds_every_positive_error_and_zero_below_them() -> None:
    scale = scale_of(as_array([0.0, 3e-16, None]), as_array([0.7]))
    assert (scale.bottom, scale.top, scale.zero) == (-16, 0, -17)


def test_nothing_but_zeros_still_makes_a_scale() -> None:
    scale = scale_of(as_array([0.0, 0.0]), as_array([]))
    assert scale.zero < scale.bottom < scale.top


def test_errors_beyond_every_rounding_do_not_stretch_the_axis() -> None:
    scale = scale_of(as_array([1e-300, 1.0]))
    assert scale.bottom == -20
    assert on_scale(as_array([1e-300]), scale).tolist() == [-20.0]


def test_zero_is_drawn_below_the_smallest_error_and_gaps_stay_gaps() -> None:
    scale = scale_of(as_array([1e-3, 1.0]))
    heights = on_scale(as_array([0.0, 1e-3, None]), scale)
    assert heights[:2].tolist() == [scale.zero, -3.0]
    assert np.isnan(heights[2])


def test_few_values_are_drawn_one_by_one() -> None:
    x, y = peaks(np.array([1.0, 5.0, 2.0, 9.0]), 1, 3, most=10)
    assert x.tolist() == [1.0, 2.0]
    assert y.tolist() == [5.0, 2.0]


def test_many_values_keep_their_peaks() -> None:
    values = np.zeros(100_000)
    values[77_777] = 1.0
    values[10] = np.nan
    x, y = peaks(values, 0, len(values), most=500)
    assert len(x) == len(y) <= 500
    assert y.max() == 1.0
    assert not np.isnan(y).any(), "a gap among values hides none of them"


def test_what_is_not_finite_is_found_and_thinned_out() -> None:
    values = np.full(1000, np.nan)
    values[:10] = 1.0
    places = missing_places(values, 5, 1000, most=100)
    assert places[0] == 10
    assert len(places) <= 100


def test_widening_keeps_the_pair_in_sight_and_ends_at_the_network() -> None:
    start, stop = spans(count=1000, start=0, stop=1000, factor=0.5, around=900)
    assert (stop - start, start <= 900 < stop) == (500, True)
    assert spans(count=1000, start=start, stop=stop, factor=1e9, around=900) == (0, 1000)
    assert spans(count=5, start=0, stop=5, factor=0.1, around=2) == (0, 5)
