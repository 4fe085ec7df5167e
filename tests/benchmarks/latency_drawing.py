"""What drawing costs while latency is measured: the real view, fed with 200 calls a second from each side.

    python tests/benchmarks/latency_drawing.py [SECONDS]

A timer beats every millisecond; the longest gap between two beats is the longest time for which the window could not
answer. On a busy machine a gap is longer than the processor time that the process used in it, and no more than that
(`max_own_gap_ms`) can be its own doing. `cpu_share` is the processor time of the whole process over the time it ran,
beating and feeding included. At the end the view is filled with 20,000 calls a side and drawn again and again:
`redraw_ms` is the median of a redraw, `paint_ms` of the painting that follows, both in milliseconds of processor time.
Prints one JSON line.
"""

import json
import os
import random
import sys
import time
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from mbgui.domain.framework import Framework
from mbgui.domain.latency import LatencyEstimate, LatencyRound
from mbgui.domain.request import CompareRequest, LatencyRequest, Side
from mbgui.domain.source import ModelSource, SourceKind
from mbgui.gui.settings import LatencyOptions
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.latency_chart_panel import LatencyChartPanel
from mbgui.gui.widgets.latency_view import LatencyView

GOAL_GAP_MS, GOAL_REDRAW_MS = 50.0, 15.0
CALLS_PER_SECOND = 200
ROUND_SIZE = 10
MANY_CALLS = 20_000
BLOCK_ROUNDS = 4
_SETTLE_MS = 1_000
_REDRAWS = 30
_SIZE = (1340, 830)
REQUEST = CompareRequest(
    left=ModelSource(kind=SourceKind.TORCHVISION, name="mobilenet_v2"),
    right=ModelSource(kind=SourceKind.KERAS, name="MobileNetV2"),
    threads=1,
    latency=LatencyRequest(),
)
FRAMEWORKS = {Side.LEFT: Framework.PYTORCH, Side.RIGHT: Framework.KERAS}


class Rounds:
    """Rounds of both sides in turns, as five launches would give them."""

    def __init__(self) -> None:
        self._dice = random.Random(1)  # noqa: S311 - no secret
        self._number = 0

    def next(self) -> LatencyRound:
        """The next round."""
        number = self._number
        self._number += 1
        side = Side.LEFT if number % 2 == 0 else Side.RIGHT
        base_s = 0.0045 if side is Side.LEFT else 0.0047
        slow = (self._dice.expovariate(1 / 0.004) if self._dice.random() < 0.02 else 0.0 for _ in range(ROUND_SIZE))
        return LatencyRound(
            side=side,
            launch=number // 160,
            block=number % 160 // BLOCK_ROUNDS,
            index=number // 2,
            started_s=number * ROUND_SIZE / (2 * CALLS_PER_SECOND),
            durations_s=tuple(base_s * self._dice.gauss(1.0, 0.03) + more for more in slow),
            is_warmup=number % 160 < BLOCK_ROUNDS,
        )


class Feeding(QObject):
    """Feeds the view as fast as both sides would, and beats in between."""

    done = Signal()

    def __init__(self, view: LatencyView, seconds: float) -> None:
        super().__init__()
        self.gaps_ms: list[float] = []
        self.own_gaps_ms: list[float] = []
        self._view = view
        self._rounds = Rounds()
        self._seconds = seconds
        self._began = self._last = time.perf_counter()
        self._cpu_s = self._last_cpu_s = time.process_time()
        self.cpu_share = 0.0
        self._beat, self._feed = QTimer(self), QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._on_beat)
        self._feed.timeout.connect(self._on_feed)
        self._beat.start(1)
        self._feed.start(round(1000 * ROUND_SIZE / (2 * CALLS_PER_SECOND)))

    def _on_beat(self) -> None:
        now, cpu_s = time.perf_counter(), time.process_time()
        gap_ms = (now - self._last) * 1e3
        self.gaps_ms.append(gap_ms)
        self.own_gaps_ms.append(min(gap_ms, (cpu_s - self._last_cpu_s) * 1e3))
        self._last, self._last_cpu_s = now, cpu_s
        if now - self._began > self._seconds:
            self.cpu_share = (time.process_time() - self._cpu_s) / (now - self._began)
            self._beat.stop()
            self._feed.stop()
            self.done.emit()

    def _on_feed(self) -> None:
        taken = self._rounds.next()
        self._view.add_round(taken)
        if taken.index % (2 * BLOCK_ROUNDS) == 0:
            elapsed_s = time.perf_counter() - self._began
            half = 0.5 / (1 + elapsed_s)
            self._view.add_estimate(
                LatencyEstimate(
                    elapsed_s=elapsed_s,
                    launches=taken.launch + 1,
                    ratio=1.04,
                    ci_low=1.04 - half,
                    ci_high=1.04 + half,
                    rounds_to_decide=100,
                )
            )


def settle(milliseconds: int) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def redraws(view: LatencyView) -> tuple[float, float]:
    """Median milliseconds of a redraw with many calls, and of the painting that follows."""
    view.start_measuring(REQUEST, FRAMEWORKS)
    rounds = Rounds()
    for _ in range(2 * MANY_CALLS // ROUND_SIZE):
        view.add_round(rounds.next())
    settle(_SETTLE_MS)
    panel = view.findChild(LatencyChartPanel)
    if panel is None or not panel.is_built or not view.isVisible():
        raise RuntimeError("the charts are not there to be drawn")
    redraws_ms, paints_ms = [], []
    for _ in range(_REDRAWS):
        began = time.thread_time()
        view.redraw()
        drawn = time.thread_time()
        QApplication.processEvents()
        redraws_ms.append((drawn - began) * 1e3)
        paints_ms.append((time.thread_time() - drawn) * 1e3)
    return median(redraws_ms), median(paints_ms)


def measure(seconds: float) -> dict[str, object]:
    """Feed the view, then fill it."""
    application = QApplication(["mbgui"])
    theme = Theme(parent=application)
    theme.apply()
    view = LatencyView(theme, LatencyOptions())
    view.resize(*_SIZE)
    view.show()
    view.set_library_loaded()
    view.start_measuring(REQUEST, FRAMEWORKS)
    settle(_SETTLE_MS)
    feeding, loop = Feeding(view, seconds), QEventLoop()
    feeding.done.connect(loop.quit)
    loop.exec()
    redraw_ms, paint_ms = redraws(view)
    return {
        "benchmark": "latency_drawing",
        "seconds": seconds,
        "calls_per_second_a_side": CALLS_PER_SECOND,
        "goal_gap_ms": GOAL_GAP_MS,
        "max_gap_ms": round(max(feeding.gaps_ms), 1),
        "max_own_gap_ms": round(max(feeding.own_gaps_ms), 1),
        "cpu_share": round(feeding.cpu_share, 3),
        "calls_a_side": MANY_CALLS,
        "goal_redraw_ms": GOAL_REDRAW_MS,
        "redraw_ms": round(redraw_ms, 1),
        "paint_ms": round(paint_ms, 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)))
