"""Which layer of one network is the partner of which layer of the other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPair:
    """Two partners by path, or one layer whose other side is `None`.

    `confidence` runs from 0 to 1; `evidence` names what agrees ("kind", "output shape", "parameter shapes").
    """

    left: str | None
    right: str | None
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Every leaf layer of both networks exactly once, in execution order of both sides."""

    pairs: tuple[LayerPair, ...]
