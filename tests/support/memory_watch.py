"""How much memory the child processes of this one hold, sampled while something runs."""

import threading
from types import TracebackType
from typing import Self

import psutil

INTERVAL_S = 0.01


class MemoryWatch:
    """Samples the resident memory of all children together, as a context; the figures are bytes."""

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._process = psutil.Process()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory watch")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def start_anew(self) -> int:
        """Forget the peak so far; what is held now."""
        now_bytes = self._now()
        self.peak_bytes = now_bytes
        return now_bytes

    def _sample(self) -> None:
        while not self._ended.wait(INTERVAL_S):
            self.peak_bytes = max(self.peak_bytes, self._now())

    def _now(self) -> int:
        total = 0
        for child in self._process.children(recursive=True):
            try:
                total += child.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total
