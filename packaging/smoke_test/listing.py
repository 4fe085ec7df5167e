"""What lies in a folder, to see later whether it is still the same."""

import contextlib
from pathlib import Path

Listing = dict[str, str]
"""Every path below the folder, and what is there: a folder, a link's target, or a file's size and time."""


def listing(folder: Path) -> Listing:
    """What lies in the folder now."""
    return {path.relative_to(folder).as_posix(): _described(path) for path in sorted(folder.rglob("*"))}


def difference(before: Listing, after: Listing) -> list[str]:
    """What came, went or changed, each with a sign before its path."""
    came = [f"+ {path}" for path in after if path not in before]
    went = [f"- {path}" for path in before if path not in after]
    changed = [f"~ {path}" for path in before if path in after and after[path] != before[path]]
    return [*came, *went, *changed]


def owned_by(folder: Path, user_id: int) -> set[str]:
    """The names of what lies right in the folder and belongs to a user."""
    found = set()
    for path in folder.iterdir():
        with contextlib.suppress(OSError):  # gone in between
            if path.lstat().st_uid == user_id:
                found.add(path.name)
    return found


def _described(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if path.is_dir():
        return "folder"
    found = path.stat()
    return f"file of {found.st_size} bytes, {found.st_mtime_ns}"
