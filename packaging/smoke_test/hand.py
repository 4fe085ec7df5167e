"""Mouse and keyboard: events that the X server itself makes, as those of a real device."""

from smoke_test.waiting import wait_until
from smoke_test.windows import WindowList

_TYPING_DELAY_MS = "20"  # between two keys; a quick typist


class Hand:
    """Moves, clicks, presses and types on a display."""

    def __init__(self, windows: WindowList) -> None:
        self._windows = windows

    def click(self, place: tuple[int, int], rest: tuple[int, int]) -> None:
        """Click at a place, then move away: what the pointer is over looks different."""
        self._move(place)
        self._windows.ask("click", "1")
        self._move(rest)

    def press(self, window: int, *keys: str) -> None:
        """Press key combinations such as `ctrl+s` in a window, which is brought to the front as by the task bar."""
        self.bring_to_front(window)
        self._windows.ask("key", "--clearmodifiers", *keys)

    def type(self, window: int, text: str) -> None:
        """Type a text into what has the focus in a window."""
        self.bring_to_front(window)
        self._windows.ask("type", "--clearmodifiers", "--delay", _TYPING_DELAY_MS, text)

    def bring_to_front(self, window: int) -> None:
        """Let a window have the keyboard."""
        if not self._is_active(window):
            self._windows.ask("windowactivate", str(window))
            wait_until(lambda: self._is_active(window), f"the keyboard for “{self._windows.title(window)}”")

    def _is_active(self, window: int) -> bool:
        return self._windows.ask("getactivewindow") == str(window)

    def _move(self, place: tuple[int, int]) -> None:
        x, y = place
        self._windows.ask("mousemove", str(x), str(y))
