"""Layers that only one side has."""

from collections import Counter
from collections.abc import Iterator

from mbgui.analysis.activation import function_of
from mbgui.analysis.align_parts import PASSING
from mbgui.analysis.call_sides import CallSide
from mbgui.analysis.findings import Finding
from mbgui.analysis.identity import is_identity
from mbgui.analysis.layer_rules import ALONE
from mbgui.analysis.wording import MISSING, attribute_title, value_text
from mbgui.domain.attribute_names import FACTOR, OFFSET, RATE
from mbgui.domain.difference import Cause, Effect, LayerPlace
from mbgui.domain.network import Layer, LayerKind

_PREPROCESSING = frozenset({LayerKind.RESCALE, LayerKind.RESIZE})


class LoneLayers:
    """Says what each layer means that has no partner on the other side.

    `settled` are the calls that are told of elsewhere, `turning` the paths of the layers that turn maps around,
    `open_pairs` the numbers of the pairs in which the other side applies more functions. Of a network whose calls are
    not known one by one, further calls of an activation stand for as many layers of this side.
    """

    def __init__(
        self,
        side: CallSide,
        other: CallSide,
        *,
        settled: frozenset[int],
        turning: frozenset[str],
        open_pairs: frozenset[int],
    ) -> None:
        self._side = side
        self._settled = settled
        self._turning = turning
        self._further_calls = _further_calls(other)
        self._open_pairs = open_pairs

    def findings(self, call: int, cause: Cause) -> Iterator[Finding]:
        """A missing or an extra layer, as `cause` says, or what else it is where its kind or place says more."""
        layer = self._side.layer(call)
        if self._has_explanation(call, layer):
            return
        known, effect = self._meaning(call, layer, cause)
        if known is None:
            return
        if not layer.call_count and effect is Effect.INFERENCE:  # it has no part in what the network answers
            effect = Effect.TRAINING
        value, is_left = _value(layer, known), cause is Cause.MISSING_LAYER
        yield Finding(
            cause=known,
            effect=effect,
            left_value=value if is_left else MISSING,
            right_value=MISSING if is_left else value,
            place=LayerPlace(left=layer.path if is_left else None, right=None if is_left else layer.path),
        )

    def _meaning(self, call: int, layer: Layer, cause: Cause) -> tuple[Cause | None, Effect]:
        if layer.path in self._turning:
            return cause, Effect.INFERENCE
        if layer.kind in _PREPROCESSING and layer.call_count and self._is_near_the_input(call):
            return Cause.PREPROCESSING, Effect.INFERENCE
        return ALONE.get(layer.kind, (cause, Effect.INFERENCE))

    def _is_near_the_input(self, call: int) -> bool:
        """Whether nothing but passing on and rescaling lies between the network's input and a call."""
        read = self._side.calls.producers[call]
        while len(read) == 1 and self._side.layer(read[0]).kind in PASSING | _PREPROCESSING:
            read = self._side.calls.producers[read[0]]
        return not read

    def _has_explanation(self, call: int, layer: Layer) -> bool:
        if call in self._settled or layer.path in self._side.folded or is_identity(layer, self._side.graph):
            return True
        if layer.kind is not LayerKind.ACTIVATION:
            return False
        read = self._side.calls.producers[call]
        if len(read) == 1 and self._side.pair_of.get(read[0], -1) in self._open_pairs:
            return True
        return self._is_further_call(layer)

    def _is_further_call(self, layer: Layer) -> bool:
        function = function_of(layer)
        key = function.text if function is not None else ""
        if not self._further_calls[key]:
            return False
        self._further_calls[key] -= 1
        return True


def _value(layer: Layer, cause: Cause) -> str:
    if cause is Cause.DROPOUT:
        return value_text(layer.value(RATE))
    known = [
        f"{attribute_title(name)} {value_text(layer.value(name))}"
        for name in (FACTOR, OFFSET)
        if layer.attribute(name) is not None
    ]
    return f"{layer.type_name} ({', '.join(known)})" if known and cause is Cause.PREPROCESSING else layer.type_name


def _further_calls(side: CallSide) -> Counter[str]:
    """How often each activation runs beyond its first call, in layers whose calls are not known one by one."""
    calls: Counter[str] = Counter()
    if side.network.calls:
        return calls
    for layer in side.network.layers:
        function = function_of(layer)
        if layer.kind is LayerKind.ACTIVATION and layer.call_count > 1 and function is not None:
            calls[function.text] += layer.call_count - 1
    return calls
