"""The longest stall of the window's event loop, from its first picture to the end of a full comparison.

    python tests/benchmarks/event_loop.py [RUNS]

A timer beats every millisecond in the real window, with real children; the longest gap between two beats is the longest
time for which the window could not answer. `busy_ms` is the processor time of the window's own thread in that gap,
`process_ms` that of all its threads; on a busy machine a gap is longer than both, so `max_own_stall_ms` gives the most
that can be the program's own doing. Prints one JSON line.
"""

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from mbgui.gui import resources
from mbgui.gui.backend import PipelineBackend
from mbgui.gui.desktop import Desktop
from mbgui.gui.session import tune_interpreter
from mbgui.gui.settings import Settings
from mbgui.gui.shared import Shared
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore

GOAL_MS = 50.0
_BEAT_MS = 1
_TIMEOUT_MS = 300_000
_SETTLE_MS = 1_500
_CLOSING = "closing"  # the window is hidden by then, and waits for its children to end


@dataclass(slots=True)
class Gap:
    """A time without a beat."""

    phase: str
    gap_ms: float
    busy_ms: float
    process_ms: float


class Heartbeat(QObject):
    """Beats as often as the event loop lets it, and notes the gaps."""

    def __init__(self) -> None:
        super().__init__()
        self.phase = "starting"
        self.gaps: list[Gap] = []
        self._last = _clocks()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start(_BEAT_MS)

    def enter(self, phase: str) -> None:
        """What comes now belongs to another phase."""
        self.phase = phase

    def _on_beat(self) -> None:
        now = _clocks()
        gap_ms, busy_ms, process_ms = ((after - before) * 1e3 for after, before in zip(now, self._last, strict=True))
        self._last = now
        if gap_ms > 5:
            self.gaps.append(Gap(self.phase, gap_ms - _BEAT_MS, busy_ms, process_ms))


class Script(QObject):
    """Compares as soon as the window hears intents, visits every tab while measuring, and quits."""

    def __init__(self, desktop: Desktop, heart: Heartbeat) -> None:
        super().__init__()
        self.ending = "timed out"
        self._desktop = desktop
        self._heart = heart
        desktop.ready.connect(self._on_ready)

    def _on_ready(self) -> None:
        controller = self._desktop.controller
        if controller is None:
            raise RuntimeError("the window is ready without a controller")
        controller.happened.connect(self._on_happened)
        QTimer.singleShot(_SETTLE_MS, self._on_settled)

    def _on_settled(self) -> None:
        self._heart.enter("compare pressed")
        self._desktop.window.start_comparison()

    def _on_happened(self, event: object) -> None:
        name = type(event).__name__
        self._heart.enter(f"after {name} {getattr(event, 'stage', '')}".strip())
        pages = self._desktop.window.pages
        if name == "LatencySampled":
            pages.setCurrentIndex((event.latency_round.index // 2) % pages.count())  # type: ignore[attr-defined]
        if name in ("Completed", "Failed", "Cancelled"):
            self.ending = name
            QTimer.singleShot(_SETTLE_MS, self._on_done)

    def _on_done(self) -> None:
        self._heart.enter(_CLOSING)
        self._desktop.window.close()


def measure(folder: Path, runs: int) -> dict[str, object]:
    """One full comparison in the real window; its longest gaps."""
    application = QApplication.instance() or QApplication(["mbgui"])
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    settings.latency_options = replace(settings.latency_options, runs=runs)

    def make_backend() -> PipelineBackend:
        return PipelineBackend(
            children=WarmChildren(),
            store=SnapshotStore(folder / "snapshots"),
            sample=resources.sample_path(),
            calibrations=CalibrationStore(folder / "calibrations.json"),
        )

    desktop = Desktop(Shared(settings, make_backend))
    tune_interpreter(desktop)
    heart = Heartbeat()
    script = Script(desktop, heart)
    QTimer.singleShot(_TIMEOUT_MS, desktop.window.close)
    desktop.show()
    application.exec()
    return report(heart.gaps, script.ending)


def report(gaps: list[Gap], ending: str) -> dict[str, object]:
    """The longest gap before and during the comparison, and the five longest of all."""
    longest = sorted(gaps, key=_length, reverse=True)
    comparing = [gap for gap in longest if gap.phase not in ("starting", _CLOSING)]
    return {
        "benchmark": "event_loop",
        "goal_ms": GOAL_MS,
        "ending": ending,
        "max_stall_ms": round(comparing[0].gap_ms, 1) if comparing else 0.0,
        "phase": comparing[0].phase if comparing else "",
        "busy_ms": round(comparing[0].busy_ms, 1) if comparing else 0.0,
        "max_own_stall_ms": round(max((_own_ms(gap) for gap in comparing), default=0.0), 1),
        "max_own_stall_starting_ms": round(
            max((_own_ms(gap) for gap in gaps if gap.phase == "starting"), default=0.0), 1
        ),
        "max_stall_starting_ms": round(max((gap.gap_ms for gap in gaps if gap.phase == "starting"), default=0.0), 1),
        "longest": [_described(gap) for gap in longest[:8]],
    }


def _own_ms(gap: Gap) -> float:
    """No more of a gap can be this program's doing than the processor time that it used."""
    return min(gap.gap_ms, gap.process_ms)


def _described(gap: Gap) -> dict[str, object]:
    return {
        "phase": gap.phase,
        "ms": round(gap.gap_ms, 1),
        "busy_ms": round(gap.busy_ms, 1),
        "process_ms": round(gap.process_ms, 1),
    }


def _clocks() -> tuple[float, float, float]:
    """Wall time, processor time of this thread and of this process, in seconds."""
    return time.perf_counter(), time.thread_time(), time.process_time()


def _length(gap: Gap) -> float:
    return gap.gap_ms


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(json.dumps(measure(Path(scratch), int(sys.argv[1]) if len(sys.argv) > 1 else 100)))
