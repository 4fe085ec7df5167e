"""Hostile and broken files, opened by every way in: a sentence each, nothing of them runs, and life goes on."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from mbgui.__main__ import main
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.request import ReadingLimits
from mbgui.domain.source import ModelSource, SourceKind, WeightsFile
from mbgui.processes.client import Child
from mbgui.processes.messages import FileInspected, InspectFile, ListModels, ModelLoaded, ModelNames
from tests.support.commands import load_command
from tests.support.hostile_models import HostileFile, write_all

LONGEST_S = 20.0
"""Seconds that a file may take where the machine is busy; alone, each takes under two."""
TINY_MODELS = {
    Framework.PYTORCH: "import torch\n\ndef make():\n    return torch.nn.Linear(2, 2)\n",
    Framework.KERAS: "import keras\nfrom keras.layers import Dense, Input\n\n"
    "def make():\n    return keras.Sequential([Input((2,)), Dense(2)])\n",
}
"""What the files are attached to: quick to build, since it is built anew for each."""


@pytest.fixture(scope="module")
def marker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every payload would create."""
    return tmp_path_factory.mktemp("marker") / "created"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, marker: Path) -> tuple[HostileFile, ...]:
    """All files, written once."""
    return write_all(tmp_path_factory.mktemp("hostile"), marker)


def test_there_are_enough_of_them(files: tuple[HostileFile, ...]) -> None:
    assert len(files) >= 40


def test_each_is_refused_in_one_sentence_by_a_process_that_lives_on(
    files: tuple[HostileFile, ...], marker: Path
) -> None:
    with closing(Child.start(None, 1)) as reader:
        reader.wait_ready()
        for file in files:
            started_s = time.monotonic()
            problem = problem_of_inspecting(file, reader)
            assert time.monotonic() - started_s < LONGEST_S, file.name
            check_sentence(file, problem)
            for mention in file.mentions:
                assert mention in problem.sentence + problem.advice, file.name
    assert not marker.exists()


def problem_of_inspecting(file: HostileFile, reader: Child) -> Problem:
    """Why a file is refused."""
    try:
        found = reader.ask(InspectFile(path=str(file.path), limits=ReadingLimits()), FileInspected).file
    except MbguiError as error:
        return error.problem
    assert found.refusal is not None, file.name
    return found.refusal


def check_sentence(file: HostileFile, problem: Problem) -> None:
    assert problem.sentence.endswith("."), file.name
    assert "\n" not in problem.sentence, file.name
    assert file.path.name in problem.sentence, file.name
    assert problem.advice, file.name


@pytest.mark.parametrize("name", ["zip_os_system.pth", "empty.pt", "folder.pth", "page.pt", "gone.pt"])
def test_the_terminal_exits_with_1(
    files: tuple[HostileFile, ...], marker: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = next(file for file in files if file.name == name)
    assert main(["inspect", str(file.path)]) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("Error: ")
    assert not marker.exists()


@pytest.fixture(scope="module", params=[Framework.PYTORCH, Framework.KERAS])
def child(request: pytest.FixtureRequest) -> Iterator[Child]:
    """A real child of each framework; all files are tried on the same one."""
    started = Child.start(request.param, 1)
    started.wait_ready()
    yield started
    started.close()


@pytest.mark.real
@pytest.mark.timeout(600)
def test_no_framework_opens_any_of_them_and_its_process_lives_on(
    child: Child, files: tuple[HostileFile, ...], marker: Path, tmp_path: Path
) -> None:
    assert child.framework is not None
    code = tmp_path / "tiny.py"
    code.write_text(TINY_MODELS[child.framework])
    before_bytes = psutil.Process(child.process_id).memory_info().rss
    for file in files:
        as_model = ModelSource(kind=SourceKind.FILE, name=str(file.path))
        weights = WeightsFile(path=str(file.path))
        as_weights = ModelSource(kind=SourceKind.PYTHON, name=f"{code}:make", weights=weights)
        for source in (as_model, as_weights):
            check_sentence(file, refusal(child, source))
        assert not marker.exists(), file.name
    assert child.ask(ListModels(), ModelNames).names
    assert psutil.Process(child.process_id).memory_info().rss < before_bytes + (2 << 30)


def refusal(child: Child, source: ModelSource) -> Problem:
    with pytest.raises(MbguiError) as caught:
        child.ask(load_command(source, inputs=(), limits=ReadingLimits()), ModelLoaded, timeout_s=60)
    return caught.value.problem
