"""The fonts of table cells, made once for each base font: a scroll would wait for them to be made for every cell."""

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetrics

from mbgui.gui.theme import monospaced_font, with_tabular_figures

_BADGE_SCALE = 0.88


@dataclass(frozen=True, slots=True)
class Face:
    """A font and its metrics."""

    font: QFont
    metrics: QFontMetrics


class CellFonts:
    """Four faces that follow one base font."""

    def __init__(self, base: QFont) -> None:
        self.base = QFont(base)
        self.text = _face(with_tabular_figures(base))
        self.strong = _face(_strong(with_tabular_figures(base)))
        self.code = _face(monospaced_font(base))
        self.badge = _face(_small(base))


def _face(font: QFont) -> Face:
    return Face(font, QFontMetrics(font))


def _strong(font: QFont) -> QFont:
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _small(base: QFont) -> QFont:
    font = QFont(base)
    font.setPointSizeF(base.pointSizeF() * _BADGE_SCALE)
    return font
