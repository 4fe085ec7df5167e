"""Whether drawing the latency page disturbs what is being measured: quick duels with the page on screen and without.

    python tests/benchmarks/drawing_disturbance.py [REPETITIONS]

Each repetition fights the same quick duel four times, in processes of their own: with the page, without, without, with
(and mirrored the next time). `ratio` is the median latency with the page over that without, `off_against_off` that of
the first launches without over the second ones, which is how far the machine itself can tell. `max_gap_ms` is the
longest time in which the window's event loop could not answer while measuring. Prints one JSON line.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal
from PySide6.QtWidgets import QApplication

from mbgui.domain.events import Event, LatencyEstimated, LatencySampled
from mbgui.domain.framework import Framework
from mbgui.domain.latency import LatencyComparison
from mbgui.domain.request import Side
from mbgui.gui.settings import LatencyOptions
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.latency_view import LatencyView
from tests.support.duels import CHAIN, duel_request, fight

REFERENCE = f"{CHAIN}?blocks=16"
GOAL, GOAL_GAP_MS = 0.02, 50.0
_REQUEST = duel_request(REFERENCE, REFERENCE)


class Worker(QThread):
    """Fights on a thread of its own, as the window's worker does."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.result: LatencyComparison | None = None

    def run(self) -> None:
        """Fight one duel."""
        self.result = fight(_REQUEST, on_event=self.happened.emit)


class Page(QObject):
    """The page, fed with what happens; beats every millisecond and notes the longest gap."""

    def __init__(self) -> None:
        super().__init__()
        self.max_gap_ms = 0.0
        self._view = LatencyView(Theme(), LatencyOptions())
        self._view.resize(1340, 830)
        self._view.set_library_loaded()
        self._view.start_measuring(_REQUEST, dict.fromkeys(Side, Framework.PYTORCH))
        self._view.show()
        self._last_s = time.perf_counter()
        self._is_measuring = False
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start(1)

    def show_event(self, event: Event) -> None:
        """Show what the window would show."""
        if isinstance(event, LatencySampled):
            self._is_measuring = True
            self._view.add_round(event.latency_round)
        elif isinstance(event, LatencyEstimated):
            self._view.add_estimate(event.estimate)

    def _on_beat(self) -> None:
        now_s = time.perf_counter()
        if self._is_measuring:
            self.max_gap_ms = max(self.max_gap_ms, (now_s - self._last_s) * 1e3)
        self._last_s = now_s


def fight_on_screen() -> dict[str, float]:
    """One duel with the page; both medians in seconds, and the longest gap."""
    application = QApplication(["mbgui"])
    page, worker = Page(), Worker()
    worker.happened.connect(page.show_event)
    worker.finished.connect(application.quit)
    worker.start()
    application.exec()
    worker.wait()
    if worker.result is None:
        raise RuntimeError("the duel failed")
    return medians(worker.result) | {"max_gap_ms": page.max_gap_ms}


def medians(found: LatencyComparison) -> dict[str, float]:
    """Both sides' medians in seconds."""
    return {"left_s": found.left_summary.median_s, "right_s": found.right_summary.median_s}


def main(repetitions: int) -> None:
    """Fight with and without the page and print the figures."""
    taken: dict[str, list[float]] = {"on": [], "off": []}
    gaps_ms: list[float] = []
    for repetition in range(repetitions):
        for how in ("on", "off", "off", "on") if repetition % 2 == 0 else ("off", "on", "on", "off"):
            done = subprocess.run(
                [sys.executable, __file__, f"--{how}"], capture_output=True, text=True, check=True, env=os.environ
            )
            found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
            gaps_ms.append(found.pop("max_gap_ms", 0.0))
            taken[how] += found.values()
    ratio = median(taken["on"]) / median(taken["off"])
    off = taken["off"]
    spread = max(off) / min(off)
    figures = {
        "benchmark": "drawing_disturbance",
        "ratio": round(ratio, 4),
        "off_against_off": round(median(off[::2]) / median(off[1::2]), 4),
        "off_spread": round(spread, 4),
        "max_gap_ms": round(max(gaps_ms), 1),
        "is_met": (abs(ratio - 1) <= GOAL or 1 / spread <= ratio <= spread) and max(gaps_ms) <= GOAL_GAP_MS,
        "all_ms": {how: [round(value * 1e3, 3) for value in values] for how, values in taken.items()},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    if "--on" in sys.argv:
        print(json.dumps(fight_on_screen()))
    elif "--off" in sys.argv:
        print(json.dumps(medians(fight(_REQUEST))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
