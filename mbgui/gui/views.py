"""The views of the tabs: how each is built, and what leads from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mbgui.gui.widgets.latency_intents import LatencyIntents
from mbgui.gui.widgets.page_stack import PageSpec

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mbgui.domain.network import Network
    from mbgui.gui.main_window import MainWindow
    from mbgui.gui.settings import LatencyOptions, Settings, VerifyOptions
    from mbgui.gui.theme import Theme
    from mbgui.gui.widgets.equivalence_view import EquivalenceView
    from mbgui.gui.widgets.latency_view import LatencyView

LAYERS_PAGE = 1
EQUIVALENCE_PAGE = 3
LATENCY_PAGE = 4
_WIDGETS = "mbgui.gui.widgets"
VIEW_MODULES = (
    f"{_WIDGETS}.overview_view",
    f"{_WIDGETS}.layers_view",
    f"{_WIDGETS}.parameters_view",
    f"{_WIDGETS}.equivalence_view",
    f"{_WIDGETS}.latency_view",
)
"""What the views are imported from, in the order in which they are wanted; a view imports its own when it is built."""


class Views(QObject):
    """Builds each view when its tab asks for it."""

    threads_changed = Signal()
    pairs_corrected = Signal(tuple)

    def __init__(self, window: MainWindow, theme: Theme, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._settings = settings
        self._are_charts_loaded = False
        self._is_running = False
        self.latency = LatencyIntents(settings, window.form, self)
        window.menus.measure.triggered.connect(self._on_measure_triggered)
        window.menus.calibrate.triggered.connect(self.latency.calibrate)
        window.models_changed.connect(self._on_models_changed)

    def specs(self) -> tuple[PageSpec, ...]:
        """The tabs, from left to right."""
        return (
            PageSpec("Overview", self._build_overview),
            PageSpec("Layers", self._build_layers),
            PageSpec("Parameters", self._build_parameters),
            PageSpec("Equivalence", self._build_equivalence),
            PageSpec("Latency", self._build_latency),
        )

    def set_charts_loaded(self) -> None:
        """The libraries for numbers and charts are imported."""
        self._are_charts_loaded = True
        for view in (self._equivalence_view(), self._latency_view()):
            if view is not None:
                view.set_library_loaded()

    def set_running(self, is_running: bool) -> None:
        """Whether a run is under way."""
        self._is_running = is_running
        view = self._latency_view()
        if view is not None:
            view.set_running(is_running)

    def learn_framework(self, network: Network) -> None:
        """A network was read, so its call paths are known."""
        self._window.form.learn(network)
        self._on_models_changed()

    def _build_overview(self) -> QWidget:
        from mbgui.gui.widgets.overview_view import OverviewView  # noqa: PLC0415 - imported in the background

        view = OverviewView(self._theme)
        view.layers_requested.connect(self._on_layers_requested)
        view.proof_requested.connect(self._on_proof_requested)
        return view

    def _build_layers(self) -> QWidget:
        from mbgui.gui.widgets.layers_view import LayersView  # noqa: PLC0415 - imported in the background

        view = LayersView(self._theme)
        view.pairs_corrected.connect(self.pairs_corrected)
        return view

    def _build_parameters(self) -> QWidget:
        from mbgui.gui.widgets.parameters_view import ParametersView  # noqa: PLC0415 - imported in the background

        return ParametersView(self._theme)

    def _build_equivalence(self) -> QWidget:
        from mbgui.gui.widgets.equivalence_view import EquivalenceView  # noqa: PLC0415 - imported in the background

        view = EquivalenceView(self._theme, self._settings.verify_options)
        view.options_changed.connect(self._on_verify_options_changed)
        view.weights_export_requested.connect(self._window.weights_export.ask)
        view.layers_requested.connect(self._on_layers_requested)
        if self._are_charts_loaded:
            view.set_library_loaded()
        return view

    def _build_latency(self) -> QWidget:
        from mbgui.gui.widgets.latency_view import LatencyView  # noqa: PLC0415 - imported in the background

        view = LatencyView(self._theme, self._settings.latency_options)
        view.options_changed.connect(self._on_options_changed)
        view.measure_requested.connect(self.latency.measure)
        view.calibrate_requested.connect(self.latency.calibrate)
        view.layers_requested.connect(self._on_layers_requested)
        view.set_running(self._is_running)
        frameworks = self._window.form.frameworks()
        if frameworks is not None:
            view.set_frameworks(*frameworks)
        if self._are_charts_loaded:
            view.set_library_loaded()
        return view

    def _equivalence_view(self) -> EquivalenceView | None:
        from mbgui.gui.widgets.equivalence_view import EquivalenceView  # noqa: PLC0415 - imported in the background

        view = self._window.pages.view(EQUIVALENCE_PAGE)
        return view if isinstance(view, EquivalenceView) else None

    def _latency_view(self) -> LatencyView | None:
        from mbgui.gui.widgets.latency_view import LatencyView  # noqa: PLC0415 - imported in the background

        view = self._window.pages.view(LATENCY_PAGE)
        return view if isinstance(view, LatencyView) else None

    def _on_models_changed(self) -> None:
        view = self._latency_view()
        frameworks = self._window.form.frameworks()
        if view is not None and frameworks is not None:
            view.set_frameworks(*frameworks)

    def _on_options_changed(self, options: LatencyOptions) -> None:
        is_other = options.threads != self._settings.latency_options.threads
        self._settings.latency_options = options
        if is_other:
            self.threads_changed.emit()

    def _on_measure_triggered(self) -> None:
        """By the menu, from whichever page: whoever measures wants to see it."""
        self._window.pages.setCurrentIndex(LATENCY_PAGE)
        self.latency.measure()

    def _on_verify_options_changed(self, options: VerifyOptions) -> None:
        self._settings.verify_options = options

    def _on_proof_requested(self) -> None:
        self._window.pages.setCurrentIndex(EQUIVALENCE_PAGE)

    def _on_layers_requested(self, paths: tuple[str, ...]) -> None:
        from mbgui.gui.widgets.layers_view import LayersView  # noqa: PLC0415 - imported in the background

        def select(view: QWidget) -> None:
            if isinstance(view, LayersView):
                view.select_layers(paths)

        self._window.pages.setCurrentIndex(LAYERS_PAGE)
        self._window.pages.deliver_to(LAYERS_PAGE, select)
