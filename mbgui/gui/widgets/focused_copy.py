"""Copying what is selected where the keyboard focus is."""

from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit

from mbgui.gui.widgets.copy_rows import copy_selection


def copy_focused() -> None:
    """Copy selected rows as TSV, or selected text; the menu's shortcut comes before the widgets' own."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractItemView):
        copy_selection(focused)
    elif isinstance(focused, QLineEdit | QPlainTextEdit):
        focused.copy()
