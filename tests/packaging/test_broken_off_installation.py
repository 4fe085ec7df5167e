"""The scripts `install` and `uninstall` where an installation fails, is stopped or is killed: nothing of it is left."""

import shutil
import signal
from pathlib import Path

import pytest

from tests.support.installing import MENU_ENTRY, OUTDATED, Machine, Pause, refused, succeeded


@pytest.fixture(params=["first", "second"])
def before_trouble(request: pytest.FixtureRequest, machine: Machine) -> dict[str, bytes | str | None]:
    """The home folder before an installation that fails: empty, or with an older mbgui."""
    if request.param == "second":
        succeeded(machine.install())
    return machine.listing()


FULL_DISK = """
for last; do :; done
case "$last" in *{target}*) echo partly >"$last/_partly" 2>/dev/null || echo partly >"$last"
  echo "cp: error writing '$last': No space left on device" >&2; exit 1;; esac
exec {cp} "$@"
"""


@pytest.mark.parametrize("target", [".mbgui.part/", "48x48/apps/mbgui.png.mbgui-part", "packages/mbgui.xml.mbgui-part"])
def test_a_full_disk_leaves_everything_as_it_was(
    machine: Machine, before_trouble: dict[str, bytes | str | None], target: str
) -> None:
    machine.put_program("cp", FULL_DISK.format(target=target, cp=shutil.which("cp")))
    assert "nothing was changed" in refused(machine.install())
    assert machine.listing() == before_trouble


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_in_the_middle_leaves_everything_as_it_was(
    machine: Machine, before_trouble: dict[str, bytes | str | None], number: signal.Signals, tmp_path: Path
) -> None:
    pause = Pause(machine, "cp", "*packages/mbgui.xml.mbgui-part*", tmp_path)
    assert refused(pause.send(number)) == "install: Stopped; nothing was changed."
    assert machine.listing() == before_trouble


def test_a_stop_while_the_bundle_is_copied_leaves_everything_as_it_was(
    machine: Machine, before_trouble: dict[str, bytes | str | None], tmp_path: Path
) -> None:
    pause = Pause(machine, "cp", "*/.\\ *", tmp_path)
    assert refused(pause.send(signal.SIGINT)) == "install: Stopped; nothing was changed."
    assert machine.listing() == before_trouble


@pytest.mark.parametrize("by", ["install", "uninstall"])
def test_what_a_killed_installation_left_is_cleared_away_by_the_next_call(
    machine: Machine, tmp_path: Path, by: str
) -> None:
    pause = Pause(machine, "cp", "*packages/mbgui.xml.mbgui-part*", tmp_path)
    pause.send(signal.SIGKILL)
    assert list(machine.home.rglob("*.mbgui-part"))
    (machine.programs / "cp").unlink()
    if by == "install":
        succeeded(machine.install())
        succeeded(machine.uninstall())
    else:
        succeeded(machine.uninstall_from_archive())
    assert machine.listing() == {}


def test_an_installation_killed_while_folders_are_swapped_is_taken_up_again(machine: Machine, tmp_path: Path) -> None:
    succeeded(machine.install())
    Pause(machine, "mv", "*.mbgui.part\\ *", tmp_path).send(signal.SIGKILL)
    (machine.programs / "mv").unlink()
    assert not machine.installed.exists()
    succeeded(machine.install())
    assert (machine.installed / "mbgui").is_file()
    succeeded(machine.uninstall())
    assert machine.listing() == {}


def test_two_installations_at_once_do_not_disturb_each_other(machine: Machine, tmp_path: Path) -> None:
    pause = Pause(machine, "cp", "*packages/mbgui.xml.mbgui-part*", tmp_path)
    (machine.programs / "cp").unlink()
    assert "Another installation is running" in refused(machine.install())
    assert "An installation is running" in refused(machine.uninstall_from_archive())
    succeeded(pause.go_on())
    succeeded(machine.uninstall())
    assert machine.listing() == {}


FAILS = """
for last; do :; done
case "$last" in {target}) echo "mv: cannot move to '$last'" >&2; exit 1;; esac
exec {mv} "$@"
"""
"""What renames files, but not one."""


def fail_to_rename(machine: Machine, target: str) -> str:
    """The words of an installation that cannot put one of its files in place; afterwards it could."""
    machine.put_program("mv", FAILS.format(target=target, mv=shutil.which("mv")))
    done = machine.install()
    (machine.programs / "mv").unlink()
    assert done.returncode != 0
    return done.stderr.splitlines()[-1]


@pytest.fixture
def half_updated(machine: Machine, tmp_path: Path) -> Machine:
    """A newer mbgui is in place, but the entry in the menu is the one of the version before."""
    succeeded(machine.install())
    machine.bundle = machine.newer(tmp_path)
    told = fail_to_rename(machine, "*/mbgui.desktop")
    assert told.endswith("mbgui.desktop could not be put in place: start install again.")
    assert "Name=newer" not in (machine.data / MENU_ENTRY).read_text("utf-8")
    return machine


def is_whole(machine: Machine) -> bool:
    """The newer version is installed, with all that belongs to it and nothing besides."""
    beside = [path.name for path in machine.installed.parent.iterdir()] + list(machine.home.rglob("*mbgui-part"))
    entry = (machine.data / MENU_ENTRY).read_text("utf-8")
    return beside == ["mbgui"] and "Name=newer" in entry and not (machine.data / OUTDATED).exists()


def test_an_update_that_could_not_be_put_in_place_is_repaired_by_the_next_call(half_updated: Machine) -> None:
    assert "is kept" not in succeeded(half_updated.install())
    assert is_whole(half_updated)
    succeeded(half_updated.uninstall())
    assert half_updated.listing() == {}


def test_an_update_that_could_not_be_put_in_place_is_removed_whole(half_updated: Machine) -> None:
    assert "is kept" not in succeeded(half_updated.uninstall())
    assert half_updated.listing() == {}


def test_an_update_that_fails_again_is_repaired_all_the_same(half_updated: Machine) -> None:
    fail_to_rename(half_updated, "*/mbgui.desktop")
    assert "is kept" not in succeeded(half_updated.install())
    assert is_whole(half_updated)
    succeeded(half_updated.uninstall())
    assert half_updated.listing() == {}


def test_a_repair_that_is_killed_is_taken_up_by_the_next_call(half_updated: Machine, tmp_path: Path) -> None:
    Pause(half_updated, "cp", "*packages/mbgui.xml.mbgui-part*", tmp_path).send(signal.SIGKILL)
    (half_updated.programs / "cp").unlink()
    assert "is kept" not in succeeded(half_updated.install())
    assert is_whole(half_updated)
    succeeded(half_updated.uninstall())
    assert half_updated.listing() == {}


def test_a_file_of_a_half_updated_version_does_not_outlive_a_version_without_it(
    machine: Machine, tmp_path: Path
) -> None:
    succeeded(machine.install())
    machine.bundle = machine.newer(tmp_path)
    kinds = machine.bundle / "share" / "mime" / "packages" / "mbgui.xml"
    kinds.write_text(kinds.read_text("utf-8") + "\n", "utf-8")
    fail_to_rename(machine, "*/packages/mbgui.xml")
    assert (machine.data / "mime/packages/mbgui.xml").exists()
    kinds.unlink()
    assert "is kept" not in succeeded(machine.install())
    assert not (machine.data / "mime/packages/mbgui.xml").exists()
    assert is_whole(machine)


def test_an_update_killed_between_two_files_is_repaired_by_the_next_call(machine: Machine, tmp_path: Path) -> None:
    succeeded(machine.install())
    machine.bundle = machine.newer(tmp_path)
    Pause(machine, "mv", "*mbgui.desktop*", tmp_path).send(signal.SIGKILL)
    (machine.programs / "mv").unlink()
    assert list(machine.home.rglob("*mbgui-part"))
    assert "is kept" not in succeeded(machine.install())
    assert is_whole(machine)
    succeeded(machine.uninstall())
    assert machine.listing() == {}


def test_an_update_killed_while_the_version_before_is_dropped_is_ended_by_the_next_call(
    machine: Machine, tmp_path: Path
) -> None:
    succeeded(machine.install())
    machine.bundle = machine.newer(tmp_path)
    Pause(machine, "rm", "*.mbgui.old/uninstall*", tmp_path).send(signal.SIGKILL)
    (machine.programs / "rm").unlink()
    assert (machine.installed.parent / ".mbgui.old").exists()
    succeeded(machine.install())
    assert is_whole(machine)
    succeeded(machine.uninstall())
    assert machine.listing() == {}


@pytest.mark.parametrize("name", [".mbgui.old", ".mbgui.part", "mbgui"])
@pytest.mark.parametrize("kind", ["folder", "link"])
def test_a_folder_of_the_user_with_a_name_of_ours_is_left_alone(
    machine: Machine, tmp_path: Path, name: str, kind: str
) -> None:
    theirs = machine.installed.parent / name
    theirs.parent.mkdir(parents=True)
    if kind == "link":
        (tmp_path / "elsewhere").mkdir()
        theirs.symlink_to(tmp_path / "elsewhere")
    else:
        theirs.mkdir()
    (theirs / "notes.txt").write_text("my own", "utf-8")
    before = machine.listing()
    assert refused(machine.install()) == (
        f"install: {theirs} was not made by this script: move it away, and try again."
    )
    machine.uninstall_from_archive("--purge")
    assert machine.listing() == before
    assert (theirs / "notes.txt").read_text("utf-8") == "my own"


@pytest.mark.parametrize("name", [".mbgui.old", ".mbgui.part"])
def test_the_removal_leaves_a_folder_of_the_user_beside_the_program(machine: Machine, name: str) -> None:
    succeeded(machine.install())
    notes = machine.installed.parent / name / "notes.txt"
    notes.parent.mkdir()
    notes.write_text("my own", "utf-8")
    succeeded(machine.uninstall("--purge"))
    assert [path for path, held in machine.listing().items() if held is not None] == [
        str(notes.relative_to(machine.home))
    ]
