"""The runs of all windows, so that none falsifies the times that another one takes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mbgui.domain.errors import Problem


class Runs(QObject):
    """Which windows have something under way; `ended` tells of each end."""

    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles: dict[object, str] = {}
        self._measuring: set[object] = set()

    @property
    def is_any(self) -> bool:
        """Whether anything is under way in any window."""
        return bool(self._titles)

    def begin(self, owner: object, title: str, *, is_measuring: bool) -> None:
        """A window began to run; its own next run takes the place of this one."""
        self._titles[owner] = title
        (self._measuring.add if is_measuring else self._measuring.discard)(owner)

    def end(self, owner: object) -> None:
        """The run of a window is over; nothing happens where there was none."""
        self._measuring.discard(owner)
        if self._titles.pop(owner, None) is not None:
            self.ended.emit()

    def obstacle(self, owner: object, *, is_measuring: bool) -> Problem | None:
        """Why a window should not run now: its times, or those that another window takes, would be wrong."""
        others = [other for other in self._titles if other is not owner]
        for other in others:
            if other in self._measuring:
                return _is_measuring(self._titles[other])
        return _is_comparing(self._titles[others[0]]) if others and is_measuring else None


def _is_measuring(title: str) -> Problem:
    return Problem(
        sentence=f"Another window is measuring {title}.",
        advice="A second run would falsify its times: wait for its end, or stop it there.",
    )


def _is_comparing(title: str) -> Problem:
    return Problem(
        sentence=f"Another window is comparing {title}.",
        advice="Times taken meanwhile would be wrong: wait for its end, stop it there, or compare without latency.",
    )
