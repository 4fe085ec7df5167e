"""Which of the bundled shared libraries the loader asks for, found without loading any (ELF; Linux only)."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile


def needed_names(library: Path) -> tuple[str, ...]:
    """The names a library asks the loader for (its `DT_NEEDED` entries); none where it is no ELF file."""
    try:
        with library.open("rb") as stream:
            section = ELFFile(stream).get_section_by_name(".dynamic")
            if not isinstance(section, DynamicSection):
                return ()
            return tuple(str(getattr(tag, "needed")) for tag in section.iter_tags("DT_NEEDED"))  # noqa: B009  set at run time
    except ELFError:
        return ()


def reached(roots: Iterable[Path], libraries: Mapping[str, Path]) -> frozenset[Path]:
    """Those of `libraries` (by file name) that the roots need, directly or through others."""
    found: set[Path] = set()
    waiting = list(roots)
    while waiting:
        for name in needed_names(waiting.pop()):
            library = libraries.get(name)
            if library is not None and library not in found:
                found.add(library)
                waiting.append(library)
    return frozenset(found)
