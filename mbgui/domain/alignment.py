"""Which layer of one network is the partner of which layer of the other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPair:
    """Two partners by path, or one layer whose other side is `None`.

    `left_call` and `right_call` say which run of a shared layer is meant, 0 for the first. `left_members` are the names
    of all calls on the left that together do the work of the right ones, in execution order and with the layer itself
    (`Conv2d` and `ReLU` against a `Conv2D` with `relu` in it); empty where the layer does it alone. `confidence` runs
    from 0 to 1; `evidence` names what agrees ("kind", "output shape", "parameter shapes"). `is_by_hand` marks a pair
    that the user set.
    """

    left: str | None
    right: str | None
    left_call: int = 0
    right_call: int = 0
    left_members: tuple[str, ...] = ()
    right_members: tuple[str, ...] = ()
    confidence: float
    evidence: tuple[str, ...]
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCorrection:
    """What the user says of a layer: its partner, or with one side `None` that it has none."""

    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Every call of a leaf layer of both networks exactly once, be it as a pair's layer or as one of its members."""

    pairs: tuple[LayerPair, ...]
