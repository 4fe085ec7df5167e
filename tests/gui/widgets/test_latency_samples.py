"""Calls are kept in growing arrays, and lie on a strip without the time between launches."""

import numpy as np
import pytest

from mbgui.domain.latency import LatencyRound
from mbgui.domain.request import Side
from mbgui.gui.widgets.growing_array import GrowingArray
from mbgui.gui.widgets.latency_samples import LAUNCH_GAP_S, Samples
from tests.support.records import tiny_latency


def taken(started_s: float, durations_s: tuple[float, ...], **marks: int) -> LatencyRound:
    return LatencyRound(
        side=Side.LEFT,
        launch=marks.get("launch", 0),
        block=marks.get("block", 0),
        index=0,
        started_s=started_s,
        durations_s=durations_s,
        is_warmup=bool(marks.get("warmup", 0)),
    )


def test_an_array_keeps_what_was_added_beyond_its_first_room() -> None:
    grown: GrowingArray[np.int64] = GrowingArray(np.int64)
    for start in range(0, 5000, 500):
        grown.add(range(start, start + 500))
    assert len(grown) == 5000
    assert grown.values.tolist() == list(range(5000))


def test_within_a_round_each_call_begins_where_the_one_before_ended() -> None:
    samples = Samples([taken(1.0, (0.1, 0.2, 0.3)), taken(5.0, (0.5, 0.25))])
    assert samples[Side.LEFT].started_s.tolist() == pytest.approx([1.0, 1.1, 1.3, 5.0, 5.5])
    assert samples[Side.LEFT].durations_s.tolist() == [0.1, 0.2, 0.3, 0.5, 0.25]


def test_rounds_that_come_one_by_one_make_the_same_as_all_at_once() -> None:
    rounds = tiny_latency().rounds
    whole, grown = Samples(rounds), Samples()
    for one in rounds:
        grown.add([one])
        grown[Side.LEFT].outliers()
    for side in Side:
        assert grown[side].timed_s.tolist() == whole[side].timed_s.tolist()
        assert grown.places_s(side).tolist() == pytest.approx(whole.places_s(side).tolist())
        assert grown[side].outliers().tolist() == whole[side].outliers().tolist()


def test_the_warm_up_is_in_no_statistic() -> None:
    samples = Samples([taken(0.0, (9.0,), warmup=1), taken(9.0, (0.1, 0.1))])
    assert samples[Side.LEFT].timed_s.tolist() == [0.1, 0.1]
    assert [len(found) for found in samples[Side.LEFT].timed_by_launch()] == [2]
    assert len(samples[Side.LEFT]) == 3


def test_outliers_are_judged_within_their_launch() -> None:
    usual, slow = (0.010, 0.011, 0.012) * 5, (0.030, 0.031, 0.032) * 5
    samples = Samples([taken(0.0, (*usual, 0.030)), taken(50.0, slow, launch=1), taken(90.0, (0.9,), warmup=1)])
    assert np.flatnonzero(samples[Side.LEFT].outliers()).tolist() == [len(usual)]


def test_the_time_between_launches_is_left_out() -> None:
    samples = Samples([taken(10.0, (1.0, 1.0)), taken(70.0, (1.0,), launch=7)])
    assert samples.places_s(Side.LEFT).tolist() == pytest.approx([0.0, 1.0, 2.0 + LAUNCH_GAP_S])
    assert samples.launch_starts() == {0: 0.0, 7: 2.0 + LAUNCH_GAP_S}
    assert samples.length_s() == pytest.approx(3.0 + LAUNCH_GAP_S)


def test_every_second_block_is_shaded_from_its_first_call_to_its_last() -> None:
    samples = Samples([taken(float(block), (0.5,), block=block) for block in range(4)])
    begins, ends = samples.odd_blocks()
    assert begins.tolist() == [1.0, 3.0]
    assert ends.tolist() == [1.5, 3.5]


def test_rounds_without_calls_are_nothing() -> None:
    samples = Samples([taken(0.0, ()), taken(1.0, (), launch=1)])
    assert not samples.has_timed
    assert samples.length_s() == 0.0
    assert samples.places_s(Side.LEFT).tolist() == []
