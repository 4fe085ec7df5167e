"""The programs that the test is done with, and what installs them."""

import shutil
from collections.abc import Collection, Iterable

_PACKAGES = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xprop": "x11-utils",
    "find": "findutils",
    "setpriv": "util-linux",
    "unshare": "util-linux",
    "desktop-file-validate": "desktop-file-utils",
    "xdg-open": "xdg-utils",
    "gtk-launch": "libgtk-3-bin",
    "gio": "libglib2.0-bin",
    "dbus-run-session": "dbus",
    "update-mime-database": "shared-mime-info",
}
"""By the package of Debian and Ubuntu that has them."""
OF_AN_INSTALLATION = frozenset(
    {"desktop-file-validate", "xdg-open", "gtk-launch", "gio", "dbus-run-session", "update-mime-database"}
)
"""What only the steps of an installed app need."""


def missing_programs(*, with_installation: bool) -> list[str]:
    """The programs that are not there, by name."""
    wanted = [name for name in _PACKAGES if with_installation or name not in OF_AN_INSTALLATION]
    return [name for name in wanted if shutil.which(name) is None]


def sentence(missing: Collection[str]) -> str:
    """What is missing and what to do about it."""
    names = ", ".join(missing)
    verb = "is" if len(missing) == 1 else "are"
    return f"{names} {verb} missing: apt-get install -y {' '.join(_unique(_PACKAGES[name] for name in missing))}"


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
