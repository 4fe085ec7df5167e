"""What a program prints about a framework, from a process of its own."""

import json
import subprocess
import sys
from typing import Any

from tests.frameworks.conftest import ROOT

_TIMEOUT_S = 900
"""Two cores that others use as well, and a compiler."""


def printed_json(module: str) -> dict[str, Any]:
    """The object that a module prints as JSON when it is run."""
    command = [sys.executable, "-m", module]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=_TIMEOUT_S, check=False)
    assert finished.returncode == 0, finished.stderr.decode()[-3000:]
    found: dict[str, Any] = json.loads(finished.stdout)
    return found
