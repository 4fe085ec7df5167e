"""What a child finds in its environment."""

from pathlib import Path

import pytest

from mbgui.processes import launch


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("KERAS_HOME", raising=False)
    return tmp_path


def test_threads_are_set_before_any_library_reads_them() -> None:
    environment = launch._environment(3)
    assert {environment[f"{name}_NUM_THREADS"] for name in ("OMP", "MKL", "OPENBLAS")} == {"3"}


def test_keras_makes_no_folder_in_the_home_of_whoever_does_not_use_it(home: Path) -> None:
    assert launch._environment(1)["KERAS_HOME"] == str(home / "cache" / "mbgui" / "keras")


def test_the_folder_of_users_of_keras_is_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".keras").mkdir()
    assert "KERAS_HOME" not in launch._environment(1)
    monkeypatch.setenv("KERAS_HOME", "/elsewhere")
    assert launch._environment(1)["KERAS_HOME"] == "/elsewhere"
