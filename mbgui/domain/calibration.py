"""How far two processes of one and the same model differ on this machine."""

from dataclasses import dataclass

from mbgui.domain.framework import CallPath, Framework


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """One model timed against itself: `left_medians_s` and `right_medians_s` hold the median of each launch in seconds.

    The two processes of a launch were timed in turns. `model` is the reference, `input` the sizes as people write them.
    `created_at` is ISO 8601 in UTC. `quick` and `rigorous` are the smallest differences that can be told by either mode
    (0.04 is 4 %), the latter with `rigorous_launches` launches.
    """

    created_at: str
    processor: str
    processor_count: int
    model: str
    input: str
    framework: Framework
    call_path: CallPath
    threads: int
    batch_size: int
    left_medians_s: tuple[float, ...]
    right_medians_s: tuple[float, ...]
    quick: float
    rigorous: float
    rigorous_launches: int
