"""Imports modules in the background, so that the window need not wait for them."""

import importlib
from collections.abc import Sequence

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
            except ImportError as error:
                self.failed.emit(module, str(error))
            else:
                self.loaded.emit(module)
