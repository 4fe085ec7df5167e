"""How both sides are marked in the latency charts: forms, shades, and the line at a median."""

import pyqtgraph as graph
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsRectItem

from mbgui.analysis.wording import milliseconds_text
from mbgui.domain.latency import LatencySummary
from mbgui.domain.request import Side
from mbgui.gui.theme import Colors
from mbgui.gui.widgets.chart import with_opacity
from mbgui.gui.widgets.side_marker import side_text_color

SYMBOLS = {Side.LEFT: "o", Side.RIGHT: "d"}
"""Discs on the left, diamonds on the right: colour is not the only carrier."""
SYMBOL_SIZES = {Side.LEFT: 4, Side.RIGHT: 6}  # the diamond covers less of its box than the disc
_BAR_OPACITY = 150  # of 255
_GROUND_OPACITY = 215  # of 255: behind a label, so that the other side's line does not strike it out
_BAR_HEIGHT = 5  # pixels
_AXIS_WIDTH = 52  # pixels: four digits and the unit
_GAP = 4  # pixels between a line and its label, and below a lane


class MedianMark:
    """A line at the median of a side and, in a lane above the bars, its figure over a bar as long as its interval.

    The lane is `height` pixels high. An interval that leaves the chart is cut at its edge and covers nothing.
    """

    def __init__(self, area: graph.ViewBox, side: Side) -> None:
        self._side = side
        self._place = 0.0
        self._ends: tuple[float, float] | None = None
        self.interval = QGraphicsRectItem()
        self.interval.setPen(Qt.PenStyle.NoPen)
        self.line = graph.InfiniteLine(angle=90, movable=False)
        self.label = graph.TextItem(anchor=(0, 0))
        for depth, item in enumerate((self.interval, self.line, self.label), start=1):
            item.setZValue(depth)
            item.setVisible(False)
            area.addItem(item, ignoreBounds=True)

    @property
    def width(self) -> float:
        """The width of the label in pixels, with its distance from the line."""
        return float(self.label.textItem.boundingRect().width()) + _GAP

    @property
    def height(self) -> float:
        """The height of the lane in pixels."""
        return float(self.label.textItem.boundingRect().height()) + _BAR_HEIGHT + _GAP

    @property
    def place(self) -> float:
        """Where on the axis the line is."""
        return self._place

    def color(self, colors: Colors) -> None:
        """Take the colours of the theme."""
        fill = side_fill(colors, self._side)
        self.line.setPen(graph.mkPen(fill, width=2))
        self.interval.setBrush(with_opacity(fill, _BAR_OPACITY))
        self.label.setColor(side_text_color(colors, self._side))
        self.label.fill = graph.mkBrush(with_opacity(colors.surface, _GROUND_OPACITY))

    def hide(self) -> None:
        """The side has no median."""
        for item in (self.interval, self.line, self.label):
            item.setVisible(False)

    def show(self, summary: LatencySummary, place: float, ends: tuple[float, float] | None) -> None:
        """Put the line and the ends of the interval there, in the terms of the axis."""
        self._place, self._ends = place, ends
        self.line.setVisible(True)
        self.line.setValue(place)
        self.interval.setVisible(ends is not None)
        self.label.setVisible(True)
        self.label.setText(f"median {milliseconds_text(summary.median_s)} ms")

    def put(self, top: float, pixel: float, *, is_before: bool) -> None:
        """Put the lane below this height, where a pixel is so high; the label before or behind the line."""
        self.label.setAnchor((1, 0) if is_before else (0, 0))
        self.label.setPos(self._place, top)
        if self._ends is not None:
            bottom = top - (self.height - _GAP) * pixel
            self.interval.setRect(self._ends[0], bottom, self._ends[1] - self._ends[0], _BAR_HEIGHT * pixel)


def side_fill(colors: Colors, side: Side) -> str:
    """The colour that fills the shapes of a side, as `#rrggbb`."""
    return colors.left if side is Side.LEFT else colors.right


def steady(below: graph.AxisItem, beside: graph.AxisItem) -> None:
    """Ticks without smaller ones between them, and a width that does not follow the numbers.

    Both would have the whole chart laid out and painted once more with nearly every change of what is drawn.
    """
    for axis in (below, beside):
        axis.setStyle(maxTickLevel=0)
    beside.setWidth(_AXIS_WIDTH)


def settle(area: graph.ViewBox) -> None:
    """Let items learn of another range now: in the midst of painting they would ask to be painted once more."""
    area.prepareForPaint()
