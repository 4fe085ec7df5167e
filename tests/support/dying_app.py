"""An app without a window that dies in a named way as soon as its trace is there, or is closed."""

import ctypes
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QCoreApplication, QObject

from mbgui.gui.diagnostics.recorder import Recorder


def die(way: str) -> None:
    if way == "segmentation fault":
        ctypes.string_at(0)
    elif way == "abort":
        os.abort()
    elif way == "killed":
        os.kill(os.getpid(), 9)


class Fate(QObject):
    """Dies, or closes the app, when it is called."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self._way = way

    def meet(self) -> None:
        die(self._way)
        QCoreApplication.quit()


def main(way: str) -> None:
    application = QCoreApplication([])
    with Recorder() as recorder:
        fate = Fate(way)
        recorder.opened.connect(fate.meet)
        recorder.start()
        application.exec()
        if way == "error":
            raise ValueError("no luck")


if __name__ == "__main__":
    main(sys.argv[1])
