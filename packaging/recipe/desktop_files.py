"""What goes beside the bundle on Linux: the menu entry, icons, file type and description, and what installs them."""

import shutil
from datetime import date
from pathlib import Path
from xml.sax.saxutils import quoteattr

from recipe.checkout import ROOT

LINUX_FILES = ROOT / "packaging" / "linux"
SCRIPTS = ("install", "uninstall")
MIME_TYPE = "application/x-mbgui-snapshot"
"""Of snapshots, on every system."""


def write_desktop_files(icons: Path, bundle: Path, *, version: str, released: date) -> tuple[Path, ...]:
    """Write `share/`, `install`, `uninstall` and `LICENSE` into the bundle.

    Args:
        icons: what `export_icons` filled: the folder that holds `hicolor/`.
        bundle: the folder with the executable.
        version: of mbgui, for the description that software centres show.
        released: the day of this version.

    Returns:
        The files, sorted.

    Raises:
        OSError: something is missing or cannot be written.
    """
    share = bundle / "share"
    shutil.rmtree(share, ignore_errors=True)
    for folder in ("applications", "icons", "metainfo", "mime/packages"):
        (share / folder).mkdir(parents=True)
    shutil.copyfile(LINUX_FILES / "mbgui.desktop", share / "applications" / "mbgui.desktop")
    shutil.copyfile(LINUX_FILES / "mbgui-mime.xml", share / "mime" / "packages" / "mbgui.xml")
    description = described_release((LINUX_FILES / "mbgui.metainfo.xml").read_text("utf-8"), version, released)
    (share / "metainfo" / "mbgui.metainfo.xml").write_text(description, "utf-8", newline="\n")
    shutil.copytree(icons / "hicolor", share / "icons" / "hicolor")
    for script in SCRIPTS:
        shutil.copyfile(LINUX_FILES / script, bundle / script)
        (bundle / script).chmod(0o755)
    shutil.copyfile(ROOT / "LICENSE", bundle / "LICENSE")
    beside = (bundle / name for name in (*SCRIPTS, "LICENSE"))
    return tuple(sorted([*(path for path in share.rglob("*") if path.is_file()), *beside]))


def described_release(template: str, version: str, released: date) -> str:
    """The AppStream description with its release filled in. Raises `ValueError` where it has no place for one."""
    if '"@VERSION@"' not in template or '"@DATE@"' not in template:
        raise ValueError("The description has no release with @VERSION@ and @DATE@.")
    return template.replace('"@VERSION@"', quoteattr(version)).replace('"@DATE@"', quoteattr(released.isoformat()))
