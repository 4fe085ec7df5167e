"""The bundle as one compressed file."""

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import zstandard
from recipe import archive
from recipe.archive import make_archive
from recipe.progress import Progress

NAME = "mbgui-1.2.3-linux-x86_64"


def entries(path: Path) -> dict[str, tarfile.TarInfo]:
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        content = io.BytesIO(stream.read())
    with tarfile.open(fileobj=content) as tar:
        return {entry.name: entry for entry in tar}


def test_the_archive_holds_one_folder_of_the_given_name_with_modes_and_links(bundle: Path, tmp_path: Path) -> None:
    made = make_archive(bundle, tmp_path / "new" / f"{NAME}.tar.zst", top=NAME)
    assert made == tmp_path / "new" / f"{NAME}.tar.zst"
    found = entries(made)
    expected = {NAME, *(f"{NAME}/{path.relative_to(bundle).as_posix()}" for path in bundle.rglob("*"))}
    assert set(found) == expected
    assert found[f"{NAME}/install"].mode == 0o755
    assert found[f"{NAME}/_internal/library.so"].linkname == "deep er/library.so.1"
    assert {(entry.uid, entry.gid, entry.uname, entry.gname) for entry in found.values()} == {(0, 0, "root", "root")}


def test_the_same_files_give_the_same_bytes_wherever_and_whenever_they_are_packed(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    copy = tmp_path / "copy"
    for path in sorted(bundle.rglob("*"), reverse=True):  # made in another order, and with other dates
        target = copy / path.relative_to(bundle)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            target.symlink_to(path.readlink())
        elif path.is_file():
            shutil.copyfile(path, target)
            os.utime(target, (1, 1))
    for path in [bundle, *bundle.rglob("*")]:
        (copy / path.relative_to(bundle)).chmod(path.stat().st_mode)
    first = make_archive(bundle, tmp_path / "first" / f"{NAME}.tar.zst", top=NAME)
    second = make_archive(copy, tmp_path / "second" / f"{NAME}.tar.zst", top=NAME)
    assert first.read_bytes() == second.read_bytes()
    assert {entry.mtime for entry in entries(first).values()} == {1_700_000_000}


def test_without_a_date_given_all_entries_have_that_of_the_newest_file(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    newest = max(path.lstat().st_mtime for path in [bundle, *bundle.rglob("*")])
    made = make_archive(bundle, tmp_path / f"{NAME}.tar.zst", top=NAME)
    assert {entry.mtime for entry in entries(made).values()} == {int(newest)}


@pytest.mark.skipif(not (shutil.which("tar") and shutil.which("zstd")), reason="tar or zstd is not here")
def test_tar_unpacks_it_into_the_same_files(bundle: Path, tmp_path: Path) -> None:
    made = make_archive(bundle, tmp_path / f"{NAME}.tar.zst", top=NAME)
    subprocess.run(["tar", "--extract", "--zstd", "--file", made, "--directory", tmp_path], check=True)
    assert (tmp_path / NAME / "mbgui").read_bytes() == (bundle / "mbgui").read_bytes()
    assert os.access(tmp_path / NAME / "mbgui", os.X_OK)


def test_without_zstandard_it_is_an_xz_archive(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "zstandard", None)
    made = make_archive(bundle, tmp_path / f"{NAME}.tar.zst", top=NAME)
    assert made.name == f"{NAME}.tar.xz"
    with tarfile.open(made, "r:xz") as tar:
        assert f"{NAME}/mbgui" in tar.getnames()


def test_an_archive_that_cannot_be_finished_is_not_there(bundle: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(bundle, tmp_path / "source", symlinks=True))
    earlier = make_archive(source, tmp_path / "out" / f"{NAME}.tar.zst", top=NAME)
    before = earlier.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Progress, "advance", interrupt)
        with pytest.raises(KeyboardInterrupt):
            make_archive(source, tmp_path / "out" / f"{NAME}.tar.zst", top=NAME)
    assert earlier.read_bytes() == before
    assert list(earlier.parent.iterdir()) == [earlier]


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_stays_on_one_line_of_a_terminal() -> None:
    terminal = Terminal()
    progress = Progress("packing", 200, terminal)
    for _ in range(200):
        progress.advance(1)
    progress.finish()
    assert terminal.getvalue().count("\r") == 101
    assert terminal.getvalue().endswith("packing: 100 %\n")


def test_progress_fills_no_log() -> None:
    log = io.StringIO()
    progress = Progress("packing", 200, log)
    for _ in range(200):
        progress.advance(1)
    progress.finish()
    assert log.getvalue().splitlines() == [f"packing: {percent} %" for percent in (0, 25, 50, 75, 100)]
