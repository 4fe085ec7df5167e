"""How both sides are marked in the latency charts: forms, shades, and the line at a median."""

import pyqtgraph as graph

from mbgui.analysis.wording import milliseconds_text
from mbgui.domain.latency import LatencySummary
from mbgui.domain.request import Side
from mbgui.gui.theme import Colors
from mbgui.gui.widgets.chart import with_opacity
from mbgui.gui.widgets.side_marker import side_text_color

SYMBOLS = {Side.LEFT: "o", Side.RIGHT: "d"}
"""Discs on the left, diamonds on the right: colour is not the only carrier."""
SYMBOL_SIZES = {Side.LEFT: 4, Side.RIGHT: 6}  # the diamond covers less of its box than the disc
_BAND_OPACITY = 56  # of 255
_AXIS_WIDTH = 52  # pixels: four digits and the unit
_GAP = 4  # pixels between a line and its label


class MedianMark:
    """A line at the median of a side, the band of its interval, and the figure beside it."""

    def __init__(self, area: graph.ViewBox, side: Side) -> None:
        self._side = side
        self._place = 0.0
        self.band = graph.LinearRegionItem(movable=False, pen=graph.mkPen(None))
        self.line = graph.InfiniteLine(angle=90, movable=False)
        self.label = graph.TextItem(anchor=(0, 0.5))
        for depth, item in enumerate((self.band, self.line, self.label), start=1):
            item.setZValue(depth)
            item.setVisible(False)
            area.addItem(item, ignoreBounds=True)

    @property
    def width(self) -> float:
        """The width of the label in pixels, with its distance from the line."""
        return float(self.label.textItem.boundingRect().width()) + _GAP

    @property
    def height(self) -> float:
        """The height of the label in pixels."""
        return float(self.label.textItem.boundingRect().height())

    @property
    def place(self) -> float:
        """Where on the axis the line is."""
        return self._place

    def color(self, colors: Colors) -> None:
        """Take the colours of the theme."""
        fill = side_fill(colors, self._side)
        self.line.setPen(graph.mkPen(fill, width=2))
        self.band.setBrush(with_opacity(fill, _BAND_OPACITY))
        self.label.setColor(side_text_color(colors, self._side))

    def hide(self) -> None:
        """The side has no median."""
        for item in (self.band, self.line, self.label):
            item.setVisible(False)

    def show(self, summary: LatencySummary, place: float, band: tuple[float, float] | None) -> None:
        """Put the line and the band there, in the terms of the axis."""
        self._place = place
        self.line.setVisible(True)
        self.line.setValue(place)
        self.band.setVisible(band is not None)
        if band is not None:
            self.band.setRegion(band)
        self.label.setVisible(True)
        self.label.setText(f"median {milliseconds_text(summary.median_s)} ms")

    def put_label(self, height: float, *, is_before: bool) -> None:
        """Put the label at this height, before or behind the line."""
        self.label.setAnchor((1, 0.5) if is_before else (0, 0.5))
        self.label.setPos(self._place, height)


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
