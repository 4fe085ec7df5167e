"""The icon files that the build makes of the drawings."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from PIL.IcnsImagePlugin import IcnsImageFile
from PIL.IcoImagePlugin import IcoImageFile
from recipe.icons import HICOLOR_SIZES, NAMES, WINDOWS_SIZES, export_icons

CHECKOUT = Path(__file__).resolve().parents[2]
BLUE, ORANGE = (0x44, 0x77, 0xAA, 255), (0xEE, 0x77, 0x33, 255)
ALONE = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from recipe.icons import export_icons
from PySide6.QtCore import QCoreApplication
export_icons(Path(sys.argv[2]), Path(sys.argv[3]))
assert QCoreApplication.instance() is None
"""


def theme_picture(icons: Path, name: str, size: int) -> Image.Image:
    with Image.open(icons / "hicolor" / f"{size}x{size}" / f"{NAMES[name]}.png") as image:
        return image.convert("RGBA")


def share_of(image: Image.Image, color: tuple[int, int, int, int]) -> float:
    """The part of the picture that has exactly this colour."""
    counted = {found: count for count, found in image.getcolors(image.width * image.height) or ()}
    return counted.get(color, 0) / (image.width * image.height)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", HICOLOR_SIZES)
def test_every_size_shows_both_colours_in_sharp_areas(icons: Path, name: str, size: int) -> None:
    image = theme_picture(icons, name, size)
    assert image.size == (size, size)
    assert share_of(image, BLUE) > 0.06
    assert share_of(image, ORANGE) > 0.04
    left, right = image.crop((0, 0, size // 2, size)), image.crop((size // 2, 0, size, size))
    assert share_of(right, BLUE) == share_of(left, ORANGE) == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [16, 22, 24, 32])
def test_small_sizes_are_drawn_for_their_pixels_not_shrunk(icons: Path, name: str, size: int) -> None:
    shrunk = theme_picture(icons, name, 512).resize((size, size), Image.Resampling.LANCZOS)
    image = theme_picture(icons, name, size)
    assert share_of(image, BLUE) > share_of(shrunk, BLUE)
    assert share_of(image, ORANGE) > share_of(shrunk, ORANGE)


@pytest.mark.parametrize("name", NAMES)
def test_the_corners_are_clear_on_any_ground(icons: Path, name: str) -> None:
    image = theme_picture(icons, name, 256)
    corners = [image.getpixel((x, y)) for x in (0, 255) for y in (0, 255)]
    assert corners == [(0, 0, 0, 0)] * 4


def test_the_document_can_be_told_from_the_application(icons: Path) -> None:
    for size in HICOLOR_SIZES:
        alphas = [theme_picture(icons, name, size).getchannel("A") for name in NAMES]
        assert alphas[0].tobytes() != alphas[1].tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_scalable_icon_is_the_drawing(icons: Path, name: str) -> None:
    scalable = icons / "hicolor" / "scalable" / f"{NAMES[name]}.svg"
    assert scalable.read_bytes() == (CHECKOUT / "resources" / "icons" / f"{name}.svg").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_windows_gets_each_size_as_it_was_drawn(icons: Path, name: str) -> None:
    with Image.open(icons / f"{name}.ico") as file:
        assert isinstance(file, IcoImageFile)
        assert file.ico.sizes() == {(size, size) for size in WINDOWS_SIZES}
        for size in {*WINDOWS_SIZES} & {*HICOLOR_SIZES}:
            image = file.ico.getimage((size, size)).convert("RGBA")
            assert image.tobytes() == theme_picture(icons, name, size).tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_macos_gets_each_size_as_it_was_drawn(icons: Path, name: str) -> None:
    with Image.open(icons / f"{name}.icns") as file:
        assert isinstance(file, IcnsImageFile)
        pixels = {(width * scale) for width, _, scale in file.info["sizes"]}
        assert pixels == {32, 64, 128, 256, 512, 1024}
        for width, scale in ((16, 2), (32, 2), (128, 1), (256, 1), (256, 2)):
            image = file.icns.getimage((width, width, scale)).convert("RGBA")
            assert image.tobytes() == theme_picture(icons, name, width * scale).tobytes()


def test_equal_drawings_give_equal_files(icons: Path, tmp_path: Path) -> None:
    for path in export_icons(CHECKOUT / "resources", tmp_path):
        assert path.read_bytes() == (icons / path.relative_to(tmp_path)).read_bytes()


def test_no_qt_application_is_needed_or_left_behind(tmp_path: Path) -> None:
    paths = (CHECKOUT / "packaging", CHECKOUT / "resources", tmp_path)
    command = [sys.executable, "-c", ALONE, *map(str, paths)]
    subprocess.run(command, check=True)
    assert (tmp_path / "mbgui.ico").is_file()


def test_a_drawing_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "icons").mkdir()
    for grid in ("", "-16", "-22", "-32"):
        (tmp_path / "icons" / f"mbgui{grid}.svg").write_text("no drawing", "utf-8")
    with pytest.raises(ValueError, match=r"mbgui.*\.svg is no drawing"):
        export_icons(tmp_path, tmp_path / "out")
