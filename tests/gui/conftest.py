"""The real window, driven with children that are no processes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from mbgui.domain.model_file import ModelFile
from mbgui.gui.backend import PipelineBackend
from mbgui.gui.desktop import Desktop
from mbgui.gui.settings import Settings
from mbgui.gui.shared import Shared
from mbgui.processes.messages import Command, FileInspected, InspectFile, Reply
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore
from tests.support.fake_child import FakeChild, fake_children

THREADS = 1
OpenDesktop = Callable[..., Desktop]


class FileChild(FakeChild):
    """A child of no framework that finds this in whatever file it is asked about."""

    def __init__(self, file: ModelFile, **arranged: Any) -> None:
        super().__init__(None, THREADS, **arranged)
        self._file = file

    def _answer(self, command: Command) -> Reply:
        if isinstance(command, InspectFile):
            return FileInspected(file=replace(self._file, path=command.path))
        return super()._answer(command)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings in a file of the test's own, with a short measurement and no proof, which these children cannot give."""
    stored = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    stored.set("latency/calls", 10)
    stored.set("latency/threads", THREADS)
    stored.set("verify/is_verified", False)
    return stored


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "snapshots")


@pytest.fixture
def calibrations(tmp_path: Path) -> CalibrationStore:
    """What is known of this machine: nothing at first."""
    return CalibrationStore(tmp_path / "calibrations.json")


@pytest.fixture
def open_desktop(
    qtbot: QtBot, settings: Settings, store: SnapshotStore, calibrations: CalibrationStore
) -> Iterator[OpenDesktop]:
    """Opens the window and waits until it hears intents; takes prepared children, a sample and a file to open."""
    opened: list[Desktop] = []

    def open_one(*children: FakeChild, sample: Path | None = None, open_path: str = "") -> Desktop:
        backend = PipelineBackend(
            children=fake_children(*children), store=store, sample=sample, calibrations=calibrations
        )

        def make_backend() -> PipelineBackend:
            return backend

        desktop = Desktop(Shared(settings, make_backend), open_path)
        opened.append(desktop)
        with qtbot.waitSignal(desktop.ready):
            desktop.show()
        return desktop

    yield open_one
    for desktop in opened:
        desktop.window.close()
        desktop.window.deleteLater()
        desktop.deleteLater()
