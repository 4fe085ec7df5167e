"""References as users type them."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.domain.framework import Framework
from mbgui.domain.option_text import OptionValue
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT
from mbgui.domain.source import ModelSource, SourceKind, SourceOption, WeightsFile
from mbgui.pipeline.references import parse_source

HERE = Path.cwd()


def options(**values: OptionValue) -> tuple[SourceOption, ...]:
    return tuple(SourceOption(name=name, value=value) for name, value in values.items())


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("torchvision:mobilenet_v2", ModelSource(kind=SourceKind.TORCHVISION, name="mobilenet_v2")),
        ("  Keras:ResNet50 ", ModelSource(kind=SourceKind.KERAS, name="ResNet50")),
        ("pkg.net:make", ModelSource(kind=SourceKind.PYTHON, name="pkg.net:make")),
        ("net:Holder.make", ModelSource(kind=SourceKind.PYTHON, name="net:Holder.make")),
        ("models/net.py:make", ModelSource(kind=SourceKind.PYTHON, name=f"{HERE / 'models/net.py'}:make")),
        ("net.keras", ModelSource(kind=SourceKind.FILE, name=str(HERE / "net.keras"))),
        ("a b/net.PT2", ModelSource(kind=SourceKind.FILE, name=str(HERE / "a b/net.PT2"))),
        ("~/net.h5", ModelSource(kind=SourceKind.FILE, name=os.path.expanduser("~/net.h5"))),  # noqa: PTH111
        (
            "net:make?alpha=0.5&weights=none&top=false&sizes=3,3&depth=7&title='7'",
            ModelSource(
                kind=SourceKind.PYTHON,
                name="net:make",
                options=options(alpha=0.5, weights=None, top=False, sizes=(3, 3), depth=7, title="7"),
            ),
        ),
        (
            "keras:MobileNetV2?alpha=0.5@w.weights.h5",
            ModelSource(
                kind=SourceKind.KERAS,
                name="MobileNetV2",
                options=options(alpha=0.5),
                weights=WeightsFile(path=str(HERE / "w.weights.h5")),
            ),
        ),
        (
            "torchvision:resnet18@/w/a.pth?strip=module.&partial=true",
            ModelSource(
                kind=SourceKind.TORCHVISION,
                name="resnet18",
                weights=WeightsFile(path="/w/a.pth", strip_prefix="module.", is_partial=True),
            ),
        ),
        (
            "net:make@/w/odd?name.pth",
            ModelSource(kind=SourceKind.PYTHON, name="net:make", weights=WeightsFile(path="/w/odd?name.pth")),
        ),
    ],
)
def test_a_reference_names_a_model(text: str, source: ModelSource) -> None:
    assert parse_source(text) == source


@pytest.mark.parametrize("source", [DEFAULT_LEFT, DEFAULT_RIGHT])
def test_a_reference_reads_back_as_its_source(source: ModelSource) -> None:
    assert parse_source(source.reference) == source


@pytest.mark.parametrize("prefix", ["1.", "0.", "true", "none", "'x'", "model/", "a&b=c?@"])
def test_a_prefix_is_taken_as_it_is_typed(prefix: str) -> None:
    source = ModelSource(kind=SourceKind.KERAS, name="Net", weights=WeightsFile(path="/w/a.pth", strip_prefix=prefix))
    assert parse_source(source.reference) == source
    if prefix.isprintable() and not set(prefix) & set("&?@="):
        assert parse_source(f"keras:Net@/w/a.pth?strip={prefix}") == source


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.lists(st.integers(-99, 99), min_size=1, max_size=3).map(tuple),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
)
PATHS = st.from_regex(r"/w/[a-z0-9 ._-]{1,9}\.pth", fullmatch=True)
WEIGHTS = st.builds(WeightsFile, path=PATHS, strip_prefix=NAMES.map(lambda name: name + "."), is_partial=st.booleans())


@given(
    st.builds(
        ModelSource,
        kind=st.just(SourceKind.KERAS),
        name=NAMES,
        options=st.dictionaries(NAMES, VALUES, max_size=3).map(lambda values: options(**values)),
        weights=st.none() | WEIGHTS,
    )
)
def test_any_options_and_weights_read_back(source: ModelSource) -> None:
    assert parse_source(source.reference) == source


@pytest.mark.parametrize("name", ["net", "net.bin", "a@b.dat", "a?b=c"])
def test_a_file_that_is_there_is_a_file_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert parse_source(f"{tmp_path}/{name}") == ModelSource(kind=SourceKind.FILE, name=str(tmp_path / name))


def test_a_folder_is_taken_for_a_file_so_that_its_error_can_name_it(tmp_path: Path) -> None:
    assert parse_source(str(tmp_path)).kind is SourceKind.FILE


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mobilenet_v2", "does not say where"),
        ("", "does not say where"),
        ("keras:", "holds no model name"),
        ("keras:two words", "“two words” is no model name"),
        ("keras:../x", "no model name"),
        ("../x:make", "neither a model of a zoo nor a callable"),
        ("net:", "neither a model of a zoo nor a callable"),
        ("net:make()", "neither a model of a zoo nor a callable"),
    ],
)
def test_anything_else_is_wrong_use_and_says_why(text: str, part: str) -> None:
    with pytest.raises(MbguiError, match=part) as caught:
        parse_source(text)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE
    assert "mbgui models" in caught.value.problem.advice


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("keras:Net?alpha", "“alpha” is no option"),
        ("keras:Net?=3", "“=3” is no option"),
        ("keras:Net?a=1&a=2", "given twice"),
        ("keras:Net@", "names no file"),
        ("keras:Net@w.h5?partial=maybe", "neither true nor false"),
    ],
)
def test_options_and_weights_that_say_nothing_are_wrong_use(text: str, part: str) -> None:
    with pytest.raises(MbguiError, match=part) as caught:
        parse_source(text)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE
    assert caught.value.problem.advice


@pytest.mark.parametrize(
    ("text", "framework", "is_from_zoo", "reads_file", "runs_own_code"),
    [
        ("torchvision:a", Framework.PYTORCH, True, False, False),
        ("keras:A@w.h5", Framework.KERAS, False, True, False),
        ("net:make", None, False, False, True),
        ("net:make@w.npz", None, False, True, True),
        ("a.pt2", Framework.PYTORCH, False, True, False),
        ("a.keras", Framework.KERAS, False, True, False),
        ("a.safetensors", None, False, True, False),
    ],
)
def test_a_source_says_what_building_it_takes(
    text: str, framework: Framework | None, is_from_zoo: bool, reads_file: bool, runs_own_code: bool
) -> None:
    source = parse_source(text)
    assert source.likely_framework is framework
    assert (source.is_from_zoo, source.reads_file, source.runs_own_code) == (is_from_zoo, reads_file, runs_own_code)


def test_a_title_is_short_and_tells_options_and_weights() -> None:
    assert parse_source("/a/b/net.keras").title == "net.keras"
    assert parse_source("/a/b/net.py:make?depth=3").title == "net.py:make (depth=3)"
    assert parse_source("keras:MobileNetV2@/w/x.weights.h5").title == "MobileNetV2 (x.weights.h5)"


@given(st.text(max_size=20))
def test_no_text_does_anything_but_parse_or_say_what_is_wrong(text: str) -> None:
    with suppress(MbguiError):
        parse_source(text)
