"""The main window: what the user does becomes an intent, what happens becomes visible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from mbgui.domain.errors import MbguiError
from mbgui.gui.settings import Settings, StartingWeights
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.compare_bar import CompareBar
from mbgui.gui.widgets.file_intents import FileIntents
from mbgui.gui.widgets.page_stack import PageStack
from mbgui.gui.widgets.request_form import RequestForm
from mbgui.gui.widgets.run_status import RunStatus
from mbgui.gui.widgets.weights_export import WeightsExport
from mbgui.gui.widgets.window_menus import WindowMenus

if TYPE_CHECKING:  # PySide6 makes each class when it is first asked for; events come with their own
    from collections.abc import Sequence

    from PySide6.QtGui import (
        QAction,
        QCloseEvent,
        QDragEnterEvent,
        QDragLeaveEvent,
        QDragMoveEvent,
        QDropEvent,
        QPaintEvent,
    )

    from mbgui.domain.comparison import Comparison
    from mbgui.domain.errors import Problem, Remedy
    from mbgui.gui.widgets.message_bar import MessageBar
    from mbgui.gui.widgets.request_form import RequestReader


SEARCHED_PAGE = 1
"""The page that is searched where the visible one has nothing to search: the layers."""
_DEFAULT_SIZE = (1440, 900)
_LARGEST_SHARE = 0.95
_SMALLEST_SIZE = (900, 560)
_DOCK_WIDTH = 230


class MainWindow(QMainWindow):
    """Tool bar, tabs, snapshots, status; knows records, and nothing of what makes them."""

    compare_requested = Signal(object)
    stop_requested = Signal()
    models_changed = Signal()
    about_requested = Signal()
    painted = Signal()
    closing = Signal()

    def __init__(self, theme: Theme, settings: Settings, reader: RequestReader) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._comparison: Comparison | None = None
        self._file_name = ""
        self._messages: MessageBar | None = None
        self._is_running = False
        self._is_ready = False
        self._is_painted = False
        self._create(reader)
        self._lay_out()
        self._connect()
        self._restore()

    @property
    def comparison(self) -> Comparison | None:
        """The comparison that is shown."""
        return self._comparison

    def complete(self) -> None:
        """Add what the first picture does not wait for: keys, signs, a menu, and the dock where room was left for it.

        All of them make PySide6 build the hundred enumerations of Qt's namespace.
        """
        from PySide6.QtCore import Qt  # noqa: PLC0415

        self.menus.add_shortcuts()
        self.bar.complete()
        self._column.setContentsMargins(0, 0, 0, 0)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.dock)
        self.resizeDocks([self.dock], [_DOCK_WIDTH], Qt.Orientation.Horizontal)
        self.dock.show()
        self.restoreState(self._settings.bytes("window/state"))
        self._add_models()

    def set_ready(self) -> None:
        """From now on intents are heard."""
        self._is_ready = True
        self._update_actions()
        self.pages.tabBar().setFocus()

    def set_running(self, is_running: bool) -> None:
        """Whether a comparison is under way."""
        self._is_running = is_running
        self._update_actions()

    def set_comparison(self, comparison: Comparison | None) -> None:
        """Name what is shown; a comparison can be saved and exported."""
        self._comparison = comparison
        if comparison is not None:
            self.form.learn_corrections(comparison.request)
        self.files.set_title("" if comparison is None else comparison.title)
        self._update_title()
        self._update_actions()

    def name_file(self, name: str) -> None:
        """Say in the title which file of the user's is shown, so that windows of one pair can be told apart."""
        self._file_name = name
        self._update_title()

    def _update_title(self) -> None:
        parts = [self._file_name, self._marked_title(self._comparison) if self._comparison is not None else "", "mbgui"]
        self.setWindowTitle(" – ".join(part for part in parts if part))

    def show_problem(self, problem: Problem, actions: Sequence[QAction] = ()) -> None:
        """Say what is wrong without getting in the way, with buttons for what can be done."""
        self._message_bar().show_problem(problem, actions)

    def show_hint(self, sentence: str, advice: str = "") -> None:
        """Say something worth knowing."""
        self._message_bar().show_hint(sentence, advice)

    @property
    def has_problem(self) -> bool:
        """Whether a problem is shown that nobody has closed."""
        return self._messages is not None and self._messages.has_problem

    def hide_message(self) -> None:
        """Take away what is out of date, a problem too."""
        if self._messages is not None:
            self._messages.hide()

    def take_remedy(self, remedy: Remedy) -> None:
        """Write what a remedy says where it belongs, and compare again."""
        if self.form.take(remedy):
            self.start_comparison()
        else:
            self.show_hint(f"Neither side names {remedy.replaces} any more.", f"Name {remedy.reference} yourself.")

    def hide_hint(self) -> None:
        """Take a hint away; a problem stays."""
        if self._messages is not None:
            self._messages.hide_hint()

    def export_weights(self, path: str) -> None:
        """Ask for the comparison that is named, and for a file with the weights it moves."""
        if self._is_running or not self._is_ready:
            self.show_hint("A comparison is under way.", "Stop it, or wait for its end, to export weights.")
        else:
            self._start(path)

    def start_comparison(self) -> None:
        """Ask for the comparison that is named, or say what is wrong with it."""
        self._start("")

    def _start(self, export: str) -> None:
        try:
            request = self.form.request(export)
        except MbguiError as error:
            self.show_problem(error.problem)
            return
        self.hide_message()
        self.form.remember()
        self.models.add_recent(request)
        self.compare_requested.emit(request)
        self._on_own_code_changed(self.own_code.sentence)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first picture."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window and let everything end."""
        self._settings.set("window/geometry", self.saveGeometry())
        self._settings.set("window/state", self.saveState())
        self._settings.set("window/dock_width", self.dock.width() if self.dock.isVisible() else 0)
        self.form.remember()
        self.hide()
        self.closing.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take snapshots, models and weights."""
        self.drops.drag(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show which side a model would go to."""
        self.drops.drag(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show nothing any longer."""
        super().dragLeaveEvent(event)
        self.drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a snapshot, or name models."""
        self.drops.drop(event)

    def _create(self, reader: RequestReader) -> None:
        self.menus = WindowMenus(self.menuBar(), self)
        self.bar = CompareBar(self._theme, self._settings.starting_weights, self.menus.export_menu, self)
        self.form = RequestForm(self.bar, self._settings, reader)
        self.files = FileIntents(self._settings, self.menus, self)
        self.weights_export = WeightsExport(self._settings, self.form, self)
        self.pages = PageStack(self)
        self.status = RunStatus(self._theme, self)
        self.dock = QDockWidget("Snapshots", self)
        self.dock.setObjectName("snapshots_dock")
        self.dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.dock.setAccessibleName("Snapshots")
        self.dock.hide()
        self.setWindowTitle("mbgui")
        self.setMinimumSize(*_SMALLEST_SIZE)

    def _lay_out(self) -> None:
        self.addToolBar(self.bar)
        central = QWidget(self)
        self._column = QVBoxLayout(central)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.pages, 1)
        self.setCentralWidget(central)
        self.setStatusBar(self.status)
        self._column.setContentsMargins(self._settings.number("window/dock_width", _DOCK_WIDTH), 0, 0, 0)

    def _connect(self) -> None:
        bar, menus = self.bar, self.menus
        for trigger, slot in (
            (bar.compare_clicked, self.start_comparison),
            (menus.compare.triggered, self.start_comparison),
            (bar.stop_clicked, self.stop_requested),
            (menus.stop.triggered, self.stop_requested),
            (bar.save_clicked, self.files.ask_save),
            (menus.export_weights.triggered, self.weights_export.ask),
            (self.weights_export.requested, self.export_weights),
            (bar.models_changed, self.models_changed),
            (bar.weights_button.changed, self._on_weights_changed),
            (menus.swap.triggered, bar.swap),
            (menus.close.triggered, self.close),
            (menus.copy.triggered, self._on_copy),
            (menus.find.triggered, self._on_find),
            (menus.page_chosen, self.pages.setCurrentIndex),
            (menus.theme_chosen, self._on_theme_chosen),
            (menus.about.triggered, self.about_requested),
        ):
            trigger.connect(slot)

    def _restore(self) -> None:
        stored = self._settings
        self.form.restore()
        self.menus.set_theme(self._theme.choice)
        self.resize(QSize(*_DEFAULT_SIZE).boundedTo(self.screen().availableSize() * _LARGEST_SHARE))
        self.restoreGeometry(stored.bytes("window/geometry"))
        self._update_actions()

    def _add_models(self) -> None:
        """Add what the user can do with models beyond typing their names."""
        from mbgui.gui.widgets.file_drops import FileDrops  # noqa: PLC0415 - none of it for the first picture
        from mbgui.gui.widgets.model_intents import ModelIntents  # noqa: PLC0415
        from mbgui.gui.widgets.own_code_notice import OwnCodeNotice  # noqa: PLC0415
        from mbgui.gui.widgets.reading_choices import ReadingChoices  # noqa: PLC0415

        self.models = ModelIntents(self._settings, self.menus, self.bar, self.form, self)
        self.drops = FileDrops(self.bar, self)
        self.own_code = OwnCodeNotice(self.bar, self.form)
        self._choices = ReadingChoices(self._settings, self.menus, self)
        self.drops.snapshot_dropped.connect(self.files.open_requested)
        self.drops.model_dropped.connect(self.models.use_file)
        self.drops.target_changed.connect(self.status.showMessage)
        self.drops.refused.connect(self.show_hint)
        self.own_code.changed.connect(self._on_own_code_changed)
        self.setAcceptDrops(True)
        self.models.show_recent()
        self.own_code.watch()

    def _update_actions(self) -> None:
        for part in (self.bar, self.menus):
            part.set_running(is_running=self._is_running, can_compare=self._is_ready)
            part.set_has_comparison(has_comparison=self._comparison is not None and self._is_ready)

    def _message_bar(self) -> MessageBar:
        if self._messages is None:
            from mbgui.gui.widgets.message_bar import MessageBar  # noqa: PLC0415 - not needed for the first picture

            self._messages = MessageBar(self._theme, self)
            self._messages.remedy_chosen.connect(self.take_remedy)
            self._column.insertWidget(0, self._messages)
        return self._messages

    def _marked_title(self, comparison: Comparison) -> str:
        return f"{comparison.title} (sample)" if comparison.is_sample else comparison.title

    def _on_theme_chosen(self, choice: ThemeChoice) -> None:
        self._settings.set("window/theme", choice.value)
        self._theme.set_choice(choice)

    def _on_weights_changed(self, chosen: StartingWeights) -> None:
        self._settings.starting_weights = chosen

    def _on_own_code_changed(self, sentence: str) -> None:
        """A quiet word; a problem that is shown says more, and stays."""
        if not sentence:
            self.hide_hint()
        elif not self.has_problem:
            self.show_hint(sentence)

    def _on_copy(self) -> None:
        from mbgui.gui.widgets.focused_copy import copy_focused  # noqa: PLC0415 - not for the first picture

        copy_focused(self.pages.view(self.pages.currentIndex()))

    def _on_find(self) -> None:
        """Put the cursor into the search field of the visible view, or of the layers."""
        for index in (self.pages.currentIndex(), SEARCHED_PAGE):
            search = getattr(self.pages.view(index), "focus_search", None)
            if search is not None:
                self.pages.setCurrentIndex(index)
                search()
                return
