"""A running window hears later starts, and nothing else that connects does it any harm."""

import socket
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mbgui.gui.instance import server
from mbgui.gui.instance.client import Answer, hand_over
from mbgui.gui.instance.handover import LONGEST_LINE_BYTES, Handover
from mbgui.gui.instance.server import MOST_CALLERS, InstanceServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks to a socket in a folder")
SENT = Handover(paths=("/ä b.mbsnap",), activation_token="t")  # noqa: S106  a token of a desktop
TIMEOUT_S = 10.0


@pytest.fixture
def name(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A short one: 107 bytes are the most for the path of a socket."""
    return str(tmp_path_factory.mktemp("s") / "socket")


@pytest.fixture
def received() -> list[Handover]:
    return []


@pytest.fixture
def listening(qtbot: QtBot, name: str, received: list[Handover]) -> Iterator[InstanceServer]:
    made = InstanceServer()
    made.received.connect(received.append)
    assert made.listen(name)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def ask(qtbot: QtBot, name: str) -> Callable[[Handover], Answer]:
    """Hands over as another process does: while the event loop of this one runs."""

    def ask_once(handover: Handover) -> Answer:
        answers: list[Answer] = []
        thread = threading.Thread(target=lambda: answers.append(hand_over(name, handover, TIMEOUT_S)))
        thread.start()
        qtbot.waitUntil(lambda: not thread.is_alive())
        return answers[0]

    return ask_once


def connect(name: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(TIMEOUT_S)
    made.connect(name)
    return made


def is_cut_off(qtbot: QtBot, caller: socket.socket) -> bool:
    """Whether the other side ends the connection without a word, sooner or later."""
    caller.setblocking(False)
    got: list[bytes] = []

    def has_ended() -> bool:
        try:
            got.append(caller.recv(100))
        except BlockingIOError:
            return False
        except ConnectionResetError:
            got.append(b"")
        return True

    qtbot.waitUntil(has_ended)
    return got == [b""]


@pytest.mark.usefixtures("listening")
def test_a_hand_over_arrives_and_is_answered(ask: Callable[[Handover], Answer], received: list[Handover]) -> None:
    assert ask(SENT) is Answer.TAKEN
    assert ask(Handover()) is Answer.TAKEN
    assert received == [SENT, Handover()]


@pytest.mark.usefixtures("listening")
def test_only_its_user_can_send(name: str) -> None:
    assert stat.S_IMODE(Path(name).stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO) == 0


def test_what_a_killed_instance_left_is_no_obstacle(qtbot: QtBot, name: str, ask: Callable[[Handover], Answer]) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(name)
    assert ask(SENT) is Answer.ABSENT
    made = InstanceServer()
    assert made.listen(name)
    assert ask(SENT) is Answer.TAKEN
    made.close()


def test_where_nobody_listens_nobody_is_there(name: str) -> None:
    assert hand_over(name, SENT, TIMEOUT_S) is Answer.ABSENT


def test_one_that_hangs_is_not_waited_for_long(name: str) -> None:
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(name)
        hanging.listen()
        assert hand_over(name, SENT, 0.05) is Answer.SILENT


def test_one_that_closes_tells_whoever_waits(qtbot: QtBot, name: str, listening: InstanceServer) -> None:
    with connect(name) as caller:
        caller.send(b"{")
        qtbot.waitUntil(lambda: bool(listening._callers))
        listening.close()
        assert is_cut_off(qtbot, caller)
    assert not Path(name).exists()


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("junk", [b"junk\n", b"{}\n", b"\0\xff\n"])
def test_junk_is_refused(qtbot: QtBot, name: str, received: list[Handover], junk: bytes) -> None:
    with connect(name) as caller:
        caller.send(junk)
        caller.setblocking(False)
        answers: list[bytes] = []

        def is_answered() -> bool:
            try:
                answers.append(caller.recv(100))
            except BlockingIOError:
                return False
            return True

        qtbot.waitUntil(is_answered)
    assert answers == [b"refused\n"]
    assert received == []


@pytest.mark.parametrize("said", [b"", b'{"mbgui_handover": 1, "pa'])
def test_one_that_does_not_finish_is_cut_off_in_time(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    listening: InstanceServer,
    said: bytes,
) -> None:
    monkeypatch.setattr(server, "PATIENCE_MS", 30)
    with connect(name) as caller:
        caller.send(said)
        assert is_cut_off(qtbot, caller)
    assert listening._callers == []


def test_a_line_without_an_end_is_cut_off_before_it_fills_the_memory(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, name: str, listening: InstanceServer
) -> None:
    monkeypatch.setattr(server, "PATIENCE_MS", 600_000)
    with connect(name) as caller:
        caller.setblocking(False)
        rest = bytearray(b" " * (LONGEST_LINE_BYTES + 10))

        def is_sent() -> bool:
            try:
                del rest[: caller.send(rest)]
            except BlockingIOError:
                return False
            except (BrokenPipeError, ConnectionResetError):
                rest.clear()
            return not rest

        qtbot.waitUntil(is_sent)
        assert is_cut_off(qtbot, caller)
    assert listening._callers == []


def test_one_that_gave_up_waiting_is_not_obeyed(qtbot: QtBot, name: str, received: list[Handover]) -> None:
    """It has opened a window of its own by now."""
    late = InstanceServer()
    late.received.connect(received.append)
    late.listen(name)
    with connect(name) as caller:
        caller.send(SENT.encode())
    with connect(name) as caller:
        caller.send(b"still listening?\n")
        qtbot.waitUntil(lambda: bool(select_ready(caller)))
    assert received == []
    late.close()


def select_ready(caller: socket.socket) -> bytes:
    caller.setblocking(False)
    try:
        return caller.recv(100)
    except BlockingIOError:
        return b""


def test_a_crowd_is_kept_small_and_gone_after_a_while(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    listening: InstanceServer,
    ask: Callable[[Handover], Answer],
) -> None:
    monkeypatch.setattr(server, "PATIENCE_MS", 300)
    crowd = []
    for _ in range(3 * MOST_CALLERS):
        caller = connect(name)
        crowd.append(caller)
        qtbot.wait(1)
        assert len(listening._callers) <= MOST_CALLERS
    qtbot.waitUntil(lambda: not listening._callers)
    assert ask(SENT) is Answer.TAKEN
    for caller in crowd:
        caller.close()
