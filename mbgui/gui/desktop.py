"""The wiring of one window: its views, its controller, and the work behind them."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from mbgui.gui import resources
from mbgui.gui.faults import unexpected_problem
from mbgui.gui.main_window import MainWindow
from mbgui.gui.preloader import Preloader, qt_types
from mbgui.gui.typed_text import TypedText
from mbgui.gui.views import EQUIVALENCE_PAGE, LATENCY_PAGE, VIEW_MODULES, Views
from mbgui.gui.widgets.sliced_task import SlicedTask

if TYPE_CHECKING:
    from mbgui.domain.comparison import Comparison
    from mbgui.gui.archive import Archive
    from mbgui.gui.controller import Controller
    from mbgui.gui.inspections import Inspections
    from mbgui.gui.shared import Shared
    from mbgui.gui.warming import Warming
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
    "mbgui.gui.run_gate",
    "mbgui.gui.warming",
    WORK,
)
"""Everything the first picture does not need, in the order in which it is wanted."""


class Desktop(QObject):
    """Shows a window first, and readies everything else behind it.

    `ready` tells that intents are heard, `loaded` that nothing is left to import, `failed` that something cannot be
    imported or made, `closing` that the window is being closed, `ended` that nothing of it is under way any more.
    """

    ready = Signal()
    loaded = Signal()
    failed = Signal()
    closing = Signal()
    ended = Signal()

    def __init__(self, shared: Shared, open_path: str = "") -> None:
        super().__init__()
        self._shared = shared
        self._open_path = open_path
        self._controller: Controller | None = None
        self._archive: Archive | None = None
        self._inspections: Inspections | None = None
        self._is_closed = False
        self._has_ended = False
        self.window = MainWindow(shared.theme, shared.settings, TypedText())
        self._views = Views(self.window, shared.theme, shared.settings)
        self.window.pages.add_pages(self._views.specs())
        self._preloader = Preloader(PRELOADED, self)
        self._chart_preloader = Preloader(CHART_MODULES, self)
        self._type_task = SlicedTask(self)
        self._warming: Warming | None = None
        self._connect()
        shared.join(self)

    @property
    def controller(self) -> Controller | None:
        """What takes the intents, once it is there."""
        return self._controller

    @property
    def path(self) -> str:
        """The file that is shown or about to be; "" for none."""
        return self._archive.path if self._archive is not None else self._open_path

    def show(self) -> None:
        """Show the window, and begin with the rest when it is painted."""
        self.window.show()

    def close(self) -> None:
        """Cancel what is under way; the last window also ends every child and waits for every thread."""
        if self._is_closed:
            return
        self._is_closed = True
        self.closing.emit()
        self._type_task.stop()
        if self._warming is not None:
            self._warming.stop()
        for preloader in self._preloaders():
            preloader.requestInterruption()
        if self._controller is not None:
            self._controller.begin_closing()
        if self._shared.leave(self):
            self.wait()
        else:
            self._end_once_idle()

    def wait(self) -> None:
        """Wait until nothing of a closed window is under way."""
        if self._controller is not None:
            self._controller.close()
        for preloader in self._preloaders():
            preloader.wait()
        self._end_once_idle()

    def show_unexpected(self, error: BaseException) -> None:
        """Say that the program is at fault, and go on."""
        self.window.show_problem(unexpected_problem(error))

    def _preloaders(self) -> tuple[Preloader, Preloader]:
        return self._preloader, self._chart_preloader

    def _end_once_idle(self) -> None:
        """Other windows go on meanwhile: what this one waits for may take some seconds."""
        is_busy = any(preloader.isRunning() for preloader in self._preloaders())
        is_busy |= self._controller is not None and self._controller.is_alive
        if self._is_closed and not is_busy and not self._has_ended:
            self._has_ended = True
            self.ended.emit()

    def _connect(self) -> None:
        titles = [spec.title for spec in self._views.specs()]
        self.window.menus.add_view_actions(titles, self.window.dock.toggleViewAction())
        self._shared.models_listed.connect(self._offer_models)
        self._shared.snapshots_changed.connect(self._on_snapshots_changed)
        for preloader in self._preloaders():
            preloader.loaded.connect(self._on_loaded)
            preloader.failed.connect(self._on_load_failed)
            preloader.finished.connect(self._end_once_idle)
        self._type_task.finished.connect(self._chart_preloader.start)
        self.window.pages.caught_up.connect(self._on_first_views_filled)
        self.window.painted.connect(self._on_painted)
        self.window.closing.connect(self.close)
        self.window.about_requested.connect(self._on_about)
        self.window.menus.show_logs.triggered.connect(self._on_show_logs)

    def _on_painted(self) -> None:
        gc.enable()
        self._shared.follow_system()  # has PySide6 build Qt's enumerations, which takes a turn of its own
        QTimer.singleShot(0, self._complete)

    def _complete(self) -> None:
        if self._is_closed:
            return
        self.window.complete()
        self._preloader.start()
        QTimer.singleShot(0, self._set_icon)

    def _set_icon(self) -> None:
        QApplication.setWindowIcon(resources.application_icon())

    def _on_loaded(self, module: str) -> None:
        if self._is_closed:
            return
        if module == WORK:
            self._try_to_start_work()
        elif module == CHARTS:
            self._views.set_charts_loaded()
            self.loaded.emit()

    def _on_load_failed(self, module: str, reason: str) -> None:
        self.show_unexpected(ImportError(f"{module}: {reason}"))
        self.failed.emit()

    def _try_to_start_work(self) -> None:
        try:
            self._start_work()
        except Exception:
            self.failed.emit()
            raise

    def _start_work(self) -> None:
        from mbgui.gui.archive import Archive  # noqa: PLC0415 - imported in the background by now
        from mbgui.gui.compare_worker import CompareWorker  # noqa: PLC0415
        from mbgui.gui.controller import Controller  # noqa: PLC0415
        from mbgui.gui.file_worker import FileWorker  # noqa: PLC0415
        from mbgui.gui.inspect_worker import InspectWorker  # noqa: PLC0415
        from mbgui.gui.inspections import Inspections  # noqa: PLC0415
        from mbgui.gui.warm_worker import WarmWorker  # noqa: PLC0415
        from mbgui.gui.widgets.run_presenter import RunPresenter  # noqa: PLC0415

        shared, window = self._shared, self.window
        backend = shared.backend
        controller = Controller(
            CompareWorker(backend.compare, backend.measure, backend.calibrate),
            FileWorker(backend.store, backend.sample),
            WarmWorker(backend.warm, backend.list_models),
            InspectWorker(backend.inspect),
            self,
        )
        self._controller = controller
        presenter = RunPresenter(window.status, window.pages, LATENCY_PAGE, EQUIVALENCE_PAGE, self)
        archive = Archive(window, controller, shared, self, open_path=self._open_path)
        self._archive = archive
        self._inspections = Inspections(window, controller, shared.theme, shared.settings)
        self._connect_work(controller, presenter, archive)
        self._begin(archive)

    def _connect_work(self, controller: Controller, presenter: RunPresenter, archive: Archive) -> None:
        from mbgui.gui.warming import Warming  # noqa: PLC0415 - imported in the background by now

        window = self.window
        controller.ended.connect(self._end_once_idle)
        self._warming = Warming(controller, self._shared)
        self._views.threads_changed.connect(self._warming.warm_soon)
        window.stop_requested.connect(controller.stop)
        self._connect_runs(controller, presenter)
        controller.happened.connect(presenter.show_event)
        controller.opened.connect(presenter.show_opened)
        self._views.pairs_corrected.connect(archive.correct)
        archive.corrected.connect(presenter.show_corrected)
        archive.kept_changed.connect(self._on_kept_changed)
        presenter.comparison_shown.connect(window.set_comparison)
        presenter.comparison_shown.connect(self._views.latency.set_comparison)
        presenter.comparison_shown.connect(archive.name_file)
        presenter.comparison_shown.connect(self._on_comparison_shown)
        presenter.network_read.connect(self._views.learn_framework)
        presenter.problem_raised.connect(window.show_problem)
        presenter.hint_raised.connect(window.show_hint)

    def _connect_runs(self, controller: Controller, presenter: RunPresenter) -> None:
        window, intents = self.window, self._views.latency
        from mbgui.gui.run_gate import RunGate  # noqa: PLC0415 - imported in the background by now

        gate = RunGate(controller, self._shared.runs)
        window.compare_requested.connect(gate.compare)
        intents.measure_requested.connect(gate.measure)
        intents.calibrate_requested.connect(gate.calibrate)
        for refusing in (gate, intents):
            refusing.refused.connect(window.show_problem)
        controller.run_started.connect(presenter.start)
        controller.measurement_started.connect(presenter.start_measuring)
        controller.calibration_started.connect(presenter.start_calibrating)
        for started in (controller.measurement_started, controller.calibration_started):
            started.connect(window.hide_message)
        controller.running_changed.connect(window.set_running)
        controller.running_changed.connect(self._views.set_running)

    def _begin(self, archive: Archive) -> None:
        self._offer_models()
        archive.begin()
        self.window.set_ready()
        pages = self.window.pages
        QTimer.singleShot(0, pages, pages.build_all)  # unless the window is closed and gone by then
        self.ready.emit()

    def _on_first_views_filled(self) -> None:
        """Only now may others take the processor from the window: two children, and the import of the charts."""
        self.window.pages.caught_up.disconnect(self._on_first_views_filled)
        if self._warming is not None and not self._is_closed:
            self._warming.begin()
            self._type_task.run(qt_types())

    def _on_kept_changed(self) -> None:
        self._shared.snapshots_changed.emit(self)

    def _on_snapshots_changed(self, origin: object) -> None:
        if origin is not self and self._controller is not None:
            self._controller.list()

    def _on_comparison_shown(self, comparison: Comparison | None) -> None:
        if self.window.has_problem:
            return
        if comparison is not None and comparison.is_sample:
            self.window.show_hint(
                "This is the sample comparison that ships with mbgui.", "Press Compare to make it on this machine."
            )
        else:
            self.window.hide_hint()

    def _offer_models(self) -> None:
        from mbgui.gui.warming import known_models  # noqa: PLC0415

        references = known_models(self._shared.settings)
        self.window.bar.set_references(references)
        if self._inspections is not None:
            self._inspections.set_references(references)

    def _on_show_logs(self) -> None:
        from mbgui.gui.diagnostics.log_folder import show_log_folder  # noqa: PLC0415 - seldom needed

        problem = show_log_folder()
        if problem is not None:
            self.window.show_problem(problem)

    def _on_about(self) -> None:
        from mbgui.gui.widgets.about_dialog import AboutDialog  # noqa: PLC0415 - seldom needed

        AboutDialog(self._shared.theme, self.window).open()
