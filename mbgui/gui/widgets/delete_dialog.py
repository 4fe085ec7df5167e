"""Asking before a snapshot is deleted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from mbgui.domain.snapshot import SnapshotEntry


class DeleteDialog(QMessageBox):
    """Open it with `open()`, which returns at once; `confirmed` carries the path where the user means it."""

    confirmed = Signal(str)

    def __init__(self, entry: SnapshotEntry, parent: QWidget) -> None:
        super().__init__(parent)
        self._path = entry.path
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Delete snapshot")
        self.setIcon(QMessageBox.Icon.Question)
        self.setText(f"Delete the snapshot “{entry.title}”?")
        self.setInformativeText(f"This removes the file for good:\n{entry.path}")
        self.delete_button = self.addButton("&Delete", QMessageBox.ButtonRole.DestructiveRole)
        self.setDefaultButton(self.addButton(QMessageBox.StandardButton.Cancel))
        self.delete_button.clicked.connect(self._on_delete_clicked)

    def _on_delete_clicked(self) -> None:
        self.confirmed.emit(self._path)
