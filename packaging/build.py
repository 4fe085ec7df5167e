#!/usr/bin/env python3
"""Build the packaged app with the environment this runs in; `packaging/bootstrap.py package` sets that up first."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from recipe.archive import make_archive
from recipe.checkout import ROOT
from recipe.deb import make_deb
from recipe.desktop_files import write_desktop_files
from recipe.freeze import FreezeError, freeze
from recipe.release import platform_name, released, version
from recipe.sizes import MEBIBYTE, saving_table, size_bytes, size_table
from recipe.staging import Saving

ResultT = TypeVar("ResultT")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build what was asked for; returns the exit code."""
    options = _parse(arguments)
    began_s = time.monotonic()
    try:
        bundle, savings = _step("the folder", lambda: freeze(options.work.resolve(), options.output.resolve()))
        files = [bundle]
        if sys.platform.startswith("linux"):
            files += _linux_files(bundle, options)
    except (FreezeError, OSError, ValueError) as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    _report(bundle, savings, files, time.monotonic() - began_s)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="package", description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="where the app goes (dist)")
    parser.add_argument("--work", type=Path, default=ROOT / "build", help="what is needed only on the way (build)")
    parser.add_argument("--folder-only", action="store_true", help="no archive and no .deb")
    return parser.parse_args(arguments)


def _linux_files(bundle: Path, options: argparse.Namespace) -> list[Path]:
    """The desktop's files in the folder, the archive, and the .deb where it can be made."""
    number, day = version(ROOT), released(ROOT)
    write_desktop_files(options.work / "icons", bundle, version=number, released=day)
    if options.folder_only:
        return []
    name = f"mbgui-{number}-{platform_name()}"
    archive = _step("the archive", lambda: make_archive(bundle, options.output / f"{name}.tar.zst", top=name))
    package = _step("the .deb", lambda: make_deb(bundle, options.output, version=number, released=day))
    return [archive] if package is None else [archive, package]


def _step(what: str, work: Callable[[], ResultT]) -> ResultT:
    """Do a part of it, and say how long that took."""
    print(f"package: {what} …", file=sys.stderr, flush=True)
    began_s = time.monotonic()
    result = work()
    print(f"package: {what} took {time.monotonic() - began_s:.0f} s", file=sys.stderr, flush=True)
    return result


def _report(bundle: Path, savings: Sequence[Saving], files: Sequence[Path], duration_s: float) -> None:
    print(size_table(bundle), saving_table(savings), sep="\n\n")
    print(f"\nBuilt in {duration_s:.0f} s:")
    for path in files:
        size = size_bytes(path) if path.is_dir() else path.stat().st_size
        print(f"{size / MEBIBYTE:9,.1f} MiB  {path}")


if __name__ == "__main__":
    sys.exit(main())
