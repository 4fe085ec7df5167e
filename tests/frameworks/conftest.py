"""What the frameworks' own processes found: PyTorch and TensorFlow are never imported into one process."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mbgui.domain.errors import Problem
from mbgui.domain.network import Network

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Networks and problems by name, and figures of a few runs."""

    networks: dict[str, Network]
    problems: dict[str, Problem]
    runs: dict[str, Any]


def _findings(module: str) -> Findings:
    finished = subprocess.run([sys.executable, "-m", module], cwd=ROOT, capture_output=True, timeout=240, check=False)
    assert finished.returncode == 0, finished.stderr.decode()[-3000:]
    return msgspec.json.decode(finished.stdout, type=Findings)


@pytest.fixture(scope="session")
def in_torch() -> Findings:
    """What PyTorch's process found."""
    return _findings("tests.frameworks.torch_networks")


@pytest.fixture(scope="session")
def in_keras() -> Findings:
    """What Keras's process found."""
    return _findings("tests.frameworks.keras_networks")


@pytest.fixture(scope="session")
def in_torch_sources() -> Findings:
    """What PyTorch's process found in code, files and weights."""
    return _findings("tests.frameworks.torch_sources")
