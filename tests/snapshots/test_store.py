"""The folder of saved comparisons: what is kept, listed, opened, deleted, and what happens when the disk will not."""

import errno
import json
import os
import resource
import time
from dataclasses import replace
from pathlib import Path
from typing import Never

import pytest

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem
from mbgui.snapshots import whole_file
from mbgui.snapshots.codec import encode
from mbgui.snapshots.migrations import SCHEMA_VERSION
from mbgui.snapshots.store import SnapshotStore, default_folder, kept_name
from tests.support.records import large_comparison, tiny_comparison

VERSION = f'"schema_version":{SCHEMA_VERSION}'.encode()


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "data" / "snapshots")


def made_at(created_at: str, identifier: str = "0123456789") -> Comparison:
    return replace(tiny_comparison(), created_at=created_at, identifier=identifier)


def problem_of(store: SnapshotStore, path: Path) -> Problem:
    with pytest.raises(MbguiError) as caught:
        store.open(path)
    return caught.value.problem


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_kept_comparison_is_opened_again_equal(store: SnapshotStore) -> None:
    comparison = tiny_comparison()
    assert store.open(store.keep(comparison)) == comparison


def test_entries_come_newest_first_whatever_their_time_zone(store: SnapshotStore) -> None:
    times = ("2026-01-02T03:00:00+00:00", "2026-01-02T02:30:00-01:00", "2026-01-02T03:30:00+05:00")
    for number, created_at in enumerate(times):
        store.keep(made_at(created_at, identifier=str(number)))
    assert [entry.created_at for entry in store.entries()] == [times[1], times[0], times[2]]


def test_an_entry_says_what_its_snapshot_holds(store: SnapshotStore) -> None:
    comparison = tiny_comparison()
    path = store.keep(comparison)
    (entry,) = store.entries()
    assert entry.path == str(path)
    assert (entry.title, entry.headline) == (comparison.title, comparison.verdict.headline)
    assert (entry.agreement, entry.is_sample) == (comparison.verdict.agreement, comparison.is_sample)


def test_files_that_are_no_sound_snapshots_are_passed_over(store: SnapshotStore) -> None:
    path = store.keep(tiny_comparison())
    sound = path.read_bytes()
    (store.folder / "cut.mbsnap").write_bytes(sound[:100])
    (store.folder / "newer.mbsnap").write_bytes(sound.replace(VERSION, b'"schema_version":9'))
    (store.folder / "undated.mbsnap").write_bytes(sound.replace(b'"created_at":"2', b'"created_at":"x'))
    (store.folder / "folder.mbsnap").mkdir()
    (store.folder / "notes.txt").write_bytes(sound)
    assert [entry.path for entry in store.entries()] == [str(path)]


def test_a_folder_that_is_not_there_yet_has_no_entries(store: SnapshotStore) -> None:
    assert store.entries() == ()


def test_a_hundred_large_snapshots_are_listed_in_a_second(store: SnapshotStore) -> None:
    data = encode(large_comparison(300))
    whole_file.make_folder(store.folder)
    for number in range(100):
        (store.folder / f"{number}.mbsnap").write_bytes(data)
    begin = time.perf_counter()
    assert len(store.entries()) == 100
    assert time.perf_counter() - begin < 1.0


def test_two_comparisons_of_one_second_are_both_kept(store: SnapshotStore) -> None:
    created_at = "2026-01-02T03:04:05+00:00"
    store.keep(made_at(created_at, identifier="one"))
    store.keep(made_at(created_at, identifier="two"))
    assert len(store.entries()) == 2


@pytest.mark.parametrize("hostile", ["../../../etc/cron.d/x", "a/b\\c:d*e?", "\0", "é" * 500, ""])
def test_a_kept_name_stays_inside_the_folder(hostile: str) -> None:
    name = kept_name(made_at("2026-01-02T03:04:05+02:00", identifier=hostile))
    assert name.startswith("20260102T010405Z-tiny_net-TinyNet-")
    assert name.isascii()
    assert not set(name) & set('/\\:*?"<>|\0')
    assert len(name) < 255


def test_a_deleted_snapshot_is_gone(store: SnapshotStore) -> None:
    path = store.keep(tiny_comparison())
    store.delete(path)
    assert store.entries() == ()
    with pytest.raises(MbguiError, match="cannot be deleted: no such file"):
        store.delete(path)


def test_the_default_folder_is_in_the_users_data(monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_folder().parts[-2:] == ("mbgui", "snapshots")


def test_saving_takes_the_place_of_an_older_file(store: SnapshotStore, tmp_path: Path) -> None:
    path = tmp_path / "mine.mbsnap"
    path.write_text("older")
    store.save(tiny_comparison(), path)
    assert json.loads(path.read_bytes())["format"] == "mbgui-snapshot"
    assert names_in(tmp_path) == ["mine.mbsnap"]


def test_saving_through_a_link_keeps_the_link(store: SnapshotStore, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.mbsnap"
    link.symlink_to(tmp_path / "real" / "mine.mbsnap")
    store.save(tiny_comparison(), link)
    assert link.is_symlink()
    assert store.open(tmp_path / "real" / "mine.mbsnap") == tiny_comparison()


def test_a_saved_file_is_readable_by_whom_the_user_lets_read(store: SnapshotStore, tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    store.save(tiny_comparison(), tmp_path / "mine.mbsnap")
    assert (tmp_path / "mine.mbsnap").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize(
    ("call", "code", "sentence"),
    [
        ("fsync", errno.ENOSPC, "There is no space left to write mine.mbsnap."),
        ("fsync", errno.EDQUOT, "There is no space left to write mine.mbsnap."),
        ("replace", errno.EROFS, "mine.mbsnap cannot be written in {folder}: not allowed."),
        ("replace", errno.EACCES, "mine.mbsnap cannot be written in {folder}: not allowed."),
        ("fsync", errno.EIO, "mine.mbsnap cannot be written: input/output error."),
    ],
)
def test_a_save_that_fails_leaves_the_old_file_as_it_was_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, sentence: str
) -> None:
    def fail(*_: object) -> Never:
        raise OSError(code, os.strerror(code))

    path = tmp_path / "mine.mbsnap"
    path.write_text("older")
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(MbguiError) as caught:
        SnapshotStore(tmp_path).save(tiny_comparison(), path)
    monkeypatch.undo()
    assert caught.value.problem.sentence == sentence.format(folder=tmp_path)
    assert path.read_text() == "older"
    assert names_in(tmp_path) == ["mine.mbsnap"]


def test_a_save_interrupted_by_the_user_leaves_no_part_behind(
    store: SnapshotStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> Never:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        store.save(tiny_comparison(), tmp_path / "mine.mbsnap")
    assert names_in(tmp_path) == []


def test_a_write_that_the_system_cuts_short_leaves_the_old_file_as_it_was(store: SnapshotStore, tmp_path: Path) -> None:
    path = tmp_path / "mine.mbsnap"
    path.write_text("older")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(MbguiError, match="There is no space left"):
            store.save(tiny_comparison(), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "older"
    assert names_in(tmp_path) == ["mine.mbsnap"]


def test_a_save_into_a_missing_folder_says_so(store: SnapshotStore, tmp_path: Path) -> None:
    with pytest.raises(MbguiError, match="There is no folder"):
        store.save(tiny_comparison(), tmp_path / "missing" / "mine.mbsnap")


def test_a_save_onto_a_folder_says_so(store: SnapshotStore, tmp_path: Path) -> None:
    (tmp_path / "mine.mbsnap").mkdir()
    with pytest.raises(MbguiError, match="is a directory"):
        store.save(tiny_comparison(), tmp_path / "mine.mbsnap")
    assert names_in(tmp_path) == ["mine.mbsnap"]


def test_keeping_where_a_file_is_in_the_way_of_the_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(MbguiError, match="cannot be created"):
        SnapshotStore(tmp_path / "data" / "snapshots").keep(tiny_comparison())


def test_a_missing_file_a_folder_and_a_device_are_told_apart(store: SnapshotStore, tmp_path: Path) -> None:
    assert problem_of(store, tmp_path / "gone.mbsnap").sentence == f"There is no file {tmp_path / 'gone.mbsnap'}."
    assert problem_of(store, tmp_path).sentence == f"{tmp_path.name} is a folder, not a file."
    os.mkfifo(tmp_path / "pipe.mbsnap")
    assert problem_of(store, tmp_path / "pipe.mbsnap").sentence == "pipe.mbsnap is not an ordinary file."
    assert "cannot be read" in problem_of(store, Path("a\0b")).sentence


def test_a_file_beyond_any_snapshot_is_not_read(store: SnapshotStore, tmp_path: Path) -> None:
    path = tmp_path / "huge.mbsnap"
    with path.open("wb") as file:
        file.truncate(whole_file.LARGEST_FILE_BYTES + 1)
    assert problem_of(store, path).sentence == "huge.mbsnap is too large to be a snapshot."


def test_a_file_that_may_not_be_read_says_so(
    store: SnapshotStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> Never:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    path = store.keep(tiny_comparison())
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert problem_of(store, path).sentence == f"{path.name} cannot be read: permission denied."


def test_an_error_of_the_content_names_the_file(store: SnapshotStore, tmp_path: Path) -> None:
    path = tmp_path / "broken.mbsnap"
    path.write_text("{")
    assert problem_of(store, path).sentence == "broken.mbsnap is cut off: its end is missing."
