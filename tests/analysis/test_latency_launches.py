"""Launches in pairs and blocks, whatever is missing at their end."""

import numpy as np
import pytest

from mbgui.analysis.latency_launches import launch_pairs, launches_of
from mbgui.domain.latency import LatencyRound
from mbgui.domain.request import Side


def taken(side: Side, launch: int, block: int, *calls: float, is_warmup: bool = False) -> LatencyRound:
    return LatencyRound(
        side=side, launch=launch, block=block, index=0, started_s=0, durations_s=calls, is_warmup=is_warmup
    )


def test_blocks_of_both_sides_are_paired_and_the_warm_up_is_left_out() -> None:
    (pair,) = launch_pairs(
        [
            taken(Side.LEFT, 0, 0, 9.0, is_warmup=True),
            taken(Side.LEFT, 0, 0, 1.0),
            taken(Side.RIGHT, 0, 0, 2.0, 2.0),
            taken(Side.RIGHT, 0, 1, 4.0),
            taken(Side.LEFT, 0, 1, 3.0),
        ]
    )
    assert [block.tolist() for block in pair.blocks(Side.LEFT)] == [[1.0], [3.0]]
    assert [block.tolist() for block in pair.blocks(Side.RIGHT)] == [[2.0, 2.0], [4.0]]
    assert pair.log_ratio() == pytest.approx(np.log(2.0 / 2.0))


def test_a_launch_of_one_side_only_does_not_count() -> None:
    pairs = launch_pairs([taken(Side.LEFT, 0, 0, 1.0), taken(Side.RIGHT, 0, 0, 1.0), taken(Side.LEFT, 1, 0, 1.0)])
    assert [pair.index for pair in pairs] == [0]


def test_calls_of_a_block_that_only_one_side_began_go_to_the_block_before() -> None:
    (pair,) = launch_pairs([taken(Side.LEFT, 0, 0, 1.0), taken(Side.RIGHT, 0, 0, 1.0), taken(Side.LEFT, 0, 1, 5.0)])
    assert [block.tolist() for block in pair.left] == [[1.0, 5.0]]


def test_blocks_without_a_partner_at_all_are_one_block() -> None:
    (pair,) = launch_pairs([taken(Side.LEFT, 0, 0, 1.0), taken(Side.RIGHT, 0, 1, 2.0)])
    assert (len(pair.left), len(pair.right)) == (1, 1)


def test_a_clock_that_shows_no_time_still_gives_a_ratio() -> None:
    (pair,) = launch_pairs([taken(Side.LEFT, 0, 0, 0.0), taken(Side.RIGHT, 0, 0, 1e-6)])
    assert np.isfinite(pair.log_ratio())


def test_the_calls_of_a_side_come_by_launch() -> None:
    rounds = [
        taken(Side.LEFT, 1, 0, 3.0),
        taken(Side.LEFT, 0, 0, 1.0),
        taken(Side.LEFT, 0, 1, 2.0),
        taken(Side.LEFT, 2, 0),
    ]
    assert launches_of(rounds, Side.LEFT) == ((1.0, 2.0), (3.0,))
