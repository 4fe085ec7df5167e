"""Copying what is selected where the keyboard focus is."""

from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit, QWidget

from mbgui.gui.widgets.copy_rows import copy_selection


def copy_focused(view: QWidget | None) -> None:
    """Copy selected text or selected rows as TSV; without either in focus, what `view` has selected.

    The shortcut of a menu comes before the widgets' own, so it has to do what they would have done.
    """
    focused = QApplication.focusWidget()
    own = getattr(view, "copy_selection", None)
    if isinstance(focused, QLineEdit | QPlainTextEdit):
        focused.copy()
    elif own is not None:
        own()
    elif isinstance(focused, QAbstractItemView):
        copy_selection(focused)
