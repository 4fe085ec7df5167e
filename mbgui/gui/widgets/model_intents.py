"""What the user wants with models: which file to open on which side, what to look into, what to forget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mbgui.domain.request import Side

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mbgui.domain.request import CompareRequest
    from mbgui.gui.settings import Settings
    from mbgui.gui.widgets.compare_bar import CompareBar
    from mbgui.gui.widgets.request_form import RequestForm
    from mbgui.gui.widgets.window_menus import WindowMenus

_FOLDER_KEY = "models/folder"
_WEIGHTS_SUFFIXES = (".weights.h5", ".safetensors", ".npz", ".pth", ".bin", ".ckpt")
"""Files of these hardly ever hold a whole model."""


class ModelIntents(QObject):
    """Names files in the pickers.

    `inspect_requested` carries a file to look into. `check_requested` carries one that was named, and the side: it
    ought to be looked into as well, but shown only where it is no model that can be read.
    """

    inspect_requested = Signal(str)
    check_requested = Signal(str, Side)

    def __init__(
        self, settings: Settings, menus: WindowMenus, bar: CompareBar, form: RequestForm, window: QWidget
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self._bar = bar
        self._form = form
        self._window = window
        self._replaced: dict[Side, tuple[str, str]] = {}
        menus.open_left.triggered.connect(self._on_open_left)
        menus.open_right.triggered.connect(self._on_open_right)
        menus.inspect.triggered.connect(self.ask_inspect)
        menus.clear_models.triggered.connect(self.clear_recent)
        self._connect_picker(Side.LEFT)
        self._connect_picker(Side.RIGHT)

    def show_recent(self) -> None:
        """Offer the models used last."""
        for side in Side:
            self._bar.set_recent(side, self._settings.recent_models(side))

    def add_recent(self, request: CompareRequest) -> None:
        """Remember the models that are compared."""
        self._settings.add_recent_model(Side.LEFT, request.left.reference)
        self._settings.add_recent_model(Side.RIGHT, request.right.reference)
        self.show_recent()

    def clear_recent(self) -> None:
        """Forget which models were used."""
        self._settings.clear_recent_models()
        self.show_recent()

    def ask_open(self, side: Side) -> None:
        """Ask which file to name on a side."""
        path = self._ask(f"Open {side.value} model")
        if path:
            self.use_file(side, path)

    def ask_inspect(self) -> None:
        """Ask which file to look into."""
        path = self._ask("Inspect file")
        if path:
            self.inspect_requested.emit(path)

    def use_file(self, side: Side, path: str) -> None:
        """Name a file on a side; one with weights alone is looked into, since it needs an architecture."""
        if path.lower().endswith(_WEIGHTS_SUFFIXES):
            self.inspect_requested.emit(path)
            return
        self._replaced[side] = (path, self._bar.picker(side).currentText())
        self.use_reference(side, path)
        self.check_requested.emit(path, side)

    def use_reference(self, side: Side, reference: str) -> None:
        """Name a model on a side."""
        self._bar.picker(side).set_reference(reference)

    def withdraw(self, side: Side, path: str) -> None:
        """A file that was named is no model: what it took the place of comes back, unless that was changed since."""
        named, before = self._replaced.get(side, ("", ""))
        if path == named == self._bar.picker(side).currentText():
            self.use_reference(side, before)

    def _ask(self, title: str) -> str:
        from mbgui.gui.widgets.file_dialogs import ask_model_to_open  # noqa: PLC0415 - not for the first picture

        path = ask_model_to_open(self._window, title, self._settings.text(_FOLDER_KEY, str(Path.home())))
        if path:
            self._settings.set(_FOLDER_KEY, str(Path(path).parent))
        return path

    def _connect_picker(self, side: Side) -> None:
        edit = self._bar.picker(side).edit
        edit.file_requested.connect(self._on_open_left if side is Side.LEFT else self._on_open_right)
        edit.inspect_requested.connect(self._on_inspect_left if side is Side.LEFT else self._on_inspect_right)
        edit.clear_recent_requested.connect(self.clear_recent)

    def _on_open_left(self) -> None:
        self.ask_open(Side.LEFT)

    def _on_open_right(self) -> None:
        self.ask_open(Side.RIGHT)

    def _on_inspect_left(self) -> None:
        self._inspect_named(Side.LEFT)

    def _on_inspect_right(self) -> None:
        self._inspect_named(Side.RIGHT)

    def _inspect_named(self, side: Side) -> None:
        path = self._form.file(side)
        if path:
            self.inspect_requested.emit(path)
