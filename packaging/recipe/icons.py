"""The drawings of `resources/icons` as the picture files that Linux, Windows and macOS want."""

import shutil
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from recipe.whole_file import being_written

HICOLOR_SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
"""Pixels; the sizes that desktops look for (Icon Theme Specification, the index of hicolor)."""
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""Pixels; the sizes of Windows at its usual scales. 256 is the largest that the format holds."""
MACOS_SIZES = (16, 32, 64, 128, 256, 512, 1024)
"""Pixels; 512 points on a display of double density take 1024."""
NAMES = {"mbgui": "apps/mbgui", "mbgui-snapshot": "mimetypes/application-x-mbgui-snapshot"}
"""The drawings, and where an icon theme has them: the application and its documents."""
_HINTED = {16: 16, 22: 22, 24: 22, 32: 32}
"""For sizes in pixels, the grid of the drawing whose edges fall on whole pixels there; 24 has a margin of one."""


def export_icons(resources: Path, target: Path) -> tuple[Path, ...]:
    """Write every icon file below `target`; equal drawings give equal bytes.

    For a theme `hicolor/SIZExSIZE/…png` and `hicolor/scalable/…svg`; beside them `NAME.ico` and `NAME.icns` for
    each of `NAMES`. Needs no running Qt application and starts none.

    Args:
        resources: the folder that holds `icons/`.
        target: the folder to fill; made where it is missing.

    Returns:
        The files, in the order written.

    Raises:
        OSError: a drawing is missing or a file cannot be written.
        ValueError: a drawing is no SVG.
    """
    return tuple(file for name in NAMES for file in _export(resources / "icons", name, target))


def picture(drawings: Path, name: str, size: int) -> Image.Image:
    """The icon drawn at `size` × `size` pixels, RGBA, from the drawing that is made for so many."""
    grid = _HINTED.get(size)
    drawing = drawings / (f"{name}-{grid}.svg" if grid else f"{name}.svg")
    renderer = QSvgRenderer(drawing.read_bytes())
    if not renderer.isValid():
        raise ValueError(f"{drawing} is no drawing that Qt can read.")
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(0)
    margin = (size - grid) // 2 if grid else 0
    painter = QPainter(image)
    renderer.render(painter, QRectF(margin, margin, size - 2 * margin, size - 2 * margin))
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()), "raw", "RGBA", image.bytesPerLine(), 1)


def _export(drawings: Path, name: str, target: Path) -> list[Path]:
    pictures = {size: picture(drawings, name, size) for size in {*HICOLOR_SIZES, *WINDOWS_SIZES, *MACOS_SIZES}}
    theme = target / "hicolor"
    written = [theme / f"{size}x{size}" / f"{NAMES[name]}.png" for size in HICOLOR_SIZES]
    for size, path in zip(HICOLOR_SIZES, written, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        with being_written(path) as part:
            pictures[size].save(part, "PNG", optimize=True)
    scalable = theme / "scalable" / f"{NAMES[name]}.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(drawings / f"{name}.svg", scalable)
    return [*written, scalable, *_write_containers(pictures, target / name)]


def _write_containers(pictures: dict[int, Image.Image], base: Path) -> tuple[Path, Path]:
    """The files of Windows and of macOS, which hold one picture a size."""
    windows, macos = base.with_suffix(".ico"), base.with_suffix(".icns")
    *smaller, largest = (pictures[size] for size in WINDOWS_SIZES)
    with being_written(windows) as part:
        largest.save(part, "ICO", sizes=[(size, size) for size in WINDOWS_SIZES], append_images=smaller)
    *smaller, largest = (pictures[size] for size in MACOS_SIZES)
    with being_written(macos) as part:
        largest.save(part, "ICNS", append_images=smaller)
    return windows, macos
