"""What is large in the app, and what staying out saved."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from recipe.staging import Saving

MEBIBYTE = 1 << 20
LARGEST = 15


def size_bytes(folder: Path) -> int:
    """The bytes of all files below a folder; links are not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def part_sizes(bundle: Path) -> Counter[str]:
    """The bytes of each part of a bundle: what lies in `_internal` by its first folder, the two large ones by two."""
    internal = bundle / "_internal"
    sizes: Counter[str] = Counter()
    for path in bundle.rglob("*"):
        if path.is_file() and not path.is_symlink():
            parts = (
                path.relative_to(internal).parts if path.is_relative_to(internal) else path.relative_to(bundle).parts
            )
            depth = 2 if parts[0] in {"torch", "nvidia"} else 1
            sizes["/".join(parts[:depth]) if len(parts) > 1 else "libraries and the executable"] += path.lstat().st_size
    return sizes


def size_table(bundle: Path) -> str:
    """The largest parts, in MiB."""
    sizes = part_sizes(bundle)
    shown = sizes.most_common(LARGEST)
    rest = sizes.total() - sum(size for _, size in shown)
    rows = [*shown, (f"{len(sizes) - len(shown)} smaller parts", rest), ("all", sizes.total())]
    return "\n".join(["What is in it, MiB (2^20 bytes):", *(_row(size, name) for name, size in rows)])


def saving_table(savings: Iterable[Saving]) -> str:
    """What stayed out, and why, in MiB."""
    rows = (
        f"{_row(saving.size_bytes, saving.exclusion.name)} ({saving.file_count:,} files): {saving.exclusion.reason}"
        for saving in savings
    )
    return "\n".join(["What stayed out, MiB:", *rows])


def _row(size: int, name: str) -> str:
    return f"{size / MEBIBYTE:9,.1f}  {name}"
