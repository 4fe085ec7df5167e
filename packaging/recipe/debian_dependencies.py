"""Debian's packages that a bundle needs: those of the shared libraries that it asks for and does not carry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

from mbgui.gui.display import WAYLAND_PACKAGES, WINDOW_PACKAGES, X_PACKAGES
from recipe.linked_libraries import needed_names

Version = tuple[int, ...]

ALWAYS = ("libegl1", "libgl1")
"""Qt opens the drivers behind these whether a library of the bundle asks for them or not."""

PACKAGES = {
    **WINDOW_PACKAGES,
    **X_PACKAGES,
    **WAYLAND_PACKAGES,
    "ld-linux-x86-64.so.2": "libc6",
    "ld-linux-aarch64.so.1": "libc6",
    "libc.so.6": "libc6",
    "libcom_err.so.2": "libcom-err2",
    "libcrypt.so.1": "libcrypt1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdl.so.2": "libc6",
    "libdrm.so.2": "libdrm2",
    "libexpat.so.1": "libexpat1",
    "libfribidi.so.0": "libfribidi0",
    "libgcc_s.so.1": "libgcc-s1",
    "libgpg-error.so.0": "libgpg-error0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libm.so.6": "libc6",
    "libmvec.so.1": "libc6",
    "libpthread.so.0": "libc6",
    "libresolv.so.2": "libc6",
    "librt.so.1": "libc6",
    "libstdc++.so.6": "libstdc++6",
    "libutil.so.1": "libc6",
    "libuuid.so.1": "libuuid1",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb.so.1": "libxcb1",
    "libz.so.1": "zlib1g",
}
"""Names in Debian 12 and Ubuntu 22.04; later releases renamed some (libglib2.0-0t64) and provide these as well."""

OPTIONAL = {
    "libcuda.so.1": "the driver of a graphics card brings it",
    "libnsl.so.2": "for the module nis of Python, which nothing uses",
}
"""Libraries that the bundle does without, and why."""

_GCC_RELEASES = {21: "5.1", 22: "6.1", 23: "7.1", 24: "7.2", 25: "8.1", 26: "9.1", 27: "9.2", 28: "9.3", 29: "11.1"}
_GCC_RELEASES |= {30: "12.1", 31: "13.1", 32: "13.2", 33: "14.1", 34: "15.1"}
"""The release of GCC that brought GLIBCXX_3.4.N
(https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html, "Symbol versioning")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemNeeds:
    """What a bundle wants from the system: libraries by their names, and the newest symbols it uses of two of them."""

    libraries: frozenset[str]
    glibc: Version
    glibcxx: Version


def system_needs(bundle: Path) -> SystemNeeds:
    """What the bundle's executables and libraries ask for and the bundle does not carry. Nothing is loaded."""
    files = [path for path in bundle.rglob("*") if path.is_file()]
    carried = {path.name for path in files}
    elf_files = [path for path in files if not path.is_symlink() and _is_elf(path)]
    needed = {name for path in elf_files for name in needed_names(path)}
    versions = [version for path in elf_files for version in _symbol_versions(path)]
    return SystemNeeds(
        libraries=frozenset(needed - carried),
        glibc=_newest("GLIBC_", versions),
        glibcxx=_newest("GLIBCXX_", versions),
    )


def depends(needs: SystemNeeds) -> str:
    """The value of `Depends`: packages, with the oldest version that will do where that is known.

    Raises:
        ValueError: a library is in none of the tables above; look into who needs it, and add it.
    """
    oldest = {"libc6": ".".join(map(str, needs.glibc)), "libstdc++6": _gcc_release(needs.glibcxx)}
    packages = sorted({*ALWAYS, *packages_of(needs.libraries)})
    return ", ".join(f"{name} (>= {oldest[name]})" if oldest.get(name) else name for name in packages)


def packages_of(libraries: Iterable[str]) -> set[str]:
    """The packages that hold these libraries. Raises `ValueError` for those in no table."""
    wanted = set(libraries) - OPTIONAL.keys()
    if unknown := sorted(wanted - PACKAGES.keys()):
        raise ValueError(f"No Debian package is known for {', '.join(unknown)}: see recipe/debian_dependencies.py.")
    return {PACKAGES[name] for name in wanted}


def _is_elf(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def _symbol_versions(path: Path) -> Iterator[str]:
    """The versions of symbols that a file uses of other libraries, such as `GLIBC_2.34`."""
    try:
        with path.open("rb") as stream:
            section = ELFFile(stream).get_section_by_name(".gnu.version_r")
            if isinstance(section, GNUVerNeedSection):
                for _, auxiliaries in section.iter_versions():
                    yield from (str(auxiliary.name) for auxiliary in auxiliaries)
    except ELFError:
        return


def _newest(prefix: str, versions: Iterable[str]) -> Version:
    """The highest version with that prefix; empty where there is none. `GLIBC_PRIVATE` and the like do not count."""
    numbers = (version.removeprefix(prefix).split(".") for version in versions if version.startswith(prefix))
    return max((tuple(map(int, parts)) for parts in numbers if all(map(str.isdigit, parts))), default=())


def _gcc_release(glibcxx: Version) -> str:
    """The oldest release of GCC whose libstdc++ has these symbols; the empty text where any will do."""
    if len(glibcxx) < 3:
        return ""
    if glibcxx not in {(3, 4, number) for number in range(max(_GCC_RELEASES) + 1)}:
        raise ValueError(
            f"GLIBCXX_{'.'.join(map(str, glibcxx))} is newer than the table in recipe/debian_dependencies.py."
        )
    return _GCC_RELEASES.get(glibcxx[2], "")
