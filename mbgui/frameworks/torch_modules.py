"""What PyTorch's modules do: kind and attributes by class."""

from collections.abc import Callable
from functools import cache
from typing import Any

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.conv import _ConvNd
from torch.nn.modules.instancenorm import _InstanceNorm

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.layer_traits import LayerTraits, same_paddings, traits
from mbgui.frameworks.torch_activations import activation_module, clipped_module, gelu_module, softmax_module
from mbgui.frameworks.torch_pooling import (
    adaptive_pooling_module,
    both_sides,
    padding_module,
    pooling_module,
    removed_sides,
    resizing,
)
from mbgui.frameworks.torch_spelling import spelled
from mbgui.frameworks.torch_stand_ins import StandIn


def is_atomic(module: nn.Module) -> bool:
    """Whether a module is one layer whatever it runs inside: PyTorch's own, without children that count."""
    if isinstance(module, StandIn):
        return module.class_name in (*_layer_classes(), "StochasticDepth") and (
            module.class_name in _WITH_CHILDREN or _is_childless(module)
        )
    if isinstance(module, nn.MultiheadAttention):
        return True
    return describer_of(module) is not None or (
        type(module).__module__.startswith("torch.nn.") and _is_childless(module)
    )


def describe_module(module: nn.Module, input_shape: tuple[int, ...]) -> LayerTraits:
    """Kind and attributes of a module that got an input of `input_shape` (empty if unknown)."""
    describer = describer_of(module)
    return describer(module, input_shape) if describer is not None else traits(LayerKind.OTHER, {})


def kind_of_class(name: str) -> LayerKind | None:
    """What a layer of a class does, known by the class's name alone, where its operations would tell less."""
    if name == "StochasticDepth":
        return LayerKind.DROPOUT
    found = _layer_classes().get(name)
    bases = found.__mro__ if found is not None else ()
    return next((_KINDS[base] for base in bases if base in _KINDS), None)


@cache
def _layer_classes() -> dict[str, type[nn.Module]]:
    """Every class of PyTorch's or torchvision's own that is one layer, by name."""
    own = {name: found for name, found in vars(nn).items() if isinstance(found, type) and issubclass(found, nn.Module)}
    waiting, found = list(DESCRIBERS), dict(own)
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.__name__, kind)
        waiting += kind.__subclasses__()
    return {name: kind for name, kind in found.items() if kind not in _CONTAINERS}


def describer_of(module: nn.Module) -> Callable[[Any, tuple[int, ...]], LayerTraits] | None:
    """The function that describes modules of this class or of the nearest class it derives from."""
    if _is_stochastic_depth(type(module)):
        return _stochastic_depth
    return next((DESCRIBERS[base] for base in type(module).__mro__ if base in DESCRIBERS), None)


def _is_stochastic_depth(kind: type) -> bool:
    """Told by name: torchvision must not be imported into a process that has TensorFlow already."""
    return kind.__module__ == "torchvision.ops.stochastic_depth" and kind.__name__ == "StochasticDepth"


def _is_childless(module: nn.Module) -> bool:
    return next(module.children(), None) is None


def _convolution(module: Any, input_shape: tuple[int, ...]) -> LayerTraits:
    kind = LayerKind.TRANSPOSED_CONVOLUTION if module.transposed else LayerKind.CONVOLUTION
    return traits(
        kind,
        {
            names.IN_CHANNELS: module.in_channels,
            names.OUT_CHANNELS: module.out_channels,
            names.KERNEL_SIZE: module.kernel_size,
            names.STRIDES: module.stride,
            names.PADDING: _convolution_padding(module, input_shape),
            names.PADDING_MODE: module.padding_mode,
            names.DILATION: module.dilation,
            names.GROUPS: module.groups,
            names.USE_BIAS: module.bias is not None,
        },
        spelled(module, strides="stride", padding="padding") | {names.USE_BIAS: f"bias={module.bias is not None}"},
    )


def _convolution_padding(module: Any, input_shape: tuple[int, ...]) -> tuple[int, ...] | str:
    if module.transposed:
        return removed_sides(module.padding, module.output_padding)
    if not isinstance(module.padding, str):
        return both_sides(module.padding)
    if module.padding == "valid":
        return (0,) * (2 * len(module.kernel_size))
    if not input_shape:
        return str(module.padding)
    return same_paddings(input_shape[-len(module.kernel_size) :], module.kernel_size, module.stride, module.dilation)


def _dense(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    has_bias = module.bias is not None
    return traits(
        LayerKind.DENSE,
        {
            names.IN_CHANNELS: module.in_features,
            names.OUT_CHANNELS: module.out_features,
            names.USE_BIAS: has_bias,
        },
        spelled(module, in_channels="in_features", out_channels="out_features") | {names.USE_BIAS: f"bias={has_bias}"},
    )


def _embedding(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(
        LayerKind.EMBEDDING,
        {names.IN_CHANNELS: module.num_embeddings, names.OUT_CHANNELS: module.embedding_dim},
        spelled(module, in_channels="num_embeddings", out_channels="embedding_dim"),
    )


def _attention(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(
        LayerKind.ATTENTION,
        {
            names.HEADS: module.num_heads,
            names.OUT_CHANNELS: module.embed_dim,
            names.USE_BIAS: module.in_proj_bias is not None,
            names.RATE: float(module.dropout),
        },
        spelled(module, heads="num_heads", out_channels="embed_dim", rate="dropout")
        | {names.USE_BIAS: f"bias={module.in_proj_bias is not None}"},
    )


def _recurrent(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(
        LayerKind.RECURRENT,
        {
            names.IN_CHANNELS: module.input_size,
            names.OUT_CHANNELS: module.hidden_size,
            names.USE_BIAS: bool(module.bias),
        },
        spelled(module, in_channels="input_size", out_channels="hidden_size", use_bias="bias"),
    )


def _batch_normalization(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    values: dict[str, Any] = {names.AXIS: "channels", names.EPSILON: float(module.eps)}
    if module.momentum is not None:  # None averages over all batches
        values[names.MOMENTUM] = round(1 - module.momentum, 12)
    values |= {
        names.VARIANCE_ESTIMATE: "unbiased",
        names.SCALE: module.affine,
        names.CENTER: module.affine,
        names.BATCH_STATISTICS: bool(module.training or not module.track_running_stats),
    }
    native = spelled(module, epsilon="eps", momentum="momentum", scale="affine", center="affine")
    native[names.AXIS] = "dim 1"
    native[names.VARIANCE_ESTIMATE] = "running_var takes the unbiased variance (n-1)"
    return traits(LayerKind.BATCH_NORMALIZATION, values, native)


def _instance_normalization(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(
        LayerKind.NORMALIZATION,
        {names.EPSILON: float(module.eps), names.SCALE: module.affine, names.CENTER: module.affine},
        spelled(module, epsilon="eps", scale="affine", center="affine"),
    )


def _layer_normalization(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(
        LayerKind.LAYER_NORMALIZATION,
        {
            names.AXIS: "channels" if len(module.normalized_shape) == 1 else tuple(module.normalized_shape),
            names.EPSILON: float(module.eps),
            names.SCALE: module.weight is not None,
            names.CENTER: module.bias is not None,
        },
        spelled(module, axis="normalized_shape", epsilon="eps", scale="elementwise_affine"),
    )


def _group_normalization(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(
        LayerKind.GROUP_NORMALIZATION,
        {
            names.GROUPS: module.num_groups,
            names.EPSILON: float(module.eps),
            names.SCALE: module.affine,
            names.CENTER: module.affine,
        },
        spelled(module, groups="num_groups", epsilon="eps", scale="affine", center="affine"),
    )


def _root_mean_square_normalization(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(LayerKind.NORMALIZATION, {names.SCALE: module.elementwise_affine})


def _dropout(shape: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    def describe(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
        return traits(
            LayerKind.DROPOUT,
            {names.RATE: float(module.p), names.NOISE_SHAPE: shape},
            {names.RATE: f"p={module.p!r}", names.NOISE_SHAPE: type(module).__name__},
        )

    return describe


def _upsample(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    spelling = f"mode={module.mode!r}, align_corners={module.align_corners!r}"
    return resizing(module.mode, module.align_corners, spelling)


def _plain(kind: LayerKind) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    def describe(_module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
        return traits(kind, {})

    return describe


def _stochastic_depth(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(
        LayerKind.DROPOUT,
        {names.RATE: float(module.p), names.NOISE_SHAPE: "sample" if module.mode == "row" else "batch"},
        {names.RATE: f"p={module.p!r}", names.NOISE_SHAPE: f"mode={module.mode!r}"},
    )


_CONTAINERS = (nn.Module, nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.Container)
_WITH_CHILDREN = frozenset({"MultiheadAttention"})
_KINDS: dict[type[nn.Module], LayerKind] = {
    nn.MultiheadAttention: LayerKind.ATTENTION,
    _BatchNorm: LayerKind.BATCH_NORMALIZATION,
    nn.GroupNorm: LayerKind.GROUP_NORMALIZATION,
    nn.LayerNorm: LayerKind.LAYER_NORMALIZATION,
    **dict.fromkeys((nn.RMSNorm, nn.LocalResponseNorm, _InstanceNorm), LayerKind.NORMALIZATION),
    nn.RNNBase: LayerKind.RECURRENT,
    nn.PReLU: LayerKind.ACTIVATION,
    nn.modules.dropout._DropoutNd: LayerKind.DROPOUT,  # noqa: SLF001
    nn.Flatten: LayerKind.FLATTEN,
    nn.Identity: LayerKind.IDENTITY,
}
"""Layers that may run other operations than their own, or none, by class."""

DESCRIBERS: dict[type[nn.Module], Callable[[Any, tuple[int, ...]], LayerTraits]] = {
    _ConvNd: _convolution,
    nn.Linear: _dense,
    nn.Embedding: _embedding,
    nn.EmbeddingBag: _embedding,
    nn.MultiheadAttention: _attention,
    nn.RNNBase: _recurrent,
    _BatchNorm: _batch_normalization,
    _InstanceNorm: _instance_normalization,
    nn.LayerNorm: _layer_normalization,
    nn.GroupNorm: _group_normalization,
    nn.RMSNorm: _root_mean_square_normalization,
    nn.LocalResponseNorm: _plain(LayerKind.NORMALIZATION),
    nn.MaxPool1d: pooling_module("max"),
    nn.MaxPool2d: pooling_module("max"),
    nn.MaxPool3d: pooling_module("max"),
    nn.AvgPool1d: pooling_module("average"),
    nn.AvgPool2d: pooling_module("average"),
    nn.AvgPool3d: pooling_module("average"),
    nn.AdaptiveAvgPool1d: adaptive_pooling_module("average"),
    nn.AdaptiveAvgPool2d: adaptive_pooling_module("average"),
    nn.AdaptiveAvgPool3d: adaptive_pooling_module("average"),
    nn.AdaptiveMaxPool1d: adaptive_pooling_module("max"),
    nn.AdaptiveMaxPool2d: adaptive_pooling_module("max"),
    nn.AdaptiveMaxPool3d: adaptive_pooling_module("max"),
    nn.ZeroPad1d: padding_module("zeros"),
    nn.ZeroPad2d: padding_module("zeros"),
    nn.ZeroPad3d: padding_module("zeros"),
    nn.ReflectionPad2d: padding_module("reflect"),
    nn.ReplicationPad2d: padding_module("replicate"),
    nn.CircularPad2d: padding_module("circular"),
    nn.Dropout: _dropout("value"),
    nn.AlphaDropout: _dropout("value"),
    nn.Dropout1d: _dropout("channel"),
    nn.Dropout2d: _dropout("channel"),
    nn.Dropout3d: _dropout("channel"),
    nn.ReLU: activation_module("relu"),
    nn.Hardtanh: clipped_module,
    nn.LeakyReLU: activation_module("leaky_relu", negative_slope="negative_slope"),
    nn.PReLU: activation_module("prelu"),
    nn.ELU: activation_module("elu", alpha="alpha"),
    nn.CELU: activation_module("celu", alpha="alpha"),
    nn.SELU: activation_module("selu"),
    nn.GELU: gelu_module,
    nn.SiLU: activation_module("silu"),
    nn.Mish: activation_module("mish"),
    nn.Sigmoid: activation_module("sigmoid"),
    nn.Hardsigmoid: activation_module("hard_sigmoid"),
    nn.Hardswish: activation_module("hard_silu"),
    nn.Tanh: activation_module("tanh"),
    nn.Softplus: activation_module("softplus"),
    nn.Softsign: activation_module("softsign"),
    nn.LogSigmoid: activation_module("log_sigmoid"),
    nn.Softmax: softmax_module("softmax"),
    nn.LogSoftmax: softmax_module("log_softmax"),
    nn.Flatten: _plain(LayerKind.FLATTEN),
    nn.Unflatten: _plain(LayerKind.RESHAPE),
    nn.PixelShuffle: _plain(LayerKind.RESHAPE),
    nn.Upsample: _upsample,
    nn.Identity: _plain(LayerKind.IDENTITY),
}
"""How to describe modules, by class; the nearest class in the order of inheritance counts."""
