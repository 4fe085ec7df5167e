"""Where modules of the user's own are looked for: a list of folders."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbgui.gui.widgets.file_dialogs import ask_folder

_WORDS = (
    "Where package.module:callable is looked for, from top to bottom, before the current folder and the installed "
    "packages. Nothing in them runs until you compare a model that is made by such a callable."
)


class CodeFoldersDialog(QDialog):
    """Open it with `open()`, which returns at once; `changed` carries the folders after each change."""

    changed = Signal(tuple)

    def __init__(self, folders: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Code folders")
        self._create(folders)
        self._lay_out()
        self._connect()
        self._update_buttons()

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders, in the order in which they are searched."""
        return tuple(self.list.item(row).text() for row in range(self.list.count()))

    def _create(self, folders: tuple[str, ...]) -> None:
        self._words = QLabel(_WORDS, self)
        self._words.setWordWrap(True)
        self._words.setProperty("role", "muted")
        self.list = QListWidget(self)
        self.list.setAccessibleName("Code folders")
        self.list.setTextElideMode(Qt.TextElideMode.ElideLeft)
        self.list.addItems(folders)
        self.add_button = QPushButton("&Add…", self)
        self.remove_button = QPushButton("&Remove", self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.resize(560, 320)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.add_button)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        row.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        for widget in (self._words, self.list):
            column.addWidget(widget)
        column.addLayout(row)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self._on_add_clicked)
        self.remove_button.clicked.connect(self._on_remove_clicked)
        self.list.currentRowChanged.connect(self._update_buttons)
        self._buttons.rejected.connect(self.reject)

    def _on_add_clicked(self) -> None:
        folder = ask_folder(self, "Add a code folder", str(Path.home()))
        if folder and folder not in self.folders:
            self.list.addItem(folder)
            self.list.setCurrentRow(self.list.count() - 1)
            self.changed.emit(self.folders)

    def _on_remove_clicked(self) -> None:
        self.list.takeItem(self.list.currentRow())
        self.changed.emit(self.folders)

    def _update_buttons(self) -> None:
        self.remove_button.setEnabled(self.list.currentRow() >= 0)
