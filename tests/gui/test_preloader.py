"""What is imported in the background, and what is made on the window's thread before a library asks for it there."""

from pathlib import Path

import pytest
from PySide6 import QtCore, QtGui, QtWidgets
from pytestqt.qtbot import QtBot

from mbgui.gui.preloader import Preloader, qt_types


def test_every_name_of_the_three_modules_is_looked_up_one_a_step() -> None:
    assert len(list(qt_types())) == sum(len(dir(module)) for module in (QtCore, QtGui, QtWidgets))


def test_a_module_that_fails_in_whatever_way_is_told_and_the_next_is_loaded(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_module.py").write_text("raise OSError('no luck')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    preloader = Preloader(["broken_module", "json"])
    loaded: list[str] = []
    preloader.loaded.connect(loaded.append)
    with qtbot.waitSignals([preloader.failed, preloader.finished]):
        preloader.start()
    qtbot.waitUntil(lambda: loaded == ["json"])
    preloader.wait()
