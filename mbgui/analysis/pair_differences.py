"""What differs between two partners: attributes, functions, what they give."""

from collections.abc import Iterator
from itertools import zip_longest

from mbgui.analysis.activation import NO_ACTIVATION, Function, function_of, is_same_function
from mbgui.analysis.attributes import attributes_of, is_different
from mbgui.analysis.axes import other_axis
from mbgui.analysis.call_sides import CallSide
from mbgui.analysis.composition import Composition, Partners
from mbgui.analysis.findings import Finding
from mbgui.analysis.layer_rules import rules_for
from mbgui.analysis.shapes import canonical_shape, unordered_shape
from mbgui.analysis.victims import is_victim
from mbgui.analysis.wording import MISSING, attribute_title, shape_text, value_text
from mbgui.domain.attribute_names import ALIGN_CORNERS, COUNT_INCLUDE_PAD, CUBIC_COEFFICIENT, GROUPS, OUT_CHANNELS
from mbgui.domain.difference import Cause, Effect
from mbgui.domain.network import Attribute, Layer, LayerKind, TensorSpec

_NORMALIZATIONS = frozenset(
    {
        LayerKind.BATCH_NORMALIZATION,
        LayerKind.LAYER_NORMALIZATION,
        LayerKind.GROUP_NORMALIZATION,
        LayerKind.NORMALIZATION,
    }
)
_RESHAPING = frozenset({LayerKind.FLATTEN, LayerKind.RESHAPE})
_NAMED_ATTRIBUTES = frozenset({ALIGN_CORNERS, COUNT_INCLUDE_PAD, CUBIC_COEFFICIENT})
_NAMED_VALUES = frozenset({Cause.NORMALIZATION, Cause.PREPROCESSING})


def pair_findings(partners: Partners, *, is_settled: bool) -> Iterator[Finding]:
    """Everything that differs between both sides of a pair, but for functions that are `is_settled` elsewhere."""
    causes = [*_between_layers(partners)]
    if not is_settled:
        causes += _between_functions(partners)
    along = other_axis(partners)
    causes += [_finding(*along, partners)] if along is not None else []
    yield from causes
    if not causes:
        yield from _output_shapes(partners)
    yield from _output_formats(partners)


def _between_layers(partners: Partners) -> Iterator[Finding]:
    first, second = partners.left.layer, partners.right.layer
    if first is None or second is None:
        return
    if first.path in partners.left_side.folded and second.path in partners.right_side.folded:
        return
    if first.kind is not second.kind and {first.kind, second.kind} <= _NORMALIZATIONS:
        yield _finding(Cause.NORMALIZATION, first.type_name, second.type_name, partners)
    if first.attributes != second.attributes:
        yield from _between_attributes(first, second, partners)
    yield from _convolution_class(first, second, partners)


def _between_attributes(first: Layer, second: Layer, partners: Partners) -> Iterator[Finding]:
    mine, other = attributes_of(first), attributes_of(second)
    rules = rules_for(first.kind, second.kind)
    differing = {name for name, _, _ in rules if is_different(name, mine, other)}
    for name, cause, effect in rules:
        if name in differing and not is_victim(name, partners, differing):
            yield Finding(
                cause=cause,
                effect=effect,
                left_value=_attribute_text(cause, mine.get(name)),
                right_value=_attribute_text(cause, other.get(name)),
                place=partners.place,
            )


def _attribute_text(cause: Cause, attribute: Attribute | None) -> str:
    """A value as text; with its name where the cause covers several attributes."""
    if attribute is None:
        return MISSING
    value = value_text(attribute.value)
    is_named = cause in _NAMED_VALUES or attribute.name in _NAMED_ATTRIBUTES
    return f"{attribute_title(attribute.name)} {value}" if is_named else value


def _between_functions(partners: Partners) -> Iterator[Finding]:
    """Functions in order; a side with fewer of them is looked at together with what alone reads it."""
    first, second = list(partners.left.functions), list(partners.right.functions)
    first += _following(partners.left_side, partners.left) if len(first) < len(second) else []
    second += _following(partners.right_side, partners.right) if len(second) < len(first) else []
    for one, two in zip_longest(first, second):
        if one is None or two is None or not is_same_function(one, two):
            is_set_otherwise = one is not None and two is not None and one.name == two.name
            cause = Cause.ACTIVATION_PARAMETERS if is_set_otherwise else Cause.ACTIVATION
            texts = [found.text if found is not None else NO_ACTIVATION for found in (one, two)]
            yield _finding(cause, texts[0], texts[1], partners)
            return


def _following(side: CallSide, composition: Composition) -> list[Function]:
    """The function of a layer without a partner that alone reads a composition."""
    readers = side.calls.consumers[composition.calls[-1]]
    if len(readers) != 1 or readers[0] in side.pair_of or side.layer(readers[0]).kind is not LayerKind.ACTIVATION:
        return []
    function = function_of(side.layer(readers[0]))
    return [function] if function is not None else []


def _convolution_class(left: Layer, right: Layer, partners: Partners) -> Iterator[Finding]:
    if left.kind is right.kind is LayerKind.CONVOLUTION and left.type_name.lower() != right.type_name.lower():
        yield _finding(Cause.CONVOLUTION_CLASS, _class_text(left), _class_text(right), partners, Effect.NONE)


def _class_text(layer: Layer) -> str:
    groups = layer.value(GROUPS)
    if layer.type_name.startswith("Depthwise") or groups in {None, 1}:
        return layer.type_name
    return f"{layer.type_name}, groups = {'channels' if groups == layer.value(OUT_CHANNELS) else groups}"


def _output_shapes(partners: Partners) -> Iterator[Finding]:
    """The shapes of the outputs, where those of the inputs agree: else the cause lies before this pair."""
    first, second = _outputs(partners)
    if first is None or second is None or _is_reshaping(partners.left) or _sizes(first) == _sizes(second):
        return
    given, gotten = _inputs(partners)
    if _sizes(given) == _sizes(gotten):
        texts = _shape_text(first, partners.left_side), _shape_text(second, partners.right_side)
        yield _finding(Cause.OUTPUT_SHAPE, *texts, partners)


def _output_formats(partners: Partners) -> Iterator[Finding]:
    """The number formats of the outputs, where those of the inputs agree."""
    first, second = _outputs(partners)
    if first is None or second is None or first.dtype == second.dtype:
        return
    given, gotten = (spec.dtype if spec is not None else "" for spec in _inputs(partners))
    if given == gotten and "float" in first.dtype and "float" in second.dtype:  # indices of maxima are no numbers
        yield _finding(Cause.DTYPE, first.dtype, second.dtype, partners)


def _finding(
    cause: Cause, left_value: str, right_value: str, partners: Partners, effect: Effect = Effect.INFERENCE
) -> Finding:
    return Finding(cause=cause, effect=effect, left_value=left_value, right_value=right_value, place=partners.place)


def _is_reshaping(composition: Composition) -> bool:
    return composition.layer is not None and composition.layer.kind in _RESHAPING


def _outputs(partners: Partners) -> tuple[TensorSpec | None, TensorSpec | None]:
    return (
        partners.left_side.output(partners.left.calls[-1]),
        partners.right_side.output(partners.right.calls[-1]),
    )


def _inputs(partners: Partners) -> tuple[TensorSpec | None, TensorSpec | None]:
    return _input(partners.left_side, partners.left), _input(partners.right_side, partners.right)


def _input(side: CallSide, composition: Composition) -> TensorSpec | None:
    """What the first call reads; `None` where it is the network's input: not every framework has a layer for that."""
    read = side.calls.producers[composition.calls[0]]
    if not read or side.layer(read[0]).kind is LayerKind.INPUT:
        return None
    return side.output(read[0])


def _sizes(spec: TensorSpec | None) -> tuple[int, ...] | None:
    """The sizes above one without the batch and in no order: the layouts differ, and within a network may change."""
    return unordered_shape(spec.shape[1:]) if spec is not None else None


def _shape_text(spec: TensorSpec, side: CallSide) -> str:
    return shape_text(canonical_shape(spec.shape, side.network.data_layout))
