"""The app is taken out of archives and folders, and cannot be written to afterwards."""

import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from recipe.archive import make_archive
from smoke_test.account import Account
from smoke_test.bundle import PLACE, place_bundle, remove_tree
from smoke_test.failures import StepFailed


@pytest.fixture
def work() -> Iterator[Path]:
    """A folder that whoever the app runs as can enter; those of pytest are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    remove_tree(folder)


@pytest.fixture
def account() -> Account:
    return Account.for_the_app()


def test_an_archive_is_unpacked_and_moved(bundle: Path, tmp_path: Path, work: Path, account: Account) -> None:
    archive = make_archive(bundle, tmp_path / "app.tar.zst", top=bundle.name)
    placed = place_bundle(archive, work, account)
    assert placed.folder.parent == work / PLACE
    assert placed.executable.read_bytes() == (bundle / "mbgui").read_bytes()
    assert (placed.folder / "_internal" / "library.so").is_symlink()
    assert placed.has_installer


def test_nothing_in_it_can_be_written_to(bundle: Path, tmp_path: Path, work: Path, account: Account) -> None:
    archive = make_archive(bundle, tmp_path / "app.tar.zst", top=bundle.name)
    folder = place_bundle(archive, work, account).folder
    modes = [path.stat().st_mode for path in (folder, *folder.rglob("*"))]
    assert not any(mode & 0o222 for mode in modes)
    assert (folder / "mbgui").stat().st_mode & 0o111


def test_a_folder_is_left_as_it_was(bundle: Path, work: Path, account: Account) -> None:
    before = {path: path.lstat().st_mode for path in (bundle, *bundle.rglob("*"))}
    placed = place_bundle(bundle, work, account)
    assert placed.executable.is_file()
    remove_tree(placed.folder.parent)
    assert {path: path.lstat().st_mode for path in (bundle, *bundle.rglob("*"))} == before


def test_a_folder_that_anyone_may_write_to_is_refused(tmp_path: Path, work: Path, account: Account) -> None:
    if account.is_own:
        pytest.skip("the files of one's own folder are copied and closed")
    app = tmp_path / "app"
    (app / "_internal").mkdir(parents=True)
    (app / "mbgui").touch()
    (app / "mbgui").chmod(0o777)
    with pytest.raises(StepFailed, match="could write"):
        place_bundle(app, work, account)


def test_what_is_no_archive_is_refused_in_words(tmp_path: Path, work: Path, account: Account) -> None:
    for name in ("app.tar.zst", "app.tar.xz"):
        (tmp_path / name).write_bytes(b"no archive")
        with pytest.raises(StepFailed, match="cannot be unpacked"):
            place_bundle(tmp_path / name, work, account)
        remove_tree(work / "first")


def test_an_archive_of_something_else_is_refused(tmp_path: Path, work: Path, account: Account) -> None:
    archive = tmp_path / "other.tar.xz"
    with tarfile.open(archive, "w:xz") as packed:
        packed.add(__file__, "other/file.py")
    with pytest.raises(StepFailed, match="holds no app"):
        place_bundle(archive, work, account)
