"""What an installed mbgui is made of."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
RENDER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import mbgui
assert mbgui.__file__.startswith(sys.argv[1]), mbgui.__file__
from mbgui.__main__ import main
sys.exit(main(["report", str(Path(mbgui.__file__).parent / "_resources" / "sample.mbsnap"), "--format", "html"]))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    (path,) = built.glob("*.whl")
    return zipfile.ZipFile(path)


def tracked(folder: str) -> set[str]:
    """Every file that belongs to the folder; what Python, an editor or a test left there does not."""
    paths = (path for path in (CHECKOUT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(CHECKOUT)) for path in paths}


def test_the_wheel_holds_the_package_and_its_resources_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    resources = {name.replace("resources/", "mbgui/_resources/", 1) for name in tracked("resources")}
    assert names == tracked("mbgui") | resources


def test_the_wheel_has_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    information = {name.partition(".dist-info/")[2]: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "licenses/LICENSE" in information
    assert "mbgui = mbgui.__main__:main" in wheel.read(information["entry_points.txt"]).decode()


def test_the_unpacked_wheel_renders_its_sample_without_the_checkout(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)  # noqa: S202 (an archive that was built a moment ago)
    command = [sys.executable, "-P", "-B", "-c", RENDER, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "This is the sample comparison" in done.stdout


def test_the_source_archive_can_build_and_test_itself(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "packaging/bootstrap.py", "tests/conftest.py"}
    assert needed <= names
    assert tracked("mbgui") | tracked("resources") <= names
