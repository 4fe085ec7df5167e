"""What every test gets: folders of its own, no noise, nothing left behind; and reviewed golden files."""

import difflib
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before the first import of Qt
settings.register_profile("steady", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("steady")

for _name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):  # after `nohup` or `&` some are ignored, by children too
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)

GOLDEN_FOLDER = Path(__file__).parent / "golden"
GRACE_S = 2.0
"""How long threads and children that are already ending may take to be gone."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; review the change")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the reviewed file of that name, or write it with `--update-golden`."""
    update = bool(request.config.getoption("--update-golden"))

    def check(name: str, text: str) -> None:
        path = GOLDEN_FOLDER / name
        if update:
            path.write_text(text, encoding="utf-8")
            return
        reviewed = path.read_text(encoding="utf-8") if path.exists() else ""
        lines = difflib.unified_diff(reviewed.splitlines(), text.splitlines(), "reviewed", "now", lineterm="")
        assert reviewed == text, "\n".join(["run with --update-golden and review:", *lines])

    return check


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """User folders and settings in a temporary folder, so that no test reads or writes the user's own."""
    home = tmp_path_factory.mktemp("home")
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(home / variable.lower()))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))  # no window of the developer's own is found from here
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings  # noqa: PLC0415

        for settings_format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(settings_format, QSettings.Scope.UserScope, str(home / "settings"))


@pytest.fixture(autouse=True)
def _no_unexpected_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A test that logs a warning fails; one that expects it asserts on `caplog` and then calls `caplog.clear()`."""
    yield
    noise = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    unexpected = [record.getMessage() for record in noise if record.levelno >= logging.WARNING]
    if unexpected:
        pytest.fail("unexpected log records: " + "; ".join(unexpected))


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a thread, a child process or a window behind fails, and says which."""
    threads, children = set(threading.enumerate()), set(psutil.Process().children(recursive=True))
    windows = set(_window_names())
    yield
    left = [*_left_threads(threads), *_left_children(children)]
    if {"qtbot", "qapp"} & set(request.fixturenames):
        left += [*_running_qt_threads(), *(name for name in _window_names() if name not in windows)]
    if left:
        pytest.fail("left behind: " + ", ".join(left))


def _left_threads(before: set[threading.Thread]) -> Iterator[str]:
    for thread in set(threading.enumerate()) - before:
        if not isinstance(thread, threading._DummyThread):  # Python's face of a foreign thread, kept after its end
            thread.join(GRACE_S)
            if thread.is_alive():
                yield f"thread {thread.name}"


def _left_children(before: set[psutil.Process]) -> Iterator[str]:
    new = set(psutil.Process().children(recursive=True)) - before
    _, alive = psutil.wait_procs(new, timeout=GRACE_S)
    for child in alive:
        try:
            command = " ".join(child.cmdline())
            child.kill()
        except psutil.NoSuchProcess:
            continue
        yield f"child process {child.pid} ({command})"


def _running_qt_threads() -> Iterator[str]:
    from PySide6.QtCore import QThread  # noqa: PLC0415
    from shiboken6 import Shiboken  # noqa: PLC0415

    threads = [found for found in gc.get_objects() if isinstance(found, QThread)]
    for thread in threads:
        if Shiboken.isValid(thread) and thread is not QThread.currentThread() and thread.isRunning():
            yield f"running {type(thread).__name__} {thread.objectName()!r}"


def _window_names() -> list[str]:
    """One name for each top-level widget that is alive, deferred deletions done; none where Qt is not in use."""
    widgets: Any = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    from PySide6.QtCore import QCoreApplication, QEvent  # noqa: PLC0415

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = [window for window in widgets.QApplication.topLevelWidgets() if not window.inherits("QTipLabel")]
    return [f"{type(window).__name__} {window.objectName()!r} at {id(window):#x}" for window in windows]
