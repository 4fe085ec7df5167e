"""PyInstaller's lists of what goes into the app."""

TocEntry = tuple[str, str, str]
"""The path inside the bundle, the source, and the kind (`DATA`, `BINARY`, `EXTENSION`, `SYMLINK`).

The source of a `SYMLINK` is the path inside the bundle that it leads to, as seen from the link.
"""
