"""The wiring: window, views, controller, and the work behind them."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from mbgui.domain.source import ZOO_FRAMEWORKS
from mbgui.gui import resources
from mbgui.gui.faults import tell_of_faults, unexpected_problem
from mbgui.gui.main_window import MainWindow
from mbgui.gui.preloader import Preloader, qt_types
from mbgui.gui.settings import Settings
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.typed_text import TypedText
from mbgui.gui.views import EQUIVALENCE_PAGE, LATENCY_PAGE, VIEW_MODULES, Views
from mbgui.gui.widgets.file_intents import SNAPSHOT_SUFFIX
from mbgui.gui.widgets.sliced_task import SlicedTask

if TYPE_CHECKING:
    from mbgui.domain.comparison import Comparison
    from mbgui.gui.archive import Archive
    from mbgui.gui.backend import Backend
    from mbgui.gui.controller import Controller
    from mbgui.gui.inspections import Inspections
    from mbgui.gui.widgets.run_presenter import RunPresenter

CHARTS = "mbgui.gui.widgets.latency_charts"
CHART_MODULES = (
    "mbgui.gui.widgets.equivalence_chart",
    "mbgui.gui.widgets.latency_strip",
    "mbgui.gui.widgets.latency_ratio",
    "mbgui.gui.widgets.sweep_chart",
    CHARTS,
)
WORK = "mbgui.gui.controller"
PRELOADED = (
    *VIEW_MODULES,
    "mbgui.gui.widgets.message_bar",
    "mbgui.gui.widgets.run_presenter",
    "mbgui.gui.archive",
    "mbgui.gui.inspections",
    "mbgui.gui.backend",
    WORK,
)
"""Everything the first picture does not need, in the order in which it is wanted."""
_SWITCH_INTERVAL_S = 0.001
"""How long a worker may keep the interpreter from the window; Python's own 5 ms add up where many calls wait."""
LIST_MODELS_DELAY_MS = 8_000
"""By then the children have imported their frameworks; asking earlier would keep them from the first comparison."""
WARM_DELAY_MS = 1_000
"""Whoever turns the number of threads up step by step gets new children once, not at every step."""
_COLLECTION_THRESHOLDS = (10_000, 5, 100)
"""Collections of the two young generations then take under 5 ms, and that of the old one, which takes 40 ms and more
with Python's own (700, 10, 10), hardly ever comes: records hold no cycles, and counting references frees them."""


class Desktop(QObject):
    """Shows the window first, and readies everything else behind it.

    `ready` tells that intents are heard, `loaded` that nothing is left to import.
    """

    ready = Signal()
    loaded = Signal()
    fault_raised = Signal(object)

    def __init__(self, settings: Settings, make_backend: Callable[[], Backend], open_path: str = "") -> None:
        super().__init__()
        self._settings = settings
        self._make_backend = make_backend
        self._open_path = open_path
        self._backend: Backend | None = None
        self._controller: Controller | None = None
        self._presenter: RunPresenter | None = None
        self._archive: Archive | None = None
        self._inspections: Inspections | None = None
        self._is_settled = False
        self._theme = Theme(_theme_choice(settings))
        self._theme.apply()
        self.window = MainWindow(self._theme, settings, TypedText())
        self._views = Views(self.window, self._theme, settings)
        self.window.pages.add_pages(self._views.specs())
        self._preloader = Preloader(PRELOADED, self)
        self._chart_preloader = Preloader(CHART_MODULES, self)
        self._type_task = SlicedTask(self)
        self._list_models_timer = self._timer(LIST_MODELS_DELAY_MS)
        self._warm_timer = self._timer(WARM_DELAY_MS)
        self._connect()

    @property
    def controller(self) -> Controller | None:
        """What takes the intents, once it is there."""
        return self._controller

    def show(self) -> None:
        """Show the window, and begin with the rest when it is painted."""
        self.window.show()

    def close(self) -> None:
        """Cancel what is under way, end every child, and wait for every thread."""
        self._type_task.stop()
        for preloader in (self._preloader, self._chart_preloader):
            preloader.requestInterruption()
        for timer in (self._list_models_timer, self._warm_timer):
            timer.stop()
        if self._controller is not None:
            self._controller.stop()
        if self._backend is not None:
            self._backend.close()
        if self._controller is not None:
            self._controller.close()
        for preloader in (self._preloader, self._chart_preloader):
            preloader.wait()

    def show_unexpected(self, error: BaseException) -> None:
        """Say that the program is at fault, and go on."""
        self.window.show_problem(unexpected_problem(error))

    def watch_faults(self) -> None:
        """Show from now on every error that nothing catches, on this thread or another."""
        tell_of_faults(self.fault_raised.emit)

    def _timer(self, interval_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        return timer

    def _connect(self) -> None:
        titles = [spec.title for spec in self._views.specs()]
        self.window.menus.add_view_actions(titles, self.window.dock.toggleViewAction())
        self._list_models_timer.timeout.connect(self._on_list_models_due)
        self._warm_timer.timeout.connect(self._warm)
        self._views.threads_changed.connect(self._warm_timer.start)
        self.fault_raised.connect(self.show_unexpected)
        for preloader in (self._preloader, self._chart_preloader):
            preloader.loaded.connect(self._on_loaded)
            preloader.failed.connect(self._on_load_failed)
        self._type_task.finished.connect(self._chart_preloader.start)
        self.window.pages.caught_up.connect(self._on_first_views_filled)
        self.window.painted.connect(self._on_painted)
        self.window.closing.connect(self.close)
        self.window.about_requested.connect(self._on_about)

    def _on_painted(self) -> None:
        gc.enable()
        self._theme.follow_system()
        self.window.complete()
        self._preloader.start()
        QTimer.singleShot(0, self._set_icon)

    def _set_icon(self) -> None:
        QApplication.setWindowIcon(resources.application_icon())

    def _on_loaded(self, module: str) -> None:
        if module == WORK:
            self._start_work()
        elif module == CHARTS:
            self._views.set_charts_loaded()
            self.loaded.emit()

    def _on_load_failed(self, module: str, reason: str) -> None:
        self.show_unexpected(ImportError(f"{module}: {reason}"))

    def _start_work(self) -> None:
        from mbgui.gui.archive import Archive  # noqa: PLC0415 - imported in the background by now
        from mbgui.gui.compare_worker import CompareWorker  # noqa: PLC0415
        from mbgui.gui.controller import Controller  # noqa: PLC0415
        from mbgui.gui.file_worker import FileWorker  # noqa: PLC0415
        from mbgui.gui.inspect_worker import InspectWorker  # noqa: PLC0415
        from mbgui.gui.inspections import Inspections  # noqa: PLC0415
        from mbgui.gui.warm_worker import WarmWorker  # noqa: PLC0415
        from mbgui.gui.widgets.run_presenter import RunPresenter  # noqa: PLC0415

        backend = self._make_backend()
        self._backend = backend
        controller = Controller(
            CompareWorker(backend.compare, backend.measure, backend.calibrate),
            FileWorker(backend.store, backend.sample),
            WarmWorker(backend.warm, backend.list_models),
            InspectWorker(backend.inspect),
            self,
        )
        self._controller = controller
        self._presenter = RunPresenter(self.window.status, self.window.pages, LATENCY_PAGE, EQUIVALENCE_PAGE, self)
        self._archive = Archive(
            self.window, controller, self._theme, folder=backend.store.folder, open_path=self._open_path
        )
        self._inspections = Inspections(self.window, controller, self._theme, self._settings)
        self._connect_work(controller, self._presenter)
        self._begin(self._archive)

    def _connect_work(self, controller: Controller, presenter: RunPresenter) -> None:
        window = self.window
        window.compare_requested.connect(controller.compare)
        window.stop_requested.connect(controller.stop)
        self._connect_latency(controller, presenter)
        controller.run_started.connect(presenter.start)
        controller.running_changed.connect(window.set_running)
        controller.running_changed.connect(self._on_running_changed)
        controller.happened.connect(presenter.show_event)
        controller.opened.connect(presenter.show_opened)
        controller.models_listed.connect(self._on_models_listed)
        if self._archive is not None:
            self._views.pairs_corrected.connect(self._archive.correct)
            self._archive.corrected.connect(presenter.show_corrected)
        presenter.comparison_shown.connect(window.set_comparison)
        presenter.comparison_shown.connect(self._on_comparison_shown)
        presenter.network_read.connect(self._views.learn_framework)
        presenter.problem_raised.connect(window.show_problem)

    def _connect_latency(self, controller: Controller, presenter: RunPresenter) -> None:
        intents = self._views.latency
        intents.measure_requested.connect(controller.measure)
        intents.calibrate_requested.connect(controller.calibrate)
        intents.refused.connect(self.window.show_problem)
        controller.measurement_started.connect(presenter.start_measuring)
        controller.calibration_started.connect(presenter.start_calibrating)
        for started in (controller.measurement_started, controller.calibration_started):
            started.connect(self.window.hide_message)
        controller.running_changed.connect(self._views.set_running)
        presenter.comparison_shown.connect(intents.set_comparison)
        presenter.hint_raised.connect(self.window.show_hint)

    def _begin(self, archive: Archive) -> None:
        self._offer_models()
        archive.begin()
        self.window.set_ready()
        QTimer.singleShot(0, self.window.pages.build_all)
        self.ready.emit()

    def _on_first_views_filled(self) -> None:
        """Only now may others take the processor from the window: two children, and the import of the charts."""
        self.window.pages.caught_up.disconnect(self._on_first_views_filled)
        if self._controller is not None and self.window.isVisible():
            self._is_settled = True
            self._warm()
            self._list_models_timer.start()
            self._type_task.run(qt_types())

    def _on_running_changed(self, is_running: bool) -> None:
        """A run that was stopped, or whose child died, leaves none for the next one."""
        if not is_running:
            self._warm()

    def _warm(self) -> None:
        """Ready children in the background; where they wait already, nothing happens."""
        controller = self._controller
        if self._is_settled and controller is not None and not controller.is_running and self.window.isVisible():
            controller.warm(self._settings.latency_options.threads)

    def _on_comparison_shown(self, comparison: Comparison | None) -> None:
        if self.window.has_problem:
            return
        if comparison is not None and comparison.is_sample:
            self.window.show_hint(
                "This is the sample comparison that ships with mbgui.", "Press Compare to make it on this machine."
            )
        else:
            self.window.hide_hint()

    def _on_list_models_due(self) -> None:
        if self._controller is None:
            return
        if self._controller.is_running:
            self._list_models_timer.start()
        else:
            self._controller.list_models(self._settings.latency_options.threads)

    def _on_models_listed(self, kind: str, references: tuple[str, ...]) -> None:
        self._settings.set(f"models/known_{kind}", list(references))
        self._offer_models()

    def _offer_models(self) -> None:
        known = [self._settings.texts(f"models/known_{kind.value}") for kind in ZOO_FRAMEWORKS]
        references = tuple(reference for listed in known for reference in listed)
        self.window.bar.set_references(references)
        if self._inspections is not None:
            self._inspections.set_references(references)

    def _on_about(self) -> None:
        from mbgui.gui.widgets.about_dialog import about_dialog  # noqa: PLC0415 - seldom needed

        about_dialog(self.window.status.versions, self.window).open()


def show_desktop(argv: Sequence[str]) -> int:
    """Show the window until it is closed; the first snapshot file among the arguments is opened."""
    application = QApplication(["mbgui", *argv])
    if not sys.platform.startswith("linux"):  # where it is the only style there is, asking for it only takes time
        application.setStyle("Fusion")
    application.setApplicationName("mbgui")
    application.setDesktopFileName("mbgui")
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends the application; children follow
    open_path = next((argument for argument in argv if argument.lower().endswith(SNAPSHOT_SUFFIX)), "")
    desktop = Desktop(Settings(), _pipeline_backend, open_path)
    desktop.watch_faults()
    tune_interpreter(desktop)
    desktop.show()
    try:
        return application.exec()
    finally:
        desktop.close()


def tune_interpreter(desktop: Desktop) -> None:
    """Let neither other threads nor the search for garbage keep the window waiting; for the process as a whole."""
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    gc.set_threshold(*_COLLECTION_THRESHOLDS)
    desktop.loaded.connect(gc.freeze)  # modules and widgets stay to the end: no need to look at them ever again


def _pipeline_backend() -> Backend:
    from mbgui.gui.backend import pipeline_backend  # noqa: PLC0415 - imported in the background

    return pipeline_backend(resources.sample_path())


def _theme_choice(settings: Settings) -> ThemeChoice:
    text = settings.text("window/theme", ThemeChoice.SYSTEM.value)
    return ThemeChoice(text) if text in set(ThemeChoice) else ThemeChoice.SYSTEM
