"""Naming the size of the input: height × width in pixels."""

from PySide6.QtWidgets import QComboBox, QWidget

PRESETS = tuple(f"{side} × {side}" for side in (96, 128, 160, 192, 224, 225, 256, 299, 384))


class InputSizeBox(QComboBox):
    """Picks the input size, from a list or as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(PRESETS)
        self.setMinimumContentsLength(9)
        self.setAccessibleName("Input size")
        self.setToolTip("Input size: height × width in pixels")
