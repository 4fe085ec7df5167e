"""The child's end of the pipes: commands in, replies out, and nothing a library prints in between."""

import os
import queue
import sys
import threading
import traceback
from typing import BinaryIO, Self

from mbgui.processes.messages import Beat, Command, Reply, decode_command, encoded_parts

BEAT_S = 1.0
EXIT_NOT_UNDERSTOOD = 4


class Channel:
    """Two private descriptors. A thread reads commands, another one sends a sign of life every second."""

    def __init__(self, commands: BinaryIO, replies: BinaryIO) -> None:
        self._commands = commands
        self._replies = replies
        self._sending = threading.Lock()
        self._waiting: queue.SimpleQueue[Command] = queue.SimpleQueue()

    @classmethod
    def take_standard_streams(cls) -> Self:
        """Keep standard input and output for commands and replies, and point both elsewhere for everybody else.

        Whatever prints, in Python or in native code, then prints to standard error; whatever reads, reads nothing.
        """
        sys.stdout.flush()
        commands = os.fdopen(os.dup(0), "rb")
        replies = os.fdopen(os.dup(1), "wb", buffering=0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        return cls(commands, replies)

    def open(self) -> None:
        """Start to read commands and to send signs of life."""
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        threading.Thread(target=self._beat, name="beat", daemon=True).start()

    def send(self, reply: Reply) -> None:
        """Send a reply. Raises `ValueError` for a number that JSON has no word for."""
        parts = encoded_parts(reply)
        with self._sending:
            for part in parts:
                rest = memoryview(part)
                while rest:
                    rest = rest[self._replies.write(rest) or 0 :]

    def next_command(self, timeout_s: float | None = None) -> Command | None:
        """The next command as soon as it is there; `None` where none comes within the time."""
        try:
            return self._waiting.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def _read(self) -> None:
        try:
            for line in self._commands:
                self._waiting.put(decode_command(line, self._read_exactly))
        except (ValueError, TypeError):
            traceback.print_exc()
            os._exit(EXIT_NOT_UNDERSTOOD)
        os._exit(0)  # the app closed the pipe or is gone: nobody waits for anything

    def _read_exactly(self, size: int) -> bytes:
        data = self._commands.read(size)
        if len(data) < size:
            raise ValueError("the bytes behind a command are cut off")
        return data

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(BEAT_S):
            try:
                self.send(Beat())
            except OSError:
                os._exit(0)
