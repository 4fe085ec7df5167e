"""How much of the processor a child claims beside the window.

Importing and reading keep every core busy, and on two cores the window then waits for its turn by tens of
milliseconds. Linux shares the processor among sessions ("autogroup", sched(7)), each child is a session of its own, and
unlike the nice value of a process that of a session may be raised and lowered again without privileges.
"""

import os
import time
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
_POLITE, _EQUAL = 10, 0
_RETRY_S, _RETRIES = 0.05, 40


def give_way(file: Path = AUTOGROUP) -> None:
    """Let other sessions go first; where the system knows no sessions, or is asked too often, nothing changes."""
    if _owns_session():
        _write(file, _POLITE)


def stand_equal(file: Path = AUTOGROUP) -> None:
    """Claim an equal share again: whoever is timed must not be held back.

    The kernel takes one change in a tenth of a second from all users together; tries for two seconds.
    """
    if not _owns_session():
        return
    for _ in range(_RETRIES):
        if _write(file, _EQUAL):
            return
        time.sleep(_RETRY_S)


def _owns_session() -> bool:
    """Whether this process leads a session of its own: a terminal's belongs to others, too."""
    return hasattr(os, "getsid") and os.getsid(0) == os.getpid()


def _write(file: Path, niceness: int) -> bool:
    """Set the session's nice value; false where it is to be tried again."""
    try:
        file.write_text(str(niceness), encoding="ascii")
    except BlockingIOError:
        return False
    except OSError:  # no such file: another system, or a kernel without sessions
        return True
    return True
