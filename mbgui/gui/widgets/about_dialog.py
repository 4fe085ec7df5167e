"""What this is, with which versions it runs, and under which licences."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

import mbgui
from mbgui.gui import resources
from mbgui.gui.software_versions import software_versions, system_lines, version_lines
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.licence_pane import LicencePane

_SIZE = QSize(1120, 620)
_LARGEST_SHARE = 0.95
_ICON_SIZE = 56
_PURPOSE = (
    "Puts a PyTorch model and a TensorFlow/Keras model side by side: are they the same network, if not why, and which "
    "one is faster here."
)
_LICENCE = "mbgui is free software under the MIT licence. What it is made of has licences of its own."


class AboutDialog(QDialog):
    """Open it with `open()`; it deletes itself when it is closed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About mbgui")
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * _LARGEST_SHARE))
        self._create(theme)
        self._lay_out()
        self._connect()

    def _create(self, theme: Theme) -> None:
        self._icon = QLabel()
        self._icon.setPixmap(resources.application_icon().pixmap(QSize(_ICON_SIZE, _ICON_SIZE)))
        self._title = QLabel(f"mbgui {mbgui.__version__}")
        self._title.setProperty("role", "headline")
        self._purpose = _words(f"{_PURPOSE}\n{_LICENCE}")
        self.tabs = QTabWidget()
        self.tabs.addTab(_version_page(), "Versions")
        self.tabs.addTab(LicencePane(theme), "Licences")
        self.copy_button = QPushButton("&Copy versions")
        self.copy_button.setToolTip("Copy the versions and the system as text, for a report of a fault")
        self.copy_button.setAutoDefault(False)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._title)
        words.addWidget(self._purpose)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.copy_button)
        foot.addStretch(1)
        foot.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.tabs, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self._buttons.rejected.connect(self.reject)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText("\n".join((*version_lines(), *system_lines())))


def _version_page() -> QWidget:
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(4, 14, 4, 4)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(7)
    told = [(known.name, known.version) for known in software_versions()]
    told += [(name, text) for name, _, text in (line.partition(": ") for line in system_lines())]
    for row, (name, text) in enumerate(told):
        value = QLabel(text)
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        value.setAccessibleName(f"{name} {text}")
        grid.addWidget(_words(name), row, 0)
        grid.addWidget(value, row, 1)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(len(told), 1)
    return page


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("role", "muted")
    return label
