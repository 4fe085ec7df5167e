"""Imports modules in the background, so that the window need not wait for them."""

import importlib
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QThread, Signal


class Preloader(QThread):
    """Imports modules one after the other; `loaded` carries the name of each."""

    loaded = Signal(str)
    failed = Signal(str, str)

    def __init__(self, modules: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Preloader")
        self._modules = modules

    def run(self) -> None:
        """Import until all is there or an interruption is asked for."""
        for module in self._modules:
            if self.isInterruptionRequested():
                return
            try:
                importlib.import_module(module)
            except Exception as error:  # noqa: BLE001  whatever goes wrong in a module, the others are wanted
                self.failed.emit(module, str(error))
            else:
                self.loaded.emit(module)


def qt_types() -> Iterator[None]:
    """Have PySide6 make its types, one a step, on the thread of the window.

    It makes each when its name is first looked up. pyqtgraph looks up all of them, and where its import did so in the
    background, one start in some twenty ended in a segmentation fault while the window was handling events.
    """
    for name in ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"):
        module = importlib.import_module(name)
        for attribute in dir(module):
            getattr(module, attribute)
            yield
