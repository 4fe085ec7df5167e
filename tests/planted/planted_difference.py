"""What was planted, and what a comparison has to say of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mbgui.domain.difference import Cause, Effect
from mbgui.domain.equivalence import EquivalenceVerdict
from mbgui.domain.request import Side
from tests.planted.layer_names import keras_name

Paths = tuple[str | None, ...]
_NETWORKS = Path(__file__).parent / "networks"
SAME = (EquivalenceVerdict.IDENTICAL, EquivalenceVerdict.EQUIVALENT)
AFTER = (EquivalenceVerdict.EQUIVALENT_AFTER,)
EITHER = (EquivalenceVerdict.EQUIVALENT_AFTER, EquivalenceVerdict.DIFFERENT)
DIFFERENT = (EquivalenceVerdict.DIFFERENT,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedDifference:
    """One change to one side of a network, and the answers that are right.

    `causes` are the words for it, any of which will do; where it is empty no cause has to be named. `also` are causes
    that may be reported besides, such as the channels behind another kernel. `effect` is what it touches. `left` and
    `right` are the paths that the first divergence may name, the best first, `None` where a side has no such layer;
    both are empty where nothing may diverge.
    """

    name: str
    network: str
    side: Side
    text: str
    causes: frozenset[Cause] = frozenset()
    also: frozenset[Cause] = frozenset()
    effect: Effect = Effect.INFERENCE
    left: Paths = ()
    right: Paths = ()
    verdicts: tuple[EquivalenceVerdict, ...] = AFTER

    @property
    def is_seen_in_outputs(self) -> bool:
        """Whether the two networks compute something else in evaluation mode."""
        return not set(SAME) & set(self.verdicts)

    def reference(self, side: Side) -> str:
        """The network of a side as a user names it."""
        return reference(self.network, side, self.name if side is self.side else "")


def reference(network: str, side: Side, plant: str = "") -> str:
    """A network of this folder as a user names it."""
    framework = "torch" if side is Side.LEFT else "keras"
    options = f"?plant={plant}" if plant else ""
    return f"{_NETWORKS / f'{network}_{framework}.py'}:net{options}"


def keras_names(*roles: str | None) -> Paths:
    """The Keras layers of some roles; `None` stays."""
    return tuple(None if role is None else keras_name(role) for role in roles)


def planted(
    network: str,
    side: Side,
    name: str,
    causes: Iterable[Cause],
    text: str,
    *roles: str,
    left: Paths | None = None,
    right: Paths | None = None,
    also: Iterable[Cause] = (),
    effect: Effect = Effect.INFERENCE,
    verdicts: tuple[EquivalenceVerdict, ...] = AFTER,
) -> PlantedDifference:
    """A planted difference at the layers of some roles; `left` and `right` where a side calls them otherwise."""
    return PlantedDifference(
        name=name,
        network=network,
        side=side,
        text=text,
        causes=frozenset(causes),
        also=frozenset(also),
        effect=effect,
        left=roles if left is None else left,
        right=keras_names(*roles) if right is None else right,
        verdicts=verdicts,
    )


def harmless(
    network: str, side: Side, name: str, causes: Iterable[Cause], text: str, *, effect: Effect = Effect.TRAINING
) -> PlantedDifference:
    """A difference that leaves every output as it is."""
    return planted(network, side, name, causes, text, effect=effect, verdicts=SAME)
