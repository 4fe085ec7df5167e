"""The scripts `install` and `uninstall` while mbgui runs: it reads its own files until its end, so they stay."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.installing import Machine, Pause, refused, succeeded

pytestmark = pytest.mark.skipif(not Path("/proc/self/exe").exists(), reason="running programs are found in /proc")


@pytest.fixture
def real_program(machine: Machine, tmp_path: Path) -> None:
    """An mbgui that is installed and has an executable of its own."""
    machine.bundle = Path(shutil.copytree(machine.bundle, tmp_path / "with a real program", symlinks=True))
    shutil.copyfile(shutil.which("cat") or "", machine.bundle / "mbgui")
    succeeded(machine.install())


@contextmanager
def running_app(machine: Machine) -> Iterator[None]:
    with subprocess.Popen([machine.installed / "mbgui"], stdin=subprocess.PIPE) as process:
        yield
        process.communicate()


@pytest.fixture
def running(machine: Machine, real_program: None) -> Iterator[None]:
    with running_app(machine):
        yield


@pytest.mark.usefixtures("running")
def test_a_running_mbgui_is_not_replaced(machine: Machine) -> None:
    before = machine.listing()
    assert refused(machine.install()) == "install: mbgui is running: close it and start install again."
    assert machine.listing() == before


def test_an_mbgui_that_was_started_while_the_new_one_was_copied_is_not_replaced(
    machine: Machine, tmp_path: Path, real_program: None
) -> None:
    before = machine.listing()
    pause = Pause(machine, "cp", "*packages/mbgui.xml.mbgui-part*", tmp_path)
    with running_app(machine):
        assert refused(pause.go_on()) == "install: mbgui is running: close it and start install again."
    assert machine.listing() == before


@pytest.mark.usefixtures("running")
def test_a_running_mbgui_is_not_removed(machine: Machine) -> None:
    before = machine.listing()
    assert "mbgui is running: close it, and try again." in refused(machine.uninstall())
    assert machine.listing() == before
