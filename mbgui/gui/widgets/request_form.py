"""What is named in the tool bar and on the latency tab, as the request it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mbgui.domain.errors import MbguiError
from mbgui.domain.proof_choices import WeightTransfer
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT, CompareRequest, Side, VerifyRequest, Weights
from mbgui.gui.settings import MeasureScope
from mbgui.gui.widgets.input_size_box import AUTOMATIC

_MOVE_ADVICE = "Choose left to right or right to left as weights on the Equivalence tab."

if TYPE_CHECKING:
    from typing import Protocol

    from mbgui.domain.alignment import PairCorrection
    from mbgui.domain.errors import Remedy
    from mbgui.domain.framework import Framework
    from mbgui.domain.input_shape import InputShape
    from mbgui.domain.network import Network
    from mbgui.domain.source import ModelSource
    from mbgui.gui.settings import Settings, VerifyOptions
    from mbgui.gui.widgets.compare_bar import CompareBar

    class RequestReader(Protocol):
        """Turns what is typed into records."""

        def source(self, text: str) -> ModelSource:
            """The model that a text names. Raises `MbguiError`."""

        def inputs(self, text: str) -> tuple[InputShape, ...]:
            """The inputs that a text names, none for “auto”. Raises `MbguiError`."""


class RequestForm:
    """Reads the tool bar's fields, and remembers what they named."""

    def __init__(self, bar: CompareBar, settings: Settings, reader: RequestReader) -> None:
        self._bar = bar
        self._settings = settings
        self._reader = reader
        self._read: dict[str, Framework] = {}
        self._corrected: dict[tuple[ModelSource, ModelSource], tuple[PairCorrection, ...]] = {}

    def source(self, side: Side) -> ModelSource | None:
        """The model that a picker names, `None` while its text is unfinished."""
        try:
            return self._reader.source(self._bar.picker(side).currentText())
        except MbguiError:
            return None

    def file(self, side: Side) -> str:
        """The file that a picker names, a model's or one with weights; "" where it names none."""
        source = self.source(side)
        if source is None or not source.reads_file:
            return ""
        return source.weights.path if source.weights is not None else source.name

    def frameworks(self) -> tuple[Framework | None, Framework | None] | None:
        """The frameworks of the models that are named, `None` where a name is unfinished.

        A file or a callable shows whose it is only when it is read.
        """
        left, right = self.source(Side.LEFT), self.source(Side.RIGHT)
        return None if left is None or right is None else (self._framework(left), self._framework(right))

    def learn(self, network: Network) -> None:
        """Remember whose model it turned out to be."""
        self._read[network.source.reference] = network.framework

    def learn_corrections(self, request: CompareRequest) -> None:
        """Remember the pairs that were set by hand for these two models, whatever weights they had."""
        self._corrected[_models(request.left, request.right)] = request.corrections

    def request(self, export: str = "") -> CompareRequest:
        """Everything together; `export` names a file that gets the moved weights.

        Raises `MbguiError` where that makes no sense.
        """
        left, right = (self._reader.source(picker.currentText()) for picker in self._bar.pickers)
        settings, chosen = self._settings, self._bar.weights_button.chosen
        options = settings.latency_options
        return CompareRequest(
            left=left,
            right=right,
            inputs=self._reader.inputs(self._bar.size_box.currentText()),
            batch_size=options.batch_size,
            weights=chosen.weights,
            seed=chosen.seed,
            threads=options.threads,
            latency=options.request(self._framework(left), self._framework(right)),
            code_folders=settings.code_folders,
            limits=settings.reading_limits,
            verification=self._verification(settings.verify_options, left, right, export),
            corrections=self._corrected.get(_models(left, right), ()),
        )

    def calibration(self) -> CompareRequest:
        """The models that are named, to be timed each against itself, whether a comparison measures or not.

        Raises `MbguiError` where a name makes no sense.
        """
        request, options = self.request(), self._settings.latency_options
        paths = self._framework(request.left), self._framework(request.right)
        return replace(request, latency=options.measurement(MeasureScope.DUEL, *paths), verification=None)

    def moved_to(self) -> Framework | None:
        """The framework of the side that gets weights from the other one, as far as that is known."""
        left, right = self.source(Side.LEFT), self.source(Side.RIGHT)
        if left is None or right is None:
            return None
        transfer = self._transfer(self._settings.verify_options, left, right)
        return self._framework(left if transfer is WeightTransfer.RIGHT_TO_LEFT else right)

    def take(self, remedy: Remedy) -> bool:
        """Write what a remedy says into the pickers that name what it replaces; whether any does."""
        found = False
        for side in Side:
            source, picker = self.source(side), self._bar.picker(side)
            named = picker.currentText().strip() if source is None else source.reference
            if named == remedy.replaces:
                picker.set_reference(remedy.reference)
                found = True
        return found

    def restore(self) -> None:
        """Name what was named last."""
        stored = self._settings
        self._bar.left_picker.set_reference(stored.text("models/left", DEFAULT_LEFT.reference))
        self._bar.right_picker.set_reference(stored.text("models/right", DEFAULT_RIGHT.reference))
        self._bar.size_box.setCurrentText(stored.text("models/input_size", AUTOMATIC))

    def remember(self) -> None:
        """Keep what is named for the next start."""
        self._settings.set("models/left", self._bar.left_picker.currentText())
        self._settings.set("models/right", self._bar.right_picker.currentText())
        self._settings.set("models/input_size", self._bar.size_box.currentText())

    def _verification(
        self, options: VerifyOptions, left: ModelSource, right: ModelSource, export: str
    ) -> VerifyRequest | None:
        if not options.is_verified and not export:
            return None
        sizes = [text for text in options.further_inputs.split(";") if text.strip()]
        transfer = self._transfer(options, left, right)
        if export and transfer is WeightTransfer.AS_IS:
            raise MbguiError.wrong_use("As they are, no weights are moved that could be exported.", _MOVE_ADVICE)
        return VerifyRequest(
            transfer=transfer,
            export=export,
            precision=options.precision,
            further_inputs=tuple(inputs for inputs in map(self._reader.inputs, sizes) if inputs),
        )

    def _transfer(self, options: VerifyOptions, left: ModelSource, right: ModelSource) -> WeightTransfer:
        are_untrained = self._bar.weights_button.chosen.weights is Weights.NONE
        return options.transfer or usual_transfer(left, right, are_untrained=are_untrained)

    def _framework(self, source: ModelSource) -> Framework | None:
        return self._read.get(source.reference, source.likely_framework)


def usual_transfer(left: ModelSource, right: ModelSource, *, are_untrained: bool) -> WeightTransfer:
    """Random weights say nothing of their own, so they are moved; weights that somebody trained or gave stay."""
    is_random = are_untrained and left.is_from_zoo and right.is_from_zoo
    return WeightTransfer.LEFT_TO_RIGHT if is_random else WeightTransfer.AS_IS


def _models(left: ModelSource, right: ModelSource) -> tuple[ModelSource, ModelSource]:
    return replace(left, weights=None), replace(right, weights=None)
