"""Asking for the name of a file."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

SNAPSHOT_SUFFIX = ".mbsnap"
_SNAPSHOT_FILTER = f"mbgui snapshots (*{SNAPSHOT_SUFFIX});;All files (*)"


def ask_snapshot_to_open(parent: QWidget, folder: str) -> str:
    """The path of a snapshot to open, "" where the user changed his mind."""
    path, _ = QFileDialog.getOpenFileName(parent, "Open snapshot", folder, _SNAPSHOT_FILTER)
    return path


def ask_snapshot_to_save(parent: QWidget, suggested: Path) -> str:
    """The path to save a snapshot to, "" where the user changed his mind."""
    path, _ = QFileDialog.getSaveFileName(parent, "Save snapshot", str(suggested), _SNAPSHOT_FILTER)
    return with_suffix(path, SNAPSHOT_SUFFIX)


def ask_report_to_save(parent: QWidget, suggested: Path, form: str) -> str:
    """The path to save a report to, "" where the user changed his mind."""
    path, _ = QFileDialog.getSaveFileName(parent, f"Export as {form}", str(suggested), f"*{suggested.suffix}")
    return with_suffix(path, suggested.suffix)


def with_suffix(path: str, suffix: str) -> str:
    """The path as it was typed, with a suffix where it has none."""
    return path if not path or Path(path).suffix else path + suffix
