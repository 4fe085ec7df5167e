"""The program as its user starts it, in a window of a real X server."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from mbgui.gui.display import missing_display

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="an X server is a matter of Linux"),
    pytest.mark.skipif(shutil.which("xwininfo") is None, reason="xwininfo (x11-utils) is not installed"),
]
TIMEOUT_S = 60.0


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """The display of this session, or one of a virtual X server of our own."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no display, and no Xvfb to make one")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(TIMEOUT_S)


@contextmanager
def window(display: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    app = subprocess.Popen(
        [sys.executable, "-m", "mbgui", *arguments], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield app
    finally:
        app.kill()
        app.wait()
        if app.stderr is not None:
            app.stderr.close()


def titles(display: str) -> list[str]:
    """The titles of all windows that are shown."""
    tree = subprocess.run(
        ["xwininfo", "-display", display, "-root", "-tree"], capture_output=True, text=True, check=True
    )
    return [line.split('"')[1] for line in tree.stdout.splitlines() if '"' in line]


def wait_for_title(display: str, app: subprocess.Popen[str], part: str) -> None:
    deadline_s = time.monotonic() + TIMEOUT_S
    while not any(part in title for title in titles(display)):
        assert app.poll() is None, _last_words(app)
        assert time.monotonic() < deadline_s, titles(display)
        time.sleep(0.1)  # another process's window gives no signal to wait for


def wait_for_children(app: subprocess.Popen[str], count: int) -> list[psutil.Process]:
    deadline_s = time.monotonic() + TIMEOUT_S
    while len(children := psutil.Process(app.pid).children(recursive=True)) < count:
        assert app.poll() is None, _last_words(app)
        assert time.monotonic() < deadline_s
        time.sleep(0.1)
    return children


def _last_words(app: subprocess.Popen[str]) -> str:
    return app.stderr.read() if app.stderr is not None else ""


def test_no_library_is_missing(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert missing_display() is None


def test_the_first_start_shows_the_sample(display: str) -> None:
    with window(display) as app:
        wait_for_title(display, app, "mobilenet_v2 · MobileNetV2 (sample)")


def test_no_child_outlives_a_killed_window(display: str) -> None:
    with window(display) as app:
        children = wait_for_children(app, 2)
        app.kill()
        app.wait()
        _, alive = psutil.wait_procs(children, timeout=5)
        assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []
