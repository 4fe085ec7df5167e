"""Inputs as users type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.domain.input_shape import InputShape, inputs_text
from mbgui.pipeline.input_texts import parse_inputs


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("224x192", (224, 192)),
        ("224", (224,)),
        (" 32 × 64 ", (32, 64)),
        ("8X9", (8, 9)),
        ("224,192", (224, 192)),
        ("1x28x28", (1, 28, 28)),
        ("8x3x32x32", (8, 3, 32, 32)),
    ],
)
def test_sizes_are_read_in_order(text: str, sizes: tuple[int, ...]) -> None:
    assert parse_inputs(text) == (InputShape(sizes=sizes),)


@pytest.mark.parametrize("text", ["", "  ", "auto"])
def test_no_text_leaves_the_input_to_the_models(text: str) -> None:
    assert parse_inputs(text) == ()


def test_several_inputs_go_by_name() -> None:
    image, angle = InputShape(sizes=(224, 224, 3), name="image"), InputShape(sizes=(10,), name="angle_1")
    assert parse_inputs("image=224x224x3, angle_1=10") == (image, angle)
    assert parse_inputs(inputs_text((image, angle))) == (image, angle)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("x", "no input size"),
        ("224x", "no input size"),
        ("x224", "no input size"),
        ("-1", "no input size"),
        ("2.5", "no input size"),
        ("224 px", "no input size"),
        ("9" * 9, "no input size"),
        ("a=", "no input size"),
        ("=3", "no input size"),
        ("1x2x3x4x5x6x7x8x9", "no input size"),
        ("0", "at least 1"),
        ("224x0", "at least 1"),
        ("a=3,a=4", "apart by name"),
        ("a=3,4,5", "apart by name"),
    ],
)
def test_what_is_no_input_is_wrong_use(text: str, part: str) -> None:
    with pytest.raises(MbguiError, match=part) as caught:
        parse_inputs(text)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE


@given(st.text(max_size=20))
def test_no_text_does_anything_but_parse_or_say_what_is_wrong(text: str) -> None:
    with suppress(MbguiError):
        parse_inputs(text)
