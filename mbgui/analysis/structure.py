"""Everything that follows from two networks without running them."""

from dataclasses import dataclass

from mbgui.analysis.accounting import account_pair
from mbgui.analysis.align import align
from mbgui.analysis.differ import find_differences
from mbgui.analysis.outline import build_outline
from mbgui.analysis.padding import fold_padding
from mbgui.analysis.verdict import judge
from mbgui.domain.accounting import Accounting
from mbgui.domain.alignment import Alignment, PairCorrection
from mbgui.domain.comparison import Verdict
from mbgui.domain.difference import Difference
from mbgui.domain.network import Network
from mbgui.domain.outline import Outline


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Both networks with effective padding, their books, pairs, differences, common tree and the verdict."""

    left: Network
    right: Network
    accounting: Accounting
    alignment: Alignment
    differences: tuple[Difference, ...]
    outline: Outline
    verdict: Verdict


def compare_structure(left: Network, right: Network, corrections: tuple[PairCorrection, ...] = ()) -> Structure:
    """Account, align, explain and judge two networks; `corrections` are pairs that the user set by hand.

    The networks may come from a comparison: what this adds to them is not added again.
    """
    left, right = fold_padding(left), fold_padding(right)
    accounting = account_pair(left, right)
    alignment = align(left, right, corrections)
    differences = find_differences(left, right, accounting, alignment)
    return Structure(
        left=left,
        right=right,
        accounting=accounting,
        alignment=alignment,
        differences=differences,
        outline=build_outline(left, right, alignment, differences),
        verdict=judge(left, right, accounting, alignment, differences),
    )
