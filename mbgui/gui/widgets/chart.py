"""The ground of all charts, drawn with pyqtgraph; the import takes a while and so happens in the background."""

import pyqtgraph as graph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QWidget

from mbgui.gui.theme import Theme


class Chart(graph.GraphicsView):  # type: ignore[misc]  # pyqtgraph is not typed
    """A plot area with its axes and without tools: it is looked at, not operated.

    `PlotWidget` would bring along a context menu with six forms, which take their time and outlive the chart.
    """

    def __init__(
        self,
        theme: Theme,
        name: str,
        parent: QWidget | None = None,
        *,
        below: graph.AxisItem | None = None,
        beside: graph.AxisItem | None = None,
    ) -> None:
        super().__init__(parent, background=None)
        self._theme = theme
        self._area = graph.ViewBox(enableMenu=False, enableMouse=False)
        self._below = below if below is not None else graph.AxisItem("bottom")
        self._beside = beside if beside is not None else graph.AxisItem("left")
        for axis in (self._below, self._beside):
            axis.linkToView(self._area)
        self._arrange()
        self.setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def _arrange(self) -> None:
        layout = graph.GraphicsLayout()
        layout.setContentsMargins(0, 0, 6, 6)
        layout.setSpacing(0)
        layout.addItem(self._beside, 0, 0)
        layout.addItem(self._area, 0, 1)
        layout.addItem(self._below, 1, 1)
        self.setCentralItem(layout)

    def _color_axes(self) -> None:
        colors = self._theme.colors
        self.setBackground(colors.surface)
        for axis in (self._below, self._beside):
            axis.setPen(QColor(colors.border))
            axis.setTextPen(QColor(colors.muted))


def with_opacity(color: str, opacity: int) -> QColor:
    """A colour of so much opacity, of 255."""
    translucent = QColor(color)
    translucent.setAlpha(opacity)
    return translucent
