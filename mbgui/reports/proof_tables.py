"""The tables of a proof: cause by cause, pair by pair, tensor by tensor; text without any markup."""

from collections.abc import Iterable

from mbgui.analysis.equivalence_wording import pair_names
from mbgui.analysis.wording import MISSING
from mbgui.domain.comparison import Comparison
from mbgui.domain.equivalence import ErrorWord, NeutralisedCause, PairEvidence, SizeEvidence, WeightFinding
from mbgui.domain.request import Side
from mbgui.reports.proof_figures import error_text, residual_errors
from mbgui.reports.tables import Align, Column, Table, column_title


def cause_table(size: SizeEvidence) -> Table:
    """The error of the outputs as it is, with each cause removed alone, left in alone, and with all removed."""
    rows = [
        ("None: as it is", error_text(size.output_error), MISSING),
        *(_cause_row(found) for found in size.neutralised),
        ("All", error_text(size.unexplained_residual), MISSING),
    ]
    columns = (
        Column(title="Cause"),
        Column(title="Error with it removed alone", align=Align.RIGHT),
        Column(title="Error with it left in alone", align=Align.RIGHT),
    )
    return Table(title=f"Cause by cause at {size.input_text}", columns=columns, rows=tuple(rows))


def pair_table(
    comparison: Comparison, title: str, size: SizeEvidence, pairs: Iterable[PairEvidence], *, is_long: bool = False
) -> Table:
    """Both errors of every pair, what is left with all causes removed, and the pair's own noise floor."""
    titles = ("Confidence", "Propagated", "Isolated", "All removed", "Max abs", "1 − cosine", "Noise floor")
    columns = (
        *(Column(title=column_title(comparison, side), side=side) for side in Side),
        *(Column(title=name, align=Align.RIGHT) for name in titles),
        Column(title="In a word"),
    )
    left_over = dict(zip(size.pairs, residual_errors(size), strict=True))
    rows = tuple(_pair_row(pair, left_over.get(pair)) for pair in pairs)
    return Table(title=title, columns=columns, rows=rows, is_long=is_long)


def weight_table(comparison: Comparison, title: str, findings: Iterable[WeightFinding], *, is_long: bool) -> Table:
    """Stored tensors with their partners, how far apart the values are, and what was recognised."""
    columns = (
        *(Column(title=f"{column_title(comparison, side)} tensor", side=side) for side in Side),
        Column(title="Relative L2", align=Align.RIGHT),
        Column(title="What was found"),
    )
    return Table(title=title, columns=columns, rows=tuple(map(_weight_row, findings)), is_long=is_long)


def _cause_row(found: NeutralisedCause) -> tuple[str, ...]:
    alone, left_in = found.removed_alone, found.left_in_alone
    if alone is None and found.reason:
        return found.title, "cannot be removed", MISSING if left_in is None else error_text(left_in)
    return found.title, error_text(alone), error_text(left_in)


def _pair_row(pair: PairEvidence, residual: float | None) -> tuple[str, ...]:
    isolated = MISSING if pair.isolated is None else error_text(pair.isolated.relative_l2)
    floor = MISSING if pair.noise_floor is None else error_text(pair.noise_floor)
    return (
        *pair_names(pair),
        f"{pair.confidence:.2f}",
        error_text(pair.propagated.relative_l2),
        isolated,
        MISSING if residual is None else error_text(residual),
        error_text(pair.propagated.max_absolute),
        error_text(pair.propagated.cosine),
        floor,
        _word(pair),
    )


def _word(pair: PairEvidence) -> str:
    """`differs`, told apart from `differs by what comes before` where the layer itself is innocent."""
    is_victim = pair.verdict is ErrorWord.DIFFERS and pair.isolated_verdict in (ErrorWord.IDENTICAL, ErrorWord.ROUNDING)
    said = "differs by what comes before" if is_victim else str(pair.verdict)
    if pair.verdict is not ErrorWord.DIFFERS and pair.isolated_verdict is ErrorWord.DIFFERS:
        said = "differs by itself"
    count = pair.propagated.non_finite
    notes = [f"{count:,} values not finite on one side only"] if count else []
    return "; ".join([said, *notes, *filter(None, [pair.note])])


def _weight_row(found: WeightFinding) -> tuple[str, ...]:
    distance = MISSING if found.relative_l2 is None else error_text(found.relative_l2)
    note = found.note or ("equal" if found.is_equal else "the values differ")
    return found.left or MISSING, found.right or MISSING, distance, note
