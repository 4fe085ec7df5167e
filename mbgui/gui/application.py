"""The application object where the system hands files over as events: on macOS."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class FileOpeningApplication(QApplication):
    """`file_opened` carries the path of each file that the system wants opened.

    A filter on the application would do as well, but would have every event of every object pass through Python.
    """

    file_opened = Signal(str)

    def event(self, event: QEvent) -> bool:
        """Hear of files."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit(event.file())
            return True
        return super().event(event)
