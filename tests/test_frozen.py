"""What is different in the packaged app, and that a child gets going there before anything else does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mbgui import frozen
from mbgui.frozen import CHILD_FLAG, certificate_settings, child_command, leave_environment_alone

LOADED_BY_A_CHILD = """
import json, sys
from mbgui.__main__ import main
try:
    main(["--child", "--help"])
except SystemExit as end:
    print(json.dumps([end.code, sorted(sys.modules)]), file=sys.stderr)
"""


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """As in the packaged app, whose folder is the one returned."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    return tmp_path


def test_a_checkout_starts_children_by_its_interpreter() -> None:
    assert child_command("/usr/bin/python3") == ["/usr/bin/python3", "-P", "-m", "mbgui.processes.child"]


@pytest.mark.usefixtures("packaged")
def test_the_packaged_app_starts_itself_as_a_child() -> None:
    assert child_command("/opt/mbgui/mbgui") == ["/opt/mbgui/mbgui", CHILD_FLAG]


def test_where_there_is_a_program_with_pipes_children_are_started_by_that(packaged: Path) -> None:
    (packaged / "mbgui-terminal.exe").touch()
    assert child_command(str(packaged / "mbgui.exe")) == [str(packaged / "mbgui-terminal.exe"), CHILD_FLAG]


@pytest.mark.usefixtures("packaged")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"LD_LIBRARY_PATH": "/ours", "LD_LIBRARY_PATH_ORIG": "/theirs"}, {"LD_LIBRARY_PATH": "/theirs"}),
        ({"LD_LIBRARY_PATH": "/ours", "HOME": "/home/a"}, {"HOME": "/home/a"}),
    ],
)
def test_other_programs_get_the_library_path_of_the_user(before: dict[str, str], after: dict[str, str]) -> None:
    environment = dict(before)
    leave_environment_alone(environment)
    assert environment == after


def test_a_checkout_leaves_the_library_path_as_it_is() -> None:
    environment = {"LD_LIBRARY_PATH": "/theirs"}
    leave_environment_alone(environment)
    assert environment == {"LD_LIBRARY_PATH": "/theirs"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere OpenSSL asks the system")
def test_a_child_trusts_what_the_system_trusts_and_else_what_the_app_brings(
    packaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, own = packaged / "system.crt", packaged / "certifi" / "cacert.pem"
    own.parent.mkdir()
    own.touch()
    monkeypatch.setattr(frozen, "_CERTIFICATE_FILES", (str(system),))
    assert certificate_settings({}) == {"SSL_CERT_FILE": str(own)}
    system.touch()
    assert certificate_settings({}) == {"SSL_CERT_FILE": str(system)}
    assert certificate_settings({"SSL_CERT_FILE": "/mine"}) == {}


def test_a_checkout_sets_no_certificates() -> None:
    assert certificate_settings({}) == {}


def test_a_child_is_handed_over_before_the_command_line_or_the_window_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED_BY_A_CHILD], capture_output=True, text=True, check=True, timeout=60
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    assert "--framework" in done.stdout
    assert "mbgui.processes.child" in modules
    assert not {"mbgui.cli.main", "click", "mbgui.gui", "PySide6", "msgspec", "rich"} & set(modules)
