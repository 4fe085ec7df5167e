"""How outputs are to be compared: a row of controls above the proof."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from mbgui.analysis.equivalence_wording import PRECISION_TITLES, TRANSFER_TITLES
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.gui.settings import VerifyOptions

_AUTOMATIC = "automatic"
_TRANSFER_TIP = (
    "Whose weights both networks run with.\n"
    "automatic: untrained models of a zoo get the left one's, all others keep their own."
)
_SIZES_TIP = "Further input sizes to verify, with semicolons between them: 225x225; 160x160"
_EXPORT_TIP = "Verify, and write the moved weights to a file for the side that got them"


class VerifyControls(QWidget):
    """Whether to verify, whose weights, in which format and at which sizes; `options_changed` carries all of them."""

    options_changed = Signal(object)
    export_requested = Signal()

    def __init__(self, options: VerifyOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._create()
        self._lay_out()
        self.show_options(options)
        self._connect()

    @property
    def options(self) -> VerifyOptions:
        """What is set."""
        transfer = self.transfer.currentData()
        return VerifyOptions(
            is_verified=self.verified.isChecked(),
            transfer=WeightTransfer(transfer) if transfer else None,
            precision=Precision(self.precision.currentData()),
            further_inputs=self.further_inputs.text().strip(),
        )

    def show_options(self, options: VerifyOptions) -> None:
        """Set everything."""
        self.verified.setChecked(options.is_verified)
        transfer = options.transfer.value if options.transfer is not None else ""
        self.transfer.setCurrentIndex(self.transfer.findData(transfer))
        self.precision.setCurrentIndex(self.precision.findData(options.precision.value))
        self.further_inputs.setText(options.further_inputs)
        self._enable()

    def _create(self) -> None:
        self.verified = QCheckBox("Verify outputs", self)
        self.verified.setToolTip("Whether a comparison runs both networks and compares what every layer gives")
        self.verified.setAccessibleName("Verify outputs")
        transfers = {"": _AUTOMATIC, **{transfer.value: title for transfer, title in TRANSFER_TITLES.items()}}
        self.transfer = _choice(self, "Weights that both networks run with", transfers, _TRANSFER_TIP)
        formats = {precision.value: title for precision, title in PRECISION_TITLES.items()}
        self.precision = _choice(
            self, "Number format", formats, "float64 tells rounding from a difference; float32 is what is used"
        )
        self.further_inputs = QLineEdit(self)
        self.further_inputs.setPlaceholderText("one odd size")
        self.further_inputs.setMaximumWidth(190)
        self.further_inputs.setAccessibleName("Further input sizes")
        self.further_inputs.setToolTip(_SIZES_TIP)
        self.export_button = QPushButton("Export moved weights…", self)
        self.export_button.setToolTip(_EXPORT_TIP)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.verified)
        for title, widget in (
            ("&weights", self.transfer),
            ("for&mat", self.precision),
            ("further &sizes", self.further_inputs),
        ):
            label = QLabel(title, self)
            label.setProperty("role", "muted")
            label.setBuddy(widget)
            row.addSpacing(6)
            row.addWidget(label)
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.export_button)

    def _connect(self) -> None:
        self.verified.toggled.connect(self._on_changed)
        for choice in (self.transfer, self.precision):
            choice.activated.connect(self._on_changed)
        self.further_inputs.editingFinished.connect(self._on_changed)
        self.export_button.clicked.connect(self._on_export_clicked)

    def _on_changed(self) -> None:
        self._enable()
        self.options_changed.emit(self.options)

    def _on_export_clicked(self) -> None:
        self.export_requested.emit()

    def _enable(self) -> None:
        for widget in (self.transfer, self.precision, self.further_inputs):
            widget.setEnabled(self.verified.isChecked())


def _choice(parent: QWidget, name: str, titles: dict[str, str], tip: str) -> QComboBox:
    box = QComboBox(parent)
    for value, title in titles.items():
        box.addItem(title, value)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box
