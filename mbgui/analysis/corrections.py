"""Pairs that the user set by hand: put together, and what a comparison becomes with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mbgui.analysis.structure import compare_structure
from mbgui.domain.alignment import Alignment, PairCorrection
from mbgui.domain.comparison import Comparison
from mbgui.domain.network import Layer, LayerKind
from mbgui.domain.request import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerChoice:
    """A layer of the other side that may be chosen as a partner; `is_free` says that it has none yet."""

    layer: Layer
    is_free: bool


def with_corrections(known: Sequence[PairCorrection], added: Sequence[PairCorrection]) -> tuple[PairCorrection, ...]:
    """The corrections in the order in which they were made; one that names a layer anew takes back the earlier one."""
    left = {correction.left for correction in added} - {None}
    right = {correction.right for correction in added} - {None}
    kept = [correction for correction in known if correction.left not in left and correction.right not in right]
    return (*kept, *added)


def corrected_comparison(comparison: Comparison, corrections: tuple[PairCorrection, ...]) -> Comparison:
    """The comparison with these pairs in place of those it had; the proof stays only where the pairs do.

    Latency has nothing to do with pairs and stays.
    """
    found = compare_structure(comparison.left, comparison.right, corrections)
    is_same = _partners(found.alignment) == _partners(comparison.alignment)
    return replace(
        comparison,
        request=replace(comparison.request, corrections=corrections),
        accounting=found.accounting,
        alignment=found.alignment,
        outline=found.outline,
        differences=found.differences,
        verdict=found.verdict,
        equivalence=comparison.equivalence if is_same else None,
    )


def partner_choices(comparison: Comparison, side: Side) -> tuple[PartnerChoice, ...]:
    """The layers of a side that compute, those without a partner first."""
    paired = {
        name
        for pair in comparison.alignment.pairs
        if pair.left is not None and pair.right is not None
        for name in ((pair.left, *pair.left_members) if side is Side.LEFT else (pair.right, *pair.right_members))
    }
    choices = [
        PartnerChoice(layer=layer, is_free=layer.path not in paired)
        for layer in comparison.network(side).layers
        if layer.kind is not LayerKind.CONTAINER
    ]
    return (*(one for one in choices if one.is_free), *(one for one in choices if not one.is_free))


def _partners(alignment: Alignment) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (pair.left, pair.left_call, pair.right, pair.right_call, pair.left_members, pair.right_members)
        for pair in alignment.pairs
    )
