"""Keeps children ready for the next run, and the list of models that can be named up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from mbgui.domain.source import ZOO_FRAMEWORKS

if TYPE_CHECKING:
    from mbgui.gui.controller import Controller
    from mbgui.gui.settings import Settings
    from mbgui.gui.shared import Shared

LIST_MODELS_DELAY_MS = 8_000
"""By then the children have imported their frameworks; asking earlier would keep them from the first comparison."""
WARM_DELAY_MS = 1_000
"""Whoever turns the number of threads up step by step gets new children once, not at every step."""


class Warming(QObject):
    """One for each window. All of them ready the same children, of one pool, and only while nothing runs anywhere.

    An import takes seconds of all processors: times that another window is taking would be wrong.
    """

    def __init__(self, controller: Controller, shared: Shared) -> None:
        super().__init__(controller)
        self._shared = shared
        self._controller: Controller | None = controller
        self._has_begun = False
        self._warm_timer = self._timer(WARM_DELAY_MS)
        self._list_models_timer = self._timer(LIST_MODELS_DELAY_MS)
        self._warm_timer.timeout.connect(self.warm)
        self._list_models_timer.timeout.connect(self._on_list_models_due)
        shared.runs.ended.connect(self.warm)
        controller.models_listed.connect(self._on_models_listed)

    def begin(self) -> None:
        """From now on others may have the processor."""
        self._has_begun = True
        self.warm()
        if self._lacks_models():
            self._list_models_timer.start()

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._controller = None
        for timer in (self._warm_timer, self._list_models_timer):
            timer.stop()

    def warm(self) -> None:
        """Ready children in the background; where they wait already, nothing happens."""
        if self._controller is not None and self._has_begun and not self._shared.runs.is_any:
            self._controller.warm(self._threads())

    def warm_soon(self) -> None:
        """The number of threads changed, and may change again."""
        self._warm_timer.start()

    def _timer(self, interval_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        return timer

    def _threads(self) -> int:
        return self._shared.settings.latency_options.threads

    def _lacks_models(self) -> bool:
        """Whether the models of some source are still to be listed, by whatever window."""
        return any(kind.value not in self._shared.listed_kinds for kind in ZOO_FRAMEWORKS)

    def _on_list_models_due(self) -> None:
        if self._controller is None or not self._lacks_models():
            return
        if self._shared.runs.is_any:
            self._list_models_timer.start()
        else:
            self._controller.list_models(self._threads())

    def _on_models_listed(self, kind: str, references: tuple[str, ...]) -> None:
        self._shared.settings.set(_key(kind), list(references))
        self._shared.listed_kinds.add(kind)
        self._shared.models_listed.emit()


def known_models(settings: Settings) -> tuple[str, ...]:
    """References of all models that were listed, now or in an earlier run of the application."""
    return tuple(reference for kind in ZOO_FRAMEWORKS for reference in settings.texts(_key(kind.value)))


def _key(kind: str) -> str:
    return f"models/known_{kind}"
