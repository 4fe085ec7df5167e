"""Naming what is in a file on a side: a model as it is, weights attached to an architecture."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from mbgui.analysis.architecture_guess import guess_architecture, guess_framework
from mbgui.domain.model_file import ModelFile
from mbgui.domain.request import Side

_ARCHITECTURE_LENGTH = 28  # characters
_PLACEHOLDER = "torchvision:NAME, keras:NAME or package.module:callable"


class ArchitectureBar(QFrame):
    """`use_requested` carries a side and the reference to name there."""

    use_requested = Signal(Side, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: ModelFile | None = None
        self._references: tuple[str, ...] = ()
        self._create()
        self._lay_out()
        self._connect()

    @property
    def reference(self) -> str:
        """What would be named, "" as long as weights have no architecture."""
        file = self._file
        if file is None:
            return ""
        if file.holds_model:
            return file.path
        architecture = self.architecture.currentText().strip()
        return f"{architecture}@{file.path}" if architecture else ""

    def set_references(self, references: tuple[str, ...]) -> None:
        """Offer these architectures; what was chosen stays."""
        self._references = references
        kept = self.architecture.currentText()
        self.architecture.clear()
        self.architecture.addItems(references)
        self.architecture.setCurrentText(kept)
        completer = QCompleter(self.architecture.model(), self.architecture)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.architecture.setCompleter(completer)
        if self._file is not None and not kept:
            self._guess(self._file)

    def show_file(self, file: ModelFile) -> None:
        """Offer what can be done with a file."""
        self._file = file
        self._words.setText("This file holds a whole model." if file.holds_model else "Attach to")
        self.architecture.setVisible(not file.holds_model)
        self._hint.setVisible(not file.holds_model)
        if not file.holds_model:
            self._guess(file)
        self._update_buttons()

    def _guess(self, file: ModelFile) -> None:
        framework = file.framework or guess_framework([tensor.name for tensor in file.tensors])
        guess = guess_architecture(file.path, framework, self._references)
        self.architecture.setCurrentText(guess)
        self._hint.setText("guessed from the file's name" if guess else "")

    def _create(self) -> None:
        self.setProperty("role", "card")
        self._words = QLabel(self)
        self.architecture = QComboBox(self)
        self.architecture.setEditable(True)
        self.architecture.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.architecture.setMinimumContentsLength(_ARCHITECTURE_LENGTH)
        self.architecture.setAccessibleName("Architecture")
        self.architecture.setToolTip(f"The architecture that these weights are loaded into: {_PLACEHOLDER}")
        edit = self.architecture.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(_PLACEHOLDER)
        self._words.setBuddy(self.architecture)
        self._hint = QLabel(self)
        self._hint.setProperty("role", "muted")
        self.left_button = QPushButton("Use as &left model", self)
        self.right_button = QPushButton("Use as &right model", self)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(9)
        for widget in (self._words, self.architecture, self._hint):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.left_button)
        row.addWidget(self.right_button)

    def _connect(self) -> None:
        self.architecture.currentTextChanged.connect(self._on_architecture_changed)
        self.left_button.clicked.connect(self._on_left_clicked)
        self.right_button.clicked.connect(self._on_right_clicked)

    def _on_architecture_changed(self) -> None:
        self._hint.setText("")
        self._update_buttons()

    def _update_buttons(self) -> None:
        for button in (self.left_button, self.right_button):
            button.setEnabled(bool(self.reference))
            button.setToolTip(self.reference or "Name the architecture first")

    def _on_left_clicked(self) -> None:
        self.use_requested.emit(Side.LEFT, self.reference)

    def _on_right_clicked(self) -> None:
        self.use_requested.emit(Side.RIGHT, self.reference)
