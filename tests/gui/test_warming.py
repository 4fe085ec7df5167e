"""Models are asked for until those of every source are known."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from pytestqt.qtbot import QtBot

from mbgui.domain.source import ZOO_FRAMEWORKS
from mbgui.gui import warming
from mbgui.gui.backend import Backend
from mbgui.gui.settings import Settings
from mbgui.gui.shared import Shared
from mbgui.gui.warming import Warming, known_models

FIRST, SECOND = (kind.value for kind in ZOO_FRAMEWORKS)


class Asked(QObject):
    """Has of a controller what readies and asks."""

    models_listed = Signal(str, tuple)
    asked = Signal()

    def warm(self, threads: int) -> None:
        """Nothing is there to be readied."""

    def list_models(self, threads: int) -> None:
        """Tell that this was asked."""
        self.asked.emit()


def _no_backend() -> Backend:
    raise AssertionError("nothing here needs one")


@pytest.fixture
def shared(qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    monkeypatch.setattr(warming, "LIST_MODELS_DELAY_MS", 0)
    made = Shared(settings, _no_backend)
    yield made
    made.deleteLater()


def opened(shared: Shared) -> tuple[Asked, Warming]:
    """What a window asks, and has."""
    controller = Asked(shared)
    return controller, Warming(controller, shared)  # type: ignore[arg-type]  # no more of a controller is needed


def test_after_one_of_two_sources_the_next_window_asks_again(qtbot: QtBot, shared: Shared) -> None:
    first, _ = opened(shared)
    first.models_listed.emit(FIRST, (f"{FIRST}:a",))
    second, asking = opened(shared)
    with qtbot.waitSignal(second.asked):
        asking.begin()


def test_once_both_are_known_nobody_asks(qtbot: QtBot, shared: Shared) -> None:
    controller, asking = opened(shared)
    asking.begin()
    for kind in (FIRST, SECOND):
        controller.models_listed.emit(kind, (f"{kind}:a",))
    other, also_asking = opened(shared)
    also_asking.begin()
    with qtbot.assertNotEmitted(controller.asked), qtbot.assertNotEmitted(other.asked):
        QTimer.singleShot(0, shared.models_listed.emit)  # comes after whatever was due by then
        with qtbot.waitSignal(shared.models_listed):
            pass
    assert known_models(shared.settings) == (f"{FIRST}:a", f"{SECOND}:a")
