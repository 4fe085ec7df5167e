"""The bootstrap script, on a stand-in project without dependencies and a build backend of its own."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SECOND_CALL_S = 2.0


def make_project(folder: Path) -> Path:
    shutil.copytree(CHECKOUT / "tests" / "data" / "bootstrap_project", folder)
    shutil.copytree(CHECKOUT / "packaging", folder / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def bootstrap(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(project / "packaging" / "bootstrap.py"), *arguments]
    variables = {**os.environ, **variables}
    return subprocess.run(command, env=variables, cwd=project.parent, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("checkout") / "a folder with spaces")
    first = bootstrap(folder, "run")
    assert first.returncode == 0, first.stderr
    assert "Setting up" in first.stderr
    return folder


@pytest.fixture
def script(tmp_path: Path) -> ModuleType:
    """The script as a module whose project is an empty folder."""
    project = make_project(tmp_path / "project")
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", project / "packaging" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REPORTING_BUILD = """
import importlib.metadata, json, sys
found = [item.name for item in importlib.metadata.distributions() if item.name in ("torch", "torchvision")]
json.dump({"arguments": sys.argv[1:], "prefix": sys.prefix, "found": sorted(found)}, sys.stdout)
sys.exit(3)
"""


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    """A project whose build script only says how it was started."""
    folder = make_project(tmp_path / "project")
    (folder / "packaging" / "build.py").write_text(REPORTING_BUILD, encoding="utf-8")
    return folder


def make_wheel(folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    metadata = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "",
        f"{metadata}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Dist: not-to-be-found\n",
        f"{metadata}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{metadata}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in {**files, f"{metadata}/RECORD": record}.items():
            wheel.writestr(path, text)


def started(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_run_starts_the_checkout_in_its_own_environment_with_all_arguments(project: Path) -> None:
    found = started(bootstrap(project, "run", "compare", "--batch", "2", "a b"))
    assert found["arguments"] == ["compare", "--batch", "2", "a b"]
    assert found["prefix"] == str(project / ".venv")
    assert found["folder"] == str(project.parent)


def test_a_second_call_installs_nothing_and_is_quick(project: Path) -> None:
    begin = time.perf_counter()
    second = bootstrap(project, "run")
    assert time.perf_counter() - begin < SECOND_CALL_S
    assert second.stderr == ""


def test_the_exit_code_is_that_of_mbgui(project: Path) -> None:
    assert bootstrap(project, "run", EXIT_CODE="130").returncode == 130


def test_packages_of_the_caller_do_not_leak_in(project: Path, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')", encoding="utf-8")
    found = started(bootstrap(project, "run", PYTHONPATH=str(tmp_path)))
    assert str(tmp_path) not in found["path"]


def test_a_file_in_the_callers_folder_shadows_no_module(project: Path) -> None:
    shadow = project.parent / "json.py"
    shadow.write_text("raise SystemExit('the wrong json')", encoding="utf-8")
    try:
        assert bootstrap(project, "run").returncode == 0
    finally:
        shadow.unlink()


def test_changed_dependencies_are_installed_again_into_the_same_environment(project: Path) -> None:
    (project / ".venv" / "mark").touch()
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert "Setting up" in bootstrap(project, "run").stderr
    assert bootstrap(project, "run").stderr == ""
    assert (project / ".venv" / "mark").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(project: Path) -> None:
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert bootstrap(project, "run").returncode == 0


def test_the_last_words_of_a_failing_pip_are_told_and_the_next_call_tries_again(project: Path) -> None:
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed once more\n")
    failed = bootstrap(project, "run", BREAK_BUILD="1")
    assert failed.returncode == 1
    assert "pip could not install mbgui" in failed.stderr
    assert "the build broke for a reason of its own" in failed.stderr.partition("Its last words")[2]
    assert "Traceback" not in failed.stderr.partition("Its last words")[0]
    assert bootstrap(project, "run").returncode == 0


def test_package_builds_with_the_environment_of_the_checkout_and_hands_arguments_and_exit_code_on(
    packaged: Path,
) -> None:
    done = bootstrap(packaged, "package", "--folder-only", "--output", "a b")
    assert done.returncode == 3
    assert started(done) == {
        "arguments": ["--folder-only", "--output", "a b"],
        "prefix": str(packaged / ".venv"),
        "found": [],
    }


def test_an_environment_for_packaging_serves_for_running_and_not_for_tests(packaged: Path) -> None:
    bootstrap(packaged, "package")
    assert bootstrap(packaged, "run").stderr == ""
    assert "Setting up" in bootstrap(packaged, "test", "--version").stderr


def test_another_torch_is_taken_from_a_folder_of_wheels_into_an_environment_of_its_own(
    packaged: Path, tmp_path: Path
) -> None:
    for name in ("torch", "torchvision"):
        make_wheel(tmp_path / "wheels", name)
    own = {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}  # where the machine's pip looks besides
    done = bootstrap(packaged, "package", "--torch-from", str(tmp_path / "wheels"), "--folder-only", **own)
    assert done.returncode == 3, done.stderr
    assert started(done) == {
        "arguments": ["--folder-only"],
        "prefix": str(packaged / ".venv-package"),
        "found": ["torch", "torchvision"],
    }
    assert not (packaged / ".venv").exists()
    again = bootstrap(packaged, "package", "--torch-from", str(tmp_path / "wheels"), **own)
    assert again.stderr == ""


def test_help_on_packaging_installs_nothing(packaged: Path) -> None:
    done = bootstrap(packaged, "package", "--help")
    assert done.returncode == 0
    assert {"--torch-from", "--output", "--work", "--folder-only"} <= set(done.stdout.split())
    assert not (packaged / ".venv").exists()


def test_a_torch_from_neither_an_index_nor_a_folder_is_told(packaged: Path) -> None:
    done = bootstrap(packaged, "package", "--torch-from", "nowhere")
    assert done.returncode == 1
    assert "takes the address of a package index or a folder of wheels, and 'nowhere' is neither" in done.stderr


def test_an_index_is_handed_to_pip_for_torch_alone(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def note(arguments: list[str], _environment: object) -> None:
        asked.append(arguments)

    monkeypatch.setattr(script, "install", note)
    script.set_up("package", script.OTHER_TORCH, "https://example.org/wheels")
    first, second = asked
    assert first[-4:] == ["--index-url", "https://example.org/wheels", "torch", "torchvision"]
    assert second == ["--editable", f"{script.ROOT}[package]"]


@pytest.mark.parametrize("arguments", [(), ("fly",)])
def test_an_unknown_verb_shows_the_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = bootstrap(make_project(tmp_path / "project"), *arguments)
    assert done.returncode == 2
    assert "bootstrap.py run" in done.stderr
    assert not (tmp_path / "project" / ".venv").exists()


def test_a_python_without_ensurepip_uses_its_own_pip(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "has_module", {"ensurepip": False, "pip": True}.__getitem__)
    script.set_up("run")
    assert script.pip() == [sys.executable, "-m", "pip", "--python", str(script.ENVIRONMENT.python)]
    assert script.is_set_up("run")
    assert not script.is_set_up("test")


def test_a_python_without_ensurepip_and_pip_is_told_what_to_install(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "has_module", {"ensurepip": False, "pip": False}.__getitem__)
    with pytest.raises(script.SetupError, match=r"apt-get install -y python3\.\d+-venv"):
        script.set_up("run")


def test_a_folder_of_the_users_in_place_of_the_environment_is_left_alone(script: ModuleType) -> None:
    precious = script.ENVIRONMENT.folder / "precious"
    precious.parent.mkdir()
    precious.touch()
    with pytest.raises(script.SetupError, match="in the way"):
        script.set_up("run")
    assert precious.exists()


@pytest.mark.parametrize(
    ("last_word", "hint"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "network"),
        ("ERROR: No matching distribution found for tensorflow>=2.20", "no release for this Python"),
    ],
)
def test_usual_failures_of_pip_come_with_a_hint(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, last_word: str, hint: str
) -> None:
    def fail(command: list[str], environment: object) -> tuple[int, str]:
        return 1, last_word

    monkeypatch.setattr(script, "pip", lambda _environment: [])
    monkeypatch.setattr(script, "run_quietly", fail)
    with pytest.raises(script.SetupError, match=hint):
        script.install(["mbgui"])


def test_a_failing_check_does_not_hide_the_others(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def checks(arguments: list[str]) -> Iterator[tuple[str, list[str]]]:
        yield "first", [sys.executable, "-c", "raise SystemExit(3)"]
        yield "second", [sys.executable, "-c", "import sys; print(sys.argv)", *arguments]

    monkeypatch.setattr(script, "checks", checks)
    assert script.test(["-k", "latency"]) == 1
    captured = capfd.readouterr()
    assert "'-k', 'latency'" in captured.out
    assert "failed: first\n" in captured.err


def test_every_check_of_the_project_is_run(script: ModuleType) -> None:
    commands = dict(script.checks(["-x"]))
    assert list(commands) == ["ruff check", "ruff format", "mypy", "import contracts", "pytest"]
    assert commands["pytest"][-1] == "-x"


def test_a_python_that_is_too_old_can_still_read_that_it_is() -> None:
    source = (CHECKOUT / "packaging" / "bootstrap.py").read_text(encoding="utf-8")
    beginning = ast.parse(source, feature_version=(3, 7)).body[:3]
    assert [type(statement) for statement in beginning] == [ast.Expr, ast.Import, ast.If]
    assert "sys.exit('mbgui needs Python 3.11 or newer" in ast.unparse(beginning[2])
