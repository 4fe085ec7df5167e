"""What is told of the machine."""

import os
from pathlib import Path

import pytest

import mbgui
from mbgui.domain.environment import Version
from mbgui.pipeline.machine import default_threads, describe_environment

TORCH = Version(name="torch", version="2.14.1")
KERAS = Version(name="keras", version="3.15.1")


def test_the_environment_is_known_in_every_field() -> None:
    environment = describe_environment((TORCH, KERAS), 3)
    assert environment.mbgui_version == mbgui.__version__
    assert environment.operating_system
    assert environment.processor
    assert environment.processor_count >= 1
    assert environment.memory_bytes > 2**28
    assert environment.python_version.startswith("3.")
    assert environment.threads == 3


def test_a_version_that_both_sides_tell_is_listed_once_and_in_order() -> None:
    assert describe_environment((KERAS, TORCH, KERAS), 1).versions == (KERAS, TORCH)


def test_the_processor_has_a_name_where_the_system_keeps_none_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, encoding: str, errors: str) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", refuse)
    assert describe_environment((), 1).processor


def test_default_threads_are_no_more_than_the_processors_at_hand() -> None:
    assert 1 <= default_threads() <= (os.cpu_count() or 1)
