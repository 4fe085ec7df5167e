"""What a side runs, as the statistics name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mbgui.domain.input_shape import inputs_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mbgui.analysis.launch_spread import CalledSide, LaunchSpread
    from mbgui.domain.calibration import Calibration
    from mbgui.pipeline.subject import Subject


def called_side(subject: Subject) -> CalledSide:
    """Model, framework, call path and threads of a side."""
    from mbgui.analysis.launch_spread import CalledSide  # noqa: PLC0415  not at the start of the app

    return CalledSide(
        model=subject.source.reference,
        framework=subject.framework,
        call_path=subject.call_path,
        threads=subject.threads,
        batch_size=subject.batch_size,
        input_sizes=inputs_text(subject.command.inputs),
    )


def spread_between(calibrations: Sequence[Calibration], left: Subject, right: Subject) -> LaunchSpread:
    """What is known of how far launches of two sides differ; of one side, given twice, among themselves."""
    from mbgui.analysis.launch_spread import known_spread  # noqa: PLC0415  not at the start of the app

    return known_spread(calibrations, called_side(left), called_side(right))
