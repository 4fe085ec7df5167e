"""Fewer rights for a process that is about to read a file nobody vouches for.

From then on it cannot open a connection, start a program, or create, change or delete a file, and takes only so much
memory. Checks that come before, and the safe modes of the frameworks, are to let nothing through; this holds where
they fail. On Linux the kernel enforces it (seccomp(2), setrlimit(2)), in native code too and without privileges;
elsewhere Python's audit hook does, for what Python does.
"""

import os
import sys

if sys.platform.startswith("linux"):
    import contextlib
    import resource
    from pathlib import Path

    from mbgui.processes.system_call_filter import deny_changes

    def confine(memory_bytes: int) -> None:
        """Take the rights away for good; `memory_bytes` are granted beyond what is taken now, 0 for no limit."""
        if memory_bytes:
            _limit_memory(memory_bytes)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if not deny_changes():
            sys.addaudithook(refuse_changes)

    def _limit_memory(memory_bytes: int) -> None:
        """Private memory as the kernel counts it: what native libraries merely reserve is not in it."""
        limit = _data_bytes() + memory_bytes
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        with contextlib.suppress(ValueError):  # a lower limit is in force already
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit if hard == resource.RLIM_INFINITY else hard))

    def _data_bytes() -> int:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        found = (int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:"))
        return next(found, 0)

else:

    def confine(memory_bytes: int) -> None:
        """Have Python refuse connections, programs and changes of files; memory is not limited here."""
        del memory_bytes
        sys.addaudithook(refuse_changes)


_REFUSED_EVENTS = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "webbrowser.open"}
    | {
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.spawn",
        "os.fork",
        "os.forkpty",
        "os.startfile",
    }
    | {"_winapi.CreateProcess", "os.kill", "signal.pthread_kill", "ctypes.dlopen"}
    | {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"}
    | {"os.utime", "os.setxattr", "os.removexattr", "shutil.rmtree", "shutil.move"}
    | {"winreg.CreateKey", "winreg.SetValue", "winreg.DeleteKey", "winreg.DeleteValue"}
)
_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def refuse_changes(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: raise `PermissionError` where Python is about to change something outside this process."""
    if event in _REFUSED_EVENTS or (event == "open" and _opens_for_writing(*arguments[1:3])):
        raise PermissionError(f"{event} is not allowed while a file is read")


def _opens_for_writing(mode: object, flags: object = 0) -> bool:
    by_mode = isinstance(mode, str) and bool(set(mode) & set("wax+"))
    return by_mode or (isinstance(flags, int) and mode is None and bool(flags & _WRITING_FLAGS))
