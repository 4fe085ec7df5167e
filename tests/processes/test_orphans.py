"""No child outlives the app, however the app ends."""

import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mbgui.domain.framework import Framework
from mbgui.processes.client import Child
from tests.support import fake_app
from tests.support.fake_child_program import PROGRAM


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel watches the life-line on Linux only")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("behaviour", ["sleep", "hold_interpreter", "suspend"])
def test_children_are_gone_within_two_seconds_of_the_end_of_the_app(behaviour: str, ending: signal.Signals) -> None:
    app = subprocess.Popen([sys.executable, fake_app.__file__, behaviour], stdout=subprocess.PIPE)
    with app:
        assert app.stdout is not None
        children = [os.pidfd_open(int(word)) for word in app.stdout.readline().split()]
        assert len(children) == 2
        app.send_signal(ending)
    ended = [bool(select.select([child], [], [], 2)[0]) for child in children]
    for child in children:
        os.close(child)
    assert ended == [True, True]


def test_a_child_does_not_end_with_the_thread_that_started_it() -> None:
    started: list[Child] = []
    thread = threading.Thread(
        target=lambda: started.append(Child.start(Framework.KERAS, 1, command=(sys.executable, "-P", PROGRAM, "serve")))
    )
    thread.start()
    thread.join()
    try:
        started[0].wait_ready()
        assert started[0].outcome is None
    finally:
        started[0].close()


def test_a_child_whose_app_is_gone_before_it_looks_ends_itself() -> None:
    program = "from mbgui.processes.lifeline import die_with; die_with(0); print('alive')"
    reading, writing = os.pipe()
    os.close(writing)
    root = Path(fake_app.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], stdin=reading, cwd=root, capture_output=True, check=False)
    os.close(reading)
    assert done.stdout == b""
    assert done.returncode != 0
