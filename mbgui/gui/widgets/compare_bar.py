"""The tool bar: both models, their input and weights, and what to do with them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolBar, QToolButton, QWidget

from mbgui.domain.request import Side
from mbgui.gui.settings import StartingWeights
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.input_size_box import InputSizeBox
from mbgui.gui.widgets.model_picker import ModelPicker
from mbgui.gui.widgets.weights_button import WeightsButton

_PICKER_STRETCH = 20  # of the width that is left; the gap before the buttons at the right end has 1
_AT_THE_LEFT = 7  # of the controls; the others stand at the right end


class CompareBar(QToolBar):
    """Names what is to be compared; every button is an intent."""

    compare_clicked = Signal()
    stop_clicked = Signal()
    save_clicked = Signal()
    models_changed = Signal()

    def __init__(
        self, theme: Theme, weights: StartingWeights, export_menu: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__("Compare", parent)
        self._theme = theme
        self._create(weights, export_menu)
        self._lay_out()
        self._connect()

    @property
    def pickers(self) -> tuple[ModelPicker, ModelPicker]:
        """Both pickers, left first."""
        return self.left_picker, self.right_picker

    def picker(self, side: Side) -> ModelPicker:
        """The picker of a side."""
        return self.left_picker if side is Side.LEFT else self.right_picker

    def set_references(self, references: tuple[str, ...]) -> None:
        """Offer these models on both sides."""
        self.left_picker.set_references(references)
        self.right_picker.set_references(references)

    def set_recent(self, side: Side, references: tuple[str, ...]) -> None:
        """Offer these models of a side before all others."""
        self.picker(side).set_recent(references)

    def set_running(self, *, is_running: bool, can_compare: bool) -> None:
        """Compare while nothing runs, stop while something does."""
        self.compare_button.setEnabled(can_compare and not is_running)
        self.stop_button.setEnabled(is_running)

    def set_has_comparison(self, *, has_comparison: bool) -> None:
        """Only a comparison can be saved and exported."""
        self.save_button.setEnabled(has_comparison)
        self.export_button.setEnabled(has_comparison)

    def swap(self) -> None:
        """Let left and right change places."""
        left, right = self.left_picker.currentText(), self.right_picker.currentText()
        self.left_picker.set_reference(right)
        self.right_picker.set_reference(left)

    def complete(self) -> None:
        """Add what the first picture does not wait for."""
        for picker in self.pickers:
            picker.complete()
        self.weights_button.add_menu()

    def _create(self, weights: StartingWeights, export_menu: QMenu) -> None:
        """From left to right, which makes the order of the Tab key."""
        self.setObjectName("compare_bar")
        self.setMovable(False)
        self.setFloatable(False)
        self.toggleViewAction().setVisible(False)
        self.left_picker = ModelPicker(Side.LEFT, self._theme, self)
        self.swap_button = QToolButton(self)
        self.swap_button.setText("⇄")
        self.right_picker = ModelPicker(Side.RIGHT, self._theme, self)
        self.size_box = InputSizeBox(self)
        self.weights_button = WeightsButton(weights, self)
        self.compare_button = QPushButton("Compare", self)
        self.compare_button.setProperty("role", "primary")
        self.stop_button = QPushButton("Stop", self)
        self.save_button = QPushButton("Save snapshot", self)
        self.export_button = QToolButton(self)
        self.export_button.setText("Export")
        self.export_button.setMenu(export_menu)
        self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for button in (self.swap_button, self.export_button):
            button.setProperty("role", "button")
        self._describe()

    def _describe(self) -> None:
        for widget, name, tip in (
            (self.swap_button, "Swap models", "Swap left and right (Ctrl+Shift+X)"),
            (self.compare_button, "Compare", "Compare the two models (Ctrl+Return)"),
            (self.stop_button, "Stop", "Stop the comparison (Esc)"),
            (self.save_button, "Save snapshot", "Save the comparison to a file (Ctrl+S)"),
            (self.export_button, "Export", "Export the comparison as a report"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)

    def _lay_out(self) -> None:
        row = QWidget(self)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(9)
        for widget in self._in_order()[:_AT_THE_LEFT]:
            layout.addWidget(widget, _PICKER_STRETCH if widget in self.pickers else 0)
        layout.addStretch(1)
        for widget in self._in_order()[_AT_THE_LEFT:]:
            layout.addWidget(widget)
        row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(row)

    def _in_order(self) -> tuple[QWidget, ...]:
        return (
            self.left_picker,
            self.swap_button,
            self.right_picker,
            self.size_box,
            self.weights_button,
            self.compare_button,
            self.stop_button,
            self.save_button,
            self.export_button,
        )

    def _connect(self) -> None:
        self.swap_button.clicked.connect(self.swap)
        self.compare_button.clicked.connect(self.compare_clicked)
        self.stop_button.clicked.connect(self.stop_clicked)
        self.save_button.clicked.connect(self.save_clicked)
        self.left_picker.currentTextChanged.connect(self._on_model_changed)
        self.right_picker.currentTextChanged.connect(self._on_model_changed)

    def _on_model_changed(self, text: str) -> None:
        del text
        self.models_changed.emit()
