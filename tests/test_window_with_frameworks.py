"""The window compares the real pair in real children and stays free of both frameworks."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process that compared in the window tells of itself."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.compare_in_window", str(tmp_path_factory.mktemp("window"))],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_pair_is_compared_shown_and_kept(report: dict[str, Any]) -> None:
    assert (report["ending"], report["problem"]) == ("Completed", "")
    assert report["kept"] == ["mobilenet_v2 · MobileNetV2"]
    assert {"3,504,872", "3,538,984"} <= set(report["shown"])


def test_a_hostile_file_is_a_sentence_and_the_window_lives_on(report: dict[str, Any]) -> None:
    assert report["refusal"].startswith("hostile.pt holds ")
    assert not report["payload_ran"]
    assert report["ending"] == "Completed"


def test_the_window_has_imported_neither_framework(report: dict[str, Any]) -> None:
    assert {"torch", "torchvision", "tensorflow", "keras"} & set(report["modules"]) == set()
    assert "PySide6" in report["modules"]


def test_no_child_is_left(report: dict[str, Any]) -> None:
    assert report["children"] == 0
