"""The second start's side: says what it was started for to the instance that is running."""

import time
from enum import Enum

from PySide6.QtNetwork import QLocalSocket

from mbgui.gui.instance.handover import Handover
from mbgui.gui.instance.server import TAKEN

_SLICE_MS = 100
"""How long Qt is asked to wait at a time; in between Python looks whether Ctrl-C was pressed."""
_LONGEST_ANSWER_BYTES = 64


class Answer(Enum):
    """What came of handing over."""

    TAKEN = "taken"
    ABSENT = "absent"
    REFUSED = "refused"
    SILENT = "silent"


def hand_over(server_name: str, handover: Handover, timeout_s: float) -> Answer:
    """Send a hand-over and wait for the answer, so long at most; needs neither a `QCoreApplication` nor an event loop.

    `ABSENT` is also an instance that ended in between, `REFUSED` one that does not understand, of another version.
    """
    socket = QLocalSocket()
    deadline_s = time.monotonic() + timeout_s
    try:
        socket.connectToServer(server_name)
        if not socket.waitForConnected(_SLICE_MS):
            return Answer.ABSENT
        socket.write(handover.encode())  # what waits for the answer sends it
        while time.monotonic() < deadline_s:
            if socket.canReadLine():
                return Answer.TAKEN if socket.readLine(_LONGEST_ANSWER_BYTES).data() == TAKEN else Answer.REFUSED
            if socket.state() != QLocalSocket.LocalSocketState.ConnectedState:
                return Answer.ABSENT
            socket.waitForReadyRead(_SLICE_MS)
        return Answer.SILENT
    finally:
        socket.abort()
