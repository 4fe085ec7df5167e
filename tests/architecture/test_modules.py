"""What every module of the program is to look like."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "mbgui"
MODULES = sorted(PACKAGE.rglob("*.py"))
DRAWERS = {"utils", "util", "helpers", "misc", "common", "manager", "tools"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def find_cycle(imports: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_opens_with_a_sentence_that_says_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(tree(path))
    assert docstring is not None
    assert docstring.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=lambda path: path.parent.name)
def test_a_package_file_holds_a_docstring_and_nothing_else(path: Path) -> None:
    further = tree(path).body[1:]
    if path.parent == PACKAGE:
        (version,) = further
        assert isinstance(version, ast.Assign)
        assert ast.unparse(version.targets[0]) == "__version__"
    else:
        assert further == []


def test_every_folder_with_modules_is_a_package() -> None:
    assert [path for path in MODULES if not (path.parent / "__init__.py").exists()] == []


def test_no_module_is_a_drawer_for_anything() -> None:
    assert [path for path in MODULES if DRAWERS & {*path.stem.split("_"), path.parent.name}] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("mbgui", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 50
    assert find_cycle(imports) == []


def test_a_circle_would_be_found() -> None:
    assert find_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) != []
