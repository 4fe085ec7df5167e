"""What calibrations tell of the spread between launches, and the noise floor that follows."""

from dataclasses import replace
from math import exp, inf, log, sqrt

import pytest

from mbgui.analysis.launch_spread import (
    CAUTIOUS_FACTOR,
    CAUTIOUS_SPREAD,
    CalledSide,
    LaunchSpread,
    calibrated,
    known_spread,
)
from mbgui.analysis.student_t import t_quantile
from mbgui.domain.calibration import Calibration
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.request import BenchMode

TORCH = CalledSide(model="torch:a", framework=Framework.PYTORCH, call_path=CallPath.EAGER, threads=2)
KERAS = CalledSide(model="keras:A", framework=Framework.KERAS, call_path=CallPath.TF_FUNCTION, threads=2)


def calibration(
    side: CalledSide, log_ratios: tuple[float, ...], created_at: str = "2026-01-02T00:00:00+00:00"
) -> Calibration:
    return calibrated(
        [0.01] * len(log_ratios),
        [0.01 * exp(ratio) for ratio in log_ratios],
        side=side,
        created_at=created_at,
        processor="a processor",
        processor_count=2,
        input_sizes="32×32",
        batch_size=1,
    )


def test_the_spread_is_the_mean_square_about_zero() -> None:
    spread = known_spread([calibration(TORCH, (0.1, 0.1, -0.2, 0.0))], TORCH, TORCH)
    assert spread.log_sd == pytest.approx(sqrt(0.06 / 4))
    assert spread.degrees_of_freedom == 4
    assert sorted(spread.deviations) == pytest.approx(sorted((0.1, -0.1, 0.1, -0.1, -0.2, 0.2, 0.0, 0.0)))


def test_two_sides_give_half_of_their_variance_each_and_share_degrees_by_satterthwaite() -> None:
    known = calibration(TORCH, (0.1, -0.1) * 5), calibration(KERAS, (0.3, -0.3, 0.3, -0.3), "2026-01-01T00:00:00+00:00")
    spread = known_spread(known, TORCH, KERAS)
    left, right = 0.01 / 2, 0.09 / 2
    assert spread.log_sd == pytest.approx(sqrt(left + right))
    assert spread.degrees_of_freedom == pytest.approx((left + right) ** 2 / (left**2 / 10 + right**2 / 4))
    mean_square = sum(value**2 for value in spread.deviations) / len(spread.deviations)
    assert mean_square == pytest.approx(spread.log_sd**2)
    assert spread.calibrated_at == "2026-01-01T00:00:00+00:00"


def test_one_side_has_half_of_the_variance_of_a_duel() -> None:
    spread = known_spread([calibration(TORCH, (0.1, -0.1))], TORCH, TORCH)
    assert spread.of_one_side().log_sd == pytest.approx(spread.log_sd / sqrt(2))
    assert max(spread.of_one_side().deviations) == pytest.approx(0.1 / sqrt(2))


def test_the_same_model_path_and_threads_go_before_all_else_and_then_the_latest() -> None:
    other = calibration(replace(TORCH, model="torch:b"), (0.5, 0.5), "2026-03-01T00:00:00+00:00")
    older, later = (
        calibration(TORCH, (size,), f"2026-0{month}-01T00:00:00+00:00") for size, month in ((0.4, 1), (0.1, 2))
    )
    spread = known_spread([older, other, later], TORCH, TORCH)
    assert spread.log_sd == pytest.approx(0.1)
    assert spread.basis == "torch:a by eager with 2 threads"


def test_a_calibration_of_another_batch_or_input_is_no_exact_match_and_says_so() -> None:
    at_32 = replace(calibration(TORCH, (0.001, 0.001), "2026-03-03T00:00:00+00:00"), batch_size=32)
    at_1 = calibration(TORCH, (0.1, 0.1))
    wanted = replace(TORCH, input_sizes="32×32")
    assert known_spread((at_32, at_1), wanted, wanted).log_sd == pytest.approx(0.1)
    assert ", batch 32, in place of" in known_spread((at_32,), wanted, wanted).basis
    other = replace(TORCH, input_sizes="64×64")
    assert "input 32×32, in place of" in known_spread((at_1,), other, other).basis


def test_a_single_launch_has_to_be_as_sure_in_a_rigorous_duel_as_in_a_quick_one() -> None:
    spread = known_spread((calibration(TORCH, (0.1, -0.1)),), TORCH, TORCH)
    assert spread.noise_floor(BenchMode.RIGOROUS, 1) == spread.noise_floor(BenchMode.QUICK, 1)


def test_where_another_model_stands_in_the_basis_says_so() -> None:
    stand_in = calibration(replace(TORCH, model="torch:b"), (0.2,))
    other_path = calibration(replace(TORCH, call_path=CallPath.BFLOAT16), (0.9,), "2026-09-01T00:00:00+00:00")
    spread = known_spread([other_path, stand_in], TORCH, TORCH)
    assert spread.log_sd == pytest.approx(0.2)
    assert "torch:b" in spread.basis
    assert "in place of torch:a by eager" in spread.basis
    assert known_spread([other_path], TORCH, TORCH).log_sd == pytest.approx(0.9)


def test_where_either_side_is_unknown_a_cautious_value_stands_in() -> None:
    spread = known_spread([calibration(TORCH, (0.1,))], TORCH, KERAS)
    assert spread is CAUTIOUS_SPREAD
    assert not spread.is_calibrated
    assert exp(t_quantile(0.975, inf) * spread.log_sd) == pytest.approx(CAUTIOUS_FACTOR)


def test_a_quick_duel_has_to_differ_by_more_than_99_percent_of_equal_ones() -> None:
    spread = LaunchSpread(log_sd=0.02, degrees_of_freedom=10, deviations=(), calibrated_at="2026", basis="")
    floor = spread.noise_floor(BenchMode.QUICK, 1)
    assert floor.smallest_difference == pytest.approx(exp(3.1693 * 0.02) - 1, rel=1e-4)


def test_more_launches_tell_smaller_differences() -> None:
    spread = LaunchSpread(log_sd=0.02, degrees_of_freedom=10, deviations=(), calibrated_at="2026", basis="")
    floors = [spread.noise_floor(BenchMode.RIGOROUS, count).smallest_difference for count in (5, 20)]
    assert log(1 + floors[0]) == pytest.approx(2.2281 * 0.02 / sqrt(5), rel=1e-4)
    assert log(1 + floors[0]) == pytest.approx(2 * log(1 + floors[1]))


def test_without_a_launch_there_is_no_floor() -> None:
    with pytest.raises(ValueError, match="without a launch"):
        CAUTIOUS_SPREAD.noise_floor(BenchMode.QUICK, 0)


def test_a_calibration_records_what_either_mode_can_tell() -> None:
    made = calibration(TORCH, (0.02, -0.02, 0.02))
    spread = known_spread([made], TORCH, TORCH)
    assert made.quick == spread.noise_floor(BenchMode.QUICK, 1).smallest_difference
    assert made.rigorous == spread.noise_floor(BenchMode.RIGOROUS, 5).smallest_difference
    assert made.rigorous_launches == 5
    assert made.model == "torch:a"


@pytest.mark.parametrize(("left", "right"), [([], []), ([0.0], [0.1]), ([0.1], [0.1, 0.2])])
def test_a_calibration_without_medians_of_both_sides_is_refused(left: list[float], right: list[float]) -> None:
    with pytest.raises(ValueError, match=r"calibration needs|zip"):
        calibrated(
            left, right, side=TORCH, created_at="", processor="", processor_count=1, input_sizes="", batch_size=1
        )
