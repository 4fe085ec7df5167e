"""From the errors of a run to evidence in words, pair by pair."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mbgui.analysis.graph import calls_of
from mbgui.analysis.proof_points import pairs_by_end, segment
from mbgui.analysis.proof_words import Tolerances, coarse_reason, tolerances, word_of, word_of_relative
from mbgui.domain.alignment import Alignment
from mbgui.domain.difference import Difference, Effect
from mbgui.domain.equivalence import ErrorWord, LayerReference, PairEvidence
from mbgui.domain.network import LayerCall, Network
from mbgui.domain.proof_choices import Precision
from mbgui.domain.proof_plan import Checkpoint, CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pair's evidence, up to where its error is rounding, and the layers that its isolated run covers."""

    evidence: PairEvidence
    tolerance: Tolerances
    left_layers: frozenset[str]
    right_layers: frozenset[str]
    is_output: bool

    def places(self, differences: Sequence[Difference]) -> list[LayerReference]:
        """Where named differences that touch inference lie in what this pair covers."""
        return [
            LayerReference(left=place.left, right=place.right)
            for difference in differences
            if difference.effect is Effect.INFERENCE
            for place in difference.places
            if place.left in self.left_layers or place.right in self.right_layers
        ]

    @property
    def is_guilty(self) -> bool:
        """Whether the pair itself differs, whatever comes in."""
        if self.evidence.isolated_verdict is None:
            return False
        return self.evidence.isolated_verdict is ErrorWord.DIFFERS

    def reference(self, differences: Sequence[Difference]) -> LayerReference:
        """The pair, or the lone layer in what it covers that a difference names."""
        lone = [place for place in self.places(differences) if place.left is None or place.right is None]
        own = LayerReference(left=self.evidence.left, right=self.evidence.right)
        return own if own in self.places(differences) or not lone else lone[0]


class Judge:
    """Turns results into evidence in the order in which they come."""

    def __init__(
        self,
        left: Network,
        right: Network,
        alignment: Alignment,
        checkpoints: Sequence[Checkpoint],
        precision: Precision,
    ) -> None:
        self._networks = left, right
        self._precision = precision
        self._pairs = pairs_by_end(alignment)
        self._calls = _calls_by_name(left), _calls_by_name(right)
        self._layers = tuple({layer.path: layer for layer in network.layers} for network in (left, right))
        self._ends = (
            frozenset(checkpoint.left for checkpoint in checkpoints),
            frozenset(checkpoint.right for checkpoint in checkpoints),
        )
        self._outputs = left.output_calls[:1], right.output_calls[:1]
        self._was_coarse = False

    def judge(self, result: CheckResult, noise_floor: float | None) -> Judged:
        """The evidence of one result."""
        covered = tuple(self._covered(side, call) for side, call in enumerate((result.left, result.right)))
        reason = next(filter(None, (self._reason(side, layers) for side, layers in enumerate(covered))), "")
        self._was_coarse |= bool(reason)
        allowed = tolerances(noise_floor, self._precision, is_coarse=bool(reason), was_coarse=self._was_coarse)
        isolated = word_of(result.isolated, allowed.isolated)
        is_explained = bool(reason) and isolated is ErrorWord.ROUNDING
        mine, other = self._calls[0][result.left], self._calls[1][result.right]
        pair = self._pairs.get((result.left, result.right))
        evidence = PairEvidence(
            left=pair.left or mine.layer if pair else mine.layer,
            right=pair.right or other.layer if pair else other.layer,
            left_call=pair.left_call if pair else mine.index,
            right_call=pair.right_call if pair else other.index,
            confidence=pair.confidence if pair else 0.0,
            propagated=result.propagated,
            isolated=result.isolated,
            noise_floor=noise_floor,
            verdict=word_of(result.propagated, allowed.propagated) or ErrorWord.DIFFERS,
            isolated_verdict=isolated,
            note=f"{reason}." if is_explained else "",
        )
        return Judged(
            evidence=evidence,
            tolerance=allowed,
            left_layers=covered[0],
            right_layers=covered[1],
            is_output=((result.left,), (result.right,)) == self._outputs,
        )

    def _covered(self, side: int, call: str) -> frozenset[str]:
        cuts = self._ends[side] - {call}
        names = segment(call, self._calls[side], cuts)
        return frozenset(self._calls[side][name].layer for name in names if name in self._calls[side])

    def _reason(self, side: int, layers: frozenset[str]) -> str:
        framework = self._networks[side].framework
        found = (self._layers[side].get(path) for path in sorted(layers))
        reasons = (coarse_reason(layer, framework) for layer in found if layer is not None)
        return next(filter(None, reasons), "")


def _calls_by_name(network: Network) -> dict[str, LayerCall]:
    return {call.name: call for call in calls_of(network)}


def settle(judged: Sequence[Judged]) -> list[Judged]:
    """Once all is known: behind a guilty pair an error is no rounding of coarse layers, however small."""
    found: list[Judged] = []
    was_guilty = False
    for item in judged:
        was_guilty |= item.is_guilty
        if was_guilty and item.tolerance.propagated > item.tolerance.isolated:
            word = word_of(item.evidence.propagated, item.tolerance.isolated) or ErrorWord.DIFFERS
            found.append(replace(item, evidence=replace(item.evidence, verdict=word)))
        else:
            found.append(item)
    return found


def first_off(judged: Sequence[Judged], errors: Sequence[float | None]) -> Judged | None:
    """The first pair whose error in a run is more than rounding."""
    for item, error in zip(judged, errors, strict=True):
        if word_of_relative(error, item.tolerance.propagated) is ErrorWord.DIFFERS:
            return item
    return None
