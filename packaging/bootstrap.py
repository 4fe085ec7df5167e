#!/usr/bin/env python3
"""Set mbgui up in a checkout and start it, or test it. Needs Python 3.11+ and pip, nothing else.

usage: python3 packaging/bootstrap.py run [ARGUMENT...]     the window, or `mbgui ARGUMENT...`
       python3 packaging/bootstrap.py test [ARGUMENT...]    every check; arguments go to pytest

The first call makes `.venv` beside pyproject.toml and installs into it; later calls see from a stamp that nothing is
to be done. The install is editable: what runs and what is tested is the checkout, and a change needs no new install.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (the point is to say so on an older one; keep the syntax above Python 3.6)
    sys.exit("mbgui needs Python 3.11 or newer, this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import hashlib
import importlib.util
import os
import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
CONFIGURATION = ENVIRONMENT / "pyvenv.cfg"
TAIL_LINES = 15
EXTRAS = {"run": "", "test": "[test]"}
LEAKING_VARIABLES = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "__PYVENV_LAUNCHER__",
)
UNREACHABLE = "The package index cannot be reached: check the network or the proxy."
HINTS = {
    "No space left on device": "The disk is full: the frameworks need several gigabytes.",
    "Temporary failure in name resolution": UNREACHABLE,
    "Name or service not known": UNREACHABLE,
    "Failed to establish a new connection": UNREACHABLE,
    "No matching distribution found": "A package has no release for this Python here; try Python 3.11 to 3.13.",
}


class SetupError(Exception):
    """What keeps the setup from being done, in words for the user."""


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says, and return the exit code."""
    if not arguments or arguments[0] not in EXTRAS:
        print(__doc__, file=sys.stderr)
        return 2
    verb, further = arguments[0], arguments[1:]
    try:
        set_up(verb)
        return run(further) if verb == "run" else test(further)
    except SetupError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def set_up(verb: str) -> None:
    """Make the environment and install into it, unless the stamp says that both are done."""
    if is_set_up(verb):
        return
    say("Setting up in .venv; the first time takes minutes (several gigabytes of frameworks).")
    make_environment()
    install(EXTRAS[verb])
    stamp(verb).write_text(fingerprint(), encoding="utf-8")


def is_set_up(verb: str) -> bool:
    """Whether the environment holds what the verb needs; the tests' environment serves for running, too."""
    if not (PYTHON.exists() and CONFIGURATION.is_file()):
        return False
    stamps = [stamp("test")] if verb == "test" else [stamp("run"), stamp("test")]
    return any(path.is_file() and path.read_text(encoding="utf-8") == fingerprint() for path in stamps)


def stamp(verb: str) -> Path:
    """The file that says for what state of the project the environment was made."""
    return ENVIRONMENT / f"mbgui-{verb}.stamp"


def fingerprint() -> str:
    """What an install depends on: the dependencies, the environment's Python, and where the checkout is."""
    parts = ((ROOT / "pyproject.toml").read_bytes(), CONFIGURATION.read_bytes(), str(ROOT).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_environment() -> None:
    """Make `.venv`, or keep the one that is there if its Python works."""
    if ENVIRONMENT.exists() and not CONFIGURATION.is_file():
        raise SetupError(f"{ENVIRONMENT} is in the way: it is no virtual environment. Move it and try again.")
    if works():
        return
    command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    if not has_module("ensurepip"):
        if not has_module("pip"):
            raise SetupError(f"this Python can make no virtual environment. Install it with:\n  {apt_line()}")
        command.insert(-1, "--without-pip")
    returncode, tail = run_quietly(command)
    if returncode:
        raise SetupError(f"no virtual environment could be made. If a package is missing:\n  {apt_line()}\n{tail}")


def works() -> bool:
    """Whether the environment's Python starts and is new enough; it need not be the Python that runs this."""
    question = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(question, env=environment(), capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install(extras: str) -> None:
    """Install the checkout with its dependencies; pip's lines are shown while it works."""
    returncode, tail = run_quietly([*pip(), "install", "--disable-pip-version-check", "--editable", f"{ROOT}{extras}"])
    if returncode:
        hints = [hint for sign, hint in HINTS.items() if sign in tail]
        raise SetupError("\n".join(["pip could not install mbgui. Its last words:", tail, *hints[:1]]))


def pip() -> list[str]:
    """The environment's own pip; where it has none, the pip of this Python, told to work on the environment."""
    own = [str(PYTHON), "-m", "pip"]
    returncode = subprocess.run([*own, "--version"], env=environment(), capture_output=True, check=False).returncode
    return own if returncode == 0 else [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def run(arguments: Sequence[str]) -> int:
    """Start mbgui in the caller's folder; where the system can, in place of this process."""
    command = [str(PYTHON), "-P", "-m", "mbgui", *arguments]  # -P: no file of the caller's folder shadows a module
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], command, environment())  # noqa: S606 (no shell is wanted)
    return subprocess.run(command, env=environment(), check=False).returncode


def test(arguments: Sequence[str]) -> int:
    """Run every check, also after one that failed, and say which failed."""
    failed = []
    for name, command in checks(arguments):
        say(f"── {name}")
        if subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode:
            failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def checks(arguments: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Every check by name."""
    yield "ruff check", [str(PYTHON), "-m", "ruff", "check", "."]
    yield "ruff format", [str(PYTHON), "-m", "ruff", "format", "--check", "."]
    yield "mypy", [str(PYTHON), "-m", "mypy"]
    yield "import contracts", [str(SCRIPTS / "lint-imports")]
    yield "pytest", [str(PYTHON), "-m", "pytest", *arguments]


def environment() -> dict[str, str]:
    """The caller's variables without those that would mix another Python's packages in."""
    kept = {name: value for name, value in os.environ.items() if name not in LEAKING_VARIABLES}
    return {**kept, "VIRTUAL_ENV": str(ENVIRONMENT), "PATH": f"{SCRIPTS}{os.pathsep}{kept.get('PATH', os.defpath)}"}


def run_quietly(command: Sequence[str]) -> tuple[int, str]:
    """Run a command with its output shown on stderr; its return code and last lines."""
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    with subprocess.Popen(
        command,
        env=environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            tail.append(line.rstrip())
            print(f"  {tail[-1]}", file=sys.stderr, flush=True)
    return process.returncode, "\n".join(tail)


def has_module(name: str) -> bool:
    """Whether this Python has a module of that name."""
    return importlib.util.find_spec(name) is not None


def apt_line() -> str:
    """What installs the missing parts of Python on Debian and Ubuntu."""
    return f"apt-get install -y python{sys.version_info.major}.{sys.version_info.minor}-venv"


def say(text: str) -> None:
    """A line for the user, beside the output of what is run."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
