"""What is different where mbgui runs as a packaged app: its own executable is the only interpreter there is."""

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

CHILD_FLAG = "--child"
"""The first argument of the app's executable where it is to be a child process."""
_TERMINAL_PROGRAM = "mbgui-terminal.exe"
"""Windows gives a program either windows or a terminal with pipes; children need the pipes."""
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG")
_CERTIFICATE_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where distributions keep what they trust (the list of Go, crypto/x509 root_linux.go)."""


def is_frozen() -> bool:
    """Whether this is the packaged app."""
    return bool(getattr(sys, "frozen", False))


def bundle_folder() -> Path | None:
    """The folder with everything the packaged app brings; `None` where this is no packaged app."""
    folder = getattr(sys, "_MEIPASS", None)
    return Path(folder) if is_frozen() and folder else None


def child_command(interpreter: str = sys.executable) -> list[str]:
    """What starts a child process: an interpreter and its program, or the app's own executable."""
    if not is_frozen():
        return [interpreter, "-P", "-m", "mbgui.processes.child"]
    terminal = Path(interpreter).with_name(_TERMINAL_PROGRAM)
    return [str(terminal) if terminal.is_file() else interpreter, CHILD_FLAG]


def leave_environment_alone(environment: MutableMapping[str, str] = os.environ) -> None:
    """Take back what the app's loader set for its own libraries: a browser or a compiler must not load them.

    The loader keeps what was there before in a variable of its own (PyInstaller, “LD_LIBRARY_PATH / LIBPATH
    considerations”).
    """
    if not is_frozen():
        return
    ours, theirs = _LIBRARY_PATHS
    before = environment.pop(theirs, None)
    environment.pop(ours, None)
    if before is not None:
        environment[ours] = before


def certificate_settings(environment: MutableMapping[str, str] = os.environ) -> dict[str, str]:
    """What a child needs to trust servers: the app's OpenSSL knows only where the machine that built it kept this."""
    folder = bundle_folder()
    if folder is None or not sys.platform.startswith("linux") or "SSL_CERT_FILE" in environment:
        return {}
    files = (*_CERTIFICATE_FILES, str(folder / "certifi" / "cacert.pem"))
    found = next((file for file in files if Path(file).is_file()), None)
    return {"SSL_CERT_FILE": found} if found is not None else {}
