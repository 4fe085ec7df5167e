"""Where the files of `resources/` are, in a checkout and in an installed wheel."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QIcon, QPixmap

_PACKAGE = Path(__file__).resolve().parent.parent
_ICON_SIZE = 64  # pixels of the drawn picture; shown at 16, so that it stays sharp at a scale of 4
SAMPLE_NAME = "sample.mbsnap"


@cache
def folder() -> Path:
    """The folder of the resources: `mbgui/_resources` in a wheel, `resources/` beside the package in a checkout."""
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def path(*parts: str) -> Path:
    """The path of one resource, whether it exists or not."""
    return folder().joinpath(*parts)


@cache
def text(*parts: str) -> str:
    """The text of one resource. Raises `OSError` where it is missing."""
    return path(*parts).read_text(encoding="utf-8")


def sample_path() -> Path | None:
    """The snapshot that ships with the application, or `None` where it was left out."""
    found = path(SAMPLE_NAME)
    return found if found.is_file() else None


@cache
def icon(name: str, color: str) -> QIcon:
    """The action icon `name`, drawn in `color` (`#rrggbb`); disabled it is drawn in half the strength by Qt."""
    drawing = text("icons", f"{name}.svg").replace("currentColor", color)
    drawing = drawing.replace("<svg ", f'<svg width="{_ICON_SIZE}" height="{_ICON_SIZE}" ', 1)
    pixmap = QPixmap()
    pixmap.loadFromData(QByteArray(drawing.encode()), "SVG")
    return QIcon(pixmap)


def application_icon() -> QIcon:
    """The icon of the application."""
    return QIcon(str(path("icons", "mbgui.svg")))
