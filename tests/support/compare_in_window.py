"""Compares in the real window with the real children, and tells what came of it in one JSON line.

First a hostile file is opened in place of the left model, then the preselected pair is compared.

A process of its own, so that what it imported can be told from what other tests did. Takes a folder for its files.
"""

import json
import os
import pickle
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import psutil
from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from mbgui.domain.events import Cancelled, Completed, Failed
from mbgui.domain.request import DEFAULT_LEFT
from mbgui.gui.backend import PipelineBackend
from mbgui.gui.desktop import Desktop
from mbgui.gui.settings import Settings
from mbgui.gui.shared import Shared
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore

_TIMEOUT_MS = 120_000


class Payload:
    """Creates a file where it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self._marker,)


class Script(QObject):
    """Presses Compare when the window hears it, again with a sound model, and closes the window after that."""

    def __init__(self, desktop: Desktop, hostile: Path) -> None:
        super().__init__()
        self.refusal = ""
        self._hostile = hostile
        self.ending = "timed out"
        self.problem = ""
        self.shown: list[str] = []
        self._desktop = desktop
        self._poll = QTimer(self)
        self._poll.timeout.connect(self._on_poll)
        desktop.ready.connect(self._on_ready)

    def _on_ready(self) -> None:
        controller = self._desktop.controller
        assert controller is not None
        controller.happened.connect(self._on_happened)
        self._desktop.window.bar.size_box.setCurrentText("32")
        self._desktop.window.bar.left_picker.set_reference(str(self._hostile))
        self._desktop.window.start_comparison()

    def _on_happened(self, event: object) -> None:
        if isinstance(event, Failed) and not self.refusal:
            self.refusal = event.problem.sentence
            QTimer.singleShot(0, self._compare_the_pair)
        elif isinstance(event, Completed | Failed | Cancelled):
            self.ending = type(event).__name__
            self.problem = event.problem.sentence if isinstance(event, Failed) else ""
            self._poll.start(20)

    def _compare_the_pair(self) -> None:
        self._desktop.window.bar.left_picker.set_reference(DEFAULT_LEFT.reference)
        self._desktop.window.start_comparison()

    def _on_poll(self) -> None:
        """Views are filled after the run, a slice at a time."""
        self.shown = [label.text() for label in self._desktop.window.findChildren(QLabel) if label.isVisible()]
        if self.ending != "Completed" or "Done" in " ".join(self.shown):
            self._poll.stop()
            self._desktop.window.close()


def main(folder: Path) -> None:
    """Compare, close, and report."""
    application = QApplication(["mbgui"])
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    settings.set("latency/calls", 4)
    settings.set("latency/threads", 1)
    store = SnapshotStore(folder / "snapshots")

    def make_backend() -> PipelineBackend:
        calibrations = CalibrationStore(folder / "calibrations.json")
        return PipelineBackend(children=WarmChildren(), store=store, sample=None, calibrations=calibrations)

    marker, hostile = folder / "marker", folder / "hostile.pt"
    hostile.write_bytes(pickle.dumps(Payload(marker)))
    desktop = Desktop(Shared(settings, make_backend))
    script = Script(desktop, hostile)
    QTimer.singleShot(_TIMEOUT_MS, desktop.window.close)
    desktop.show()
    application.exec()
    report = {
        "refusal": script.refusal,
        "payload_ran": marker.exists(),
        "ending": script.ending,
        "problem": script.problem,
        "shown": script.shown,
        "kept": [entry.title for entry in store.entries()],
        "modules": sorted({name.partition(".")[0] for name in sys.modules}),
        "children": len(psutil.Process().children(recursive=True)),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
