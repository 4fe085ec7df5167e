"""Asking for the name of a file."""

from collections.abc import Collection
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from mbgui.domain.framework import Framework
from mbgui.domain.source import MODEL_SUFFIXES, SUFFIX_FRAMEWORKS

SNAPSHOT_SUFFIX = ".mbsnap"
SAFETENSORS_SUFFIX, KERAS_WEIGHTS_SUFFIX = ".safetensors", ".weights.h5"
_WEIGHTS_FILTERS = (f"safetensors, for PyTorch (*{SAFETENSORS_SUFFIX})", f"Keras weights (*{KERAS_WEIGHTS_SUFFIX})")
_SNAPSHOT_FILTER = f"mbgui snapshots (*{SNAPSHOT_SUFFIX});;All files (*)"


def ask_snapshot_to_open(parent: QWidget, folder: str) -> str:
    """The path of a snapshot to open, "" where the user changed his mind."""
    path, _ = QFileDialog.getOpenFileName(parent, "Open snapshot", folder, _SNAPSHOT_FILTER)
    return path


def ask_model_to_open(parent: QWidget, title: str, folder: str) -> str:
    """The path of a file with a model or its weights, "" where the user changed his mind."""
    path, _ = QFileDialog.getOpenFileName(parent, title, folder, model_filters())
    return path


def ask_folder(parent: QWidget, title: str, folder: str) -> str:
    """The path of a folder, "" where the user changed his mind."""
    return QFileDialog.getExistingDirectory(parent, title, folder)


def model_filters() -> str:
    """What file dialogs offer for models: all of them, those of each framework, those of neither."""
    of_neither = MODEL_SUFFIXES - set(SUFFIX_FRAMEWORKS)
    filters = [_filter("All models and weights", MODEL_SUFFIXES)]
    for framework in Framework:
        own = {suffix for suffix, owner in SUFFIX_FRAMEWORKS.items() if owner is framework}
        filters.append(_filter(framework.display_name, own))
    return ";;".join([*filters, _filter("safetensors and NumPy", of_neither), "All files (*)"])


def ask_snapshot_to_save(parent: QWidget, suggested: Path) -> str:
    """The path to save a snapshot to, "" where the user changed his mind."""
    path, _ = QFileDialog.getSaveFileName(parent, "Save snapshot", str(suggested), _SNAPSHOT_FILTER)
    return with_suffix(path, SNAPSHOT_SUFFIX)


def ask_report_to_save(parent: QWidget, suggested: Path, form: str) -> str:
    """The path to save a report to, "" where the user changed his mind."""
    path, _ = QFileDialog.getSaveFileName(parent, f"Export as {form}", str(suggested), f"*{suggested.suffix}")
    return with_suffix(path, suggested.suffix)


def ask_weights_to_save(parent: QWidget, suggested: Path, framework: Framework | None) -> str:
    """The path to write weights to that this framework gets, "" where the user changed his mind."""
    filters = _WEIGHTS_FILTERS[::-1] if framework is Framework.KERAS else _WEIGHTS_FILTERS
    path, chosen = QFileDialog.getSaveFileName(parent, "Export moved weights", str(suggested), ";;".join(filters))
    if not path or path.endswith((SAFETENSORS_SUFFIX, KERAS_WEIGHTS_SUFFIX)):
        return path
    return path + (KERAS_WEIGHTS_SUFFIX if "Keras" in chosen else SAFETENSORS_SUFFIX)


def _filter(title: str, suffixes: Collection[str]) -> str:
    return f"{title} ({' '.join(f'*{suffix}' for suffix in sorted(suffixes))})"


def with_suffix(path: str, suffix: str) -> str:
    """The path as it was typed, with a suffix where it has none."""
    return path if not path or Path(path).suffix else path + suffix
