"""Code of the user's own: found, run once, and its failures told. Small packages stand in for the frameworks."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.framework import Framework
from mbgui.domain.source import ModelSource, SourceKind, SourceOption
from mbgui.frameworks.user_code import UserCode, no_model

NET = """
import {framework}

class Net({framework}.{base}):
    def __init__(self, width=8):
        self.width = width

def make(width=8):
    return Net(width)

def fail():
    raise ValueError("no luck\\nmore about it")

def leave():
    raise SystemExit(3)

def number():
    return 3

ready = Net(5)
text = "no callable"
class Holder:
    make = staticmethod(make)
"""
CALLS = "calls = []\ndef make():\n    import random\n    calls.append(random.random())\n    return calls\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Modules of the user's, and what is imported of them is forgotten in the end."""
    known, path = set(sys.modules), list(sys.path)
    (tmp_path / "torch.py").write_text("class Module:\n    pass\n\ndef manual_seed(seed):\n    pass\n")
    (tmp_path / "keras.py").write_text(
        "class Layer:\n    pass\n\nclass utils:\n    set_random_seed = staticmethod(lambda seed: None)\n"
    )
    (tmp_path / "torch_net.py").write_text(NET.format(framework="torch", base="Module"))
    (tmp_path / "keras_net.py").write_text(NET.format(framework="keras", base="Layer"))
    (tmp_path / "both.py").write_text("import torch\nfrom keras_net import make, number\n")
    (tmp_path / "calls.py").write_text(CALLS)
    (tmp_path / "broken.py").write_text("import no_such_package\n")
    (tmp_path / "leaving.py").write_text("raise SystemExit(1)\n")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "package" / "inner.py").write_text("from torch_net import make\n")
    yield tmp_path
    for name in set(sys.modules) - known:
        del sys.modules[name]
    sys.path[:] = path


def code(name: str, folder: Path, **options: int) -> UserCode:
    chosen = tuple(SourceOption(name=key, value=value) for key, value in options.items())
    return UserCode(ModelSource(kind=SourceKind.PYTHON, name=name, options=chosen), (str(folder),), seed=3)


def problem(user_code: UserCode) -> Problem:
    with pytest.raises(MbguiError) as caught:
        user_code.build()
    return caught.value.problem


@pytest.mark.parametrize(
    ("name", "framework"),
    [
        ("torch_net:make", Framework.PYTORCH),
        ("keras_net:make", Framework.KERAS),
        ("package.inner:make", Framework.PYTORCH),
        ("both:make", Framework.KERAS),
    ],
)
def test_the_framework_is_the_one_that_the_code_imports_or_else_builds_with(
    folder: Path, name: str, framework: Framework
) -> None:
    assert code(name, folder).framework() is framework


def test_options_are_keyword_arguments(folder: Path) -> None:
    assert getattr(code("torch_net:make", folder, width=4).build(), "width", None) == 4
    assert getattr(code("torch_net:Net", folder, width=4).build(), "width", None) == 4
    assert getattr(code("torch_net:Holder.make", folder).build(), "width", None) == 8


def test_a_model_that_is_there_is_taken_as_it_is(folder: Path) -> None:
    assert getattr(code("torch_net:ready", folder).build(), "width", None) == 5


def test_a_script_is_named_by_its_path_and_finds_its_neighbours(folder: Path) -> None:
    script = UserCode(ModelSource(kind=SourceKind.PYTHON, name=f"{folder}/both.py:make"), (), seed=0)
    assert getattr(script.build(), "width", None) == 8


def test_the_callable_runs_once_and_with_the_seed(folder: Path) -> None:
    first = code("calls:make", folder)
    assert first.build() is first.build()
    values = first.build()
    assert isinstance(values, list)
    assert len(values) == 1
    code("calls:make", folder).build()
    assert values[0] == values[1]


@pytest.mark.parametrize(
    ("name", "sentence", "advice"),
    [
        ("torch_net:mke", "torch_net has no “mke”.", "The nearest names are make."),
        ("torch_net:text", "torch_net:text is of type str, which cannot be called.", "function or class"),
        ("no_such:make", "There is no module “no_such”.", "--path"),
        ("no_such.inner:make", "There is no module “no_such”.", "--path"),
        ("torchvison:resnet18", "Did you mean torchvision:resnet18?", "--path"),
        ("broken:make", "Importing broken failed (ModuleNotFoundError: No module named 'no_such_package').", "--path"),
        ("leaving:make", "Importing leaving failed (SystemExit: 1).", "--path"),
        ("torch_net:fail", "torch_net:fail raised an error when called with (): ValueError: no luck.", "details show"),
        ("torch_net:leave", "torch_net:leave raised an error when called with (): SystemExit: 3.", "details show"),
    ],
)
def test_what_goes_wrong_is_one_sentence(folder: Path, name: str, sentence: str, advice: str) -> None:
    found = problem(code(name, folder))
    assert sentence in found.sentence
    assert advice in found.advice


def test_an_argument_that_is_not_taken_names_those_that_are(folder: Path) -> None:
    found = problem(code("torch_net:make", folder, depth=3))
    assert "unexpected keyword argument 'depth'" in found.sentence
    assert "It takes (width=8)" in found.advice
    assert "Traceback" in found.detail


def test_a_product_that_is_no_model_is_named_by_its_type(folder: Path) -> None:
    with pytest.raises(MbguiError, match=r"both:number returned an object of type builtins\.int"):
        code("both:number", folder).framework()


def test_a_model_of_the_framework_that_its_module_does_not_import_is_told_as_that() -> None:
    keras_model = type("Functional", (type("Layer", (), {"__module__": "keras.src.layers.layer"}),), {})()
    problem = no_model(ModelSource(kind=SourceKind.PYTHON, name="mine:net"), keras_model).problem
    assert problem.sentence.startswith("mine:net returned a Keras model, and its module imports the other framework")
    assert problem.advice.startswith("Import keras at the top of the module, too")


def test_a_script_that_is_not_there_is_wrong_use(folder: Path) -> None:
    found = problem(UserCode(ModelSource(kind=SourceKind.PYTHON, name=f"{folder}/none.py:make"), (), seed=0))
    assert found.sentence == f"There is no file {folder}/none.py."
    assert found.kind is ProblemKind.WRONG_USE


def test_a_script_may_have_the_name_of_a_library(folder: Path) -> None:
    (folder / "json.py").write_text(
        "from json import dumps\nfrom torch_net import Net\n\ndef make():\n    return Net()\n"
    )
    script = UserCode(ModelSource(kind=SourceKind.PYTHON, name=f"{folder}/json.py:make"), (), seed=0)
    assert getattr(script.build(), "width", None) == 8
    assert "JSONEncoder" in dir(sys.modules["json"])


def test_a_relative_import_in_a_script_says_how_to_name_it(folder: Path) -> None:
    (folder / "package" / "related.py").write_text("from .inner import make\n")
    found = problem(UserCode(ModelSource(kind=SourceKind.PYTHON, name=f"{folder}/package/related.py:make"), (), seed=0))
    assert "package.module:callable" in found.advice


def test_an_unknown_argument_is_wrong_use_and_an_error_inside_is_not(folder: Path) -> None:
    assert problem(code("torch_net:make", folder, depth=3)).kind is ProblemKind.WRONG_USE
    assert problem(code("torch_net:fail", folder)).kind is ProblemKind.FAILED
