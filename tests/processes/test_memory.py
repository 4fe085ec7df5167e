"""The memory of a process: what it holds, and the most it held since a moment."""

import subprocess
import sys
from pathlib import Path

import pytest

from mbgui.processes import memory
from mbgui.processes.memory import PeakMemory, resident_bytes

MIB = 1 << 20
PROGRAM = """
from mbgui.processes.memory import PeakMemory
large = bytearray(b"x") * (200 << 20)
del large
peak = PeakMemory()
baseline = peak.begin()
print(baseline, peak.peak_bytes())
larger = bytearray(b"x") * (80 << 20)
del larger
print(peak.peak_bytes())
"""
"""In a process of its own: this one is larger than both."""
ROOT = Path(__file__).parents[2]

linux_only = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux forgets a peak")


@linux_only
def test_the_peak_is_that_since_the_beginning_and_not_an_earlier_one() -> None:
    finished = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, check=True, text=True)
    baseline, peak_at_first, peak = map(int, finished.stdout.split())
    assert baseline <= peak_at_first < baseline + 40 * MIB
    assert baseline + 70 * MIB < peak < baseline + 120 * MIB


@linux_only
def test_the_resident_size_is_that_of_this_process() -> None:
    size = resident_bytes()
    assert size is not None
    assert 10 * MIB < size < 1 << 40


@pytest.fixture
def lifetime_peaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A system without /proc, and the peaks it tells in turn."""
    peaks: list[int] = []
    monkeypatch.setattr(memory, "PROCESS", tmp_path)
    monkeypatch.setattr(memory, "_lifetime_peak_bytes", lambda: peaks.pop(0))
    return peaks


def test_elsewhere_a_peak_of_the_whole_life_counts_where_it_grew(lifetime_peaks: list[int]) -> None:
    lifetime_peaks += [100, 150]
    peak = PeakMemory()
    assert peak.begin() is None
    assert peak.peak_bytes() == 150


def test_elsewhere_nothing_is_told_where_the_process_was_larger_before(lifetime_peaks: list[int]) -> None:
    lifetime_peaks += [100, 100]
    peak = PeakMemory()
    peak.begin()
    assert peak.peak_bytes() is None
