"""Who is first: takes the lock and keeps the windows, or hands over what it was started for."""

import os
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from mbgui.gui.instance.file_lock import FileLock
from mbgui.gui.instance.place import Place, find_place

STARTING_TIMEOUT_S = 10.0
"""How long the first instance may take from its start to its first window; one from a cold disk takes seconds."""
ANSWER_TIMEOUT_S = 5.0
"""An instance that is silent for so long hangs: its user had better get a window that does not."""
_PAUSE_S = 0.03


class Claim(NamedTuple):
    """What came of a start.

    It was handed over and is done; or it holds the `lock` of the first instance, which is to listen at its `place`;
    or, with neither, it runs on its own: there is no private folder here, or the first instance hangs.
    """

    is_handed_over: bool = False
    lock: FileLock | None = None
    place: Place | None = None


def claim(
    names: Sequence[str],
    *,
    find: Callable[[], Place | None] = find_place,
    starting_timeout_s: float = STARTING_TIMEOUT_S,
    answer_timeout_s: float = ANSWER_TIMEOUT_S,
) -> Claim:
    """Be first, or hand the files of these names over to whoever is.

    Only a start that is not the first imports something of Qt for that: what a socket needs.
    """
    place = find()
    if place is None:
        return Claim()
    lock = FileLock(place.lock_path)
    deadline_s = time.monotonic() + starting_timeout_s
    try:
        while not lock.take():
            is_handed_over = _is_handed_over(place, names, answer_timeout_s)
            if is_handed_over is not None:
                return Claim(is_handed_over=is_handed_over)
            if time.monotonic() > deadline_s:
                return Claim()
            time.sleep(_PAUSE_S)  # the first instance is starting or ending, and gives no signal of either
    except OSError:
        return Claim()
    return Claim(lock=lock, place=place)


def _is_handed_over(place: Place, names: Sequence[str], timeout_s: float) -> bool | None:
    """Whether the first instance took it; `None` where it does not listen, or not yet."""
    try:
        from mbgui.gui.instance.client import Answer, hand_over  # noqa: PLC0415  only a later start needs it
    except ImportError:  # Qt's library for networks needs some of the system's: no instance listens without, either
        return False
    from mbgui.gui.instance.handover import Handover  # noqa: PLC0415

    answer = hand_over(place.server_name, Handover.of_start(names, os.environ), timeout_s)
    return None if answer is Answer.ABSENT else answer is Answer.TAKEN
