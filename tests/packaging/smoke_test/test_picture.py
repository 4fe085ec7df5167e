"""The button to press is found by its colour, and nothing else is taken for it."""

from PIL import Image, ImageDraw
from smoke_test.picture import ACCENTS, Box, find_button

LIGHT, DARK = ACCENTS
WHITE = (255, 255, 255)


def drawn(*filled: tuple[tuple[int, int, int, int], tuple[int, int, int]]) -> Image.Image:
    """A white picture with rectangles in it; right and bottom are their last pixels."""
    image = Image.new("RGB", (400, 130), WHITE)
    for bounds, color in filled:
        ImageDraw.Draw(image).rectangle(bounds, fill=color)
    return image


def test_a_button_is_found_in_the_light_and_in_the_dark() -> None:
    for color in ACCENTS:
        found = find_button(drawn(((100, 20, 179, 51), color)))
        assert found == Box(left=100, top=20, right=180, bottom=52)


def test_the_words_on_a_button_do_not_split_it() -> None:
    image = drawn(((100, 20, 179, 51), LIGHT), ((115, 32, 164, 41), WHITE))
    found = find_button(image)
    assert found is not None
    assert found.middle == (140, 36)


def test_marks_bars_and_borders_of_the_same_colour_are_no_button() -> None:
    mark, bar, line = (10, 20, 29, 51), (100, 60, 300, 69), (50, 0, 52, 129)
    assert find_button(drawn((mark, LIGHT), (bar, LIGHT), (line, LIGHT))) is None


def test_a_button_is_found_beside_a_mark() -> None:
    found = find_button(drawn(((10, 20, 29, 51), DARK), ((200, 20, 279, 51), DARK)))
    assert found == Box(left=200, top=20, right=280, bottom=52)


def test_a_button_of_another_colour_is_none() -> None:
    assert find_button(drawn(((100, 20, 179, 51), (0x44, 0x77, 0xAB)))) is None
