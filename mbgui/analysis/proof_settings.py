"""How each cause is evened out while the networks run: settings of calls, by side.

Where one side is PyTorch, its calls take the other side's attributes; a layer that only one side has is skipped there.
Nothing of either model is changed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from mbgui.analysis.graph import calls_of
from mbgui.analysis.proof_points import pairs_by_end
from mbgui.analysis.structure import Structure
from mbgui.domain import attribute_names as names
from mbgui.domain.alignment import LayerPair
from mbgui.domain.difference import Cause, Difference, Effect, LayerPlace
from mbgui.domain.framework import Framework
from mbgui.domain.network import AttributeValue, Layer, LayerKind, Network, call_name
from mbgui.domain.proof_plan import AFTER, READS, SKIP, CallSetting
from mbgui.domain.request import Side

_FUNCTION = (names.ACTIVATION, names.MAX_VALUE, names.MIN_VALUE, names.NEGATIVE_SLOPE, names.ALPHA)
_NO_ACTIVATION = "linear"
_ATTRIBUTES: dict[Cause, tuple[str, ...]] = {
    Cause.BATCHNORM_EPSILON: (names.EPSILON,),
    Cause.NORMALIZATION: (names.EPSILON, names.BATCH_STATISTICS),
    Cause.STRIDE: (names.STRIDES,),
    Cause.DILATION: (names.DILATION,),
    Cause.POOLING: (names.POOLING, names.COUNT_INCLUDE_PAD, names.KERNEL_SIZE),
    Cause.KERNEL_SIZE: (names.KERNEL_SIZE,),
    Cause.INTERPOLATION: (names.INTERPOLATION, names.ALIGN_CORNERS),
    Cause.PREPROCESSING: (names.FACTOR, names.OFFSET),
}
"""Causes that are gone as soon as the patched layer has the other layer's values of these attributes."""
_REASONS: dict[Cause, str] = {
    Cause.CHANNELS: "layers of another width hold other weights",
    Cause.GROUPS: "other groups need weights of another shape",
    Cause.KERNEL_SIZE: "another kernel needs weights of another shape",
    Cause.DTYPE: "the number format belongs to the layer",
    Cause.OUTPUT_SHAPE: "what makes the shapes differ is not known",
}
_NOT_KNOWN = "there is no way to switch this off"


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseSettings:
    """What evens a cause out; `reason` says why nothing does, "" otherwise."""

    cause: Cause
    title: str
    settings: Mapping[Side, tuple[CallSetting, ...]] = field(default_factory=dict)
    reason: str = ""


def cause_settings(left: Network, right: Network, structure: Structure) -> tuple[CauseSettings, ...]:
    """The settings for every cause that touches inference, in the order of the closed list.

    `left` and `right` are the networks as they were read, `structure` knows them with their padding folded.
    """
    touching = [found for found in structure.differences if found.effect is Effect.INFERENCE]
    maker = _SettingsMaker(left, right, structure)
    return tuple(
        maker.settings(cause, [found for found in touching if found.cause is cause])
        for cause in Cause
        if any(found.cause is cause for found in touching)
    )


def patched_side(left: Network, right: Network) -> Side:
    """The side whose calls take the other's attributes: PyTorch's where there is one, else the left one."""
    is_right = left.framework is not Framework.PYTORCH and right.framework is Framework.PYTORCH
    return Side.RIGHT if is_right else Side.LEFT


class _UnableError(Exception):
    """Why a cause cannot be switched off."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """The patched side's layer and its partner, with folded padding, and the pair they are."""

    own: Layer
    other: Layer
    pair: LayerPair | None


class _SettingsMaker:
    def __init__(self, left: Network, right: Network, structure: Structure) -> None:
        self._raw = {Side.LEFT: left, Side.RIGHT: right}
        folded = {Side.LEFT: structure.left, Side.RIGHT: structure.right}
        self._layers = {side: {layer.path: layer for layer in network.layers} for side, network in folded.items()}
        self._raw_layers = {
            side: {layer.path: layer for layer in network.layers} for side, network in self._raw.items()
        }
        self._calls: dict[Side, dict[str, list[str]]] = {side: {} for side in Side}
        self._call_records = {side: {call.name: call for call in calls_of(self._raw[side])} for side in Side}
        self._readers: dict[Side, dict[str, list[str]]] = {side: {} for side in Side}
        for side, records in self._call_records.items():
            for call in records.values():
                self._calls[side].setdefault(call.layer, []).append(call.name)
                for read in call.inputs:
                    self._readers[side].setdefault(read, []).append(call.layer)
        self._patched = patched_side(left, right)
        self._unpatched = Side.LEFT if self._patched is Side.RIGHT else Side.RIGHT
        self._ends = tuple(pairs_by_end(structure.alignment))
        self._pairs = {(pair.left, pair.right): pair for pair in structure.alignment.pairs}

    def settings(self, cause: Cause, differences: list[Difference]) -> CauseSettings:
        """What evens out all differences of one cause."""
        title = differences[0].title
        try:
            found = [setting for difference in differences for setting in self._of_difference(cause, difference)]
        except _UnableError as error:
            return CauseSettings(cause=cause, title=title, reason=str(error))
        by_side = {side: tuple(setting for at, setting in found if at is side) for side in Side}
        if not any(by_side.values()):
            return CauseSettings(cause=cause, title=title, reason=_REASONS.get(cause, _NOT_KNOWN))
        return CauseSettings(cause=cause, title=title, settings=by_side)

    def _of_difference(self, cause: Cause, difference: Difference) -> Iterator[tuple[Side, CallSetting]]:
        if not difference.places:
            raise _UnableError(_REASONS.get(cause, _NOT_KNOWN))
        for place in difference.places:
            lone = self._lone_head(place) if cause is Cause.HEAD_ACTIVATION else None
            if lone is not None:
                for call in self._calls[self._unpatched].get(lone.path, ()):
                    yield self._unpatched, CallSetting(call=call, name=SKIP, value=True)
            elif place.left is None or place.right is None:
                yield from self._skipped(place)
            elif cause is Cause.BIAS:
                yield from self._without_bias(place)
            else:
                yield from ((self._patched, setting) for setting in self._at(cause, place))

    def _without_bias(self, place: LayerPlace) -> Iterator[tuple[Side, CallSetting]]:
        """No bias on the side that has one."""
        for side, path in ((Side.LEFT, place.left), (Side.RIGHT, place.right)):
            layer = self._layers[side].get(path or "")
            if layer is not None and layer.value(names.USE_BIAS) is True:
                for call in self._calls[side].get(layer.path, ()):
                    yield side, CallSetting(call=call, name=names.USE_BIAS, value=False)

    def _skipped(self, place: LayerPlace) -> Iterator[tuple[Side, CallSetting]]:
        side = Side.LEFT if place.left is not None else Side.RIGHT
        path = place.left if place.left is not None else place.right
        layer = self._layers[side].get(path or "")
        if layer is None or not self._keeps_shape(side, layer):
            raise _UnableError("a layer that changes the shape cannot be skipped")
        yield from ((side, CallSetting(call=call, name=SKIP, value=True)) for call in self._calls[side][layer.path])

    def _keeps_shape(self, side: Side, layer: Layer) -> bool:
        """Whether what the layer reads can take the place of what it gives."""
        calls = self._call_records[side]
        for name in self._calls[side].get(layer.path, ()):
            call = calls[name]
            source = calls.get(call.inputs[0]) if call.inputs else None
            if source is None or not source.outputs or not call.outputs or source.outputs[0] != call.outputs[0]:
                return False
        return bool(self._calls[side].get(layer.path))

    def _at(self, cause: Cause, place: LayerPlace) -> Iterator[CallSetting]:
        own = place.left if self._patched is Side.LEFT else place.right
        other = place.right if self._patched is Side.LEFT else place.left
        sides = _Sides(
            self._layers[self._patched][own or ""],
            self._layers[self._unpatched][other or ""],
            self._pairs.get((place.left, place.right)),
        )
        special = _SPECIAL.get(cause)
        if special is not None:
            yield from special(self, sides)
        elif cause in _ATTRIBUTES and not (cause is Cause.KERNEL_SIZE and sides.own.kind is not LayerKind.POOLING):
            yield from self._attributes(_ATTRIBUTES[cause], sides)
        else:
            raise _UnableError(_REASONS.get(cause, _NOT_KNOWN))

    def _attributes(self, wanted: tuple[str, ...], sides: _Sides) -> Iterator[CallSetting]:
        for name in wanted:
            mine, theirs = sides.own.value(name), sides.other.value(name)
            if theirs is not None and mine != theirs:
                yield from self._set(sides.own, name, theirs)

    def _set(self, layer: Layer, name: str, value: AttributeValue) -> Iterator[CallSetting]:
        for call in self._calls[self._patched].get(layer.path, ()):
            yield CallSetting(call=call, name=name, value=value)

    def padding(self, sides: _Sides) -> Iterator[CallSetting]:
        """The other side's effective padding, less what a padding layer before the own layer adds."""
        mode, other_mode = sides.own.value(names.PADDING_MODE), sides.other.value(names.PADDING_MODE)
        if {mode, other_mode} - {None, "zeros"} or sides.own.kind is LayerKind.TRANSPOSED_CONVOLUTION:
            raise _UnableError("padding other than by zeros is not set while the network runs")
        raw = self._raw_layers[self._patched][sides.own.path].value(names.PADDING)
        folded, wanted = sides.own.value(names.PADDING), sides.other.value(names.PADDING)
        if not (isinstance(raw, tuple) and isinstance(folded, tuple) and isinstance(wanted, tuple)):
            raise _UnableError(_NOT_KNOWN)
        value = tuple(side - (all_ - own) for side, all_, own in zip(wanted, folded, raw, strict=True))
        yield from self._set(sides.own, names.PADDING, value)
        if sides.own.kind is LayerKind.POOLING:
            yield from self._attributes((names.COUNT_INCLUDE_PAD,), sides)

    def activation(self, sides: _Sides) -> Iterator[CallSetting]:
        """The other side's function in place of the own one, be it a layer, fused, or missing."""
        wanted = self._function(sides, self._unpatched)
        own_layer = self._activation_layer(sides, self._patched)
        yield from self._with_function(sides, own_layer, wanted)

    def head(self, sides: _Sides) -> Iterator[CallSetting]:
        """The function behind the last weighted layer."""
        wanted = _function_of(self._last_activation(self._unpatched) or sides.other)
        yield from self._with_function(sides, self._last_activation(self._patched), wanted)

    def _with_function(
        self, sides: _Sides, own_layer: Layer | None, wanted: dict[str, AttributeValue] | None
    ) -> Iterator[CallSetting]:
        """A function in a layer of its own, in place of a fused one, or behind a layer that has none."""
        if own_layer is not None:
            values = {names.ACTIVATION: _NO_ACTIVATION} if wanted is None else wanted
            for name in _FUNCTION:
                yield from self._set(own_layer, name, values.get(name))
        elif sides.own.value(names.ACTIVATION) not in {None, _NO_ACTIVATION}:
            for name, value in (wanted or {names.ACTIVATION: _NO_ACTIVATION}).items():
                yield from self._set(sides.own, name, value)
        elif wanted is not None:
            for name, value in wanted.items():
                yield from self._set(sides.own, AFTER + name, value)

    def _lone_head(self, place: LayerPlace) -> Layer | None:
        """The head's activation as a layer of its own on the other side, where the patched side has none at all.

        It is skipped: a function put behind the patched layer would stand before the layers in between.
        """
        own = self._layers[self._patched].get((place.left if self._patched is Side.LEFT else place.right) or "")
        if own is None or own.value(names.ACTIVATION) not in {None, _NO_ACTIVATION}:
            return None
        return None if self._last_activation(self._patched) is not None else self._last_activation(self._unpatched)

    def connection(self, sides: _Sides) -> Iterator[CallSetting]:
        """Read what the partners of the other side's inputs give."""
        if sides.pair is None:
            raise _UnableError(_NOT_KNOWN)
        pair = sides.pair
        names_of_calls = call_name(pair.left or "", pair.left_call), call_name(pair.right or "", pair.right_call)
        own_call, other_call = self._own_first(names_of_calls)
        partners = {theirs: mine for mine, theirs in map(self._own_first, self._ends)}
        own = self._call_records[self._patched][own_call]
        theirs = self._call_records[self._unpatched][other_call]
        wanted = [partners.get(name) for name in theirs.inputs]
        if None in wanted or len(wanted) != len(own.inputs):
            raise _UnableError("the layers read another number of tensors")
        missing = [name for name in own.inputs if name not in wanted]
        extra = [name for name in wanted if name is not None and name not in own.inputs]
        if not missing or len(missing) != len(extra):
            raise _UnableError("the order of inputs is not changed while the network runs")
        lines = "\n".join(f"{old}={new}" for old, new in zip(missing, extra, strict=True))
        yield CallSetting(call=own_call, name=READS, value=lines)

    def _own_first(self, left_and_right: tuple[str, str]) -> tuple[str, str]:
        """The patched side's of two calls, then the other one's."""
        left, right = left_and_right
        return (left, right) if self._patched is Side.LEFT else (right, left)

    def _function(self, sides: _Sides, side: Side) -> dict[str, AttributeValue] | None:
        """The activation a pair has on a side, with its bounds; `None` for none."""
        own = self._activation_layer(sides, side)
        layer = own or (sides.own if side is self._patched else sides.other)
        return _function_of(layer)

    def _activation_layer(self, sides: _Sides, side: Side) -> Layer | None:
        """The layer of its own that applies a pair's function on a side."""
        layer = sides.own if side is self._patched else sides.other
        if layer.kind is LayerKind.ACTIVATION:
            return layer
        members = () if sides.pair is None else _members(sides.pair, side)
        found = (self._layer_of(side, member) for member in members)
        activations = [member for member in found if member is not None and member.kind is LayerKind.ACTIVATION]
        if activations:
            return activations[-1]
        readers = [reader for name in self._calls[side][layer.path] for reader in self._readers[side].get(name, ())]
        reader = self._layers[side].get(readers[0]) if len(readers) == 1 else None
        return reader if reader is not None and reader.kind is LayerKind.ACTIVATION else None

    def _last_activation(self, side: Side) -> Layer | None:
        outputs = self._raw[side].output_calls
        layer = self._layer_of(side, outputs[0]) if outputs else None
        return layer if layer is not None and layer.kind is LayerKind.ACTIVATION else None

    def _layer_of(self, side: Side, call: str) -> Layer | None:
        record = self._call_records[side].get(call)
        return None if record is None else self._layers[side].get(record.layer)


def _members(pair: LayerPair, side: Side) -> tuple[str, ...]:
    return pair.left_members if side is Side.LEFT else pair.right_members


def _function_of(layer: Layer) -> dict[str, AttributeValue] | None:
    function = layer.value(names.ACTIVATION)
    if function in {None, _NO_ACTIVATION}:
        return None
    return {name: layer.value(name) for name in _FUNCTION if layer.value(name) is not None}


_Special = Callable[[_SettingsMaker, _Sides], Iterator[CallSetting]]
_SPECIAL: dict[Cause, _Special] = {
    Cause.PADDING: _SettingsMaker.padding,
    Cause.ACTIVATION: _SettingsMaker.activation,
    Cause.ACTIVATION_PARAMETERS: _SettingsMaker.activation,
    Cause.HEAD_ACTIVATION: _SettingsMaker.head,
    Cause.CONNECTION: _SettingsMaker.connection,
}
