"""Whether two networks compute the same, proven by running both on the same probes.

Errors compare the right side's activation b with the left side's a, in one layout, over all probes of one input size.
Non-finite figures are `None`: JSON has no word for them, and `non_finite` says so.
"""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.difference import Cause
from mbgui.domain.proof_choices import Precision, WeightTransfer


class EquivalenceVerdict(StrEnum):
    """The answer, from the strongest agreement to none."""

    IDENTICAL = "identical"  # bit by bit
    EQUIVALENT = "equivalent"  # only rounding
    EQUIVALENT_AFTER = "equivalent_after"  # the named causes explain everything
    DIFFERENT = "different"  # something is left unexplained
    NOT_COMPARABLE = "not_comparable"


class ErrorWord(StrEnum):
    """An error of one pair in a word, judged against the pair's own noise floor."""

    IDENTICAL = "identical"
    ROUNDING = "rounding"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFigures:
    """How far b is from a: ‖b − a‖₂ / ‖a‖₂, max |b − a|, and 1 − cos(a, b); `None` where not finite.

    `non_finite` counts the values that are not finite on one side only.
    """

    relative_l2: float | None
    max_absolute: float | None
    cosine: float | None
    non_finite: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PairEvidence:
    """What the probes said of one pair of layers.

    `left` and `right` are layer paths, the numbers behind them say which call of a shared layer is meant (0 for the
    first). `propagated` is the error as both networks run; `isolated` that of the right side's layers from the partners
    of their inputs on, fed with the left side's values. `noise_floor` is the relative L2 distance of the left side in
    float32 from itself in float64, propagated to here. `verdict` judges the propagated, `isolated_verdict` the isolated
    error. `note` explains an error that is no fault, such as precision a framework itself keeps lower.
    """

    left: str
    right: str
    left_call: int = 0
    right_call: int = 0
    confidence: float
    propagated: ErrorFigures
    isolated: ErrorFigures | None
    noise_floor: float | None
    verdict: ErrorWord
    isolated_verdict: ErrorWord | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeutralisedRun:
    """One more run with causes switched off on one side.

    `causes` are those evened out, in a fixed order; `errors` are the propagated relative L2 errors of the pairs in the
    order of `SizeEvidence.pairs`; `output_error` is that of the network's outputs.
    """

    causes: tuple[Cause, ...]
    errors: tuple[float | None, ...]
    output_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeutralisedCause:
    """The output error with this cause evened out alone, and with it left in alone while all others are evened out.

    `None` where the cause cannot be switched off; `reason` then says why. Causes are not additive: these are no shares.
    """

    cause: Cause
    title: str
    removed_alone: float | None
    left_in_alone: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePower:
    """Whether the probes could show a difference at all: relative L2 distances of the left side's outputs.

    `between_inputs` lies between two different inputs, `one_pixel_shift` between an input and itself moved by a pixel.
    """

    between_inputs: float | None
    one_pixel_shift: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeEvidence:
    """Everything that was seen at one input size; `input_text` is how a user types it (`224x224`).

    `output_error` is that of the outputs as the networks run, `unexplained_residual` with every cause evened out that
    can be. `runs` begins with the one of all causes left in. `duration_s` is seconds.
    """

    input_text: str
    probes: tuple[str, ...]
    pairs: tuple[PairEvidence, ...]
    output_error: float | None
    output_word: ErrorWord
    unexplained_residual: float | None
    residual_word: ErrorWord
    runs: tuple[NeutralisedRun, ...]
    neutralised: tuple[NeutralisedCause, ...]
    power: ProbePower
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerReference:
    """A pair by the paths of its layers."""

    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFinding:
    """What comparing or moving one stored tensor gave.

    `left` and `right` are tensor names, either "" where there is no partner. `relative_l2` compares the values after
    the layouts were mapped; `None` where they cannot be compared. `note` says what was recognised ("the right values
    are the left ones rounded to bfloat16") or why the tensor cannot be moved.
    """

    left: str
    right: str
    left_layer: str
    right_layer: str
    relative_l2: float | None
    is_equal: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """The proof: a verdict, and what it rests on.

    `sizes` hold the evidence, the size of the comparison first. `first_divergence` is the first pair in execution order
    whose isolated error no named cause explains, or else the first that differs; `None` where none does.
    `weights` lists every tensor. `calibrated` says that untrained weights were scaled so that signals survive.
    `is_untouched` says that the tensors of both models had the same checksums after as before.
    """

    verdict: EquivalenceVerdict
    headline: str
    details: tuple[str, ...]
    transfer: WeightTransfer
    precision: Precision
    causes: tuple[Cause, ...]
    first_divergence: LayerReference | None
    unexplained_residual: float | None
    sizes: tuple[SizeEvidence, ...]
    weights: tuple[WeightFinding, ...]
    calibrated: bool
    is_untouched: bool
