"""How latency is to be measured: a row of controls above the verdict."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QThread, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLayout, QSpinBox, QWidget

from mbgui.analysis.call_path_wording import call_path_explanation, call_path_title
from mbgui.domain.framework import CALL_PATHS, Framework
from mbgui.domain.request import DEFAULT_BUDGETS_S, FEWEST_LAUNCHES, BenchMode, SweepAxis
from mbgui.gui.settings import LatencyOptions
from mbgui.gui.widgets.latency_buttons import LatencyButtons
from mbgui.gui.widgets.sweep_dialog import SweepDialog

_MODE_TITLES = {BenchMode.QUICK: "Duel · quick", BenchMode.RIGOROUS: "Duel · rigorous"}
_RECOMMENDED = "recommended"
_SPACING = 5
_FRAME, _CHOICE_FRAME = 36, 38  # pixels of a spin box and of a choice beside their text
_LONGEST_PATH = "tf.function"  # a longer title is shown in the list
_LIST_WIDTH = 140
_TEXT_MARGIN = 5  # pixels
_MODE_TIP = (
    f"quick: {FEWEST_LAUNCHES[BenchMode.QUICK]} process of each side, up to {DEFAULT_BUDGETS_S[BenchMode.QUICK]:g} s\n"
    f"rigorous: at least {FEWEST_LAUNCHES[BenchMode.RIGOROUS]} processes of each side, "
    f"up to {DEFAULT_BUDGETS_S[BenchMode.RIGOROUS]:g} s"
)
_BUDGET_TIP = "Seconds after which no further process is started; auto takes what the mode gives"
_RUNS_TIP = "Timed calls of each side in each process; auto makes as many as are worth its start"


class LatencyControls(QWidget):
    """Mode, batch, threads, call paths, budget and runs, and the buttons; `options_changed` carries all that is set.

    They break into two rows where one would be clipped.
    """

    options_changed = Signal(object)

    def __init__(self, options: LatencyOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = options
        self._frameworks: tuple[Framework | None, Framework | None] = (Framework.PYTORCH, Framework.KERAS)
        self._create()
        self._lay_out()
        self.show_options(options)
        self.set_frameworks(*self._frameworks)
        self._connect()

    @property
    def options(self) -> LatencyOptions:
        """What is set."""
        return self._options

    def show_options(self, options: LatencyOptions) -> None:
        """Set everything; nobody is told."""
        blockers = [QSignalBlocker(widget) for widget in (*self._numbers, self.mode, self.buttons.measured)]
        self._options = options
        self.buttons.measured.setChecked(options.is_measured)
        self.mode.setCurrentIndex(self.mode.findData(options.mode.value))
        self.batch_size.setValue(options.batch_size)
        self.threads.setValue(options.threads)
        self.budget.setValue(options.budget_s)
        self.runs.setValue(options.runs)
        self.threads.setSuffix(_threads_suffix(self.threads.value()))
        for blocker in blockers:
            blocker.unblock()

    def set_frameworks(self, left: Framework | None, right: Framework | None) -> None:
        """Offer the call paths of these frameworks, keeping what was chosen where it still fits.

        Of one that is not known before its model is read, there is but the recommended path to offer.
        """
        self._frameworks = (left, right)
        wanted_paths = (self._options.left_path, self._options.right_path)
        for box, framework, wanted in zip(self._path_boxes, self._frameworks, wanted_paths, strict=True):
            blocker = QSignalBlocker(box)
            box.clear()
            for path in CALL_PATHS[framework] if framework is not None else ():
                box.addItem(call_path_title(path), path.value)
                box.setItemData(box.count() - 1, call_path_explanation(path), Qt.ItemDataRole.ToolTipRole)
            if framework is None:
                box.addItem(_RECOMMENDED, wanted)
            box.setCurrentIndex(max(box.findData(wanted), 0))
            box.setEnabled(box.count() > 1)
            blocker.unblock()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons into a row of their own where there is no room beside the settings."""
        super().resizeEvent(event)
        fits = self._settings.sizeHint().width() + _SPACING + self.buttons.sizeHint().width() <= event.size().width()
        self._layout.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the wider of both rows."""
        height = super().minimumSizeHint().height()
        return QSize(max(self._settings.minimumSizeHint().width(), self.buttons.minimumSizeHint().width()), height)

    @property
    def _path_boxes(self) -> tuple[QComboBox, QComboBox]:
        return self.left_path, self.right_path

    @property
    def _numbers(self) -> tuple[QSpinBox, ...]:
        return self.batch_size, self.threads, self.budget, self.runs

    def _create(self) -> None:
        self._settings = QWidget(self)
        row = self._settings
        self.mode = _choice(row, "How sure it is to be", _MODE_TIP)
        for mode, title in _MODE_TITLES.items():
            self.mode.addItem(title, mode.value)
        most_threads = max(QThread.idealThreadCount(), 1)
        self.batch_size = _number(row, range(1, 513), ("batch ", ""), "Images in one call")
        self.threads = _number(row, range(1, most_threads + 1), ("", " threads"), "Threads of each side")
        self.left_path = _path_choice(row, "Call path of the left model", "left")
        self.right_path = _path_choice(row, "Call path of the right model", "right")
        self.budget = _number(row, range(1000), ("budget ", " s"), "Budget in seconds", _BUDGET_TIP)
        self.runs = _number(row, range(10_000), ("runs ", ""), "Timed calls in a process", _RUNS_TIP)
        for box in (self.budget, self.runs):
            box.setSpecialValueText(f"{box.prefix()}auto")
            box.setSingleStep(10)
        self.buttons = LatencyButtons(self)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._settings)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        for widget in self._in_order():
            row.addWidget(widget)
        row.addStretch(1)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_SPACING)
        self._layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # it may be narrower than one row
        self._layout.addWidget(self._settings, 1)
        self._layout.addWidget(self.buttons)

    def _in_order(self) -> tuple[QWidget, ...]:
        return self.mode, self.batch_size, self.threads, self.left_path, self.right_path, self.budget, self.runs

    def _connect(self) -> None:
        self.buttons.measured.toggled.connect(self._on_changed)
        self.mode.activated.connect(self._on_changed)
        for number in self._numbers:
            number.valueChanged.connect(self._on_changed)
        for choice in self._path_boxes:
            choice.activated.connect(self._on_path_chosen)
        self.buttons.values_requested.connect(self._on_values_requested)

    def _on_changed(self) -> None:
        self.threads.setSuffix(_threads_suffix(self.threads.value()))
        self._change(
            replace(
                self._options,
                is_measured=self.buttons.measured.isChecked(),
                mode=BenchMode(self.mode.currentData()),
                batch_size=self.batch_size.value(),
                threads=self.threads.value(),
                budget_s=self.budget.value(),
                runs=self.runs.value(),
            )
        )

    def _on_path_chosen(self) -> None:
        left, right = (str(box.currentData()) for box in self._path_boxes)
        self._change(replace(self._options, left_path=left, right_path=right))

    def _change(self, options: LatencyOptions) -> None:
        self._options = options
        self.options_changed.emit(options)

    def _on_values_requested(self) -> None:
        dialog = SweepDialog(self._options, self)
        dialog.chosen.connect(self._on_values_chosen)
        dialog.open()

    def _on_values_chosen(self, values: dict[SweepAxis, tuple[int, ...]]) -> None:
        self._change(
            replace(
                self._options,
                batch_values=values[SweepAxis.BATCH],
                thread_values=values[SweepAxis.THREADS],
                input_values=values[SweepAxis.INPUT],
            )
        )


def _threads_suffix(threads: int) -> str:
    return " thread" if threads == 1 else " threads"


def _number(parent: QWidget, numbers: range, words: tuple[str, str], name: str, tip: str = "") -> QSpinBox:
    """A spin box for these numbers between two words, as wide as the largest of them."""
    box = QSpinBox(parent)
    box.setRange(numbers[0], numbers[-1])
    box.setAccessibleName(name)
    box.setToolTip(tip or name)
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)  # the padding of a style sheet does not reach it
    box.setPrefix(words[0])
    box.setSuffix(words[1])
    box.setFixedWidth(box.fontMetrics().horizontalAdvance(f"{words[0]}{numbers[-1]}{words[1]}") + _FRAME)
    return box


def _choice(parent: QWidget, name: str, tip: str) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box


def _path_choice(parent: QWidget, name: str, role: str) -> QComboBox:
    box = _choice(parent, name, name)
    box.setProperty("role", role)
    box.setFixedWidth(box.fontMetrics().horizontalAdvance(_LONGEST_PATH) + _CHOICE_FRAME)
    box.view().setMinimumWidth(_LIST_WIDTH)
    return box
