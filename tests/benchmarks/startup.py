"""Process start to the first picture of the window, against a bare PySide6 main window.

    python tests/benchmarks/startup.py [ROUNDS]

Fresh processes, the two kinds in turn; the time is taken from before the process is started until its window has been
painted, as the process itself reports on the common monotonic clock. Offscreen, and on the real display where there is
one. Prints one JSON line; `ratio` is that of the medians, `fastest_ratio` that of the fastest starts, which a busy
machine disturbs least.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL_RATIO = 1.5
_ROOT = Path(__file__).resolve().parents[2]

_REPORTER = """
import os, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer

class Reporter(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.report)
        return False

    def report(self):
        print(time.monotonic(), flush=True)
        os._exit(0)
"""

BARE = (
    _REPORTER
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication(["bare"])
window = QMainWindow()
window.resize(1440, 900)
reporter = Reporter()
window.installEventFilter(reporter)
window.show()
application.exec()
"""
)

MBGUI = (
    f"REPORTER = {_REPORTER!r}"
    """
from mbgui.gui import app

look = app.missing_display

def missing_display():
    problem = look()
    exec(REPORTER, globals())
    from mbgui.gui import desktop
    shown = desktop.Desktop.show

    def show(self):
        self.reporter = Reporter()
        self.window.installEventFilter(self.reporter)
        shown(self)

    desktop.Desktop.show = show
    return problem

app.missing_display = missing_display
app.run([])
"""
)


def start_s(program: str, environment: dict[str, str]) -> float:
    """Seconds from before the start of a process to the first picture of its window."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
        text=True,
    )
    return float(done.stdout) - began


def compare(rounds: int, environment: dict[str, str]) -> dict[str, float]:
    """Both kinds in turn, after one uncounted start each that fills the caches."""
    for program in (BARE, MBGUI):
        start_s(program, environment)
    pairs = [(start_s(BARE, environment), start_s(MBGUI, environment)) for _ in range(rounds)]
    bare_s, mbgui_s = ([pair[side] for pair in pairs] for side in (0, 1))
    return {
        "bare_ms": round(statistics.median(bare_s) * 1e3, 1),
        "mbgui_ms": round(statistics.median(mbgui_s) * 1e3, 1),
        "ratio": round(statistics.median(mbgui_s) / statistics.median(bare_s), 3),
        "fastest_ratio": round(min(mbgui_s) / min(bare_s), 3),
    }


def main(rounds: int) -> dict[str, object]:
    """All figures."""
    figures: dict[str, object] = {"benchmark": "startup", "goal_ratio": GOAL_RATIO, "rounds": rounds}
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "XDG_CONFIG_HOME": home,
            "XDG_DATA_HOME": home,
            "XDG_RUNTIME_DIR": home,  # a window that is open is not asked to do the work
            "PYTHONPATH": str(_ROOT),
            "QT_LOGGING_RULES": "*=false",
            "PYTHONPYCACHEPREFIX": f"{home}/bytecode",  # filled by the uncounted start, as a first start does
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        figures["offscreen"] = compare(rounds, {**environment, "QT_QPA_PLATFORM": "offscreen"})
        if os.environ.get("DISPLAY"):
            figures["display"] = compare(rounds, {**environment, "QT_QPA_PLATFORM": "xcb"})
    return figures


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)))
