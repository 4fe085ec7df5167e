"""What the user wants measured of a comparison that is there, as the requests it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mbgui.domain.errors import MbguiError, Problem
from mbgui.gui.settings import MeasureScope

if TYPE_CHECKING:
    from mbgui.domain.comparison import Comparison
    from mbgui.gui.settings import Settings
    from mbgui.gui.widgets.request_form import RequestForm

_NOTHING = Problem(
    sentence="There is no comparison whose models could be measured.", advice="Press Compare, or open a snapshot."
)


class LatencyIntents(QObject):
    """`measure_requested` carries the comparison and the request, `calibrate_requested` the request.

    `refused` carries the problem where what is named makes no sense.
    """

    measure_requested = Signal(object, object)
    calibrate_requested = Signal(object)
    refused = Signal(object)

    def __init__(self, settings: Settings, form: RequestForm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._form = form
        self._comparison: Comparison | None = None

    def set_comparison(self, comparison: Comparison | None) -> None:
        """What is shown, and so what is measured."""
        self._comparison = comparison

    def measure(self, scope: MeasureScope = MeasureScope.DUEL) -> None:
        """Ask to measure the shown comparison by what is set; its own models, inputs and weights are kept."""
        shown, options = self._comparison, self._settings.latency_options
        if shown is None:
            self.refused.emit(_NOTHING)
            return
        request = replace(
            shown.request,
            batch_size=options.batch_size,
            threads=options.threads,
            latency=options.measurement(scope, shown.left.framework, shown.right.framework),
            code_folders=self._settings.code_folders,
            limits=self._settings.reading_limits,
        )
        self.measure_requested.emit(shown, request)

    def calibrate(self) -> None:
        """Ask to calibrate with the models that are named in the tool bar."""
        try:
            request = self._form.calibration()
        except MbguiError as error:
            self.refused.emit(error.problem)
            return
        self.calibrate_requested.emit(request)
