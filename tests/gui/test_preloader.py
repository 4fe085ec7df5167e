"""What is made on the window's thread before a library asks for it in the background."""

from PySide6 import QtCore, QtGui, QtWidgets

from mbgui.gui.preloader import qt_types


def test_every_name_of_the_three_modules_is_looked_up_one_a_step() -> None:
    assert len(list(qt_types())) == sum(len(dir(module)) for module in (QtCore, QtGui, QtWidgets))
