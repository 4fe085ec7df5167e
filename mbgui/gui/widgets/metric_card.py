"""A card with one figure of both sides."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mbgui.analysis.metric_rows import Metric


class MetricCard(QFrame):
    """Title, left figure, right figure, unit, and what lies between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metric: Metric | None = None
        self._title, self._unit, self._note = _label("section"), _label("muted"), _label("muted")
        self._left, self._right = _label("figure-left"), _label("figure-right")
        self._lay_out()

    def show_metric(self, metric: Metric) -> None:
        """Show one figure in place of the one before."""
        self._metric = metric
        self._title.setText(metric.title)
        self._left.setText(metric.left)
        self._right.setText(metric.right)
        self._unit.setText(metric.unit)
        self._unit.setVisible(bool(metric.unit))
        self._note.setText(metric.note)
        self.setToolTip(metric.explanation)
        unit = f" {metric.unit}" if metric.unit else ""
        self.setAccessibleName(f"{metric.title}: left {metric.left}{unit}, right {metric.right}{unit}, {metric.note}")
        self.setAccessibleDescription(metric.explanation)

    def show_note(self, note: str) -> None:
        """Say something else below the figure that is shown."""
        if self._metric is not None:
            self.show_metric(replace(self._metric, note=note))

    def _lay_out(self) -> None:
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._unit.setAlignment(Qt.AlignmentFlag.AlignBottom)
        figures = QHBoxLayout()
        figures.setSpacing(12)
        for label in (self._left, self._right, self._unit):
            figures.addWidget(label)
        figures.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 11, 14, 11)
        layout.setSpacing(5)
        layout.addWidget(self._title)
        layout.addLayout(figures)
        layout.addWidget(self._note)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    return label
