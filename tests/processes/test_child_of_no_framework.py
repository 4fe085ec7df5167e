"""Children that are told whose model it is by the model: code of the user's, files, and files that are looked into."""

import io
import json
import os
import pickle
import signal
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.model_file import FileFormat
from mbgui.domain.request import ReadingLimits
from mbgui.pipeline.references import parse_source
from mbgui.processes.client import Child
from mbgui.processes.latency_messages import ModelBuilt
from mbgui.processes.messages import FileInspected, InspectFile, ListModels, ModelLoaded, ModelNames
from mbgui.processes.outcome import Ending
from tests.support.commands import build_command, load_command
from tests.support.fake_child_program import PROGRAM

NET = """
import os, signal, sys, torch

class Net(torch.Module):
    pass

def make(marker="", leave=False, crash=False):
    print("printed by the user's code")
    if crash:
        os.kill(os.getpid(), signal.SIGSEGV)
    if leave:
        sys.exit(5)
    if marker:
        open(marker, "w").close()
    return Net()
"""


@pytest.fixture
def child() -> Iterator[Child]:
    """A child of the fake program that was started for no framework."""
    started = Child.start(None, 1, command=(sys.executable, "-P", PROGRAM, "serve"))
    yield started
    started.close()


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A folder with code, and a package that stands in for PyTorch."""
    (tmp_path / "torch.py").write_text("class Module:\n    pass\n\ndef manual_seed(seed):\n    pass\n")
    (tmp_path / "net.py").write_text(NET)
    return tmp_path


def problem_of(child: Child, reference: str, *folders: Path) -> Problem:
    with pytest.raises(MbguiError) as caught:
        child.ask(load_command(reference, code_folders=tuple(map(str, folders))), ModelLoaded)
    return caught.value.problem


def test_it_is_ready_at_once_and_tells_versions_with_the_model(child: Child, code: Path) -> None:
    assert child.wait_ready().versions == ()
    loaded = child.ask(load_command("net:make", code_folders=(str(code),)), ModelLoaded)
    assert [version.name for version in loaded.versions] == ["fake"]
    assert "printed by the user's code" in child.close().stderr_tail


def test_a_model_that_is_only_built_tells_its_framework_and_what_the_import_took(child: Child, code: Path) -> None:
    assert child.wait_ready().import_s < 0.1
    (code / "torch.py").write_text(
        "import time\ntime.sleep(0.2)\nclass Module:\n    pass\ndef manual_seed(seed): pass\n"
    )
    built = child.ask(build_command("net:make", code_folders=(str(code),)), ModelBuilt)
    assert built.framework is Framework.PYTORCH
    assert built.import_s >= 0.2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's filter is Linux's")
def test_a_model_that_is_only_built_from_a_file_costs_the_same_rights(child: Child, code: Path) -> None:
    first, second = code / "first", code / "second"
    reference = f"net:make?marker={first}@{code / 'weights.pth'}"
    child.ask(build_command(reference, code_folders=(str(code),)), ModelBuilt)
    assert "PermissionError" in problem_of(child, f"net:make?marker={second}", code).sentence
    assert (first.exists(), second.exists()) == (True, False)


def test_code_keeps_its_rights_until_a_file_is_read(child: Child, code: Path) -> None:
    marker = code / "marker"
    child.ask(load_command(f"net:make?marker={marker}", code_folders=(str(code),)), ModelLoaded)
    assert marker.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's filter is Linux's")
def test_once_a_file_was_read_the_process_has_no_rights_for_anything_else(child: Child, code: Path) -> None:
    first, second = code / "first", code / "second"
    child.ask(load_command(f"net:make?marker={first}@{code / 'weights.pth'}", code_folders=(str(code),)), ModelLoaded)
    problem = problem_of(child, f"net:make?marker={second}", code)
    assert "PermissionError" in problem.sentence
    assert (first.exists(), second.exists()) == (True, False)


def test_code_that_leaves_or_is_not_there_is_a_sentence_and_the_child_lives(child: Child, code: Path) -> None:
    assert "SystemExit: 5" in problem_of(child, "net:make?leave=true", code).sentence
    assert "There is no module “nett”." in problem_of(child, "nett:make", code).sentence
    assert child.is_idle


def test_a_crash_in_code_of_the_users_names_what_often_causes_it(child: Child, code: Path) -> None:
    problem = problem_of(child, "net:make?crash=true", code)
    assert "segmentation fault" in problem.sentence
    assert "PyTorch and TensorFlow in one process" in problem.advice


def test_a_crash_over_a_file_does_not_blame_the_frameworks(child: Child, tmp_path: Path) -> None:
    os.kill(child.process_id, signal.SIGSEGV)
    with pytest.raises(MbguiError) as caught:
        child.ask(InspectFile(path=str(tmp_path / "net.npz"), limits=ReadingLimits()), FileInspected)
    assert "segmentation fault" in caught.value.problem.sentence
    assert "TensorFlow" not in caught.value.problem.advice


def test_without_a_framework_there_is_nothing_to_list(child: Child) -> None:
    with pytest.raises(MbguiError, match="No framework was chosen"):
        child.ask(ListModels(), ModelNames)


def test_a_file_is_looked_into_without_any_framework(child: Child, tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    np.savez(path, kernel=np.arange(6.0).reshape(2, 3))
    file = child.ask(InspectFile(path=str(path), limits=ReadingLimits()), FileInspected).file
    assert file.format is FileFormat.NPZ
    (tensor,) = file.tensors
    assert (tensor.name, tensor.shape, tensor.dtype) == ("kernel", (2, 3), "float64")
    assert tensor.statistics is not None
    assert (tensor.statistics.mean, tensor.statistics.maximum) == (2.5, 5.0)


class Payload:
    """Writes a marker where it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return open, (str(self._marker), "w")


def test_a_payload_does_not_run_and_is_named(child: Child, tmp_path: Path) -> None:
    marker, path = tmp_path / "marker", tmp_path / "net.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net/data.pkl", pickle.dumps({"weight": Payload(marker)}, protocol=2))
        archive.writestr("net/version", "3\n")
    file = child.ask(InspectFile(path=str(path), limits=ReadingLimits()), FileInspected).file
    assert file.refusal is not None
    assert "open" in file.refusal.sentence
    assert "net.pt" in problem_of(child, str(path)).sentence
    assert not marker.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is Linux's")
def test_a_file_that_takes_more_memory_than_it_may_is_a_sentence(child: Child, tmp_path: Path) -> None:
    path = tmp_path / "large.safetensors"
    shape = [64 << 20]
    header = json.dumps({"w": {"dtype": "F32", "shape": shape, "data_offsets": [0, 4 * shape[0]]}}).encode()
    with path.open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(8 + len(header) + 4 * shape[0])
    limits = ReadingLimits(memory_bytes=1 << 20)
    refusal = child.ask(InspectFile(path=str(path), limits=limits), FileInspected).file.refusal
    assert refusal is not None
    assert "memory" in refusal.sentence + refusal.advice


def test_a_file_that_takes_too_long_ends_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    stream = io.BytesIO()
    np.savez(stream, kernel=np.zeros(3))
    path.write_bytes(stream.getvalue())
    started = Child.start(None, 1, command=(sys.executable, "-P", PROGRAM, "serve"))
    started.wait_ready()
    with pytest.raises(MbguiError) as caught:
        started.ask(InspectFile(path=str(path), limits=ReadingLimits()), FileInspected, timeout_s=0.0)
    started.close()
    assert "took too long (more than 0 s for reading the file)" in caught.value.problem.sentence
    assert "Give it more time" in caught.value.problem.advice
    assert started.outcome is not None
    assert started.outcome.ending is Ending.TIMED_OUT


def test_a_file_with_weights_only_says_how_to_attach_it(child: Child, tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    np.savez(path, kernel=np.zeros(3))
    problem = problem_of(child, str(path))
    assert problem.sentence == "arrays.npz holds weights only (1 tensor), not how they are used."
    assert "torchvision:mobilenet_v2@arrays.npz" in problem.advice


def test_references_in_commands_are_those_that_were_typed() -> None:
    command = load_command("net:make?a=1@/w.npz")
    assert command.source == parse_source("net:make?a=1@/w.npz")
