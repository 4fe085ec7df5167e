"""The borders between packages hold, and a breach of each would be noticed."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

PLANTED = [
    ("Imports go down only", "domain/network.py", "mbgui.analysis.wording"),
    ("Imports go down only", "snapshots/codec.py", "mbgui.reports.export"),
    ("Inside the window, imports go down only", "gui/theme.py", "mbgui.gui.main_window"),
    ("Qt only in the window", "cli/main.py", "PySide6"),
    ("Qt only in the window", "analysis/latency.py", "pyqtgraph"),
    ("The frameworks only in the child", "pipeline/compare.py", "torch"),
    ("The frameworks only in the child", "gui/controller.py", "keras"),
    (
        "Only the child imports the framework adapters and opens model files",
        "pipeline/compare.py",
        "mbgui.frameworks.adapter",
    ),
    (
        "Only the child imports the framework adapters and opens model files",
        "reports/model_file.py",
        "mbgui.model_files.inspection",
    ),
    ("The frameworks only in the child", "model_files/inspection.py", "torch"),
    ("Views know records, never what made them", "gui/item_models/roles.py", "mbgui.snapshots.codec"),
    ("The domain is the standard library only", "domain/network.py", "msgspec"),
    ("The child needs nothing beyond numpy and its framework", "frameworks/adapter.py", "psutil"),
]


def contracts() -> list[dict[str, Any]]:
    configuration = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = configuration["tool"]["importlinter"]["contracts"]
    return found


def contract(name: str) -> dict[str, Any]:
    return next(found for found in contracts() if found["name"] == name)


def top_level_modules() -> set[str]:
    children = (CHECKOUT / "mbgui").iterdir()
    return {f"mbgui.{path.stem}" for path in children if path.is_dir() or path.suffix == ".py"} - {
        "mbgui.__init__",
        "mbgui.__pycache__",
    }


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT, "--no-cache", "--verbose"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A tree like this one, to break."""
    shutil.copytree(CHECKOUT / "mbgui", tmp_path / "mbgui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    done = lint(CHECKOUT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(contracts())} kept, 0 broken." in done.stdout


def test_every_planted_breach_is_caught(copy: Path) -> None:
    for _, path, imported in PLANTED:
        with (copy / "mbgui" / path).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = done.stdout.partition("Broken contracts")[2]
    for name, path, imported in PLANTED:
        section = broken.partition(f"{name}\n{'-' * len(name)}\n")[2]
        importer = "mbgui." + path.removesuffix(".py").replace("/", ".")
        assert re.search(rf"{re.escape(importer)} -> {re.escape(imported)} ", section), f"{name}: {importer}"


def test_every_contract_has_a_planted_breach() -> None:
    assert {name for name, _, _ in PLANTED} == {found["name"] for found in contracts()}


@pytest.mark.parametrize("folder", ["mbgui", "mbgui/gui"])
def test_a_module_in_no_layer_is_caught(copy: Path, folder: str) -> None:
    (copy / folder / "stray.py").write_text('"""A module that no layer names."""\n', encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1
    assert "stray" in done.stdout


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("Qt only in the window", "mbgui.gui"), ("The frameworks only in the child", "mbgui.frameworks")],
)
def test_a_contract_of_all_but_one_package_names_all_the_others(name: str, allowed: str) -> None:
    assert set(contract(name)["source_modules"]) == top_level_modules() - {allowed}
