"""The licence texts of what no Python distribution brings: Python, PyInstaller's loader, the system's libraries."""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from recipe.toc import TocEntry

FOLDER = "licenses"
"""Inside the bundle; one folder a component in it. The About dialog reads it."""
_DEBIAN_TEXT = Path("/usr/share/doc/{package}/copyright")


def license_files(binaries: Iterable[TocEntry]) -> list[TocEntry]:
    """A text each for the interpreter, the loader, and the Debian packages that the libraries came from."""
    texts = [
        *_python(),
        *_loader(),
        *_system_packages(Path(source) for _, source, kind in binaries if kind == "BINARY"),
    ]
    return [(f"{FOLDER}/{component}/{text.name}", str(text), "DATA") for component, text in texts]


def _python() -> Iterator[tuple[str, Path]]:
    folders = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    found = next(
        (folder / name for folder in folders for name in ("LICENSE.txt", "LICENSE") if (folder / name).is_file()), None
    )
    if found is not None:
        yield "python", found


def _loader() -> Iterator[tuple[str, Path]]:
    for file in metadata.files("pyinstaller") or ():
        if file.name == "COPYING.txt":
            yield "pyinstaller", Path(str(file.locate()))


def _system_packages(sources: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """The packages of libraries from outside the environment; none where the system is no Debian."""
    own = (Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve())
    libraries = [
        str(path)
        for source in sources
        if not (path := source.resolve()).is_relative_to(own[0]) and not path.is_relative_to(own[1])
    ]
    if not libraries or shutil.which("dpkg-query") is None:
        return
    done = subprocess.run(["dpkg-query", "--search", *libraries], capture_output=True, text=True, check=False)
    for package in sorted({line.partition(":")[0] for line in done.stdout.splitlines()}):
        text = Path(str(_DEBIAN_TEXT).format(package=package))
        if text.is_file():
            yield package, text
