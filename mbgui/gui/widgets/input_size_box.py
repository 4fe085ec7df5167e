"""Naming the input: a size in pixels, other shapes, or whatever the models state."""

from PySide6.QtWidgets import QComboBox, QWidget

AUTOMATIC = "auto"
PRESETS = tuple(f"{side} × {side}" for side in (96, 128, 160, 192, 224, 225, 256, 299, 384))
_TIP = (
    "Input size: auto takes the size that a model states, else 224 × 224.\n"
    "Or height × width (224x224), with channels (1x28x28), a length (128),\n"
    "or several inputs by name (image=224x224x3,angle=10)."
)


class InputSizeBox(QComboBox):
    """Picks the input size, from a list or as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems((AUTOMATIC, *PRESETS))
        self.setMinimumContentsLength(9)
        self.setAccessibleName("Input size")
        self.setToolTip(_TIP)
        edit = self.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(AUTOMATIC)
