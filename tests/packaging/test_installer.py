"""The scripts `install` and `uninstall` of the archive, on home folders of every kind."""

import ast
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installing import MENU_ENTRY, NOBODY, SHELLS, Machine, Pause, refused, succeeded

NASTY_HOMES = ("plain", "a b", "Jürgen Grüße", 'quo"te', "do$HOME`x`llar", "back\\slash", "per%cent %F", "it's; &* (x)")

pytestmark = pytest.mark.skipif(os.name != "posix" or not SHELLS, reason="the scripts are for Linux")


def executable_of(entry: str) -> str:
    """The program in the Exec line: the escapes of a string undone, then the quoting, then doubled percent signs."""
    (line,) = [line for line in entry.splitlines() if line.startswith("Exec=")]
    value = line.removeprefix("Exec=").removeprefix("env ").replace("\\\\", "\\")
    assert value.startswith('"')
    assert value.endswith('" %F')
    characters = iter(value[1:-4])
    plain = "".join(next(characters) if character == "\\" else character for character in characters)
    assert plain.count("%") == 2 * plain.count("%%")
    return plain.replace("%%", "%")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_installs_and_removes_it_without_a_trace(machine: Machine, shell: str) -> None:
    machine.shell = shell
    before = machine.listing()
    succeeded(machine.install())
    assert (machine.installed / "_internal" / "library.so").resolve().stat().st_size == 300_000
    assert machine.link.resolve() == machine.installed / "mbgui"
    for name in (MENU_ENTRY, "mime/packages/mbgui.xml", "icons/hicolor/16x16/apps/mbgui.png"):
        assert (machine.data / name).is_file()
    assert not list(machine.home.rglob("*mbgui-part"))
    succeeded(machine.uninstall())
    assert machine.listing() == before


@pytest.mark.parametrize("name", NASTY_HOMES)
def test_the_menu_entry_names_the_program_wherever_the_home_folder_is(tmp_path: Path, bundle: Path, name: str) -> None:
    machine = Machine(tmp_path, bundle, name)
    succeeded(machine.install())
    entry = machine.data / MENU_ENTRY
    assert executable_of(entry.read_text("utf-8")) == str(machine.installed / "mbgui")
    if validator := shutil.which("desktop-file-validate"):
        done = subprocess.run([validator, str(entry)], capture_output=True, text=True, check=False)
        assert done.stdout == ""
    succeeded(machine.uninstall())
    assert machine.listing() == {}


@pytest.mark.skipif(not shutil.which("gio"), reason="`gio launch` starts menu entries; it is not here")
@pytest.mark.parametrize("name", NASTY_HOMES)
def test_the_desktop_starts_the_program_with_the_files_it_was_given(tmp_path: Path, bundle: Path, name: str) -> None:
    machine = Machine(tmp_path, bundle, name)
    succeeded(machine.install())
    snapshot = tmp_path / "a pair.mbsnap"
    snapshot.touch()
    os.mkfifo(tmp_path / "started")
    command = ["gio", "launch", str(machine.data / MENU_ENTRY), str(snapshot)]
    environment = machine.environment(MBGUI_STARTED=str(tmp_path / "started"))
    subprocess.run(command, env=environment, check=True)
    assert ast.literal_eval((tmp_path / "started").read_text("utf-8")) == [
        str(machine.installed / "mbgui"),
        str(snapshot),
    ]


@pytest.mark.skipif(
    not (shutil.which("gio") and shutil.which("update-mime-database") and shutil.which("update-desktop-database")),
    reason="gio, shared-mime-info or desktop-file-utils is not here",
)
def test_the_desktop_knows_snapshots_by_name_and_by_content_and_opens_them_in_mbgui(machine: Machine) -> None:
    succeeded(machine.install())
    sample = Path(__file__).resolve().parents[2] / "resources" / "sample.mbsnap"
    (machine.home / "unnamed").write_bytes(sample.read_bytes())
    (machine.home / "named.mbsnap").write_text("{}", "utf-8")
    (machine.home / "other.json").write_text('{"format":"other"}', "utf-8")
    types = {
        path.name: gio(machine, "info", "-a", "standard::content-type", str(path)) for path in machine.home.glob("*.*")
    }
    types["unnamed"] = gio(machine, "info", "-a", "standard::content-type", str(machine.home / "unnamed"))
    known = {name for name, words in types.items() if "standard::content-type: application/x-mbgui-snapshot" in words}
    assert known == {"unnamed", "named.mbsnap"}
    assert "mbgui.desktop" in gio(machine, "mime", "application/x-mbgui-snapshot").splitlines()[0]


def gio(machine: Machine, *arguments: str) -> str:
    command = ["gio", *arguments]
    return subprocess.run(
        command, env=machine.environment(LC_ALL="C.UTF-8"), capture_output=True, text=True, check=True
    ).stdout


def test_a_second_installation_replaces_the_first_and_leaves_no_trace_either(machine: Machine, tmp_path: Path) -> None:
    succeeded(machine.install())
    newer = Path(shutil.copytree(machine.bundle, tmp_path / "newer", symlinks=True))
    (newer / "_internal" / "library.so").unlink()
    (newer / "share" / "icons" / "hicolor" / "16x16" / "apps" / "mbgui.png").unlink()
    (newer / "share" / "applications" / "mbgui.desktop").write_text("[Desktop Entry]\nExec=mbgui %F\n", "utf-8")
    machine.bundle = newer
    succeeded(machine.install())
    assert not (machine.installed / "_internal" / "library.so").is_symlink()
    assert not (machine.data / "icons/hicolor/16x16/apps/mbgui.png").exists()
    assert (machine.data / MENU_ENTRY).read_text("utf-8").startswith("[Desktop Entry]\nExec=")
    assert sorted(path.name for path in machine.installed.parent.iterdir()) == ["mbgui"]
    succeeded(machine.uninstall())
    assert machine.listing() == {}


def test_the_data_folder_of_xdg_is_used_and_removed_only_if_it_was_made(machine: Machine, tmp_path: Path) -> None:
    succeeded(machine.install(XDG_DATA_HOME=str(tmp_path / "my data")))
    assert (tmp_path / "my data" / MENU_ENTRY).is_file()
    assert not machine.data.exists()
    succeeded(machine.uninstall())  # as from a session where the variable is not set
    assert not (tmp_path / "my data").exists()
    assert machine.listing() == {}


def test_what_was_there_before_is_there_after(machine: Machine) -> None:
    for name in ("applications/other.desktop", "icons/hicolor/16x16/apps/other.png", "mime/packages/other.xml"):
        (machine.data / name).parent.mkdir(parents=True)
        (machine.data / name).write_text(
            '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info"/>', "utf-8"
        )
    before = machine.listing()
    succeeded(machine.install())
    succeeded(machine.uninstall())
    assert machine.listing() == before


@pytest.mark.skipif(not shutil.which("update-desktop-database"), reason="desktop-file-utils is not here")
def test_the_list_of_applications_stays_for_those_that_came_later(machine: Machine) -> None:
    succeeded(machine.install())
    later = "[Desktop Entry]\nType=Application\nName=Later\nExec=later\nMimeType=text/later;\n"
    (machine.data / "applications" / "later.desktop").write_text(later, "utf-8")
    subprocess.run(["update-desktop-database", str(machine.data / "applications")], check=True)
    succeeded(machine.uninstall())
    assert (machine.data / "applications" / "mimeinfo.cache").read_text(
        "utf-8"
    ) == "[MIME Cache]\ntext/later=later.desktop;\n"


@pytest.mark.parametrize("name", [MENU_ENTRY, "icons/hicolor/16x16/apps/mbgui.png", "mime/packages/mbgui.xml"])
def test_a_file_of_the_user_is_neither_overwritten_nor_removed(machine: Machine, name: str) -> None:
    (machine.data / name).parent.mkdir(parents=True)
    (machine.data / name).write_text("my own", "utf-8")
    before = machine.listing()
    assert f"{machine.data / name} was not made by this script" in succeeded(machine.install())
    assert (machine.data / name).read_text("utf-8") == "my own"
    succeeded(machine.uninstall())
    assert machine.listing() == before


def test_a_command_of_the_user_is_neither_overwritten_nor_removed(machine: Machine) -> None:
    machine.link.parent.mkdir(parents=True)
    machine.link.symlink_to("/nowhere/mbgui")
    before = machine.listing()
    assert f"{machine.link} was not made by this script" in succeeded(machine.install())
    succeeded(machine.uninstall())
    assert machine.listing() == before


def test_an_entry_that_the_user_changed_outlives_a_second_installation_and_the_removal(machine: Machine) -> None:
    succeeded(machine.install())
    (machine.data / MENU_ENTRY).write_text("changed", "utf-8")
    assert "is kept as it is" in succeeded(machine.install())
    succeeded(machine.uninstall())
    assert (machine.data / MENU_ENTRY).read_text("utf-8") == "changed"


def test_the_removal_says_which_changed_file_it_keeps(machine: Machine) -> None:
    succeeded(machine.install())
    (machine.data / MENU_ENTRY).write_text("changed", "utf-8")
    assert f"{machine.data / MENU_ENTRY} was changed since it was installed: it is kept." in succeeded(
        machine.uninstall()
    )
    assert (machine.data / MENU_ENTRY).read_text("utf-8") == "changed"


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_a_program_folder_of_someone_else_is_left_alone(machine: Machine, tmp_path: Path, kind: str) -> None:
    machine.installed.parent.mkdir(parents=True)
    if kind == "folder":
        machine.installed.mkdir()
    else:
        machine.installed.symlink_to(tmp_path)
    before = machine.listing()
    assert refused(machine.install()).endswith("was not made by this script: move it away, and try again.")
    assert machine.listing() == before


def test_snapshots_settings_and_logs_stay_and_their_places_are_told(machine: Machine) -> None:
    own = ["share/mbgui/snapshots/pair.mbsnap", "state/mbgui/log/mbgui.log"]
    paths = [*(machine.home / ".local" / name for name in own), machine.home / ".config/mbgui/mbgui.conf"]
    succeeded(machine.install())
    for path in paths:
        path.parent.mkdir(parents=True)
        path.touch()
    words = succeeded(machine.uninstall())
    assert all(path.exists() for path in paths)
    assert f"snapshots and calibrations in {machine.data / 'mbgui'}" in words
    assert {name for name, held in machine.listing().items() if held is not None} == {
        str(path.relative_to(machine.home)) for path in paths
    }


def use(machine: Machine) -> None:
    """What the app makes when it is used."""
    for name in (".local/share/mbgui/snapshots", ".local/state/mbgui/log", ".config/mbgui", ".cache/mbgui"):
        (machine.home / name).mkdir(parents=True)


def test_purge_removes_snapshots_settings_and_logs_too(machine: Machine) -> None:
    succeeded(machine.install())
    use(machine)
    succeeded(machine.uninstall("--purge"))
    assert machine.listing() == {}


def test_purge_leaves_folders_that_were_there_before_even_if_they_are_empty(machine: Machine) -> None:
    for name in (".config", ".cache", ".local/state", ".local/share"):
        (machine.home / name).mkdir(parents=True)
    before = machine.listing()
    succeeded(machine.install())
    use(machine)
    succeeded(machine.uninstall("--purge"))
    assert machine.listing() == before


def test_purge_knows_after_an_update_which_folders_the_app_made(machine: Machine) -> None:
    succeeded(machine.install())
    use(machine)
    succeeded(machine.install())
    succeeded(machine.uninstall("--purge"))
    assert machine.listing() == {}


def test_purge_removes_folders_of_xdg_with_their_parents_if_they_were_not_there_before(
    machine: Machine, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    places = {"XDG_CONFIG_HOME": str(tmp_path / "mine" / "a" / "b"), "XDG_CACHE_HOME": str(tmp_path / "mine")}
    succeeded(machine.install(**places))
    for place in places.values():
        (Path(place) / "mbgui").mkdir(parents=True)
    succeeded(machine.uninstall("--purge", **places))
    assert list((tmp_path / "mine").iterdir()) == []
    assert machine.listing() == {}


def test_purge_without_an_installation_removes_own_files_and_no_folder_of_others(machine: Machine) -> None:
    use(machine)
    succeeded(machine.uninstall_from_archive("--purge"))
    assert set(machine.listing()) == {".cache", ".config", ".local", ".local/share", ".local/state"}


def test_the_path_is_mentioned_only_where_the_command_is_not_on_it(machine: Machine) -> None:
    assert "not on your PATH" in succeeded(machine.install())
    path = f"{machine.link.parent}:{os.environ['PATH']}"
    assert "PATH" not in succeeded(machine.install(PATH=path))


def test_it_installs_where_the_update_programs_are_missing_and_says_what_that_means(machine: Machine) -> None:
    needed = "awk cat chmod cksum cp cut df dirname du find grep id ln mkdir mv readlink rm rmdir sed sort touch tr"
    for name in [*SHELLS, *needed.split()]:
        if found := shutil.which(name):
            (machine.programs / name).symlink_to(found)
    words = succeeded(machine.install(PATH=str(machine.programs)))
    assert "update-desktop-database is missing" in words
    assert "update-mime-database is missing" in words
    succeeded(machine.uninstall(PATH=str(machine.programs)))
    assert machine.listing() == {}


@pytest.fixture
def read_only(bundle: Path) -> Iterator[Machine]:
    """An ordinary user with an unpacked archive in which nobody may write: neither into folders nor into files."""
    with tempfile.TemporaryDirectory() as name:  # the folders of pytest are for nobody but the user of the tests
        folder = Path(name)
        folder.chmod(0o755)
        copy = Path(shutil.copytree(bundle, folder / "read only", symlinks=True))
        paths = [copy, *(path for path in copy.rglob("*") if not path.is_symlink())]
        machine = Machine(folder, copy)
        if os.geteuid() == 0:
            machine.user = NOBODY
            os.chown(machine.home, NOBODY, NOBODY)
        for path in paths:
            path.chmod(0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444)
        yield machine
        for path in paths:
            path.chmod(0o755)


def test_an_ordinary_user_installs_from_a_tree_that_cannot_be_written_to(read_only: Machine) -> None:
    succeeded(read_only.install())
    succeeded(read_only.install())
    succeeded(read_only.uninstall())
    assert read_only.listing() == {}


@pytest.mark.parametrize("by", ["install", "uninstall"])
def test_what_a_killed_installation_left_of_a_tree_that_cannot_be_written_to_is_cleared_away(
    read_only: Machine, by: str
) -> None:
    folder = read_only.home.parent / "pause"
    folder.mkdir()
    read_only.put_program("chmod", "exit 1")  # nothing gets writable before the end
    Pause(read_only, "rm", "*.mbgui.part/install", folder).send(signal.SIGKILL)
    for name in ("chmod", "rm"):
        (read_only.programs / name).unlink()
    assert read_only.listing()
    if by == "install":
        succeeded(read_only.install())
        succeeded(read_only.uninstall())
    else:
        succeeded(read_only.uninstall_from_archive())
    assert read_only.listing() == {}


def test_without_a_usable_home_one_sentence_says_so(machine: Machine, tmp_path: Path) -> None:
    assert "HOME is not set" in refused(machine.install(HOME=""))
    assert "is not there" in refused(machine.install(HOME=str(tmp_path / "missing")))
    assert "line break" in refused(machine.install(XDG_DATA_HOME=f"{machine.home}/a\nb"))
    assert "HOME is not set" in refused(machine.uninstall_from_archive(HOME=""))


def test_a_home_that_cannot_be_written_to_is_told_in_one_sentence(machine: Machine) -> None:
    assert "/proc/.local cannot be made; nothing was changed" in refused(
        machine.install(HOME="/proc")
    )  # not even by root


def test_an_archive_without_all_its_files_is_refused(machine: Machine, tmp_path: Path) -> None:
    machine.bundle = Path(shutil.copytree(machine.bundle, tmp_path / "part", symlinks=True))
    shutil.rmtree(machine.bundle / "_internal")
    assert "unpack the whole archive" in refused(machine.install())
    assert machine.listing() == {}


def test_too_little_room_is_told_before_anything_is_copied(machine: Machine) -> None:
    figures = "/dev/disk with a space 1000 900 100 90% /"
    machine.put_program("df", f"echo Filesystem 1024-blocks Used Available Capacity Mounted on; echo '{figures}'")
    assert "make room" in refused(machine.install())
    assert machine.listing() == {}


def test_root_by_sudo_is_told_that_no_root_is_needed(machine: Machine) -> None:
    machine.put_program("id", "echo 0")
    assert "without sudo" in refused(machine.install(SUDO_USER="someone"))
    assert machine.listing() == {}


def test_help_says_what_they_do_and_an_unknown_word_is_refused(machine: Machine) -> None:
    assert "usage: ./install" in succeeded(machine.install("--help"))
    assert machine.install("--pruge").returncode == 2
    assert machine.listing() == {}
    assert "not installed" in refused(machine.uninstall_from_archive())


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not here")
@pytest.mark.parametrize("script", ["install", "uninstall"])
def test_shellcheck_finds_nothing(bundle: Path, script: str) -> None:
    command = ["shellcheck", "--shell=sh", "--exclude=SC2317", str(bundle / script)]  # traps are called indirectly
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == ""
