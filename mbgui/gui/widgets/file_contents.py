"""What is in a file: its name and kind, facts and notes, what can be done with it, and its tensors."""

from pathlib import PurePath

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mbgui.analysis.wording import mebibytes_text
from mbgui.domain.model_file import ModelFile
from mbgui.gui.item_models.file_fact_table_model import FactColumn, FileFactTableModel
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.architecture_bar import ArchitectureBar
from mbgui.gui.widgets.breakable_text import breakable
from mbgui.gui.widgets.cell_delegate import CellDelegate
from mbgui.gui.widgets.content_table import ContentTable
from mbgui.gui.widgets.elided_label import ElidedLabel
from mbgui.gui.widgets.file_tensor_pane import FileTensorPane

_TALLEST_FACTS = 190  # pixels: some six rows; more are scrolled
_NO_TENSORS = "No tensor of this file could be read."


class FactTable(ContentTable):
    """Two columns without a header, scrolled where there are many facts."""

    def __init__(self, theme: Theme, facts: FileFactTableModel, parent: QWidget | None = None) -> None:
        delegate = CellDelegate(theme, wrapping=(FactColumn.VALUE,))
        super().__init__(theme, facts, delegate, stretches={FactColumn.VALUE: 1}, parent=parent)
        self.horizontalHeader().hide()
        self.setAccessibleName("What the file says of itself")

    def sizeHint(self) -> QSize:
        """All rows, up to the height that leaves room for the tensors."""
        height = super().sizeHint().height() - self.horizontalHeader().sizeHint().height()
        return QSize(super().sizeHint().width(), min(height, _TALLEST_FACTS))


class FileContents(QWidget):
    """Takes one `ModelFile`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._create(theme)
        self._lay_out()
        theme.changed.connect(self._color_notes)
        self._color_notes()

    def show_file(self, file: ModelFile) -> None:
        """Show a file."""
        self._head.show_text(PurePath(file.path).name)
        self._kind.setText(_kind_text(file))
        self._folder.show_text(str(PurePath(file.path).parent))
        self._facts.show_records(file.facts)
        self._fact_table.setVisible(bool(file.facts))
        self._notes.setText(breakable("\n".join(f"Note: {note}" for note in file.notes)))
        self._notes.setVisible(bool(file.notes))
        self.bar.show_file(file)
        self.bar.setVisible(file.refusal is None and bool(file.holds_model or file.tensors))
        self.tensors.show_tensors(file.tensors)
        self.tensors.setVisible(bool(file.tensors))
        self._none.setVisible(not file.tensors)

    def say(self, sentence: str) -> None:
        """Say what was done."""
        self._said.setText(sentence)
        self._said.show()

    def focus_search(self) -> None:
        """Give the focus to the field of words."""
        self.tensors.focus_search()

    def _create(self, theme: Theme) -> None:
        self._head, self._kind, self._folder = ElidedLabel("headline"), _label("muted"), ElidedLabel("muted")
        self._facts = FileFactTableModel(self)
        self._fact_table = FactTable(theme, self._facts, self)
        self._notes = _label("muted")
        self.bar = ArchitectureBar(self)
        self._said = _label("muted")
        self._said.hide()
        self.tensors = FileTensorPane(theme, self)
        self._none = _label("muted")
        self._none.setText(_NO_TENSORS)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self._head, self._kind, self._folder, self._notes):
            words.addWidget(label)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(24)
        head.addLayout(words, 4)
        head.addWidget(self._fact_table, 5, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        for widget in (self.bar, self._said):
            column.addWidget(widget)
        column.addWidget(self.tensors, 1)
        column.addWidget(self._none, 1)

    def _color_notes(self) -> None:
        self._notes.setStyleSheet(f"color: {self._theme.colors.warning};")


def _kind_text(file: ModelFile) -> str:
    """`TorchScript · PyTorch · 13.55 MiB`; most formats name their framework themselves."""
    owner = file.framework.display_name if file.framework is not None else ""
    parts = (file.format.value, "" if owner in file.format.value else owner, mebibytes_text(file.size_bytes, 2))
    return " · ".join(part for part in parts if part)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
