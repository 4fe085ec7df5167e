"""Colours are readable, complete, and follow the choice."""

import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from mbgui.gui import resources
from mbgui.gui.theme import DARK, LIGHT, Colors, Theme, ThemeChoice, stylesheet

READABLE = 4.5
"""The least contrast of text by WCAG 2.2, success criterion 1.4.3."""


def luminance(color: str) -> float:
    """Relative luminance by WCAG 2.2."""
    read = QColor(color)
    return 0.2126 * linear(read.redF()) + 0.7152 * linear(read.greenF()) + 0.0722 * linear(read.blueF())


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("token", ["text", "muted", "left_text", "right_text", "success", "warning", "error"])
def test_text_is_readable_on_every_ground(colors: Colors, token: str) -> None:
    for ground in (colors.surface, colors.background, colors.selection, colors.row_alternate):
        assert contrast(getattr(colors, token), ground) >= READABLE


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_the_words_on_the_primary_button_are_readable(colors: Colors) -> None:
    assert contrast(colors.on_accent, colors.accent) >= READABLE


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_leaves_no_name_unfilled(colors: Colors) -> None:
    sheet = stylesheet(colors).split("*/", 1)[1]
    assert "$" not in sheet
    assert colors.accent in sheet


@pytest.mark.parametrize("folder", ["Größe & Maß ✓", 'a "quote"', "back\\slash", "par(en)#1"])
def test_the_style_sheet_is_understood_in_any_folder(
    folder: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = QCheckBox()
    qtbot.addWidget(box)
    box.setChecked(True)
    box.setStyleSheet(stylesheet(LIGHT))
    usual = box.grab().toImage()
    for part in ("icons", "themes"):
        shutil.copytree(resources.path(part), tmp_path / folder / part)
    monkeypatch.setattr(resources, "folder", lambda: tmp_path / folder)
    box.setStyleSheet(stylesheet(LIGHT))
    assert box.grab().toImage() == usual


def test_all_colors_are_given_in_full() -> None:
    for colors in (LIGHT, DARK):
        values = [value for name, value in asdict(colors).items() if name != "name"]
        assert all(len(value) == 7 and QColor(value).isValid() for value in values)


def test_a_choice_changes_the_colors_once(qtbot: QtBot) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    with qtbot.waitSignal(theme.changed):
        theme.set_choice(ThemeChoice.DARK)
    assert theme.colors is DARK
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_choice(ThemeChoice.DARK)
