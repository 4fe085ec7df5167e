"""What this is, and with which versions it runs."""

import platform

import PySide6
from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import QMessageBox, QWidget

import mbgui
from mbgui.gui import resources

_ICON_SIZE = 64
_PURPOSE = (
    "Puts a PyTorch model and a TensorFlow/Keras model side by side: are they the same network, if not why, and which "
    "one is faster here."
)


def about_dialog(framework_versions: str, parent: QWidget) -> QMessageBox:
    """The dialog, ready to be opened; it deletes itself when it is closed."""
    dialog = QMessageBox(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("About mbgui")
    dialog.setIconPixmap(resources.application_icon().pixmap(QSize(_ICON_SIZE, _ICON_SIZE)))
    dialog.setText(f"mbgui {mbgui.__version__}")
    lines = [
        _PURPOSE,
        "",
        f"Python {platform.python_version()} · PySide6 {PySide6.__version__} · Qt {qVersion()}",
    ]
    if framework_versions:
        lines += framework_versions.split(" · ")
    dialog.setInformativeText("\n".join(lines))
    dialog.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return dialog
