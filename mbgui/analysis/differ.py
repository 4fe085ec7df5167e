"""Every difference between two aligned networks, with its cause, grouped where the values are the same."""

from collections.abc import Iterable, Iterator

from mbgui.analysis.call_sides import CallSide, PairedCalls, paired_sides
from mbgui.analysis.causes import CAUSE_TEXTS, EFFECT_ORDER
from mbgui.analysis.composition import Partners, partners_of
from mbgui.analysis.connections import connection_findings, nested_joins
from mbgui.analysis.findings import Finding
from mbgui.analysis.head import HeadComparison, compare_heads
from mbgui.analysis.lone_layers import LoneLayers
from mbgui.analysis.network_differences import network_differences
from mbgui.analysis.pair_differences import pair_findings
from mbgui.analysis.pooled_padding import padding_victims
from mbgui.analysis.space_turns import turning_layers
from mbgui.analysis.wording import MISSING
from mbgui.domain.accounting import Accounting
from mbgui.domain.alignment import Alignment
from mbgui.domain.difference import Cause, Difference, Effect, LayerPlace
from mbgui.domain.network import Network


def find_differences(
    left: Network, right: Network, accounting: Accounting, alignment: Alignment
) -> tuple[Difference, ...]:
    """Every difference, the gravest effect first, then the most places.

    Padding is taken as effective padding: pass networks through `padding.fold_padding` first.
    """
    left_side, right_side, pairs = paired_sides(left, right, alignment)
    heads = compare_heads(left_side, right_side)
    findings = [
        *_in_order(pairs, left_side, right_side, heads),
        *connection_findings(pairs, left_side, right_side),
        *heads.findings,
    ]
    differences = [*_grouped(dict.fromkeys(findings)), *network_differences(left, right, accounting)]
    return tuple(
        sorted(differences, key=lambda found: (EFFECT_ORDER.index(found.effect), -len(found.places), found.title))
    )


def _in_order(pairs: list[PairedCalls], left: CallSide, right: CallSide, heads: HeadComparison) -> Iterator[Finding]:
    """What differs within pairs, and what has no partner, in the order of the alignment."""
    turning = turning_layers(left), turning_layers(right)
    partners = {number: partners_of(pair, left, right) for number, pair in enumerate(pairs) if pair.is_whole}
    fewer, more = _open_pairs(partners)
    nested = nested_joins(pairs, left, right)
    padding = [padding_victims(found) for found in partners.values()]
    settled = (
        heads.left_settled.union(nested[0], (call for call, _ in padding if call is not None)),
        heads.right_settled.union(nested[1], (call for _, call in padding if call is not None)),
    )
    alone_left = LoneLayers(left, right, settled=settled[0], turning=turning[0], open_pairs=fewer)
    alone_right = LoneLayers(right, left, settled=settled[1], turning=turning[1], open_pairs=more)
    for number, pair in enumerate(pairs):
        if number in partners:
            yield from pair_findings(partners[number], is_settled=heads.settle(pair))
            yield from _turned(pair, *turning)
        else:
            yield from (found for call in pair.left for found in alone_left.findings(call, Cause.MISSING_LAYER))
            yield from (found for call in pair.right for found in alone_right.findings(call, Cause.EXTRA_LAYER))


def _open_pairs(partners: dict[int, Partners]) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the pairs in which the left side applies fewer functions, and of those in which the right does."""
    counts = {number: len(found.left.functions) - len(found.right.functions) for number, found in partners.items()}
    return (
        frozenset(number for number, count in counts.items() if count < 0),
        frozenset(number for number, count in counts.items() if count > 0),
    )


def _turned(pair: PairedCalls, left: frozenset[str], right: frozenset[str]) -> Iterator[Finding]:
    """A layer that turns maps around where its partner does not: beside it the other side has no such layer."""
    mine, other = pair.pair.left, pair.pair.right
    if (mine in left) is (other in right):
        return
    is_left = mine in left
    yield Finding(
        cause=Cause.MISSING_LAYER if is_left else Cause.EXTRA_LAYER,
        effect=Effect.INFERENCE,
        left_value=_TURN if is_left else MISSING,
        right_value=MISSING if is_left else _TURN,
        place=LayerPlace(left=mine if is_left else None, right=None if is_left else other),
    )


_TURN = "height and width swapped"


def _grouped(findings: Iterable[Finding]) -> Iterator[Difference]:
    groups: dict[tuple[Cause, Effect, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_group_key(finding), []).append(finding)
    for (cause, effect, _, _), members in groups.items():
        text = CAUSE_TEXTS[cause]
        yield Difference(
            cause=cause,
            effect=effect,
            title=text.title,
            left_value=_range_text([member.left_value for member in members]),
            right_value=_range_text([member.right_value for member in members]),
            where="1 layer" if len(members) == 1 else f"{len(members):,} layers",
            explanation=text.explanation,
            places=tuple(member.place for member in members),
        )


def _group_key(finding: Finding) -> tuple[Cause, Effect, str, str]:
    """What the findings of a group share: their values too, but for dropouts of one side, whose rates often grow."""
    left, right = finding.left_value, finding.right_value
    if finding.cause is Cause.DROPOUT and MISSING in {left, right}:
        left, right = (value if value == MISSING else "" for value in (left, right))
    return finding.cause, finding.effect, left, right


def _range_text(values: list[str]) -> str:
    """The one value of a group, or its first and its last one."""
    return values[0] if values[0] == values[-1] else f"{values[0]} to {values[-1]}"
