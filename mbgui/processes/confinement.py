"""Fewer rights for a process that is about to read a file nobody vouches for.

From then on it cannot open a connection, start a program, or create, change or delete a file, and takes only so much
memory. Checks that come before, and the safe modes of the frameworks, are to let nothing through; this holds where
they fail. On Linux the kernel enforces it (seccomp(2), setrlimit(2)), in native code too and without privileges;
elsewhere Python's audit hook does, for what Python does.
"""

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
        deny_changes()

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
        sys.addaudithook(_refuse)


_REFUSED_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.spawn",
        "os.fork",
    }
    | {
        "os.remove",
        "os.rename",
        "os.mkdir",
        "os.rmdir",
        "os.link",
        "os.symlink",
        "os.truncate",
        "os.chmod",
        "os.startfile",
    }
    | {"shutil.rmtree", "shutil.move", "webbrowser.open", "ctypes.dlopen"}
)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    is_writing = event == "open" and isinstance(arguments[1], str) and bool(set(arguments[1]) & set("wax+"))
    if is_writing or event in _REFUSED_EVENTS:
        raise PermissionError(f"{event} is not allowed while a file is read")
