"""The wiring: window, views, controller, and the work behind them."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from mbgui.domain.request import ModelSource, SourceKind
from mbgui.gui import resources
from mbgui.gui.main_window import SNAPSHOT_SUFFIX, MainWindow
from mbgui.gui.preloader import Preloader
from mbgui.gui.settings import Settings
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.page_stack import PageSpec

if TYPE_CHECKING:
    from mbgui.domain.comparison import Comparison
    from mbgui.domain.errors import Problem
    from mbgui.domain.events import Completed
    from mbgui.domain.snapshot import ReportFormat, SnapshotEntry
    from mbgui.gui.backend import Backend
    from mbgui.gui.controller import Controller
    from mbgui.gui.widgets.latency_view import LatencyView
    from mbgui.gui.widgets.run_presenter import RunPresenter
    from mbgui.gui.widgets.snapshot_list import SnapshotList

_WIDGETS = "mbgui.gui.widgets"
CHARTS = f"{_WIDGETS}.latency_charts"
WORK = "mbgui.gui.controller"
PRELOADED = (
    f"{_WIDGETS}.overview_view",
    f"{_WIDGETS}.layers_view",
    f"{_WIDGETS}.parameters_view",
    f"{_WIDGETS}.latency_view",
    f"{_WIDGETS}.message_bar",
    f"{_WIDGETS}.run_presenter",
    f"{_WIDGETS}.snapshot_list",
    "mbgui.gui.backend",
    WORK,
)
"""Everything the first picture does not need, in the order in which it is wanted."""
LAYERS_PAGE = 1
LATENCY_PAGE = 3
_NOTICE_MS = 6_000
_SWITCH_INTERVAL_S = 0.001
"""How long a worker may keep the interpreter from the window; Python's own 5 ms add up where many calls wait."""
LIST_MODELS_DELAY_MS = 8_000
"""By then the children have imported their frameworks; asking earlier would keep them from the first comparison."""


class TypedText:
    """Reads what is typed; the rules are those of the command line."""

    def source(self, text: str) -> ModelSource:
        """The model that a text names. Raises `MbguiError`."""
        from mbgui.pipeline.references import parse_source  # noqa: PLC0415 - not needed for the first picture

        return parse_source(text)

    def input_size(self, text: str) -> tuple[int, int]:
        """Height and width in pixels. Raises `MbguiError`."""
        from mbgui.pipeline.references import parse_input_size  # noqa: PLC0415 - not needed for the first picture

        return parse_input_size(text)


class Desktop(QObject):
    """Shows the window first, and readies everything else behind it; `ready` tells that intents are heard."""

    ready = Signal()

    def __init__(self, settings: Settings, make_backend: Callable[[], Backend], open_path: str = "") -> None:
        super().__init__()
        self._settings = settings
        self._make_backend = make_backend
        self._open_path = open_path
        self._shown_path = ""
        self._backend: Backend | None = None
        self._controller: Controller | None = None
        self._presenter: RunPresenter | None = None
        self._snapshots: SnapshotList | None = None
        self._are_charts_loaded = False
        self._theme = Theme(_theme_choice(settings))
        self._theme.apply()
        self.window = MainWindow(self._theme, settings, TypedText())
        self.window.pages.add_pages(self._page_specs())
        self._preloader = Preloader(PRELOADED, self)
        self._chart_preloader = Preloader((CHARTS,), self)
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
        for preloader in (self._preloader, self._chart_preloader):
            preloader.requestInterruption()
        self._list_models_timer.stop()
        if self._controller is not None:
            self._controller.stop()
        if self._backend is not None:
            self._backend.close()
        if self._controller is not None:
            self._controller.close()
        for preloader in (self._preloader, self._chart_preloader):
            preloader.wait()

    def show_unexpected(self, error: Exception) -> None:
        """Say that the program is at fault, and go on."""
        from mbgui.gui.faults import unexpected_problem  # noqa: PLC0415 - hopefully never needed

        self.window.show_problem(unexpected_problem(error))

    def _page_specs(self) -> tuple[PageSpec, ...]:
        return (
            PageSpec("Overview", self._build_overview),
            PageSpec("Layers", self._build_layers),
            PageSpec("Parameters", self._build_parameters),
            PageSpec("Latency", self._build_latency),
        )

    def _connect(self) -> None:
        titles = [spec.title for spec in self._page_specs()]
        self.window.menus.add_view_actions(titles, self.window.dock.toggleViewAction())
        self._list_models_timer = QTimer(self)
        self._list_models_timer.setSingleShot(True)
        self._list_models_timer.setInterval(LIST_MODELS_DELAY_MS)
        self._list_models_timer.timeout.connect(self._on_list_models_due)
        for preloader in (self._preloader, self._chart_preloader):
            preloader.loaded.connect(self._on_loaded)
            preloader.failed.connect(self._on_load_failed)
        self.window.pages.caught_up.connect(self._on_first_views_filled)
        self.window.painted.connect(self._on_painted)
        self.window.closing.connect(self.close)
        self.window.models_changed.connect(self._on_models_changed)
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
            self._are_charts_loaded = True
            view = self._latency_view()
            if view is not None:
                view.set_library_loaded()

    def _on_load_failed(self, module: str, reason: str) -> None:
        self.show_unexpected(ImportError(f"{module}: {reason}"))

    def _start_work(self) -> None:
        from mbgui.gui.compare_worker import CompareWorker  # noqa: PLC0415 - imported in the background by now
        from mbgui.gui.controller import Controller  # noqa: PLC0415
        from mbgui.gui.file_worker import FileWorker  # noqa: PLC0415
        from mbgui.gui.warm_worker import WarmWorker  # noqa: PLC0415
        from mbgui.gui.widgets.run_presenter import RunPresenter  # noqa: PLC0415
        from mbgui.gui.widgets.snapshot_list import SnapshotList  # noqa: PLC0415

        backend = self._make_backend()
        self._backend = backend
        controller = Controller(
            CompareWorker(backend.compare),
            FileWorker(backend.store, backend.sample),
            WarmWorker(backend.warm, backend.list_models),
            self,
        )
        self._controller = controller
        self._presenter = RunPresenter(self.window.status, self.window.pages, LATENCY_PAGE, self)
        self._snapshots = SnapshotList(self._theme, self.window.dock)
        self.window.dock.setWidget(self._snapshots)
        self._connect_work(controller, self._presenter, self._snapshots)
        self._begin(controller)

    def _connect_work(self, controller: Controller, presenter: RunPresenter, snapshots: SnapshotList) -> None:
        window = self.window
        window.compare_requested.connect(controller.compare)
        window.stop_requested.connect(controller.stop)
        window.snapshot_open_requested.connect(self._open)
        window.save_requested.connect(self._on_save_requested)
        window.export_requested.connect(self._on_export_requested)
        snapshots.open_requested.connect(self._open)
        controller.run_started.connect(presenter.start)
        controller.running_changed.connect(window.set_running)
        controller.happened.connect(presenter.show_event)
        controller.completed.connect(self._on_completed)
        controller.opened.connect(presenter.show_opened)
        controller.opened.connect(self._on_opened)
        controller.saved.connect(self._on_saved)
        controller.exported.connect(self._on_exported)
        controller.listed.connect(self._on_listed)
        controller.models_listed.connect(self._on_models_listed)
        controller.file_failed.connect(self._on_file_failed)
        presenter.comparison_shown.connect(window.set_comparison)
        presenter.comparison_shown.connect(self._on_comparison_shown)
        presenter.problem_raised.connect(window.show_problem)

    def _begin(self, controller: Controller) -> None:
        self._offer_models()
        if self._open_path:
            controller.open(self._open_path)
        controller.list()
        self.window.set_ready()
        QTimer.singleShot(0, self.window.pages.build_all)
        self.ready.emit()

    def _on_first_views_filled(self) -> None:
        """Only now may others take the processor from the window: two children, and the import of the charts."""
        self.window.pages.caught_up.disconnect(self._on_first_views_filled)
        if self._controller is not None and self.window.isVisible():
            self._controller.warm(self._settings.latency_options.threads)
            self._list_models_timer.start()
            self._chart_preloader.start()

    def _open(self, path: str) -> None:
        if self._controller is None:
            return
        if self._controller.is_running:
            self.window.show_hint("A comparison is under way.", "Stop it, or wait for its end, to open another one.")
            return
        self._controller.open(path)

    def _on_save_requested(self, path: str) -> None:
        if self._controller is not None and self.window.comparison is not None:
            self._controller.save(self.window.comparison, path)

    def _on_export_requested(self, form: ReportFormat, path: str) -> None:
        if self._controller is not None and self.window.comparison is not None:
            self._controller.export(self.window.comparison, form, path)

    def _on_completed(self, event: Completed) -> None:
        self._shown_path = event.snapshot_path

    def _on_comparison_shown(self, comparison: Comparison | None) -> None:
        is_new = self._controller is not None and self._controller.is_running
        if is_new and self._snapshots is not None:
            self._snapshots.select("")
        if comparison is not None and comparison.is_sample:
            self.window.show_hint(
                "This is the sample comparison that ships with mbgui.", "Press Compare to make it on this machine."
            )
        else:
            self.window.hide_hint()

    def _on_opened(self, comparison: Comparison, path: str) -> None:
        self._shown_path = path
        if self._snapshots is not None:
            self._snapshots.select(path)
        if not comparison.is_sample and not self._is_kept(path):
            self.window.add_recent_file(path)

    def _on_saved(self, path: str) -> None:
        self.window.add_recent_file(path)
        self.window.status.showMessage(f"Saved {path}", _NOTICE_MS)

    def _on_exported(self, path: str) -> None:
        self.window.status.showMessage(f"Exported {path}", _NOTICE_MS)

    def _on_listed(self, entries: Sequence[SnapshotEntry]) -> None:
        if self._snapshots is None:
            return
        self._snapshots.show_entries(entries)
        if entries and not self._shown_path and not self._open_path:
            self._open(entries[0].path)
        self._snapshots.select(self._shown_path)

    def _on_file_failed(self, problem: Problem, path: str) -> None:
        self.window.show_problem(problem)
        self.window.remove_recent_file(path)

    def _on_models_changed(self) -> None:
        view = self._latency_view()
        frameworks = self.window.frameworks()
        if view is not None and frameworks is not None:
            view.set_frameworks(*frameworks)

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
        known = [self._settings.texts(f"models/known_{kind.value}") for kind in SourceKind]
        self.window.bar.set_references(tuple(reference for references in known for reference in references))

    def _on_layers_requested(self, paths: tuple[str, ...]) -> None:
        from mbgui.gui.widgets.layers_view import LayersView  # noqa: PLC0415 - imported in the background

        def select(view: QWidget) -> None:
            if isinstance(view, LayersView):
                view.select_layers(paths)

        self.window.pages.setCurrentIndex(LAYERS_PAGE)
        self.window.pages.deliver_to(LAYERS_PAGE, select)

    def _on_about(self) -> None:
        from mbgui.gui.widgets.about_dialog import about_dialog  # noqa: PLC0415 - seldom needed

        about_dialog(self.window.status.versions, self.window).open()

    def _is_kept(self, path: str) -> bool:
        return self._backend is not None and path.startswith(str(self._backend.store.folder))

    def _latency_view(self) -> LatencyView | None:
        from mbgui.gui.widgets.latency_view import LatencyView  # noqa: PLC0415 - imported in the background

        view = self.window.pages.view(LATENCY_PAGE)
        return view if isinstance(view, LatencyView) else None

    def _build_overview(self) -> QWidget:
        from mbgui.gui.widgets.overview_view import OverviewView  # noqa: PLC0415 - imported in the background

        view = OverviewView(self._theme)
        view.layers_requested.connect(self._on_layers_requested)
        return view

    def _build_layers(self) -> QWidget:
        from mbgui.gui.widgets.layers_view import LayersView  # noqa: PLC0415 - imported in the background

        return LayersView(self._theme)

    def _build_parameters(self) -> QWidget:
        from mbgui.gui.widgets.parameters_view import ParametersView  # noqa: PLC0415 - imported in the background

        return ParametersView(self._theme)

    def _build_latency(self) -> QWidget:
        from mbgui.gui.widgets.latency_view import LatencyView  # noqa: PLC0415 - imported in the background

        view = LatencyView(self._theme, self._settings.latency_options)
        view.options_changed.connect(self.window.set_latency_options)
        frameworks = self.window.frameworks()
        if frameworks is not None:
            view.set_frameworks(*frameworks)
        if self._are_charts_loaded:
            view.set_library_loaded()
        return view


def show_desktop(argv: Sequence[str]) -> int:
    """Show the window until it is closed; the first snapshot file among the arguments is opened."""
    application = QApplication(["mbgui", *argv])
    if not sys.platform.startswith("linux"):  # where it is the only style there is, asking for it only takes time
        application.setStyle("Fusion")
    application.setApplicationName("mbgui")
    application.setDesktopFileName("mbgui")
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends the application; children follow
    open_path = next((argument for argument in argv if argument.endswith(SNAPSHOT_SUFFIX)), "")
    desktop = Desktop(Settings(), _pipeline_backend, open_path)
    desktop.show()
    try:
        return application.exec()
    finally:
        desktop.close()


def _pipeline_backend() -> Backend:
    from mbgui.gui.backend import PipelineBackend  # noqa: PLC0415 - imported in the background
    from mbgui.processes.pool import WarmChildren  # noqa: PLC0415
    from mbgui.snapshots.store import SnapshotStore, default_folder  # noqa: PLC0415

    return PipelineBackend(
        children=WarmChildren(), store=SnapshotStore(default_folder()), sample=resources.sample_path()
    )


def _theme_choice(settings: Settings) -> ThemeChoice:
    text = settings.text("window/theme", ThemeChoice.SYSTEM.value)
    return ThemeChoice(text) if text in set(ThemeChoice) else ThemeChoice.SYSTEM
