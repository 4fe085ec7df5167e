"""About tells versions and licences, from the keyboard as well, and imports no framework for it."""

import subprocess
import sys
from importlib import metadata

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import mbgui
from mbgui.gui.software_versions import software_versions
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.about_dialog import AboutDialog
from mbgui.gui.widgets.licence_pane import LicencePane


@pytest.fixture
def dialog(qtbot: QtBot) -> AboutDialog:
    made = AboutDialog(Theme())
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.open()
    return made


@pytest.fixture
def pane(qtbot: QtBot, dialog: AboutDialog) -> LicencePane:
    """The licences, read."""
    dialog.tabs.setCurrentIndex(1)
    found = dialog.tabs.currentWidget()
    assert isinstance(found, LicencePane)
    qtbot.waitUntil(lambda: found.table.model().rowCount() > 0)
    return found


def names(pane: LicencePane) -> list[str]:
    model = pane.table.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_every_version_is_named(dialog: AboutDialog) -> None:
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    for name in ("torch", "torchvision", "tensorflow", "keras"):
        assert texts[texts.index(name) + 1] == metadata.version(name)
    assert f"mbgui {mbgui.__version__}" in texts


def test_telling_versions_imports_no_framework() -> None:
    code = "import sys; from mbgui.gui.software_versions import *; version_lines(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "torchvision", "tensorflow", "keras"} & set(done.stdout.split())


def test_what_is_missing_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "tensorflow-cpu":
            return "2.21.0"
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    known = {one.name: one.version for one in software_versions()}
    assert known["torch"] == "not installed"
    assert known["tensorflow"] == "2.21.0", "the same under another name"


def test_versions_are_copied_as_text(dialog: AboutDialog) -> None:
    QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert f"torch {metadata.version('torch')}" in lines
    assert any(line.startswith("System: ") for line in lines)


def test_licences_are_read_only_when_they_are_looked_at(qtbot: QtBot, dialog: AboutDialog) -> None:
    found = dialog.findChild(LicencePane)
    assert found is not None
    assert found.table.model().rowCount() == 0


def test_the_first_text_is_shown_at_once(pane: LicencePane) -> None:
    assert names(pane)[0] == "mbgui"
    assert "MIT License" in pane.text.toPlainText()


def test_a_search_by_keyboard_leads_to_the_text(pane: LicencePane) -> None:
    QTest.keyClicks(pane.field, "pyside")
    assert names(pane) == ["PySide6_Essentials"]
    text = pane.text.toPlainText()
    assert "GNU Lesser General Public License" in text
    assert "https://download.qt.io/official_releases/QtForPython/" in text
    QTest.keyClick(pane.field, Qt.Key.Key_Escape)
    assert len(names(pane)) > 20


def test_a_licence_can_be_searched_for(pane: LicencePane) -> None:
    QTest.keyClicks(pane.field, "lgpl")
    assert names(pane) == ["PySide6_Essentials", "shiboken6"]


def test_nothing_found_shows_no_text(pane: LicencePane) -> None:
    QTest.keyClicks(pane.field, "no such thing")
    assert names(pane) == []
    assert pane.text.toPlainText() == ""


def test_everything_has_a_name_for_those_who_listen(pane: LicencePane) -> None:
    assert all(widget.accessibleName() for widget in (pane.field, pane.table, pane.text))


def test_escape_closes_it(dialog: AboutDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
