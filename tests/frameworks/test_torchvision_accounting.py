"""A spread of torchvision's models against the figures they are published with."""

import json
import os
import subprocess
import sys

import pytest

from tests.frameworks.conftest import ROOT

SPREAD = (
    "convnext_tiny",
    "efficientnet_b0",
    "googlenet",
    "maxvit_t",
    "mobilenet_v3_small",
    "regnet_y_400mf",
    "shufflenet_v2_x1_0",
    "swin_v2_t",
    "vit_b_16",
)


@pytest.mark.real
def test_parameters_equal_the_published_ones_and_macs_agree_within_a_percent() -> None:
    finished = subprocess.run(
        [sys.executable, "tests/benchmarks/torchvision_accounting.py", *SPREAD],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=240,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr.decode()[-3000:]
    figures = json.loads(finished.stdout)
    assert figures["exceptions"] == []
    assert figures["equal_parameters"] == figures["read_by_export"] == len(SPREAD)
