"""Which attributes of two partners are compared for each kind of layer, and what a difference in them means."""

from mbgui.domain import attribute_names as names
from mbgui.domain.difference import Cause, Effect
from mbgui.domain.network import LayerKind

Rule = tuple[str, Cause, Effect]
"""Name of the attribute, the cause where it differs, and what that touches."""

_CONVOLUTION: tuple[Rule, ...] = (
    (names.KERNEL_SIZE, Cause.KERNEL_SIZE, Effect.INFERENCE),
    (names.STRIDES, Cause.STRIDE, Effect.INFERENCE),
    (names.DILATION, Cause.DILATION, Effect.INFERENCE),
    (names.GROUPS, Cause.GROUPS, Effect.INFERENCE),
    (names.IN_CHANNELS, Cause.CHANNELS, Effect.INFERENCE),
    (names.OUT_CHANNELS, Cause.CHANNELS, Effect.INFERENCE),
    (names.PADDING, Cause.PADDING, Effect.INFERENCE),
    (names.PADDING_MODE, Cause.PADDING, Effect.INFERENCE),
    (names.USE_BIAS, Cause.BIAS, Effect.INFERENCE),
)
_DENSE: tuple[Rule, ...] = (
    (names.IN_CHANNELS, Cause.CHANNELS, Effect.INFERENCE),
    (names.OUT_CHANNELS, Cause.CHANNELS, Effect.INFERENCE),
    (names.USE_BIAS, Cause.BIAS, Effect.INFERENCE),
)
_NORMALIZATION: tuple[Rule, ...] = (
    (names.EPSILON, Cause.NORMALIZATION, Effect.INFERENCE),
    (names.GROUPS, Cause.NORMALIZATION, Effect.INFERENCE),
    (names.SCALE, Cause.NORMALIZATION, Effect.INFERENCE),
    (names.CENTER, Cause.NORMALIZATION, Effect.INFERENCE),
)

_POOLED: tuple[Rule, ...] = ((names.POOLING, Cause.POOLING, Effect.INFERENCE),)
_POOLING_ALIKE = frozenset({LayerKind.POOLING, LayerKind.GLOBAL_POOLING, LayerKind.OTHER})
"""A mean over other axes than those of a map is an operation without a kind of its own."""

RULES: dict[LayerKind, tuple[Rule, ...]] = {
    LayerKind.CONVOLUTION: _CONVOLUTION,
    LayerKind.TRANSPOSED_CONVOLUTION: _CONVOLUTION,
    LayerKind.SEPARABLE_CONVOLUTION: _CONVOLUTION,
    LayerKind.DENSE: _DENSE,
    LayerKind.EMBEDDING: _DENSE,
    LayerKind.RECURRENT: _DENSE,
    LayerKind.ATTENTION: (
        (names.HEADS, Cause.CHANNELS, Effect.INFERENCE),
        *_DENSE,
        (names.RATE, Cause.DROPOUT, Effect.TRAINING),
    ),
    LayerKind.BATCH_NORMALIZATION: (
        (names.EPSILON, Cause.BATCHNORM_EPSILON, Effect.INFERENCE),
        (names.BATCH_STATISTICS, Cause.NORMALIZATION, Effect.INFERENCE),
        (names.SCALE, Cause.NORMALIZATION, Effect.INFERENCE),
        (names.CENTER, Cause.NORMALIZATION, Effect.INFERENCE),
        (names.MOMENTUM, Cause.BATCHNORM_MOMENTUM, Effect.TRAINING),
        (names.VARIANCE_ESTIMATE, Cause.BATCHNORM_VARIANCE, Effect.TRAINING),
    ),
    LayerKind.LAYER_NORMALIZATION: _NORMALIZATION,
    LayerKind.GROUP_NORMALIZATION: _NORMALIZATION,
    LayerKind.NORMALIZATION: _NORMALIZATION,
    LayerKind.POOLING: (
        (names.POOLING, Cause.POOLING, Effect.INFERENCE),
        (names.KERNEL_SIZE, Cause.KERNEL_SIZE, Effect.INFERENCE),
        (names.STRIDES, Cause.STRIDE, Effect.INFERENCE),
        (names.PADDING, Cause.PADDING, Effect.INFERENCE),
        (names.COUNT_INCLUDE_PAD, Cause.POOLING, Effect.INFERENCE),
    ),
    LayerKind.GLOBAL_POOLING: _POOLED,
    LayerKind.OTHER: _POOLED,
    LayerKind.PADDING: (
        (names.PADDING, Cause.PADDING, Effect.INFERENCE),
        (names.PADDING_MODE, Cause.PADDING, Effect.INFERENCE),
    ),
    LayerKind.DROPOUT: (
        (names.RATE, Cause.DROPOUT, Effect.TRAINING),
        (names.NOISE_SHAPE, Cause.DROPOUT, Effect.TRAINING),
    ),
    LayerKind.RESCALE: (
        (names.FACTOR, Cause.PREPROCESSING, Effect.INFERENCE),
        (names.OFFSET, Cause.PREPROCESSING, Effect.INFERENCE),
    ),
    LayerKind.RESIZE: (
        (names.INTERPOLATION, Cause.INTERPOLATION, Effect.INFERENCE),
        (names.ALIGN_CORNERS, Cause.INTERPOLATION, Effect.INFERENCE),
        (names.CUBIC_COEFFICIENT, Cause.INTERPOLATION, Effect.INFERENCE),
    ),
}

_FULLY_CONNECTED = frozenset({LayerKind.DENSE, LayerKind.CONVOLUTION})
"""A 1×1 convolution is a dense layer at every position."""
_SPLIT = frozenset({LayerKind.CONVOLUTION, LayerKind.SEPARABLE_CONVOLUTION})


def rules_for(left: LayerKind, right: LayerKind) -> tuple[Rule, ...]:
    """The rules for two partners: those of their kind, or what two kinds have in common."""
    kinds = {left, right}
    if left is right:
        return RULES.get(left, ())
    if kinds == _FULLY_CONNECTED:
        return _DENSE
    if kinds == _SPLIT:
        return _CONVOLUTION
    return _POOLED if kinds <= _POOLING_ALIKE else ()


ALONE: dict[LayerKind, tuple[Cause | None, Effect]] = {
    LayerKind.INPUT: (None, Effect.NONE),
    LayerKind.IDENTITY: (None, Effect.NONE),
    LayerKind.FLATTEN: (None, Effect.NONE),
    LayerKind.RESHAPE: (None, Effect.NONE),
    LayerKind.DROPOUT: (Cause.DROPOUT, Effect.TRAINING),
}
"""What a layer without a partner means; any other kind is a missing or extra layer that touches inference."""
