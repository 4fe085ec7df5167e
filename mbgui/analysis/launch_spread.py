"""How far launches of one model differ on this machine, as far as calibrations tell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log, sqrt

from mbgui.analysis.student_t import t_quantile
from mbgui.domain.calibration import Calibration
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.latency import NoiseFloor
from mbgui.domain.request import FEWEST_LAUNCHES, BenchMode

CAUTIOUS_FACTOR = 1.8
"""Ratio of medians up to which two launches of one model differ in 95 % of cases, where nothing better is known.

A process has a speed of its own, which samples within it cannot reveal. Of some thirty fresh processes that ran one
and the same MobileNetV2 on a quiet two-core machine, most had a median of 11 to 13 ms and a few of 7.5 ms (a ratio of
1.73), depending on whether the allocator gave memory back between calls.
"""
_LEVEL_OF_ONE, _LEVEL = 0.995, 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledSide:
    """What a side runs: the model's reference, its framework, the call path, threads, batch, and input sizes.

    `input_sizes` are as people write them, "" where they are the model's own.
    """

    model: str
    framework: Framework
    call_path: CallPath
    threads: int
    batch_size: int = 1
    input_sizes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchSpread:
    """How the logarithm of the ratio of medians of two launches spreads where both sides are equally fast.

    `log_sd` is its standard deviation, known with so many degrees of freedom (infinite where it is a convention).
    `deviations` are values that were seen, symmetric around 0 and with that standard deviation; empty where none were.
    `calibrated_at` is ISO 8601 in UTC, the older one of two calibrations, "" for none. `basis` says in a few words what
    it rests on.
    """

    log_sd: float
    degrees_of_freedom: float
    deviations: tuple[float, ...]
    calibrated_at: str
    basis: str

    @property
    def is_calibrated(self) -> bool:
        """Whether it was measured on this machine."""
        return bool(self.calibrated_at)

    def of_one_side(self) -> "LaunchSpread":
        """How the logarithm of one side's median spreads: half of the variance."""
        return replace(
            self, log_sd=self.log_sd / sqrt(2.0), deviations=tuple(value / sqrt(2.0) for value in self.deviations)
        )

    def noise_floor(self, mode: BenchMode, launches: int) -> NoiseFloor:
        """The smallest difference that can be told by so many launches a side.

        A single launch has to be 99 % certain because it cannot see its own spread, several of a rigorous duel 95 %.
        Raises `ValueError` for no launch.
        """
        if launches < 1:
            raise ValueError("there is no noise floor without a launch")
        counted = 1 if mode is BenchMode.QUICK else launches
        quantile = t_quantile(_LEVEL_OF_ONE if counted == 1 else _LEVEL, self.degrees_of_freedom)
        return NoiseFloor(
            smallest_difference=exp(quantile * self.log_sd / sqrt(counted)) - 1.0,
            calibrated_at=self.calibrated_at,
            basis=self.basis,
        )


CAUTIOUS_SPREAD = LaunchSpread(
    log_sd=log(CAUTIOUS_FACTOR) / t_quantile(0.975, inf),
    degrees_of_freedom=inf,
    deviations=(),
    calibrated_at="",
    basis="a cautious value: this machine was not calibrated",
)


def log_ratios(left_medians_s: Sequence[float], right_medians_s: Sequence[float]) -> tuple[float, ...]:
    """ln(right / left) of each launch. Raises `ValueError` where there is none or a median is not positive."""
    if not left_medians_s or min(*left_medians_s, *right_medians_s) <= 0.0:
        raise ValueError("a calibration needs the positive medians of at least one launch of both sides")
    return tuple(log(right / left) for left, right in zip(left_medians_s, right_medians_s, strict=True))


def known_spread(calibrations: Sequence[Calibration], left: CalledSide, right: CalledSide) -> LaunchSpread:
    """What calibrations of this machine tell of a duel of these sides; a cautious convention where they do not.

    Each side takes the latest calibration of its model, call path and threads, else of its framework and call path,
    else of its framework. The mean of a calibration's log ratios is known to be 0, so their variance is the mean
    square, with as many degrees of freedom as launches; half of it is the share of one side.
    """
    known = _nearest(calibrations, left), _nearest(calibrations, right)
    if known[0] is None or known[1] is None:
        return CAUTIOUS_SPREAD
    basis = "; ".join(dict.fromkeys(_basis(found, side) for found, side in zip(known, (left, right), strict=True)))
    return _of_one(known[0], basis) if known[0] == known[1] else _of_two(known[0], known[1], basis)


def calibrated(  # noqa: PLR0913  one argument a field of the record
    left_medians_s: Sequence[float],
    right_medians_s: Sequence[float],
    *,
    side: CalledSide,
    created_at: str,
    processor: str,
    processor_count: int,
    input_sizes: str,
    batch_size: int,
) -> Calibration:
    """The calibration that these medians of the launches of one model against itself make (seconds, in pairs)."""
    deviations = log_ratios(left_medians_s, right_medians_s)
    spread = _spread(deviations, created_at, "")
    launches = FEWEST_LAUNCHES[BenchMode.RIGOROUS]
    return Calibration(
        created_at=created_at,
        processor=processor,
        processor_count=processor_count,
        model=side.model,
        input=input_sizes,
        framework=side.framework,
        call_path=side.call_path,
        threads=side.threads,
        batch_size=batch_size,
        left_medians_s=tuple(left_medians_s),
        right_medians_s=tuple(right_medians_s),
        quick=spread.noise_floor(BenchMode.QUICK, 1).smallest_difference,
        rigorous=spread.noise_floor(BenchMode.RIGOROUS, launches).smallest_difference,
        rigorous_launches=launches,
    )


def _nearest(calibrations: Sequence[Calibration], side: CalledSide) -> Calibration | None:
    """The calibration that is closest to what a side runs, of equally close ones the latest."""
    usable = [known for known in calibrations if _closeness(known, side)]
    return max(usable, key=lambda known: (_closeness(known, side), known.created_at), default=None)


def _closeness(known: Calibration, side: CalledSide) -> int:
    """3 for the same model, called the same way with the same input, 2 for the same call path, 1 for the framework."""
    if known.framework is not side.framework:
        return 0
    if known.call_path is not side.call_path:
        return 1
    is_same_model = (known.model, known.threads) == (side.model, side.threads)
    is_same_input = known.batch_size == side.batch_size and _are_alike(known.input, side.input_sizes)
    return 3 if is_same_model and is_same_input else 2


def _are_alike(known: str, sizes: str) -> bool:
    """Whether input sizes are the same, as far as both are named."""
    return not known or not sizes or known == sizes


def _basis(known: Calibration | None, side: CalledSide) -> str:
    """`torchvision:mobilenet_v2 by eager`, and that another one stands in where it does."""
    if known is None:
        return ""
    threads = f"{known.threads} thread{'' if known.threads == 1 else 's'}"
    text = f"{known.model} by {known.call_path} with {threads}"
    if _closeness(known, side) == 3:
        return text
    batch = f", batch {known.batch_size}" if known.batch_size != side.batch_size else ""
    size = "" if _are_alike(known.input, side.input_sizes) else f", input {known.input}"
    return f"{text}{batch}{size}, in place of {side.model} by {side.call_path}"


def _of_one(known: Calibration, basis: str) -> LaunchSpread:
    """Both sides spread as this calibration does, and their difference with them."""
    return _spread(log_ratios(known.left_medians_s, known.right_medians_s), known.created_at, basis)


def _of_two(left: Calibration, right: Calibration, basis: str) -> LaunchSpread:
    """Each side has its share; degrees of freedom by Welch and Satterthwaite (Satterthwaite 1946)."""
    shares = [
        tuple(ratio / sqrt(2.0) for ratio in log_ratios(known.left_medians_s, known.right_medians_s))
        for known in (left, right)
    ]
    variances = [_mean_square(share) for share in shares]
    total = sum(variances)
    weights = [variance**2 / len(share) for variance, share in zip(variances, shares, strict=True)]
    return LaunchSpread(
        log_sd=sqrt(total),
        degrees_of_freedom=total**2 / sum(weights) if total else float(min(len(share) for share in shares)),
        deviations=tuple(
            sign * (first + other * second)
            for first in shares[0]
            for second in shares[1]
            for other in (1.0, -1.0)
            for sign in (1.0, -1.0)
        ),
        calibrated_at=min(left.created_at, right.created_at),
        basis=basis,
    )


def _spread(deviations: Sequence[float], calibrated_at: str, basis: str) -> LaunchSpread:
    """The spread behind the log ratios of one calibration."""
    return LaunchSpread(
        log_sd=sqrt(_mean_square(deviations)),
        degrees_of_freedom=float(len(deviations)),
        deviations=tuple(sign * deviation for deviation in deviations for sign in (1.0, -1.0)),
        calibrated_at=calibrated_at,
        basis=basis,
    )


def _mean_square(values: Sequence[float]) -> float:
    return sum(value**2 for value in values) / len(values)
