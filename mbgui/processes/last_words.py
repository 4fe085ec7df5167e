"""The last lines a child wrote to its standard error."""

import threading
from typing import IO

_KEPT_BYTES = 32 * 1024
_KEPT_LINES = 100
_FINISH_TIMEOUT_S = 2.0


class LastWords:
    """Reads a stream in a thread of its own, so that the writer never waits, keeps its end, and closes it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept = b""
        self._reader = threading.Thread(target=self._read, name="last-words", daemon=True)
        self._reader.start()

    def finish(self) -> str:
        """Wait for the end of the stream; its last lines, at most 100."""
        self._reader.join(_FINISH_TIMEOUT_S)
        lines = self._kept.decode(errors="replace").splitlines()
        return "\n".join(lines[-_KEPT_LINES:]).strip()

    def _read(self) -> None:
        with self._stream:
            self._read_to_the_end()

    def _read_to_the_end(self) -> None:
        while chunk := self._stream.read1(_KEPT_BYTES):  # type: ignore[attr-defined]
            self._kept = (self._kept + chunk)[-_KEPT_BYTES:]
