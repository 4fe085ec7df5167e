"""Badges that do not fit are counted, and cells of every kind are painted."""

from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from mbgui.gui.item_models.roles import Badge, Tone
from mbgui.gui.widgets.cell_delegate import fitting_badges

_BADGES = [Badge(text=text, tone=Tone.NORMAL) for text in ("epsilon", "momentum", "variance")]


def _texts(width: int) -> list[str]:
    return [badge.text for badge in fitting_badges(_BADGES, QFontMetrics(QFont()), width)]


def test_badges_that_fit_are_all_shown(qtbot: QtBot) -> None:
    assert _texts(1000) == ["epsilon", "momentum", "variance"]


def test_badges_that_do_not_fit_are_counted(qtbot: QtBot) -> None:
    metrics = QFontMetrics(QFont())
    room = metrics.horizontalAdvance("epsilon") + metrics.horizontalAdvance("+2") + 30
    assert _texts(room) == ["epsilon", "+2"]
    assert _texts(metrics.horizontalAdvance("+3") + 12) == ["+3"]


def test_no_room_shows_nothing_rather_than_half_a_word(qtbot: QtBot) -> None:
    assert _texts(5) == []
