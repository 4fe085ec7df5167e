"""One difference at one place, before equal ones are grouped."""

from dataclasses import dataclass

from mbgui.domain.difference import Cause, Effect, LayerPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A cause, what it touches, both values as text, and the layers."""

    cause: Cause
    effect: Effect
    left_value: str
    right_value: str
    place: LayerPlace
