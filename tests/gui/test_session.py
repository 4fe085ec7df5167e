"""A session listens for later starts, or keeps none of them waiting."""

import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mbgui.gui import desktop
from mbgui.gui.backend import PipelineBackend
from mbgui.gui.instance.claim import Claim
from mbgui.gui.instance.file_lock import FileLock
from mbgui.gui.instance.place import Place
from mbgui.gui.session import Session
from mbgui.gui.settings import Settings
from mbgui.gui.shared import Shared
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore
from tests.support.fake_child import fake_children


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(folder=tmp_path_factory.mktemp("p"), display="here")


@pytest.fixture
def lock(place: Place) -> Iterator[FileLock]:
    """The one of the first instance, which is this."""
    made = FileLock(place.lock_path)
    assert made.take()
    yield made
    made.release()


@pytest.fixture
def shared(settings: Settings, store: SnapshotStore, calibrations: CalibrationStore) -> Iterator[Shared]:
    def make_backend() -> PipelineBackend:
        return PipelineBackend(children=fake_children(), store=store, sample=None, calibrations=calibrations)

    made = Shared(settings, make_backend)
    yield made
    made.deleteLater()


@pytest.fixture
def session(qtbot: QtBot, shared: Shared, lock: FileLock, place: Place) -> Iterator[Session]:
    made = Session(shared, Claim(lock=lock, place=place))
    yield made
    made.close()
    made.deleteLater()


def test_it_keeps_the_lock_while_it_listens(qtbot: QtBot, session: Session, lock: FileLock) -> None:
    with qtbot.waitSignal(session.windows.ready):
        session.windows.open()
    assert lock.is_held
    session.close()
    assert not lock.is_held


def test_where_qt_knows_no_networks_nobody_waits_for_it(
    qtbot: QtBot,
    session: Session,
    lock: FileLock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.delitem(sys.modules, "mbgui.gui.instance.server", raising=False)
    monkeypatch.setitem(sys.modules, "PySide6.QtNetwork", None)
    with qtbot.waitSignal(session.windows.ready):
        session.windows.open()
    assert not lock.is_held
    assert "Later starts open windows of their own" in caplog.text
    caplog.clear()


def test_a_window_that_cannot_be_loaded_keeps_no_start_waiting(
    qtbot: QtBot, session: Session, lock: FileLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "PRELOADED", ("mbgui.gui.no_such_module",))
    with qtbot.waitSignal(session.windows.failed):
        session.windows.open()
    assert not lock.is_held


def test_a_window_that_cannot_be_wired_keeps_no_start_waiting(
    qtbot: QtBot, session: Session, lock: FileLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ImportError("no archive")

    monkeypatch.setattr(desktop.Desktop, "_start_work", fail)
    with qtbot.captureExceptions() as caught, qtbot.waitSignal(session.windows.failed):
        session.windows.open()
    assert [str(error) for _, error, _ in caught] == ["no archive"]
    assert not lock.is_held


def test_a_part_that_fails_once_it_listens_changes_nothing(qtbot: QtBot, session: Session, lock: FileLock) -> None:
    with qtbot.waitSignal(session.windows.ready):
        session.windows.open()
    session.windows.failed.emit()
    assert lock.is_held
