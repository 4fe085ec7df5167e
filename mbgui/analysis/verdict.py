"""The answer in words: how far two networks agree, judged from their structure."""

from collections.abc import Iterable

from mbgui.analysis.accounting import parameter_count
from mbgui.analysis.align import pair_counts
from mbgui.analysis.wording import count_text
from mbgui.domain.accounting import Accounting
from mbgui.domain.alignment import Alignment
from mbgui.domain.comparison import Agreement, Verdict
from mbgui.domain.difference import Cause, Difference, Effect
from mbgui.domain.network import Network

_STRUCTURAL = frozenset(
    {
        Cause.MISSING_LAYER,
        Cause.EXTRA_LAYER,
        Cause.CHANNELS,
        Cause.CONNECTION,
        Cause.KERNEL_SIZE,
        Cause.STRIDE,
        Cause.DILATION,
        Cause.GROUPS,
        Cause.BIAS,
        Cause.OUTPUT_SHAPE,
    }
)
"""Causes that make another network of it, rather than another setting of the same one."""

FROM_STRUCTURE_ALONE = "Judged from structure: weights and outputs were not compared."
"""A detail of every verdict on structure; not true any more where there is a proof beside it."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def judge(
    left: Network,
    right: Network,
    accounting: Accounting,
    alignment: Alignment,
    differences: tuple[Difference, ...],
) -> Verdict:
    """One sentence on how far both networks agree, and what it rests on."""
    touching = [difference for difference in differences if difference.effect is Effect.INFERENCE]
    structural = [difference for difference in touching if difference.cause in _STRUCTURAL]
    is_equal_in_size = parameter_count(accounting.left) == parameter_count(accounting.right)
    details = (_pairing_sentence(alignment), _parameter_sentence(accounting), *_notes(left, right))
    if structural or not is_equal_in_size:
        return Verdict(agreement=Agreement.DIFFERENT, headline=_different(structural, accounting), details=details)
    if touching:
        return Verdict(agreement=Agreement.SAME_LAYERS, headline=_same_layers(touching), details=details)
    headline = "The same structure: nothing was found that changes what the networks compute from equal weights"
    limit = ", but not everything could be read." if left.notes or right.notes else "."
    return Verdict(agreement=Agreement.SAME_STRUCTURE, headline=headline + limit, details=details)


def _same_layers(touching: list[Difference]) -> str:
    count = _number_word(len(touching))
    noun, verb = ("difference", "touches") if len(touching) == 1 else ("differences", "touch")
    return f"The same layers and learnable parameters; {count} {noun} {verb} inference: {_titles(touching)}."


def _different(structural: list[Difference], accounting: Accounting) -> str:
    if structural:
        return f"Different networks: {_titles(structural)}."
    left, right = (count_text(parameter_count(books)) for books in (accounting.left, accounting.right))
    return f"Different networks: {left} against {right} parameters."


def _titles(differences: Iterable[Difference]) -> str:
    titles = dict.fromkeys(difference.title for difference in differences)
    return ", ".join(title if title.startswith("BatchNorm") else title[0].lower() + title[1:] for title in titles)


def _number_word(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _pairing_sentence(alignment: Alignment) -> str:
    pairs, left_only, right_only = pair_counts(alignment)
    return (
        f"{count_text(pairs)} pairs of layers, {count_text(left_only)} only left, {count_text(right_only)} only right."
    )


def _parameter_sentence(accounting: Accounting) -> str:
    left, right = accounting.left, accounting.right
    gap = right.framework_parameter_count - left.framework_parameter_count
    if not gap:
        return f"Both frameworks count {count_text(left.framework_parameter_count)} parameters."
    share = gap / left.framework_parameter_count * 100 if left.framework_parameter_count else 0.0
    return (
        f"The frameworks count {count_text(left.framework_parameter_count)} and "
        f"{count_text(right.framework_parameter_count)} parameters ({gap:+,}, {share:+.2f} % of the left total); "
        f"learnable are {count_text(left.learnable_count)} and {count_text(right.learnable_count)}."
    )


def _notes(left: Network, right: Network) -> tuple[str, ...]:
    return (
        FROM_STRUCTURE_ALONE,
        *(f"Left: {note}" for note in left.notes),
        *(f"Right: {note}" for note in right.notes),
    )
