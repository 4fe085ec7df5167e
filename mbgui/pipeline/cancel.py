"""The one thing that goes back from the user into a running comparison: the wish that it stop."""

import threading
from collections.abc import Callable

from mbgui.domain.errors import MbguiError


class CancelToken:
    """Can be cancelled once, from any thread; tells whoever asks and calls back whoever registered."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal handler may cancel while this very thread registers
        self._callbacks: list[Callable[[], None]] = []
        self._is_cancelled = False

    @property
    def is_cancelled(self) -> bool:
        """Whether the wish was uttered."""
        return self._is_cancelled

    def cancel(self) -> None:
        """Utter the wish: every callback is called here and now, each once. Returns at once."""
        with self._lock:
            self._is_cancelled = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def add_callback(self, callback: Callable[[], None]) -> None:
        """Have `callback` called on cancel; it must not wait. It is called at once where that has happened."""
        with self._lock:
            if not self._is_cancelled:
                self._callbacks.append(callback)
                return
        callback()

    def remove_callback(self, callback: Callable[[], None]) -> None:
        """Forget a callback; one that was called or never added is no error."""
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

    def raise_if_cancelled(self) -> None:
        """Raise `MbguiError` of kind `CANCELLED` where the wish was uttered."""
        if self._is_cancelled:
            raise MbguiError.cancelled()
