"""Readies the children in the background, and asks them which models can be named."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import Framework
from mbgui.domain.source import SourceKind

Warm = Callable[[Framework, int], None]
ListModels = Callable[[Framework, int], tuple[str, ...]]

_KINDS = {Framework.PYTORCH: SourceKind.TORCHVISION, Framework.KERAS: SourceKind.KERAS}


class WarmWorker(QObject):
    """Lives on its own thread. A framework that is not there is no problem until it is compared with."""

    models_listed = Signal(str, tuple)

    def __init__(self, warm: Warm, list_models: ListModels) -> None:
        super().__init__()
        self._warm = warm
        self._list_models = list_models

    @Slot(int)
    def warm(self, threads: int) -> None:
        """Start a child of so many threads for each framework."""
        for framework in Framework:
            self._warm(framework, threads)

    @Slot(int)
    def list_models(self, threads: int) -> None:
        """Ask the children; `models_listed` carries a source's word and its references."""
        for framework, kind in _KINDS.items():
            try:
                names = self._list_models(framework, threads)
            except MbguiError:
                continue
            self.models_listed.emit(kind.value, tuple(f"{kind.value}:{name}" for name in names))
