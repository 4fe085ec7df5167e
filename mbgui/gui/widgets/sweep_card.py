"""One sweep: both sides over the values of one axis, as charts and as a table."""

from collections.abc import Mapping

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from mbgui.analysis.performance_wording import AXIS_TITLES, path_name, sweep_conditions
from mbgui.analysis.sweep_rows import sweep_rows
from mbgui.analysis.wording import side_title
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.performance import Sweep, SweepPoint
from mbgui.domain.request import Side, SweepAxis, SweepRequest
from mbgui.gui.item_models.sweep_table_model import SweepTableModel
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.measurement_card import MeasurementCard
from mbgui.gui.widgets.sweep_charts import SweepCharts
from mbgui.gui.widgets.sweep_table import SweepTable

_SIGNS = {Side.LEFT: "●", Side.RIGHT: "◆"}
_LOGARITHMIC = "&Logarithmic axes"
_LOGARITHMIC_TIP = "Equal factors are equally far apart: what grows in proportion is a straight line of slope 1"


class SweepCard(MeasurementCard):
    """Shows a finished sweep, or one that grows point by point."""

    def __init__(self, theme: Theme, axis: SweepAxis, parent: QWidget | None = None) -> None:
        super().__init__(AXIS_TITLES[axis], "", parent)
        self._axis = axis
        self._points: tuple[SweepPoint, ...] = ()
        self._is_growing = False
        self._create(theme)
        self._lay_out_content()
        self._logarithmic.toggled.connect(self._draw)

    @property
    def table(self) -> SweepTable:
        """The points."""
        return self._table

    @property
    def charts(self) -> SweepCharts:
        """Latency and throughput."""
        return self._charts

    @property
    def logarithmic(self) -> QCheckBox:
        """Whether both axes of the charts are logarithmic."""
        return self._logarithmic

    def show_sweep(self, sweep: Sweep, frameworks: Mapping[Side, Framework]) -> None:
        """Show a finished sweep in place of what was there."""
        self._is_growing = False
        self._points = sweep.points
        self._show_legend(frameworks, {Side.LEFT: sweep.left_path, Side.RIGHT: sweep.right_path})
        self._fill(sweep_conditions(sweep), frameworks)

    def add_point(self, request: SweepRequest, point: SweepPoint, frameworks: Mapping[Side, Framework]) -> None:
        """One more point of a sweep under way; the first after a finished one begins anew."""
        if not self._is_growing:
            self._points, self._is_growing = (), True
            self._show_legend(frameworks, {})
        self._points = (*self._points, point)
        self._fill(f"{len(self._points)} of {2 * len(request.values)} points are timed", frameworks)

    def _create(self, theme: Theme) -> None:
        self._legend = {side: QLabel(self) for side in Side}
        for side, label in self._legend.items():
            label.setProperty("role", side.value)
        self._logarithmic = QCheckBox(_LOGARITHMIC, self)
        self._logarithmic.setToolTip(_LOGARITHMIC_TIP)
        self._logarithmic.setChecked(self._axis is SweepAxis.BATCH)  # batches mostly double from one to the next
        self._charts = SweepCharts(theme, self._axis, self)
        self._rows = SweepTableModel(self._axis, self)
        self._table = SweepTable(theme, self._rows)
        self._table.setAccessibleName(f"{AXIS_TITLES[self._axis]}: points of the sweep")

    def _lay_out_content(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(16)
        for label in self._legend.values():
            head.addWidget(label)
        head.addStretch(1)
        head.addWidget(self._logarithmic)
        self.body.addLayout(head)
        self.body.addWidget(self._charts)
        self.body.addWidget(self._table)

    def _show_legend(self, frameworks: Mapping[Side, Framework], paths: Mapping[Side, CallPath]) -> None:
        """`● PyTorch · eager`; sides that are called alike are told apart."""
        are_alike = len(set(paths.values())) == 1
        for side, label in self._legend.items():
            known = frameworks.get(Side.LEFT), frameworks.get(Side.RIGHT)
            name = path_name(paths[side]) if side in paths else side_title(side, *known)
            label.setText(f"{_SIGNS[side]} {name}{f' ({side.value})' if are_alike else ''}")

    def _fill(self, sentence: str, frameworks: Mapping[Side, Framework]) -> None:
        rows = sweep_rows(self._points)
        self._rows.show_records(rows, frameworks.get(Side.LEFT), frameworks.get(Side.RIGHT))
        self._draw()
        self.show_body(sentence)

    def _draw(self) -> None:
        self._charts.show_rows(self._rows.records, is_logarithmic=self._logarithmic.isChecked())
