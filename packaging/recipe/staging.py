"""The tree of files that goes into the app as it was installed: linked together, pruned, and compiled."""

import compileall
import os
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode

from recipe.contents import Exclusion, InstalledFile, exclusion_of, installed_files
from recipe.linked_libraries import reached

UNLINKED = Exclusion(
    name="graphics-card libraries nothing links to",
    reason="loaded only where a model runs on a graphics card",
)
_LIBRARY_FOLDERS = ("nvidia/", "torch/lib/")
_OPENED_BY_NAME = ("torch/lib/libtorch_global_deps",)
"""torch opens it itself, before anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What an exclusion keeps out of the app."""

    exclusion: Exclusion
    file_count: int
    size_bytes: int


def stage(whole: Iterable[str], described: Iterable[str], folder: Path) -> tuple[Saving, ...]:
    """Fill `folder` anew with what the distributions `whole` installed; what stayed out, the largest first.

    Of the distributions `described` only what says which they are, and under which licence. Files are linked, not
    copied, where the file system allows it; `compile_sources` is the step after this one.

    Raises:
        OSError: a file cannot be written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    left_out: dict[Exclusion, Counter[str]] = {}
    staged: list[InstalledFile] = []
    descriptions = (file for file in installed_files(described) if ".dist-info/" in file.path)
    for file in (*installed_files(whole), *descriptions):
        reason = exclusion_of(file)
        if reason is None:
            staged.append(file)
        else:
            _count(left_out, reason, file)
    for file in _unlinked(staged):
        _count(left_out, UNLINKED, file)
        staged.remove(file)
    for file in staged:
        _link(file.source, folder / file.path)
    savings = (
        Saving(exclusion=key, file_count=counts["files"], size_bytes=counts["bytes"])
        for key, counts in left_out.items()
    )
    return tuple(sorted(savings, key=lambda saving: -saving.size_bytes))


def _count(left_out: dict[Exclusion, Counter[str]], reason: Exclusion, file: InstalledFile) -> None:
    counts = left_out.setdefault(reason, Counter())
    counts.update(files=1, bytes=file.source.stat().st_size)


def _unlinked(files: Iterable[InstalledFile]) -> list[InstalledFile]:
    """Libraries of PyTorch's folders that neither an extension module nor another kept library needs."""
    shared = [file for file in files if ".so" in file.path.rpartition("/")[2]]
    libraries = {file.source.name: file for file in shared if file.path.startswith(_LIBRARY_FOLDERS)}
    roots = [
        file.source
        for file in shared
        if not file.path.startswith(_LIBRARY_FOLDERS) or file.path.startswith(_OPENED_BY_NAME)
    ]
    kept = {*reached(roots, {name: file.source for name, file in libraries.items()}), *roots}
    return [file for file in libraries.values() if file.source not in kept]


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def compile_sources(folder: Path) -> None:
    """Byte code beside the sources, valid whatever becomes of their dates: the app may lie where nobody can write."""
    compileall.compile_dir(
        folder,
        maxlevels=64,
        quiet=2,
        stripdir=str(folder),
        workers=0,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
