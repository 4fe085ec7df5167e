#!/usr/bin/env python3
"""Set mbgui up in a checkout and start it, test it, or package it. Needs Python 3.11+ and pip, nothing else.

usage: python3 packaging/bootstrap.py run [ARGUMENT...]       the window, or `mbgui ARGUMENT...`
       python3 packaging/bootstrap.py test [ARGUMENT...]      every check; arguments go to pytest
       python3 packaging/bootstrap.py package [OPTION...]     the packaged app:
           --torch-from WHERE    take torch and torchvision from a package index (an address) or a folder of wheels, in
                                 an environment of its own, `.venv-package`; else the app holds those of `.venv`
           --output FOLDER       where the app goes (dist)
           --work FOLDER         what is needed only on the way (build)
           --folder-only         no archive and no .deb

The first call makes `.venv` beside pyproject.toml and installs into it; later calls see from a stamp that nothing is
to be done. The install is editable: what runs and what is tested is the checkout, and a change needs no new install.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (the point is to say so on an older one; keep the syntax above Python 3.6)
    sys.exit("mbgui needs Python 3.11 or newer, this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import argparse
import hashlib
import importlib.util
import os
import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAIL_LINES = 15
EXTRAS = {"run": "", "test": "[test]", "package": "[package]"}
SERVING = {"run": ("run", "test", "package"), "test": ("test",), "package": ("package", "test")}
"""The stamps of environments that hold what a verb needs."""
TORCH_OPTION = "--torch-from"
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


@dataclass(frozen=True)
class Environment:
    """A virtual environment of the checkout."""

    folder: Path

    @property
    def scripts(self) -> Path:
        """Where the programs of its packages are."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def configuration(self) -> Path:
        """What makes a folder a virtual environment."""
        return self.folder / "pyvenv.cfg"

    def variables(self) -> dict[str, str]:
        """The caller's variables without those that would mix another Python's packages in."""
        kept = {name: value for name, value in os.environ.items() if name not in LEAKING_VARIABLES}
        path = f"{self.scripts}{os.pathsep}{kept.get('PATH', os.defpath)}"
        return {**kept, "VIRTUAL_ENV": str(self.folder), "PATH": path}


ENVIRONMENT = Environment(ROOT / ".venv")
OTHER_TORCH = Environment(ROOT / ".venv-package")


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says, and return the exit code."""
    if not arguments or arguments[0] not in EXTRAS:
        print(__doc__, file=sys.stderr)
        return 2
    verb, further = arguments[0], arguments[1:]
    try:
        if verb == "package":
            return package(further)
        set_up(verb)
        return run(further) if verb == "run" else test(further)
    except SetupError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def set_up(verb: str, environment: Environment = ENVIRONMENT, torch_from: str = "") -> None:
    """Make the environment and install into it, unless the stamp says that both are done."""
    if is_set_up(verb, environment, torch_from):
        return
    say(f"Setting up in {environment.folder.name}; the first time takes minutes (several gigabytes of frameworks).")
    make_environment(environment)
    if torch_from:
        install(["--force-reinstall", "--no-deps", *torch_source(torch_from), "torch", "torchvision"], environment)
    install(["--editable", f"{ROOT}{EXTRAS[verb]}"], environment)
    stamp(verb, environment).write_text(fingerprint(environment, torch_from), encoding="utf-8")


def is_set_up(verb: str, environment: Environment = ENVIRONMENT, torch_from: str = "") -> bool:
    """Whether the environment holds what the verb needs."""
    if not (environment.python.exists() and environment.configuration.is_file()):
        return False
    stamps = [stamp(name, environment) for name in SERVING[verb]]
    wanted = fingerprint(environment, torch_from)
    return any(path.is_file() and path.read_text(encoding="utf-8") == wanted for path in stamps)


def stamp(verb: str, environment: Environment = ENVIRONMENT) -> Path:
    """The file that says for what state of the project the environment was made."""
    return environment.folder / f"mbgui-{verb}.stamp"


def fingerprint(environment: Environment = ENVIRONMENT, torch_from: str = "") -> str:
    """What an install depends on: the dependencies, the environment's Python, where the checkout is, whose PyTorch."""
    project, configuration = (ROOT / "pyproject.toml").read_bytes(), environment.configuration.read_bytes()
    parts = (project, configuration, str(ROOT).encode(), *filter(None, [torch_from.encode()]))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def torch_source(where: str) -> list[str]:
    """How pip is told where torch and torchvision come from. Raises `SetupError` for neither an index nor a folder."""
    if "://" in where:
        return ["--index-url", where]
    if Path(where).is_dir():
        return ["--no-index", "--find-links", str(Path(where).resolve())]
    raise SetupError(
        f"{TORCH_OPTION} takes the address of a package index or a folder of wheels, and {where!r} is neither."
    )


def make_environment(environment: Environment = ENVIRONMENT) -> None:
    """Make the environment, or keep the one that is there if its Python works."""
    if environment.folder.exists() and not environment.configuration.is_file():
        raise SetupError(f"{environment.folder} is in the way: it is no virtual environment. Move it and try again.")
    if works(environment):
        return
    command = [sys.executable, "-m", "venv", "--clear", str(environment.folder)]
    if not has_module("ensurepip"):
        if not has_module("pip"):
            raise SetupError(f"this Python can make no virtual environment. Install it with:\n  {apt_line()}")
        command.insert(-1, "--without-pip")
    returncode, tail = run_quietly(command, environment)
    if returncode:
        raise SetupError(f"no virtual environment could be made. If a package is missing:\n  {apt_line()}\n{tail}")


def works(environment: Environment = ENVIRONMENT) -> bool:
    """Whether the environment's Python starts and is new enough; it need not be the Python that runs this."""
    question = [str(environment.python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(question, env=environment.variables(), capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install(arguments: Sequence[str], environment: Environment = ENVIRONMENT) -> None:
    """Have pip install something; its lines are shown while it works."""
    command = [*pip(environment), "install", "--disable-pip-version-check", *arguments]
    returncode, tail = run_quietly(command, environment)
    if returncode:
        hints = [hint for sign, hint in HINTS.items() if sign in tail]
        raise SetupError("\n".join(["pip could not install mbgui. Its last words:", tail, *hints[:1]]))


def pip(environment: Environment = ENVIRONMENT) -> list[str]:
    """The environment's own pip; where it has none, the pip of this Python, told to work on the environment."""
    own = [str(environment.python), "-m", "pip"]
    question = [*own, "--version"]
    returncode = subprocess.run(question, env=environment.variables(), capture_output=True, check=False).returncode
    return own if returncode == 0 else [sys.executable, "-m", "pip", "--python", str(environment.python)]


def run(arguments: Sequence[str]) -> int:
    """Start mbgui in the caller's folder; where the system can, in place of this process."""
    # -P: no file of the caller's folder shadows a module
    command, variables = [str(ENVIRONMENT.python), "-P", "-m", "mbgui", *arguments], ENVIRONMENT.variables()
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], command, variables)  # noqa: S606 (no shell is wanted)
    return subprocess.run(command, env=variables, check=False).returncode


def package(arguments: Sequence[str]) -> int:
    """Build the packaged app; `--torch-from` is for here, everything else for build.py."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument(TORCH_OPTION, default="")
    options, further = parser.parse_known_args(arguments)
    if {"-h", "--help"} & set(further):
        print(__doc__)
        return 0
    environment = OTHER_TORCH if options.torch_from else ENVIRONMENT
    set_up("package", environment, options.torch_from)
    command = [str(environment.python), str(ROOT / "packaging" / "build.py"), *further]
    return subprocess.run(command, env=environment.variables(), check=False).returncode


def test(arguments: Sequence[str]) -> int:
    """Run every check, also after one that failed, and say which failed."""
    failed = []
    for name, command in checks(arguments):
        say(f"── {name}")
        if subprocess.run(command, cwd=ROOT, env=ENVIRONMENT.variables(), check=False).returncode:
            failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def checks(arguments: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Every check by name."""
    yield "ruff check", [str(ENVIRONMENT.python), "-m", "ruff", "check", "."]
    yield "ruff format", [str(ENVIRONMENT.python), "-m", "ruff", "format", "--check", "."]
    yield "mypy", [str(ENVIRONMENT.python), "-m", "mypy"]
    yield "import contracts", [str(ENVIRONMENT.scripts / "lint-imports")]
    yield "pytest", [str(ENVIRONMENT.python), "-m", "pytest", *arguments]


def run_quietly(command: Sequence[str], environment: Environment = ENVIRONMENT) -> tuple[int, str]:
    """Run a command with its output shown on stderr; its return code and last lines."""
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    with subprocess.Popen(
        command,
        env=environment.variables(),
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
