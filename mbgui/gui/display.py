"""Whether a window can be shown here, found out without loading Qt, which would abort the process."""

import ctypes
import os
import sys

from mbgui.domain.errors import Problem

WINDOW_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
"""Shared libraries that every Qt window needs (its own `NEEDED` entries), and Debian's packages that hold them."""

X_PACKAGES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""The same for a window on an X display."""

WAYLAND_PACKAGES = {"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0"}
"""The same for a window on a Wayland display."""

_REPORT_ADVICE = "`mbgui compare` makes the same comparison as a report, without a window."


def missing_display() -> Problem | None:
    """What stands in the way of a window, or `None`. Only Linux can lack a display or a library."""
    if not sys.platform.startswith("linux"):
        return None
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if not chosen and not _has_display():
        return Problem(
            sentence="There is no display to show a window on (neither DISPLAY nor WAYLAND_DISPLAY is set).",
            advice=_REPORT_ADVICE,
        )
    return missing_libraries(_needed_libraries(chosen))


def missing_libraries(needed: dict[str, str]) -> Problem | None:
    """Which of the libraries cannot be loaded, with the line that installs their packages, or `None`."""
    missing = [library for library in needed if not _can_load(library)]
    if not missing:
        return None
    packages = " ".join(sorted({needed[library] for library in missing}))
    return Problem(
        sentence=f"The window needs system libraries that are missing here: {', '.join(missing)}.",
        advice=f"Install them with: apt-get install -y {packages}. Until then: {_REPORT_ADVICE}",
    )


def _needed_libraries(chosen: str) -> dict[str, str]:
    named = chosen.replace(";", ":").partition(":")[0]
    platform = named or ("xcb" if os.environ.get("DISPLAY") else "wayland")
    return WINDOW_PACKAGES | {"xcb": X_PACKAGES, "wayland": WAYLAND_PACKAGES}.get(platform, {})


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
