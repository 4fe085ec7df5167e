"""References and input sizes as users type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT
from mbgui.domain.source import ModelSource, SourceKind
from mbgui.pipeline.references import parse_input_size, parse_source


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("torchvision:mobilenet_v2", SourceKind.TORCHVISION, "mobilenet_v2"),
        ("keras:MobileNetV2", SourceKind.KERAS, "MobileNetV2"),
        ("  Keras:ResNet50 ", SourceKind.KERAS, "ResNet50"),
    ],
)
def test_a_reference_names_a_model(text: str, kind: SourceKind, name: str) -> None:
    assert parse_source(text) == ModelSource(kind=kind, name=name)


@pytest.mark.parametrize("source", [DEFAULT_LEFT, DEFAULT_RIGHT])
def test_a_reference_reads_back_as_its_source(source: ModelSource) -> None:
    assert parse_source(source.reference) == source


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mobilenet_v2", "does not say where"),
        ("", "does not say where"),
        ("torch:resnet18", "no known source of models; known are torchvision and keras"),
        ("torchvison:resnet18", r"Did you mean torchvision:resnet18\?"),
        ("keras:", "holds no model name"),
        ("keras:two words", "“two words” is no model name"),
        ("keras:../x", "no model name"),
    ],
)
def test_anything_else_is_wrong_use_and_says_why(text: str, part: str) -> None:
    with pytest.raises(MbguiError, match=part) as caught:
        parse_source(text)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE
    assert "mbgui models" in caught.value.problem.advice


@pytest.mark.parametrize(
    ("text", "size"), [("224x192", (224, 192)), ("224", (224, 224)), (" 32 × 64 ", (32, 64)), ("8X9", (8, 9))]
)
def test_an_input_size_is_height_and_width(text: str, size: tuple[int, int]) -> None:
    assert parse_input_size(text) == size


@pytest.mark.parametrize("text", ["", "x", "224x", "x224", "0", "224x0", "-1", "2.5", "1x2x3", "224 px", "9" * 9])
def test_a_size_that_is_none_is_wrong_use(text: str) -> None:
    with pytest.raises(MbguiError) as caught:
        parse_input_size(text)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE


@given(st.text(max_size=20))
def test_no_text_does_anything_but_parse_or_say_what_is_wrong(text: str) -> None:
    for parse in (parse_source, parse_input_size):
        with suppress(MbguiError):
            parse(text)
