"""Processes of launches: started apart, dated from one moment, and gone with all that they left."""

import tempfile
from pathlib import Path

import pytest

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import COMPILE_FOLDER
from mbgui.domain.request import Side
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.launcher import Launcher
from mbgui.pipeline.subject import Subject, subject_of
from mbgui.processes.latency_messages import BuildModel
from tests.pipeline.test_compare import KERAS, REQUEST, TORCH
from tests.support.fake_child import FakeChild, fake_children


def subjects() -> tuple[Subject, Subject]:
    return subject_of(REQUEST, Side.LEFT, TORCH, ()), subject_of(REQUEST, Side.RIGHT, KERAS, ())


def test_both_models_are_built_before_the_block_is_entered() -> None:
    left, right = FakeChild(TORCH, 2), FakeChild(KERAS, 2)
    with Launcher(fake_children(left, right), CancelToken()).launched(subjects(), 3) as pair:
        assert [launch.index for launch in pair] == [3, 3]
        assert all(isinstance(child.asked[0], BuildModel) for child in (left, right))
    assert left.was_closed
    assert right.was_closed


def test_a_problem_of_one_side_is_left_with_it() -> None:
    problem = Problem(sentence="It does not fit.")
    children = fake_children(FakeChild(TORCH, 2, failures={BuildModel: problem}))
    with Launcher(children, CancelToken()).launched(subjects()) as (left, right):
        assert right.require_built().build_s > 0
        with pytest.raises(MbguiError, match="It does not fit"):
            left.require_built()


def test_an_error_inside_the_block_still_ends_the_processes() -> None:
    left = FakeChild(TORCH, 2)
    launcher = Launcher(fake_children(left), CancelToken())
    with pytest.raises(MbguiError, match="cannot be asked"), launcher.launched(subjects()):
        raise MbguiError(Problem(sentence="It cannot be asked."))
    assert left.was_closed


def test_what_a_killed_process_was_compiling_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    left = FakeChild(TORCH, 2)
    own = tmp_path / f"{COMPILE_FOLDER.format(process_id=left.process_id)}abc"
    other = tmp_path / f"{COMPILE_FOLDER.format(process_id=f'{left.process_id}1')}abc"
    for folder in (own, other):
        folder.mkdir()
        (folder / "kernel.so").touch()
    with Launcher(fake_children(left), CancelToken()).launched(subjects()):
        pass
    assert not own.exists()
    assert other.exists()
