"""The child's end of the life-line: when the app goes, however it goes, the kernel ends the child."""

import os
import select
import sys

if sys.platform.startswith("linux"):
    import fcntl
    import signal

    def die_with(descriptor: int) -> None:
        """Have the kernel kill this process as soon as the other end of the pipe `descriptor` is closed.

        A signal of the kernel needs no thread of ours, so it also ends a child that native code holds, or one
        that is suspended. (`PR_SET_PDEATHSIG` would fire when the *thread* that started this process ends.)
        """
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
        if _is_cut(descriptor):
            os._exit(1)

else:

    def die_with(descriptor: int) -> None:
        """Nothing to arm here: the end of the command pipe ends the child."""


def _is_cut(descriptor: int) -> bool:
    """Whether the other end was closed already, before any signal could be asked for."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
