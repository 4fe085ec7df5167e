"""What calibrations tell, as a table and as JSON."""

import json
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from mbgui.domain.calibration import Calibration
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports.calibration import launch_spread, render
from tests.support.records import tiny_calibration


def test_the_table_is_the_reviewed_one(golden: Callable[[str, str], None]) -> None:
    other = replace(tiny_calibration(), model="keras:TinyNet", input="", quick=0.5, rigorous=0.125)
    golden("tiny_calibrations.md", render((tiny_calibration(), other), ReportFormat.MARKDOWN))


def test_json_holds_every_record() -> None:
    found = json.loads(render((tiny_calibration(),), ReportFormat.JSON))
    assert (found["format"], found["version"]) == ("mbgui-calibrate", 1)
    assert [msgspec.convert(one, Calibration) for one in found["calibrations"]] == [tiny_calibration()]


def test_the_spread_is_that_of_one_launch() -> None:
    calibration = replace(tiny_calibration(), left_medians_s=(1.0, 1.1), right_medians_s=(1.1, 1.0))
    assert launch_spread(calibration) == pytest.approx(1.1 ** (1 / 2**0.5) - 1)
    assert launch_spread(replace(calibration, right_medians_s=calibration.left_medians_s)) == 0


def test_other_forms_are_refused() -> None:
    with pytest.raises(ValueError, match="no report of a calibration as csv"):
        render((tiny_calibration(),), ReportFormat.CSV)
