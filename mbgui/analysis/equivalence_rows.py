"""What the views of a proof show: curves over the pairs, causes switched off, and where the networks part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import LayerReference, NeutralisedRun, PairEvidence, SizeEvidence

Errors = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCurves:
    """Relative L2 errors of all pairs in execution order; `None` where there is none or it is not finite.

    `as_run` are the propagated errors with all causes left in, where `propagated` are those of another run; empty
    otherwise. `first_divergence` is the place of that pair, -1 where there is none.
    """

    propagated: Errors = ()
    isolated: Errors = ()
    noise_floor: Errors = ()
    as_run: Errors = ()
    first_divergence: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRow:
    """The output error without one cause, and with it alone; the first row stands for none, the last for all."""

    title: str
    removed: float | None
    left_in: float | None
    reason: str = ""
    is_total: bool = False


def curves_of(pairs: Sequence[PairEvidence], run: Errors | None = None, first_divergence: int = -1) -> ErrorCurves:
    """The curves of these pairs; `run` are the propagated errors of a run with causes switched off."""
    as_run = [pair.propagated.relative_l2 for pair in pairs]
    return ErrorCurves(
        propagated=as_run if run is None else run,
        isolated=[pair.isolated.relative_l2 if pair.isolated is not None else None for pair in pairs],
        noise_floor=[pair.noise_floor for pair in pairs],
        as_run=() if run is None else as_run,
        first_divergence=first_divergence,
    )


def place_of(pairs: Sequence[PairEvidence], wanted: LayerReference | None) -> int:
    """The place of the first pair of these layers, -1 where it is not among them."""
    if wanted is None:
        return -1
    for place, pair in enumerate(pairs):
        if wanted.left in (None, pair.left) and wanted.right in (None, pair.right):
            return place
    return -1


def run_without(size: SizeEvidence, causes: Iterable[Cause]) -> NeutralisedRun | None:
    """The run with exactly these causes switched off; `None` where they were not switched off together."""
    wanted = frozenset(causes)
    return next((run for run in size.runs if frozenset(run.causes) == wanted), None)


def switchable_causes(size: SizeEvidence) -> tuple[Cause, ...]:
    """The causes that any run switched off, in the order in which they are listed."""
    switched = {cause for run in size.runs for cause in run.causes}
    return tuple(found.cause for found in size.neutralised if found.cause in switched)


def cause_rows(size: SizeEvidence) -> tuple[CauseRow, ...]:
    """Nothing removed, each cause alone, and all together; none where there is no cause."""
    if not size.neutralised:
        return ()
    alone = tuple(
        CauseRow(title=found.title, removed=found.removed_alone, left_in=found.left_in_alone, reason=found.reason)
        for found in size.neutralised
    )
    nothing = CauseRow(title="Nothing", removed=size.output_error, left_in=None, is_total=True)
    everything = CauseRow(title="All together", removed=size.unexplained_residual, left_in=None, is_total=True)
    return (nothing, *alone, everything)
