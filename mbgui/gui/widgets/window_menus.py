"""The menus of the window and their shortcuts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from mbgui.gui.theme import ThemeChoice

_THEMES = {
    "Follow the &system": ThemeChoice.SYSTEM,
    "&Light": ThemeChoice.LIGHT,
    "&Dark": ThemeChoice.DARK,
}
_FORMATS = {"&Markdown…": "markdown", "&HTML…": "html", "&CSV, parameters…": "csv", "&JSON…": "json"}

Shortcut = QKeySequence.StandardKey | str | None


class WindowMenus(QObject):
    """Owns the actions; what is more than a plain click has a signal of its own."""

    recent_chosen = Signal(str)
    theme_chosen = Signal(ThemeChoice)
    export_chosen = Signal(str)
    page_chosen = Signal(int)

    def __init__(self, bar: QMenuBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._shortcuts: list[tuple[QAction, Shortcut]] = []
        self.new_window = self._action("&New window", QKeySequence.StandardKey.New)
        self.open = self._action("&Open snapshot…", QKeySequence.StandardKey.Open)
        self.save = self._action("&Save snapshot as…", QKeySequence.StandardKey.Save)
        self.close = self._action("Close &window", QKeySequence.StandardKey.Close)
        self.quit = self._action("&Quit", "Ctrl+Q", QAction.MenuRole.QuitRole)
        self.copy = self._action("&Copy", QKeySequence.StandardKey.Copy)
        self.find = self._action("&Find", QKeySequence.StandardKey.Find)
        self.compare = self._action("&Compare", "Ctrl+Return")
        self.stop = self._action("&Stop", "Esc")
        self.measure = self._action("&Measure latency", "Ctrl+Shift+M")
        self.calibrate = self._action("Cali&brate")
        self.swap = self._action("S&wap left and right", "Ctrl+Shift+X")
        self.open_left = self._action("Open model for &left…", "Ctrl+Shift+L")
        self.open_right = self._action("Open model for &right…", "Ctrl+Shift+R")
        self.inspect = self._action("&Inspect file…", "Ctrl+I")
        self.clear_models = self._action("Clear recent &models")
        self.code_folders = self._action("Code &folders…")
        self.limits = self._action("Limit &memory and time of files")
        self.export_weights = self._action("&Export moved weights…", "Ctrl+Shift+E")
        self.show_logs = self._action("Show &log folder")
        self.about = self._action("&About mbgui", None, QAction.MenuRole.AboutRole)
        self.recent_menu = QMenu("Open &recent", bar)
        self.export_menu = QMenu("&Export", bar)
        self._themes: dict[ThemeChoice, QAction] = {}
        self._build()

    def show_recent(self, paths: Sequence[str]) -> None:
        """Offer these files, the last used first."""
        self.recent_menu.clear()
        for path in paths:
            action = self.recent_menu.addAction(PurePath(path).name)
            action.setData(path)
            action.setToolTip(path)
        self.recent_menu.setEnabled(bool(paths))

    def set_has_comparison(self, *, has_comparison: bool) -> None:
        """Only a comparison can be saved and exported."""
        self.save.setEnabled(has_comparison)
        self.export_menu.setEnabled(has_comparison)
        self.measure.setEnabled(has_comparison and not self.stop.isEnabled())

    def set_running(self, *, is_running: bool, can_compare: bool) -> None:
        """Compare and calibrate while nothing runs, stop while something does."""
        self.compare.setEnabled(can_compare and not is_running)
        self.calibrate.setEnabled(can_compare and not is_running)
        self.export_weights.setEnabled(can_compare and not is_running)
        self.stop.setEnabled(is_running)

    def set_theme(self, choice: ThemeChoice) -> None:
        """Mark the theme in use."""
        self._themes[choice].setChecked(True)

    def add_shortcuts(self) -> None:
        """Give the actions their keys; they come later since PySide6 builds all of Qt's enumerations for the first."""
        for action, shortcut in self._shortcuts:
            if isinstance(shortcut, QKeySequence.StandardKey):
                action.setShortcuts(shortcut)
            elif shortcut is not None:
                action.setShortcut(shortcut)

    def add_view_actions(self, page_titles: Sequence[str], dock_toggle: QAction) -> None:
        """Fill the View menu: the tabs by number, the dock, the themes."""
        for number, title in enumerate(page_titles, start=1):
            action = self._action(title, f"Ctrl+{number}")
            action.setData(number - 1)
            action.triggered.connect(self._on_page_triggered)
            self._view_menu.addAction(action)
        self._view_menu.addSeparator()
        self._shortcuts.append((dock_toggle, "Ctrl+B"))
        self._view_menu.addAction(dock_toggle)
        self._view_menu.addMenu(self._theme_menu)

    def _build(self) -> None:
        opened = (self.new_window, self.open, self.recent_menu, None, self.open_left, self.open_right, self.inspect)
        ended = (self.close, self.quit)
        self.file_menu = self._menu("&File", *opened, None, self.save, self.export_menu, None, *ended)
        self.file_menu.setObjectName("file_menu")
        self._menu("&Edit", self.copy, self.find)
        self._view_menu = self._menu("&View")
        self._menu(
            "&Compare",
            *(self.compare, self.stop, self.export_weights, None, self.measure, self.calibrate),
            *(None, self.swap, self.clear_models),
            *(None, self.code_folders, self.limits),
        )
        self.limits.setCheckable(True)
        self.limits.setStatusTip("Whether reading a file may take but so much memory and time")
        self._menu("&Help", self.show_logs, None, self.about)
        self._theme_menu = self._build_theme_menu()
        for title, name in _FORMATS.items():
            self.export_menu.addAction(title).setData(name)
        self.recent_menu.triggered.connect(self._on_recent_triggered)
        self.export_menu.triggered.connect(self._on_export_triggered)

    def _build_theme_menu(self) -> QMenu:
        menu = QMenu("&Theme", self._bar)
        group = QActionGroup(self)
        for title, choice in _THEMES.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setData(choice.value)
            group.addAction(action)
            self._themes[choice] = action
        menu.triggered.connect(self._on_theme_triggered)
        return menu

    def _menu(self, title: str, *entries: QAction | QMenu | None) -> QMenu:
        menu = self._bar.addMenu(title)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, QMenu):
                menu.addMenu(entry)
            else:
                menu.addAction(entry)
        return menu

    def _action(
        self, title: str, shortcut: Shortcut = None, role: QAction.MenuRole = QAction.MenuRole.NoRole
    ) -> QAction:
        action = QAction(title, self)
        action.setMenuRole(role)
        self._shortcuts.append((action, shortcut))
        return action

    def _on_page_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.page_chosen.emit(action.data())

    def _on_recent_triggered(self, action: QAction) -> None:
        self.recent_chosen.emit(action.data())

    def _on_export_triggered(self, action: QAction) -> None:
        self.export_chosen.emit(action.data())

    def _on_theme_triggered(self, action: QAction) -> None:
        self.theme_chosen.emit(ThemeChoice(action.data()))
