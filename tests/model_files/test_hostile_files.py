"""Hostile and broken files: nothing of them runs, each is refused in a sentence, none costs much."""

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbgui.domain.errors import MbguiError, Problem
from mbgui.model_files.inspection import inspect_file
from mbgui.model_files.signature import recognise
from tests.support.hostile_models import HostileFile, write_all

_MAXIMUM_S = 2.0
_MAXIMUM_KIB = 300 << 10


@pytest.fixture(scope="module")
def marker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a payload would create."""
    return tmp_path_factory.mktemp("marker") / "it_ran"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, marker: Path) -> Iterator[tuple[HostileFile, ...]]:
    """All of them; whatever was done to them, no marker may be there afterwards."""
    yield write_all(tmp_path_factory.mktemp("hostile"), marker)
    assert not marker.exists()


def _problem(path: Path) -> Problem | None:
    try:
        return inspect_file(str(path), with_statistics=True).refusal
    except MbguiError as error:
        return error.problem


def test_each_is_refused_in_a_sentence_that_names_the_cause(hostile: tuple[HostileFile, ...]) -> None:
    assert len(hostile) >= 50
    wrong = []
    for file in hostile:
        problem = _problem(file.path)
        if problem is None or not all(mention in problem.sentence for mention in file.mentions):
            wrong.append((file.name, file.mentions, problem))
        elif not problem.sentence.endswith(".") or "\n" in problem.sentence or file.path.name not in problem.sentence:
            wrong.append((file.name, ("one sentence with the file's name",), problem))
    assert not wrong


def test_nothing_of_them_runs(hostile: tuple[HostileFile, ...], marker: Path) -> None:
    for file in hostile:
        _problem(file.path)
    assert not marker.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is counted otherwise elsewhere")
def test_none_takes_long_or_much_memory(hostile: tuple[HostileFile, ...]) -> None:
    costly = []
    for file in hostile:
        peak_before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        _problem(file.path)
        duration = time.process_time() - begin
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_before
        if duration > _MAXIMUM_S or peak > _MAXIMUM_KIB:
            costly.append((file.name, duration, peak))
    assert not costly


def test_telling_whose_a_file_is_raises_only_where_there_is_nothing_to_read(hostile: tuple[HostileFile, ...]) -> None:
    nothing_to_read = ("folder", "empty", "regular", "exist", "Folder")
    for file in hostile:
        sentence = _sentence_of_recognition(file.path)
        assert sentence is None or any(word in sentence for word in nothing_to_read)


def _sentence_of_recognition(path: Path) -> str | None:
    try:
        recognise(str(path))
    except MbguiError as error:
        return error.problem.sentence
    return None
