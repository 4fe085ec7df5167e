"""Which of the shared libraries that PyInstaller collected go in: none unused, none that must be the user's own."""

import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from recipe.linked_libraries import reached
from recipe.toc import TocEntry

UNUSED_QT_PARTS = (
    "PySide6/translations/",
    "PySide6/qml/",
    "PySide6/plugins/sqldrivers/",
    "PySide6/plugins/tls/",
    "PySide6/plugins/networkinformation/",
    "PySide6/plugins/egldeviceintegrations/",
    "PySide6/plugins/generic/",
    "PySide6/plugins/platformthemes/libqgtk3",
    *(
        f"PySide6/plugins/platforms/libq{name}"
        for name in ("eglfs", "linuxfb", "minimal", "minimalegl", "vkkhrdisplay", "vnc")
    ),
)
"""No translated texts, no QML, no database, no network beyond a local socket, no screens without a desktop; and no GTK:
a second copy of it in a process that loads the desktop's own modules is asking for crashes."""

LEFT_TO_THE_SYSTEM = frozenset(
    {
        "libstdc++.so.6",
        "libgcc_s.so.1",
        "libX11.so.6",
        "libxcb.so.1",
        "libfontconfig.so.1",
        "libfreetype.so.6",
        "libharfbuzz.so.0",
        "libfribidi.so.0",
        "libexpat.so.1",
        "libz.so.1",
        "libcom_err.so.2",
        "libgpg-error.so.0",
        "libuuid.so.1",
    }
)
"""Every desktop has them, and drivers, fonts' settings and what torch.compile builds want the user's own, newer ones
(the excludelist of AppImage, pkg2appimage, as far as any of it was collected)."""

_OPENED_BY_NAME = ("libdbus-1.so", "libpython")
"""Qt and PyInstaller's loader open these while they run."""
_LIBRARY_FOLDERS = (".", "PySide6/Qt/lib", "PySide6")


def used_libraries(collected: Iterable[TocEntry]) -> list[TocEntry]:
    """What is needed of PyInstaller's binaries, in the same order.

    Extension modules and plugins are needed; a library is where one of them asks for it, directly or through others.
    """
    entries = without_unused_parts(collected)
    if not sys.platform.startswith("linux"):
        return entries
    libraries = {PurePosixPath(entry[0]).name: Path(entry[1]) for entry in entries if _is_library(entry)}
    roots = [Path(entry[1]) for entry in entries if not _is_library(entry)]
    roots += [path for name, path in libraries.items() if name.startswith(_OPENED_BY_NAME)]
    kept = {*reached(roots, libraries), *roots}
    return [entry for entry in entries if Path(entry[1]) in kept]


def without_dead_links(files: Iterable[TocEntry], binaries: Iterable[TocEntry]) -> list[TocEntry]:
    """The files without links to libraries that stay out; PyInstaller lists links among the data."""
    if not sys.platform.startswith("linux"):
        return list(files)
    names = {entry[0] for entry in binaries}
    return [entry for entry in files if entry[2] != "SYMLINK" or entry[1] in names]


def without_unused_parts(collected: Iterable[TocEntry]) -> list[TocEntry]:
    """PyInstaller's entries without those parts of Qt, and without what only Linux' own desktop should provide."""
    return [
        entry
        for entry in collected
        if not _common_path(entry).startswith(UNUSED_QT_PARTS) and entry[0] not in LEFT_TO_THE_SYSTEM
    ]


def _common_path(entry: TocEntry) -> str:
    """The path inside the bundle as it is spelled on every system: on Windows there is no folder `Qt`."""
    return entry[0].replace("\\", "/").replace("PySide6/Qt/", "PySide6/")


def _is_library(entry: TocEntry) -> bool:
    """Whether it is there only for others to be linked to."""
    path = PurePosixPath(entry[0])
    return entry[2] == "BINARY" and str(path.parent) in _LIBRARY_FOLDERS and path.name.startswith("lib")
