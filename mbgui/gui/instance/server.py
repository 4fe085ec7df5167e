"""The first instance's side: hears what later starts were started for."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from mbgui.gui.instance.handover import LONGEST_LINE_BYTES, Handover

TAKEN = b"taken\n"
_REFUSED = b"refused\n"
MOST_CALLERS = 8
PATIENCE_MS = 2_000
"""A start says what it wants at once; whoever does not is no start of mbgui."""


class InstanceServer(QObject):
    """Takes hand-overs of the same user; anything else that connects is cut off and leaves no trace."""

    received = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(MOST_CALLERS)
        self._server.newConnection.connect(self._on_new_connection)
        self._callers: list[_Caller] = []

    def listen(self, name: str) -> bool:
        """Listen at a name, which nobody but the holder of the lock may do: what a killed instance left is removed."""
        QLocalServer.removeServer(name)
        return self._server.listen(name)

    def close(self) -> None:
        """Listen no longer; whoever waits for an answer learns that there will be none."""
        self._server.close()
        for caller in tuple(self._callers):
            caller.hang_up()

    def _on_new_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            if len(self._callers) >= MOST_CALLERS:
                socket.abort()
                socket.deleteLater()
                continue
            caller = _Caller(socket, self)
            self._callers.append(caller)
            caller.said.connect(self.received)
            caller.gone.connect(self._on_gone)
            caller.listen()

    def _on_gone(self) -> None:
        caller = self.sender()
        if isinstance(caller, _Caller) and caller in self._callers:
            self._callers.remove(caller)
            caller.deleteLater()


class _Caller(QObject):
    """One connection: a line comes in, an answer goes out, and that was it."""

    said = Signal(object)
    gone = Signal()

    def __init__(self, socket: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        self._is_over = False
        socket.setParent(self)
        socket.setReadBufferSize(LONGEST_LINE_BYTES + 1)
        socket.readyRead.connect(self.listen)
        socket.disconnected.connect(self.hang_up)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.hang_up)
        self._patience.start(PATIENCE_MS)

    def listen(self) -> None:
        """Take the line once it is whole."""
        if self._is_over:
            return
        if self._socket.canReadLine():
            self._answer(bytes(self._socket.readLine(LONGEST_LINE_BYTES + 1).data()))
        elif self._socket.bytesAvailable() > LONGEST_LINE_BYTES:
            self.hang_up()

    def hang_up(self) -> None:
        """End the connection, whatever is still to come."""
        if not self._is_over:
            self._is_over = True
            self._patience.stop()
            self._socket.abort()
            self.gone.emit()

    def _answer(self, line: bytes) -> None:
        try:
            handover = Handover.decode(line)
        except ValueError:
            self._say(_REFUSED)
            self._finish()
            return
        is_heard = self._say(TAKEN)
        self._finish()
        if is_heard:
            self.said.emit(handover)

    def _say(self, answer: bytes) -> bool:
        """Whether the other side was still there: one that lost its patience has opened a window of its own."""
        self._socket.write(answer)
        self._socket.flush()
        return self._socket.state() == QLocalSocket.LocalSocketState.ConnectedState

    def _finish(self) -> None:
        self._is_over = True
        self._patience.stop()
        self._socket.disconnectFromServer()
        self.gone.emit()
