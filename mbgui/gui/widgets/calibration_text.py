"""What a calibration tells, in a sentence."""

from collections.abc import Sequence

from mbgui.analysis.call_path_wording import call_path_title
from mbgui.analysis.latency_wording import difference_percent_text
from mbgui.domain.calibration import Calibration


def calibrated_text(calibrations: Sequence[Calibration]) -> str:
    """The smallest differences that can be told, by either mode, of each model."""
    if len(calibrations) == 1:
        return f"Calibrated: {_told(calibrations[0])}."
    return f"Calibrated: {'; '.join(f'with {_called(found)} {_told(found)}' for found in calibrations)}."


def _told(found: Calibration) -> str:
    quick, rigorous = difference_percent_text(found.quick), difference_percent_text(found.rigorous)
    return f"quick can tell {quick}, rigorous {rigorous}"


def _called(found: Calibration) -> str:
    return f"{found.model.rpartition(':')[2]} by {call_path_title(found.call_path)}"
