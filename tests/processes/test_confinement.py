"""What a process can no longer do once it has given its rights away."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mbgui.processes import confinement
from tests.frameworks.conftest import ROOT

_IOCTL = {"x86_64": 16, "aarch64": 29}
_TGKILL = {"x86_64": 234, "aarch64": 131}
PROGRAM = """
import ctypes, fcntl, json, os, resource, socket, subprocess, sys, threading
sys.path.insert(0, {root!r})
from mbgui.processes.confinement import confine

folder = {folder!r}
kept = os.path.join(folder, "kept")
threaded = {{}}
may_go = threading.Event()

def attempt(action):
    try:
        result = action()
    except BaseException as error:
        return type(error).__name__
    return result if isinstance(result, (int, str)) else "done"

def raw(number, *arguments):
    library = ctypes.CDLL(None, use_errno=True)
    return "PermissionError" if library.syscall(number, *arguments) and ctypes.get_errno() == 13 else "done"

ioctl = {ioctl}
flags = ctypes.byref(ctypes.c_long())
pipe = os.pipe()[1]

def in_thread():
    may_go.wait()
    threaded["write"] = attempt(lambda: open(os.path.join(folder, "by_thread"), "w"))

def run_thread():
    started = threading.Thread(target=int)
    started.start()
    started.join()
    return 7

thread = threading.Thread(target=in_thread)
thread.start()
confine({memory})
may_go.set()
thread.join()
print(json.dumps({{
    "write in a thread that was there before": threaded["write"],
    "write": attempt(lambda: open(os.path.join(folder, "new"), "w")),
    "append": attempt(lambda: open(kept, "a")),
    "remove": attempt(lambda: os.remove(kept)),
    "rename": attempt(lambda: os.rename(kept, kept + "2")),
    "make a folder": attempt(lambda: os.mkdir(os.path.join(folder, "sub"))),
    "link": attempt(lambda: os.symlink(kept, kept + "3")),
    "truncate": attempt(lambda: os.truncate(kept, 0)),
    "change the mode": attempt(lambda: os.chmod(kept, 0)),
    "connect": attempt(lambda: socket.create_connection(("127.0.0.1", 9))),
    "run a program": attempt(lambda: subprocess.run(["true"])),
    "kill": attempt(lambda: os.kill(os.getppid(), 0)),
    "kill a thread of the parent": raw({tgkill}, os.getppid(), os.getppid(), 0),
    "limit the parent": attempt(lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)),
    "have the kernel signal others": attempt(lambda: fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getppid())),
    "choose that signal": attempt(lambda: fcntl.fcntl(pipe, fcntl.F_SETSIG, 9)),
    "talk to another's socket": attempt(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)),
    "change the flags of a file": raw(ioctl, os.open(kept, os.O_RDONLY), 0x40086602, flags),
    "fork": attempt(lambda: os.fork()),
    "leave the session": attempt(os.setsid),
    "priority of the parent": attempt(lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 5)),
    "processors of the parent": attempt(lambda: os.sched_setaffinity(os.getppid(), {{0}})),
    "shell": attempt(lambda: os.system("touch " + os.path.join(folder, "by_shell")) and "failed"),
    "memory": attempt(lambda: len(bytearray(512 << 20))),
    "a thread": attempt(lambda: run_thread()),
    "a little memory": attempt(lambda: len(bytearray(1 << 20))),
    "read": attempt(lambda: open(kept).read()),
    "list": attempt(lambda: ",".join(os.listdir(folder))),
}}))
"""


def attempts(folder: Path, memory_bytes: int) -> dict[str, Any]:
    (folder / "kept").write_text("sound")
    program = PROGRAM.format(
        root=str(ROOT),
        folder=str(folder),
        memory=memory_bytes,
        tgkill=_TGKILL[platform.machine()],
        ioctl=_IOCTL[platform.machine()],
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert finished.returncode == 0, finished.stderr.decode()
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's filter is Linux's")
def test_a_confined_process_reads_and_changes_nothing(tmp_path: Path) -> None:
    found = attempts(tmp_path, 256 << 20)
    assert (found.pop("a little memory"), found.pop("a thread")) == (1 << 20, 7)
    assert (found.pop("read"), found.pop("list")) == ("sound", "kept")
    assert (found.pop("memory"), found.pop("shell")) == ("MemoryError", "failed")
    assert found == dict.fromkeys(found, "PermissionError")
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept").read_text() == "sound"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is Linux's")
def test_a_limit_of_nothing_is_no_limit(tmp_path: Path) -> None:
    assert attempts(tmp_path, 0)["memory"] == 512 << 20


@pytest.mark.parametrize(
    ("event", "arguments", "is_refused"),
    [
        ("open", ("/x", "w", 0), True),
        ("open", ("/x", "r+", 0), True),
        ("open", ("/x", "rb", 0), False),
        ("open", ("/x", None, os.O_RDONLY), False),
        ("open", ("/x", None, os.O_WRONLY | os.O_CREAT), True),
        ("open", ("/x", None, os.O_RDWR), True),
        ("os.kill", (1, 9), True),
        ("subprocess.Popen", ("true",), True),
        ("socket.connect", (None, None), True),
        ("import", ("os",), False),
    ],
)
def test_elsewhere_python_itself_refuses(event: str, arguments: tuple[object, ...], is_refused: bool) -> None:
    try:
        confinement.refuse_changes(event, arguments)
    except PermissionError:
        assert is_refused
    else:
        assert not is_refused
