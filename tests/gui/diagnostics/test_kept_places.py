"""What cannot be written is said in a sentence, with where and why."""

import os
from pathlib import Path

import pytest

from mbgui.gui.diagnostics.kept_places import Place, unkept_words, unwritable_reason

FULL = Path("/dev/full")


@pytest.fixture
def below_a_file(tmp_path: Path) -> Path:
    """No folder can be made there, by nobody: tests may run as root, which may write everywhere else."""
    (tmp_path / "file").touch()
    return tmp_path / "file" / "below"


def test_a_folder_that_can_be_made_is_no_problem_and_stays_empty(tmp_path: Path) -> None:
    place = Place(content="Logs", folder=tmp_path / "new" / "folder")
    assert unwritable_reason(place) == ""
    assert list(place.folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told_with_its_reason(below_a_file: Path) -> None:
    assert unwritable_reason(Place(content="Logs", folder=below_a_file)) == "not a directory"


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    place = Place(content="Settings", folder=tmp_path, file=tmp_path / "settings")
    assert unwritable_reason(place) == "is a directory"


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_told_though_an_empty_file_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_file(**_: object) -> object:
        return FULL.open("wb")

    monkeypatch.setattr("tempfile.TemporaryFile", full_file)
    assert unwritable_reason(Place(content="Logs", folder=tmp_path)) == "no space left on device"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write in every folder")
def test_a_folder_without_the_right_to_write_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert unwritable_reason(Place(content="Logs", folder=tmp_path)) == "permission denied"


def test_what_cannot_be_kept_is_listed_in_one_sentence(tmp_path: Path, below_a_file: Path) -> None:
    words = unkept_words(
        [
            Place(content="Settings", folder=below_a_file),
            Place(content="Comparisons", folder=tmp_path),
            Place(content="Logs", folder=below_a_file / "logs"),
        ]
    )
    assert words is not None
    sentence, advice = words
    assert sentence == "Settings and logs cannot be kept: not a directory."
    assert f"{below_a_file}, {below_a_file / 'logs'}" in advice


def test_where_all_can_be_kept_nothing_is_said(tmp_path: Path) -> None:
    assert unkept_words([Place(content="Logs", folder=tmp_path)]) is None
