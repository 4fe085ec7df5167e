"""Whose weights a proof runs with: compared as they are, or moved from one side to the other."""

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mbgui.analysis.causes import CAUSE_TEXTS
from mbgui.analysis.structure import Structure
from mbgui.domain.difference import Cause, Difference, Effect, LayerPlace
from mbgui.domain.equivalence import WeightFinding
from mbgui.domain.network import Network, TensorPurpose
from mbgui.domain.proof_choices import WeightTransfer
from mbgui.domain.request import Side
from mbgui.pipeline.proof_runs import ProofRuns
from mbgui.processes.proof_messages import Calibrate, Calibrated

if TYPE_CHECKING:
    from mbgui.analysis.weight_findings import LayerWeights
    from mbgui.analysis.weight_records import WeightPlan

OTHER_SIDE = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}

_MOST_EXPLANATIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofWeights:
    """What is known of the weights: findings, differences in values, and the tensors that each of these set.

    `set_tensors` are the tensors of `patched` whose values were set to those of the other side, by cause.
    """

    findings: tuple[WeightFinding, ...]
    differences: tuple[Difference, ...]
    set_tensors: dict[Cause, tuple[str, ...]]
    patched: Side
    calibrated: bool


def settle_weights(  # noqa: PLR0913  both networks and what is to be done with their weights
    runs: ProofRuns,
    networks: dict[Side, Network],
    structure: Structure,
    *,
    transfer: WeightTransfer,
    patched: Side,
    before_calibration: Callable[[], None],
) -> ProofWeights:
    """Compare or move the weights, and have untrained ones calibrated. Raises `MbguiError` where a child fails.

    `before_calibration` is called when the weights are moved as they are.
    """
    from mbgui.analysis.weight_plan import plan_weights  # noqa: PLC0415  numpy: not at the start of the app

    plan = plan_weights(networks[Side.LEFT], networks[Side.RIGHT], structure.alignment)
    if transfer is WeightTransfer.AS_IS:
        return _as_they_are(runs, networks, plan, patched)
    from mbgui.analysis.weight_findings import moved_findings  # noqa: PLC0415

    source = Side.LEFT if transfer is WeightTransfer.LEFT_TO_RIGHT else Side.RIGHT
    _move(runs, plan, source)
    before_calibration()
    is_untrained = looks_untrained(networks[source])
    if is_untrained:
        runs.children[source].ask(Calibrate(), Calibrated)
        _move(runs, plan, source)
    findings = moved_findings(plan, lambda name: runs.read(source, name), OTHER_SIDE[source])
    return ProofWeights(findings=findings, differences=(), set_tensors={}, patched=patched, calibrated=is_untrained)


def looks_untrained(network: Network) -> bool:
    """Whether weights are as they were made: moving statistics of zeros and ones; without any, biases of zeros."""
    statistics = [tensor for tensor in network.tensors if tensor.purpose is TensorPurpose.MOVING_STATISTIC]
    if statistics:
        return all(
            tensor.statistics.std == 0 and tensor.statistics.mean == ("var" in tensor.role) for tensor in statistics
        )
    biases = [tensor for tensor in network.tensors if tensor.role in {"bias", "beta"}]
    return bool(biases) and all(tensor.statistics.std == 0 and not tensor.statistics.mean for tensor in biases)


def _move(runs: ProofRuns, plan: "WeightPlan", source: Side, only: frozenset[str] | None = None) -> tuple[str, ...]:
    """Set the tensors of the other side to what the source's tensors determine; the names of those set."""
    from mbgui.analysis.weight_moving import stream_moved  # noqa: PLC0415  numpy: not at the start of the app

    target = OTHER_SIDE[source]
    names: list[str] = []
    for name, values in stream_moved(plan, lambda name: runs.read(source, name), target):
        if only is None or name in only:
            runs.set(target, name, values)
            names.append(name)
    return tuple(names)


def _as_they_are(runs: ProofRuns, networks: dict[Side, Network], plan: "WeightPlan", patched: Side) -> ProofWeights:
    from mbgui.analysis.weight_findings import compare_weights  # noqa: PLC0415  numpy: not at the start of the app

    compared = compare_weights(plan, lambda name: runs.read(Side.LEFT, name), lambda name: runs.read(Side.RIGHT, name))
    differences = tuple(map(_difference, compared.layers))
    set_tensors = _set_differing(runs, plan, compared.findings, differences, patched)
    calibrated = not differences and looks_untrained(networks[Side.LEFT])
    if calibrated:
        runs.children[Side.LEFT].ask(Calibrate(), Calibrated)
        _move(runs, plan, Side.LEFT)
    return ProofWeights(
        findings=compared.findings,
        differences=_grouped(differences),
        set_tensors=set_tensors,
        patched=patched,
        calibrated=calibrated,
    )


def _difference(layer: "LayerWeights") -> Difference:
    text = CAUSE_TEXTS[layer.recognition.cause]
    return Difference(
        cause=layer.recognition.cause,
        effect=Effect.INFERENCE,
        title=text.title,
        left_value="its own",
        right_value="others",
        where="1 layer",
        explanation=layer.recognition.sentence or text.explanation,
        places=(LayerPlace(left=layer.left_layer or None, right=layer.right_layer or None),),
    )


def _grouped(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """One difference for all layers of a cause with the same explanation; of too many, one for the cause."""
    groups: dict[tuple[Cause, str], list[Difference]] = {}
    for difference in differences:
        groups.setdefault((difference.cause, difference.explanation), []).append(difference)
    merged: dict[Cause, list[list[Difference]]] = {}
    for (cause, _), members in groups.items():
        merged.setdefault(cause, []).append(members)
    found: list[Difference] = []
    for cause, kinds in merged.items():
        if len(kinds) > _MOST_EXPLANATIONS:
            members = [member for kind in kinds for member in kind]
            found.append(_group(members, CAUSE_TEXTS[cause].explanation))
        else:
            found += (_group(kind, kind[0].explanation) for kind in kinds)
    return tuple(found)


def _group(members: list[Difference], explanation: str) -> Difference:
    places = tuple(place for member in members for place in member.places)
    where = "1 layer" if len(places) == 1 else f"{len(places):,} layers"
    return dataclasses.replace(members[0], places=places, where=where, explanation=explanation)


def _set_differing(
    runs: ProofRuns,
    plan: "WeightPlan",
    findings: Iterable[WeightFinding],
    differences: Iterable[Difference],
    patched: Side,
) -> dict[Cause, tuple[str, ...]]:
    """Give the patched side the other side's values for the tensors that differ, to be left out unless wanted."""
    causes = {
        (place.left or "", place.right or ""): difference.cause
        for difference in differences
        for place in difference.places
    }
    names: dict[Cause, list[str]] = {}
    for finding in findings:
        cause = causes.get((finding.left_layer, finding.right_layer))
        name = finding.left if patched is Side.LEFT else finding.right
        if cause is not None and name and not finding.is_equal:
            names.setdefault(cause, []).append(name)
    wanted = frozenset(name for own in names.values() for name in own)
    done = set(_move(runs, plan, OTHER_SIDE[patched], wanted)) if wanted else set()
    return {cause: tuple(name for name in own if name in done) for cause, own in names.items()}
