"""Between the window and the work: takes intents, keeps the threads, and hands out what happens as signals."""

from PySide6.QtCore import QObject, QThread, Signal, Slot

from mbgui.domain.alignment import PairCorrection
from mbgui.domain.comparison import Comparison
from mbgui.domain.events import Completed
from mbgui.domain.request import CompareRequest, ReadingLimits
from mbgui.domain.snapshot import ReportFormat
from mbgui.gui.compare_worker import ENDINGS, CompareWorker
from mbgui.gui.file_worker import FileWorker
from mbgui.gui.inspect_worker import Inspection, InspectWorker
from mbgui.gui.warm_worker import WarmWorker
from mbgui.pipeline.cancel import CancelToken

_END_TIMEOUT_MS = 10_000


class Controller(QObject):
    """Owns one thread each for comparisons, for snapshots, for warming children, and for looking into model files.

    `ended` tells that the last of the threads is over.
    """

    run_started = Signal(object)
    measurement_started = Signal(object, object)
    calibration_started = Signal(object)
    happened = Signal(object)
    completed = Signal(object)
    corrected = Signal(object)
    correcting_failed = Signal(object)
    running_changed = Signal(bool)
    opened = Signal(object, str)
    saved = Signal(str)
    exported = Signal(str)
    deleted = Signal(str)
    listed = Signal(tuple)
    models_listed = Signal(str, tuple)
    file_failed = Signal(object, str)
    inspected = Signal(int, object)
    inspect_failed = Signal(int, object)
    ended = Signal()

    _run_wanted = Signal(object, object)
    _measure_wanted = Signal(object, object, object)
    _calibrate_wanted = Signal(object, object)
    _correct_wanted = Signal(object, tuple)
    _open_wanted = Signal(str)
    _save_wanted = Signal(object, str)
    _update_wanted = Signal(object, object, str)
    _export_wanted = Signal(object, object, str)
    _delete_wanted = Signal(str)
    _list_wanted = Signal()
    _warm_wanted = Signal(int)
    _models_wanted = Signal(int)
    _inspect_wanted = Signal(object)

    def __init__(
        self,
        compare: CompareWorker,
        files: FileWorker,
        warm: WarmWorker,
        inspect: InspectWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cancel: CancelToken | None = None
        self._inspecting: dict[int, CancelToken] = {}
        self._workers: tuple[QObject, ...] = (compare, files, warm, inspect)
        self._threads = tuple(QThread(self) for _ in self._workers)
        self._connect(compare, files, warm)
        self._connect_inspections(inspect)
        for worker, thread in zip(self._workers, self._threads, strict=True):
            thread.setObjectName(type(worker).__name__)
            worker.moveToThread(thread)
            thread.finished.connect(self._on_thread_finished)
            thread.start()

    @property
    def is_running(self) -> bool:
        """Whether a comparison, a measurement or a calibration is under way."""
        return self._cancel is not None

    @property
    def is_alive(self) -> bool:
        """Whether any of the threads still runs."""
        return any(thread.isRunning() for thread in self._threads)

    @Slot(object)
    def compare(self, request: CompareRequest) -> None:
        """Start a comparison; nothing happens while something is under way."""
        cancel = self._begin()
        if cancel is not None:
            self.run_started.emit(request)
            self.running_changed.emit(True)
            self._run_wanted.emit(request, cancel)

    @Slot(object, object)
    def measure(self, comparison: Comparison, request: CompareRequest) -> None:
        """Start to measure the models of a comparison; nothing happens while something is under way."""
        cancel = self._begin()
        if cancel is not None:
            self.measurement_started.emit(comparison, request)
            self.running_changed.emit(True)
            self._measure_wanted.emit(comparison, request, cancel)

    @Slot(object)
    def calibrate(self, request: CompareRequest) -> None:
        """Start to calibrate; nothing happens while something is under way."""
        cancel = self._begin()
        if cancel is not None:
            self.calibration_started.emit(request)
            self.running_changed.emit(True)
            self._calibrate_wanted.emit(request, cancel)

    @Slot()
    def stop(self) -> None:
        """Stop what is under way."""
        if self._cancel is not None:
            self._cancel.cancel()

    def correct(self, comparison: Comparison, corrections: tuple[PairCorrection, ...]) -> None:
        """Compare the structure again with these pairs set by hand."""
        self._correct_wanted.emit(comparison, corrections)

    @Slot(str)
    def open(self, path: str) -> None:
        """Open a snapshot."""
        self._open_wanted.emit(path)

    def save(self, comparison: Comparison, path: str) -> None:
        """Save a comparison to a file of the user's."""
        self._save_wanted.emit(comparison, path)

    def update(self, comparison: Comparison, before: Comparison, path: str) -> None:
        """Save a comparison with other pairs to its file, unless that was changed or deleted since."""
        self._update_wanted.emit(comparison, before, path)

    def export(self, comparison: Comparison, form: ReportFormat, path: str) -> None:
        """Export a comparison as a report."""
        self._export_wanted.emit(comparison, form, path)

    @Slot(str)
    def delete(self, path: str) -> None:
        """Delete a snapshot file."""
        self._delete_wanted.emit(path)

    @Slot()
    def list(self) -> None:
        """List what is kept."""
        self._list_wanted.emit()

    def warm(self, threads: int) -> None:
        """Ready the children in the background."""
        self._warm_wanted.emit(threads)

    def list_models(self, threads: int) -> None:
        """Ask which models can be named."""
        self._models_wanted.emit(threads)

    def inspect(self, number: int, path: str, limits: ReadingLimits) -> None:
        """Look into a file; `inspected` or `inspect_failed` carries the number."""
        self._inspecting[number] = CancelToken()
        self._inspect_wanted.emit(Inspection(number=number, path=path, limits=limits, cancel=self._inspecting[number]))

    def stop_inspecting(self, number: int) -> None:
        """Nobody waits for that file any more."""
        if number in self._inspecting:
            self._inspecting[number].cancel()

    def begin_closing(self) -> None:
        """Cancel what is under way, and have every thread end when it comes to it; `ended` tells."""
        self.stop()
        for number in tuple(self._inspecting):
            self.stop_inspecting(number)
        for thread in self._threads:
            thread.quit()

    def close(self) -> None:
        """Cancel what is under way and wait until every thread has ended."""
        self.begin_closing()
        for thread in self._threads:
            thread.wait(_END_TIMEOUT_MS)

    def _begin(self) -> CancelToken | None:
        """The token of a new run, `None` where one is under way."""
        if self._cancel is not None:
            return None
        self._cancel = CancelToken()
        return self._cancel

    def _connect(self, compare: CompareWorker, files: FileWorker, warm: WarmWorker) -> None:
        self._run_wanted.connect(compare.run)
        self._measure_wanted.connect(compare.measure)
        self._calibrate_wanted.connect(compare.calibrate)
        self._correct_wanted.connect(compare.correct)
        self._open_wanted.connect(files.open)
        self._save_wanted.connect(files.save)
        self._update_wanted.connect(files.update)
        self._export_wanted.connect(files.export)
        self._delete_wanted.connect(files.delete)
        self._list_wanted.connect(files.list)
        self._warm_wanted.connect(warm.warm)
        self._models_wanted.connect(warm.list_models)
        compare.happened.connect(self._on_happened)
        compare.corrected.connect(self.corrected)
        compare.correcting_failed.connect(self.correcting_failed)
        files.opened.connect(self.opened)
        files.saved.connect(self.saved)
        files.exported.connect(self.exported)
        files.deleted.connect(self.deleted)
        files.listed.connect(self.listed)
        files.failed.connect(self.file_failed)
        files.refused.connect(self.correcting_failed)
        warm.models_listed.connect(self.models_listed)

    def _connect_inspections(self, inspect: InspectWorker) -> None:
        self._inspect_wanted.connect(inspect.run)
        inspect.inspected.connect(self._on_inspected)
        inspect.failed.connect(self._on_inspect_failed)

    @Slot()
    def _on_thread_finished(self) -> None:
        if not self.is_alive:
            self.ended.emit()

    @Slot(int, object)
    def _on_inspected(self, number: int, file: object) -> None:
        self._inspecting.pop(number, None)
        self.inspected.emit(number, file)

    @Slot(int, object)
    def _on_inspect_failed(self, number: int, problem: object) -> None:
        self._inspecting.pop(number, None)
        self.inspect_failed.emit(number, problem)

    @Slot(object)
    def _on_happened(self, event: object) -> None:
        is_end = isinstance(event, ENDINGS)
        if is_end:
            self._cancel = None
        self.happened.emit(event)
        if is_end:
            self.running_changed.emit(False)
        if isinstance(event, Completed):
            self.completed.emit(event)
            self.list()
