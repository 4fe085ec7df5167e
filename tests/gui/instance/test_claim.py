"""Who starts first keeps the windows; later starts hand over, and nothing that is dead or hangs keeps them from one."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mbgui.gui.instance.claim import Claim, claim
from mbgui.gui.instance.file_lock import FileLock
from mbgui.gui.instance.handover import Handover
from mbgui.gui.instance.place import Place
from mbgui.gui.instance.server import InstanceServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks to a socket in a folder")
NAMES = ("/a.mbsnap",)
LONG_S = 20.0
SHORT_S = 0.1


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(folder=tmp_path_factory.mktemp("p"), display="here")


@pytest.fixture
def first(place: Place) -> Iterator[FileLock]:
    """The lock of an instance that runs."""
    held = FileLock(place.lock_path)
    assert held.take()
    yield held
    held.release()


@pytest.fixture
def start(qtbot: QtBot, place: Place) -> Callable[..., Claim]:
    """A later start, while the event loop of the first instance runs."""

    def start_one(meanwhile: Callable[[], object] = bool) -> Claim:
        made: list[Claim] = []

        def run() -> None:
            made.append(claim(NAMES, find=lambda: place, starting_timeout_s=LONG_S, answer_timeout_s=LONG_S))

        thread = threading.Thread(target=run)
        thread.start()
        meanwhile()
        qtbot.waitUntil(lambda: not thread.is_alive())
        return made[0]

    return start_one


def test_the_first_one_holds_the_lock(place: Place) -> None:
    made = claim(NAMES, find=lambda: place)
    assert not made.is_handed_over
    assert made.place == place
    assert made.lock is not None
    assert made.lock.is_held
    made.lock.release()


def test_the_first_one_loads_nothing_of_qt_for_it(tmp_path: Path) -> None:
    code = (
        "import sys; from mbgui.gui.instance.claim import claim; assert claim([]).lock; "
        "print([name for name in sys.modules if 'PySide6' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_without_a_private_folder_it_runs_on_its_own() -> None:
    assert claim(NAMES, find=lambda: None) == Claim()


@pytest.mark.usefixtures("first")
def test_where_qt_knows_no_networks_it_runs_on_its_own(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mbgui.gui.instance.client", raising=False)
    monkeypatch.setitem(sys.modules, "PySide6.QtNetwork", None)
    assert claim(NAMES, find=lambda: place) == Claim()


def test_where_no_lock_can_be_had_it_runs_on_its_own(tmp_path: Path) -> None:
    place = Place(folder=tmp_path / "missing", display="here")
    assert claim(NAMES, find=lambda: place) == Claim()


@pytest.mark.usefixtures("first")
def test_a_later_one_hands_over(place: Place, start: Callable[..., Claim]) -> None:
    received: list[Handover] = []
    server = InstanceServer()
    server.received.connect(received.append)
    server.listen(place.server_name)
    assert start() == Claim(is_handed_over=True)
    assert [handover.paths for handover in received] == [NAMES]
    server.close()


@pytest.mark.usefixtures("first")
def test_a_first_one_that_is_still_starting_is_waited_for(
    qtbot: QtBot, place: Place, start: Callable[..., Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[FileLock] = []
    take = FileLock.take

    def try_to_take(lock: FileLock) -> bool:
        tries.append(lock)
        return take(lock)

    monkeypatch.setattr(FileLock, "take", try_to_take)
    server = InstanceServer()

    def listen_late() -> None:
        qtbot.waitUntil(lambda: len(tries) > 2)
        server.listen(place.server_name)

    assert start(meanwhile=listen_late) == Claim(is_handed_over=True)
    server.close()


@pytest.mark.usefixtures("first")
def test_a_first_one_that_never_listens_is_not_waited_for_forever(place: Place) -> None:
    assert claim(NAMES, find=lambda: place, starting_timeout_s=SHORT_S) == Claim()


@pytest.mark.usefixtures("first")
def test_one_that_hangs_keeps_nobody_from_a_window(place: Place) -> None:
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(place.server_name)
        hanging.listen()
        assert claim(NAMES, find=lambda: place, answer_timeout_s=SHORT_S) == Claim()


def test_one_that_ends_instead_of_answering_makes_the_later_one_first(
    qtbot: QtBot, place: Place, first: FileLock, start: Callable[..., Claim]
) -> None:
    server = InstanceServer()

    def end() -> None:
        server.close()
        first.release()

    server._server.newConnection.disconnect()
    server._server.newConnection.connect(end)
    server.listen(place.server_name)
    made = start()
    assert made.lock is not None
    made.lock.release()
