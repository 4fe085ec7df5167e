"""Starts the processes of launches, has cancelling kill them, and ends them."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mbgui.domain.environment import Version
from mbgui.domain.framework import COMPILE_FOLDER
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.launch import Launch
from mbgui.pipeline.subject import Subject
from mbgui.processes.pool import WarmChildren


class Launcher:
    """Every process it starts is gone when the block that asked for it is left."""

    def __init__(self, children: WarmChildren, cancel: CancelToken) -> None:
        self._children = children
        self.cancel = cancel
        self._began_s = time.perf_counter()
        self._versions: dict[Version, None] = {}

    @property
    def elapsed_s(self) -> float:
        """Seconds since this launcher was made, which rounds are dated from."""
        return time.perf_counter() - self._began_s

    @property
    def versions(self) -> tuple[Version, ...]:
        """The packages that processes of this launcher ran, each once."""
        return tuple(self._versions)

    @contextmanager
    def launched(self, subjects: Sequence[Subject], index: int = 0) -> Iterator[tuple[Launch, ...]]:
        """A process for each of these, building its model side by side with the others, and waited for.

        A problem of building is left with its launch. Raises `MbguiError` where a process cannot be started, or the run
        was stopped.
        """
        launches: list[Launch] = []
        try:
            for subject in subjects:
                child = self._children.launch(subject.first_framework, subject.threads)
                launches.append(Launch(subject, index, child, self._began_s))
                self.cancel.add_callback(child.kill)
            _build_all(launches)
            self.cancel.raise_if_cancelled()
            for launch in launches:
                self._versions.update(dict.fromkeys(launch.built.versions if launch.built else ()))
            yield tuple(launches)
        finally:
            for launch in launches:
                self.cancel.remove_callback(launch.child.kill)
                launch.child.kill()
            for launch in launches:
                self._children.end(launch.child)
                _remove_what_was_compiled(launch.child.process_id)


def _remove_what_was_compiled(process_id: int) -> None:
    """A process that is killed while it compiles cannot remove its folder itself."""
    for folder in Path(tempfile.gettempdir()).glob(f"{COMPILE_FOLDER.format(process_id=process_id)}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _build_all(launches: Sequence[Launch]) -> None:
    """Each in a thread of its own; killing a child ends its thread."""
    threads = [
        threading.Thread(target=launch.try_to_build, name=f"build-{launch.subject.side}", daemon=True)
        for launch in launches
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
