"""The work behind the window: the pipeline with its children, and the store of snapshots."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mbgui.domain.comparison import Comparison
from mbgui.domain.events import Event
from mbgui.domain.framework import Framework
from mbgui.domain.model_file import ModelFile
from mbgui.domain.request import CompareRequest, ReadingLimits
from mbgui.pipeline.calibrating import calibrate
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.compare import compare
from mbgui.pipeline.files import inspect_model_file
from mbgui.pipeline.measure_again import measure_again
from mbgui.pipeline.models import list_models
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.calibrations import CalibrationStore, default_calibrations_path
from mbgui.snapshots.store import SnapshotStore, default_folder


class Backend(Protocol):
    """What the window needs done; everything here is called on worker threads, `close` excepted."""

    store: SnapshotStore
    sample: Path | None

    def compare(self, request: CompareRequest, cancel: CancelToken) -> Iterator[Event]:
        """Compare two models."""
        ...

    def measure(self, comparison: Comparison, request: CompareRequest, cancel: CancelToken) -> Iterator[Event]:
        """Measure the models of a comparison."""
        ...

    def calibrate(self, request: CompareRequest, cancel: CancelToken) -> Iterator[Event]:
        """Learn what this machine can tell of these models."""
        ...

    def warm(self, framework: Framework, threads: int) -> None:
        """Ready a child."""
        ...

    def list_models(self, framework: Framework, threads: int) -> tuple[str, ...]:
        """Every model that can be named. Raises `MbguiError`."""
        ...

    def inspect(self, path: str, cancel: CancelToken, limits: ReadingLimits) -> ModelFile:
        """What is in a file with a model or weights. Raises `MbguiError`."""
        ...

    def close(self) -> None:
        """End every child; whoever waits for one gets an error."""
        ...


@dataclass(slots=True)
class PipelineBackend:
    """The real one. A child that is being asked for its models is none to be readied by another window meanwhile."""

    children: WarmChildren
    store: SnapshotStore
    sample: Path | None
    calibrations: CalibrationStore
    _tending: threading.Lock = field(default_factory=threading.Lock)

    def compare(self, request: CompareRequest, cancel: CancelToken) -> Iterator[Event]:
        """Compare two models, and keep the comparison in the store."""
        return compare(request, cancel=cancel, children=self.children, store=self.store, calibrations=self.calibrations)

    def measure(self, comparison: Comparison, request: CompareRequest, cancel: CancelToken) -> Iterator[Event]:
        """Measure the models of a comparison, and keep the new one in the store."""
        return measure_again(
            comparison,
            request,
            cancel=cancel,
            children=self.children,
            store=self.store,
            calibrations=self.calibrations,
        )

    def calibrate(self, request: CompareRequest, cancel: CancelToken) -> Iterator[Event]:
        """Time each model against itself, and keep what that tells."""
        return calibrate(request, cancel=cancel, children=self.children, calibrations=self.calibrations)

    def warm(self, framework: Framework, threads: int) -> None:
        """Ready a child."""
        with self._tending:
            self.children.warm(framework, threads)

    def list_models(self, framework: Framework, threads: int) -> tuple[str, ...]:
        """Every model that can be named. Raises `MbguiError`."""
        with self._tending:
            return list_models(framework, children=self.children, cancel=CancelToken(), threads=threads)

    def inspect(self, path: str, cancel: CancelToken, limits: ReadingLimits) -> ModelFile:
        """What is in a file with a model or weights. Raises `MbguiError`."""
        return inspect_model_file(path, children=self.children, cancel=cancel, limits=limits)

    def close(self) -> None:
        """End every child."""
        self.children.close()


def pipeline_backend(sample: Path | None) -> PipelineBackend:
    """The real one, with the user's own snapshots and what was learnt of this machine."""
    return PipelineBackend(
        children=WarmChildren(),
        store=SnapshotStore(default_folder()),
        sample=sample,
        calibrations=CalibrationStore(default_calibrations_path()),
    )
