"""Which version is built, and of what day."""

import os
import platform
import re
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


def version(root: Path) -> str:
    """The version of the sources. Raises `ValueError` where they name none."""
    found = _VERSION.search((root / "mbgui" / "__init__.py").read_text("utf-8"))
    if found is None:
        raise ValueError("mbgui/__init__.py names no version.")
    return found[1]


def released(root: Path) -> date:
    """The day of SOURCE_DATE_EPOCH (reproducible-builds.org), else of the last commit, else today; in UTC."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "") or _last_commit(root)
    moment = datetime.fromtimestamp(int(given), UTC) if given.isascii() and given.isdigit() else datetime.now(UTC)
    return moment.date()


def _last_commit(root: Path) -> str:
    """Seconds since 1970, empty where this is no checkout or git is not there."""
    try:
        done = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip()


def platform_name() -> str:
    """The system and the processor as archives name them, such as `linux-x86_64`."""
    system = {"Darwin": "macos"}.get(platform.system(), platform.system().lower())
    return f"{system}-{platform.machine().lower()}"
