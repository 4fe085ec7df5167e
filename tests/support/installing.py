"""Home folders in which `install` and `uninstall` of the Linux archive run, and pauses in the middle of them."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]
MENU_ENTRY = "applications/mbgui.desktop"
OUTDATED = "icons/hicolor/16x16/apps/mbgui.png"
"""What a newer version has no longer."""
NOBODY = 65534
"""The number of the user who owns nothing."""


class Machine:
    """A home folder, and a set of programs in front of the PATH; `run` gives a script's end and words."""

    def __init__(self, folder: Path, bundle: Path, home_name: str = "home") -> None:
        self.home = folder / home_name
        self.home.mkdir(parents=True)
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.bundle = bundle
        self.shell = SHELLS[0]
        self.user: int | None = None
        """Whom the scripts run as, if not as the user of the tests; its group has the same number."""

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share"

    @property
    def installed(self) -> Path:
        return self.home / ".local" / "opt" / "mbgui"

    @property
    def link(self) -> Path:
        return self.home / ".local" / "bin" / "mbgui"

    def environment(self, **variables: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "SUDO_"))}
        return {**kept, "HOME": str(self.home), "PATH": f"{self.programs}:{os.environ['PATH']}", **variables}

    def command(self, script: Path, *arguments: str) -> list[str]:
        return [self.shell, *(["ash"] if self.shell == "busybox" else []), str(script), *arguments]

    def install(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self._run(self.bundle / "install", *arguments, **variables)

    def uninstall(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self._run(self.installed / "uninstall", *arguments, **variables)

    def uninstall_from_archive(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self._run(self.bundle / "uninstall", *arguments, **variables)

    def _run(self, script: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command, environment = self.command(script, *arguments), self.environment(**variables)
        return subprocess.run(
            command,
            env=environment,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
            capture_output=True,
            text=True,
            check=False,
        )

    def newer(self, folder: Path) -> Path:
        """Another version of the app: another entry in the menu, and an icon less."""
        bundle = Path(shutil.copytree(self.bundle, folder / "newer", symlinks=True))
        (bundle / "share" / OUTDATED).unlink()
        (bundle / "share" / MENU_ENTRY).write_text("[Desktop Entry]\nName=newer\nExec=mbgui %F\n", "utf-8")
        return bundle

    def put_program(self, name: str, text: str) -> None:
        (self.programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (self.programs / name).chmod(0o755)

    def listing(self) -> dict[str, bytes | str | None]:
        """Everything in the home folder: what files hold, where links lead, `None` for folders."""
        return {str(path.relative_to(self.home)): content(path) for path in sorted(self.home.rglob("*"))}


def content(path: Path) -> bytes | str | None:
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.is_file() else None


def succeeded(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a script that did nothing."""
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    return line


WAITS = """
echo waiting >"$MBGUI_WAITING"
read -r line <"$MBGUI_GO"
"""


class Pause:
    """Stops an installation inside one of the programs it starts; then a signal is sent to all of it, or it goes on."""

    def __init__(self, machine: Machine, program: str, condition: str, folder: Path) -> None:
        self.waiting, self.go = folder / "waiting", folder / "go"
        for pipe in (self.waiting, self.go):
            os.mkfifo(pipe)
            pipe.chmod(0o666)  # the scripts may run as another user
        machine.put_program(program, f'case "$*" in {condition}) {WAITS};; esac; exec {shutil.which(program)} "$@"')
        self.process = subprocess.Popen(
            machine.command(machine.bundle / "install"),
            env=machine.environment(MBGUI_WAITING=str(self.waiting), MBGUI_GO=str(self.go)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            user=machine.user,
            group=machine.user,
            extra_groups=None if machine.user is None else [],
        )
        self.waiting.read_text("utf-8")

    def send(self, number: signal.Signals) -> subprocess.CompletedProcess[str]:
        os.killpg(self.process.pid, number)
        return self._ended()

    def go_on(self) -> subprocess.CompletedProcess[str]:
        self.go.write_text("go\n", "utf-8")
        return self._ended()

    def _ended(self) -> subprocess.CompletedProcess[str]:
        words, errors = self.process.communicate()
        return subprocess.CompletedProcess(self.process.args, self.process.returncode, words, errors)
