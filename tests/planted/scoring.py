"""What a comparison said of a planted difference, held against what is right."""

from collections.abc import Sequence
from dataclasses import dataclass

from mbgui import api
from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Cause, Difference, Effect
from mbgui.domain.equivalence import LayerReference
from mbgui.domain.request import Side
from tests.planted.planted_difference import SAME, PlantedDifference, reference
from tests.planted.plants import INPUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One pair judged: what was said, and what of it is right. `invented` are causes with no reason to be there."""

    name: str
    verdict: str
    said: tuple[str, ...]
    first_divergence: LayerReference | None
    invented: tuple[Cause, ...]
    has_verdict: bool
    has_cause: bool
    has_place: bool
    duration_s: float = 0.0

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong and nothing invented."""
        return self.has_verdict and self.has_cause and self.has_place and not self.invented


def score_plant(plant: PlantedDifference, threads: int = 1) -> Score:
    """Compare the pair with a plant. Raises `MbguiError`."""
    return judged(plant, _verified(plant.reference(Side.LEFT), plant.reference(Side.RIGHT), threads))


def score_base(network: str, threads: int = 1) -> Score:
    """Compare a pair in which nothing is planted. Raises `MbguiError`."""
    base = PlantedDifference(name=f"{network} as it is", network=network, side=Side.LEFT, text="", verdicts=SAME)
    return judged(base, _verified(reference(network, Side.LEFT), reference(network, Side.RIGHT), threads))


def _verified(left: str, right: str, threads: int) -> Comparison:
    return api.compare(left, right, input_size=INPUT, latency=False, verification=True, threads=threads)


def judged(plant: PlantedDifference, comparison: Comparison) -> Score:
    """What a comparison said of a plant."""
    proof = comparison.equivalence
    first = proof.first_divergence if proof is not None else None
    inference = [found for found in comparison.differences if found.effect is Effect.INFERENCE]
    named = set(proof.causes if proof is not None else ()) | {found.cause for found in inference}
    return Score(
        name=plant.name,
        verdict=str(proof.verdict) if proof is not None else "none",
        said=_said(comparison.differences, plant),
        first_divergence=first,
        invented=tuple(sorted(named - plant.causes - plant.also)),
        has_verdict=proof is not None and proof.verdict in plant.verdicts,
        has_cause=not plant.causes or any(_is_named(found, plant) for found in comparison.differences),
        has_place=_is_place(first, plant),
    )


def _said(differences: Sequence[Difference], plant: PlantedDifference) -> tuple[str, ...]:
    """Causes with their effect: those that touch inference, and those that were planted."""
    told = [found for found in differences if found.effect is Effect.INFERENCE or found.cause in plant.causes]
    return tuple(dict.fromkeys(f"{found.cause} ({found.effect})" for found in told))


def _is_named(found: Difference, plant: PlantedDifference) -> bool:
    """Whether a difference is the planted one: cause, effect, and a layer that is guilty."""
    if found.cause not in plant.causes or found.effect is not plant.effect:
        return False
    if not found.places or not plant.left:
        return True
    return any(
        (place.left is not None and place.left in plant.left)
        or (place.right is not None and place.right in plant.right)
        for place in found.places
    )


def _is_place(first: LayerReference | None, plant: PlantedDifference) -> bool:
    if first is None:
        return not (plant.left or plant.right) or (None in plant.left and None in plant.right)
    return first.left in plant.left and first.right in plant.right
