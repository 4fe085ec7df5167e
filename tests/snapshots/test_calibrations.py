"""Calibrations on disk: kept whole, read with care, one for each model and way of calling it."""

from dataclasses import replace
from pathlib import Path

import pytest

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CallPath
from mbgui.snapshots.calibrations import CalibrationStore
from tests.support.records import tiny_calibration


def store(folder: Path) -> CalibrationStore:
    return CalibrationStore(folder / "deep" / "calibrations.json")


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert store(tmp_path).known() == ()


def test_what_is_kept_comes_back_newest_first(tmp_path: Path) -> None:
    older = tiny_calibration()
    newer = replace(older, created_at="2026-02-02T00:00:00+00:00", call_path=CallPath.BFLOAT16)
    store(tmp_path).keep(newer)
    store(tmp_path).keep(older)
    assert store(tmp_path).known() == (newer, older)


def test_a_calibration_takes_the_place_of_an_older_one_of_the_same(tmp_path: Path) -> None:
    first = tiny_calibration()
    again = replace(first, created_at="2026-03-03T00:00:00+00:00", quick=0.5)
    store(tmp_path).keep(first)
    store(tmp_path).keep(again)
    assert store(tmp_path).known() == (again,)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": "mbgui-calibrations", "version": 9, "calibrations": []}',
        b'{"format": "other", "version": 1, "calibrations": []}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_told_and_set_aside_by_the_next_calibration(tmp_path: Path, data: bytes) -> None:
    kept = store(tmp_path)
    kept.path.parent.mkdir()
    kept.path.write_bytes(data)
    with pytest.raises(MbguiError) as raised:
        kept.known()
    assert kept.path.name in raised.value.problem.sentence
    kept.keep(tiny_calibration())
    assert kept.known() == (tiny_calibration(),)
    assert (kept.path.parent / "calibrations.damaged.json").read_bytes() == data


@pytest.mark.parametrize(
    "change",
    [
        {"created_at": "yesterday"},
        {"created_at": "2026-01-01T00:00:00"},
        {"left_medians_s": (0.1,), "right_medians_s": (0.1, 0.2)},
        {"left_medians_s": (), "right_medians_s": ()},
        {"left_medians_s": (-0.1,), "right_medians_s": (0.1,)},
        {"left_medians_s": (1e-300,), "right_medians_s": (1.0,)},
        {"quick": 1e300},
        {"rigorous": -0.1},
    ],
)
def test_numbers_that_cannot_be_are_refused(tmp_path: Path, change: dict[str, object]) -> None:
    kept = store(tmp_path)
    kept.keep(replace(tiny_calibration(), **change))  # type: ignore[arg-type]
    with pytest.raises(MbguiError, match="contradicts itself"):
        kept.known()


def test_a_folder_that_may_not_be_searched_is_a_problem_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(MbguiError, match="cannot be read: Permission denied"):
        store(tmp_path).known()
