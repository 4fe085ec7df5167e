"""How latency is to be measured: a row of controls above the charts."""

from PySide6.QtCore import QSignalBlocker, QThread, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.gui.settings import LatencyOptions

_PATH_TITLES = {
    CallPath.EAGER: "eager",
    CallPath.TF_FUNCTION: "tf.function",
    CallPath.PREDICT: "predict()",
    CallPath.CALL: "model(x)",
}
_RECOMMENDED = "recommended"
_PATH_LENGTH = 12  # characters; a longer title is shown in the list
_NUMBER_WIDTH = 72  # pixels: six digits


def call_path_title(path: CallPath) -> str:
    """The call path as people write it."""
    return _PATH_TITLES[path]


class LatencyControls(QWidget):
    """Runs, warm-up, batch, threads and both call paths; `options_changed` carries all of them."""

    options_changed = Signal(object)

    def __init__(self, options: LatencyOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frameworks: tuple[Framework | None, Framework | None] = (Framework.PYTORCH, Framework.KERAS)
        self._create()
        self._lay_out()
        self.show_options(options)
        self.set_frameworks(*self._frameworks)
        self._connect()

    @property
    def options(self) -> LatencyOptions:
        """What is set."""
        return LatencyOptions(
            is_measured=self.measured.isChecked(),
            runs=self.runs.value(),
            warmup=self.warmup.value(),
            batch_size=self.batch_size.value(),
            threads=self.threads.value(),
            left_path=str(self.left_path.currentData()),
            right_path=str(self.right_path.currentData()),
        )

    def show_options(self, options: LatencyOptions) -> None:
        """Set everything."""
        self._wanted_paths = (options.left_path, options.right_path)
        self.measured.setChecked(options.is_measured)
        self.runs.setValue(options.runs)
        self.warmup.setValue(options.warmup)
        self.batch_size.setValue(options.batch_size)
        self.threads.setValue(options.threads)

    def set_frameworks(self, left: Framework | None, right: Framework | None) -> None:
        """Offer the call paths of these frameworks, keeping what was chosen where it still fits.

        Of one that is not known before its model is read, there is but the recommended path to offer.
        """
        self._frameworks = (left, right)
        boxes = (self.left_path, self.right_path)
        for box, framework, wanted in zip(boxes, self._frameworks, self._wanted_paths, strict=True):
            blocker = QSignalBlocker(box)
            box.clear()
            for path in CALL_PATHS[framework] if framework is not None else ():
                box.addItem(call_path_title(path), path.value)
            if framework is None:
                box.addItem(_RECOMMENDED, wanted)
            box.setCurrentIndex(max(box.findData(wanted), 0))
            box.setEnabled(box.count() > 1 and self.measured.isChecked())
            blocker.unblock()

    def _create(self) -> None:
        self.measured = QCheckBox("Measure", self)
        self.measured.setAccessibleName("Measure latency")
        self.measured.setToolTip("Whether a comparison measures latency too")
        self.runs = _number(self, 2, 100_000, "Timed calls of each side")
        self.warmup = _number(self, 0, 10_000, "Untimed calls before the timed ones")
        self.batch_size = _number(self, 1, 1024, "Images in one call")
        self.threads = _number(self, 1, max(QThread.idealThreadCount(), 1), "Threads of each side")
        self.left_path = _choice(self, "Call path of the left model")
        self.right_path = _choice(self, "Call path of the right model")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.measured)
        for title, role, widget in (
            ("&runs", "muted", self.runs),
            ("&warm-up", "muted", self.warmup),
            ("&batch", "muted", self.batch_size),
            ("&threads", "muted", self.threads),
            ("left", "left", self.left_path),
            ("right", "right", self.right_path),
        ):
            label = QLabel(title, self)
            label.setProperty("role", role)
            label.setBuddy(widget)
            row.addSpacing(6)
            row.addWidget(label)
            row.addWidget(widget)
        row.addStretch(1)

    def _connect(self) -> None:
        self.measured.toggled.connect(self._on_changed)
        for number in (self.runs, self.warmup, self.batch_size, self.threads):
            number.valueChanged.connect(self._on_changed)
        for choice in (self.left_path, self.right_path):
            choice.activated.connect(self._on_changed)

    def _on_changed(self) -> None:
        self._wanted_paths = (str(self.left_path.currentData()), str(self.right_path.currentData()))
        for widget in (self.runs, self.warmup, self.left_path, self.right_path):
            widget.setEnabled(self.measured.isChecked())
        self.set_frameworks(*self._frameworks)
        self.options_changed.emit(self.options)


def _number(parent: QWidget, least: int, most: int, name: str) -> QSpinBox:
    box = QSpinBox(parent)
    box.setRange(least, most)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setKeyboardTracking(False)
    box.setMaximumWidth(_NUMBER_WIDTH)
    return box


def _choice(parent: QWidget, name: str) -> QComboBox:
    box = QComboBox(parent)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_PATH_LENGTH)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box
