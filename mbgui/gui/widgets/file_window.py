"""A window of its own for one file: what it is, what it says of itself, why it is refused, and its tensors."""

from pathlib import PurePath

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mbgui.domain.errors import Problem
from mbgui.domain.model_file import ModelFile
from mbgui.domain.request import Side
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.breakable_text import breakable
from mbgui.gui.widgets.file_contents import FileContents
from mbgui.gui.widgets.message_bar import MessageBar

_SIZE = (1080, 720)
_SMALLEST_SIZE = (680, 420)
_LARGEST_SHARE = 0.85  # of the screen: the window below, and its own frame, stay in sight
_BAR_WIDTH = 260


class FileWindow(QDialog):
    """Shows that a file is being read, then what is in it; nothing of the file is ever executed for that.

    `use_requested` carries a side and the reference to name there, `remedy_chosen` a `Remedy`, `closed` tells that
    nobody waits for the file any more.
    """

    use_requested = Signal(Side, str)
    remedy_chosen = Signal(object)
    closed = Signal()

    def __init__(self, path: str, theme: Theme, references: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._create(theme, references)
        self._lay_out()
        self._connect()
        self._take_enter_from_buttons()

    @property
    def path(self) -> str:
        """The file it is about."""
        return self._path

    def set_references(self, references: tuple[str, ...]) -> None:
        """Offer other architectures."""
        self.contents.bar.set_references(references)

    def show_file(self, file: ModelFile) -> None:
        """Show what is in the file, and above it why it cannot be used where that is so."""
        self.contents.show_file(file)
        self._pages.setCurrentWidget(self.contents)
        if file.refusal is not None:
            self.message.show_problem(file.refusal)
        self.contents.focus_search()

    def show_problem(self, problem: Problem) -> None:
        """Say why nothing can be shown of it."""
        self._words.setText(breakable(f"{PurePath(self._path).name} could not be read."))
        self._progress.hide()
        self.cancel_button.setText("Close")
        self.message.show_problem(problem)
        self.cancel_button.setFocus()

    def _create(self, theme: Theme, references: tuple[str, ...]) -> None:
        name = PurePath(self._path).name
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(Qt.WindowType.Window)
        self.setWindowTitle(f"{name} – mbgui")
        self.setAccessibleName(f"Contents of {name}")
        self.setMinimumSize(*_SMALLEST_SIZE)
        self.resize(QSize(*_SIZE).boundedTo(self.screen().availableSize() * _LARGEST_SHARE))
        self.message = MessageBar(theme, self)
        self.contents = FileContents(theme, self)
        self.contents.bar.set_references(references)
        self._reading = QWidget(self)
        self._words = QLabel(breakable(f"Reading {name} …"), self._reading)
        self._words.setProperty("role", "headline")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        self._progress = QProgressBar(self._reading)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(_BAR_WIDTH)
        self._progress.setAccessibleName("Progress")
        self.cancel_button = QPushButton("Cancel", self._reading)
        self._pages = QStackedWidget(self)
        self._find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)

    def _lay_out(self) -> None:
        middle = Qt.AlignmentFlag.AlignHCenter
        waiting = QVBoxLayout(self._reading)
        waiting.addStretch(2)
        waiting.addWidget(self._words)
        waiting.addSpacing(12)
        waiting.addWidget(self._progress, 0, middle)
        waiting.addSpacing(12)
        waiting.addWidget(self.cancel_button, 0, middle)
        waiting.addStretch(3)
        self._pages.addWidget(self._reading)
        self._pages.addWidget(self.contents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.cancel_button.clicked.connect(self.reject)
        self.finished.connect(self.closed)
        self.contents.bar.use_requested.connect(self._on_use_requested)
        self.message.remedy_chosen.connect(self.remedy_chosen)
        self._find.activated.connect(self.contents.focus_search)

    def _take_enter_from_buttons(self) -> None:
        """A dialog would press a button for Enter in a field, and here none is the obvious one."""
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _on_use_requested(self, side: Side, reference: str) -> None:
        self.contents.say(f"Named as the {side.value} model. Press Compare in the main window.")
        self.use_requested.emit(side, reference)
