"""What PyTorch's modules do: kind and attributes by class."""

from collections.abc import Callable
from typing import Any

from torch import nn
from torchvision.ops import StochasticDepth

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.layer_traits import LayerTraits, activation, global_pooling, same_paddings, traits


def is_atomic(module: nn.Module) -> bool:
    """Whether a module is one layer whatever it runs inside: PyTorch's own, without children that count."""
    if isinstance(module, nn.MultiheadAttention):
        return True
    return describer_of(module) is not None or (
        type(module).__module__.startswith("torch.nn.") and _is_childless(module)
    )


def describe_module(module: nn.Module, input_shape: tuple[int, ...]) -> LayerTraits:
    """Kind and attributes of a module that got an input of `input_shape` (empty if unknown)."""
    describer = describer_of(module)
    return describer(module, input_shape) if describer is not None else traits(LayerKind.OTHER, {})


def describer_of(module: nn.Module) -> Callable[[Any, tuple[int, ...]], LayerTraits] | None:
    """The function that describes modules of this class or of the nearest class it derives from."""
    return next((DESCRIBERS[base] for base in type(module).__mro__ if base in DESCRIBERS), None)


def tupled(value: Any, rank: int) -> tuple[int, ...]:
    """One integer a spatial dimension, from a number or a sequence."""
    return tuple(int(item) for item in value) if isinstance(value, tuple | list) else (int(value),) * rank


def both_sides(padding: tuple[int, ...]) -> tuple[int, ...]:
    """(before, after) of each dimension for padding that is the same on both sides."""
    return tuple(side for amount in padding for side in (amount, amount))


def _is_childless(module: nn.Module) -> bool:
    return next(module.children(), None) is None


def _spelled(module: nn.Module, **attributes: str) -> dict[str, str]:
    """The native spelling of each attribute: `stride=(2, 2)`."""
    return {name: f"{native}={getattr(module, native)!r}" for name, native in attributes.items()}


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
        _spelled(module, strides="stride", padding="padding") | {names.USE_BIAS: f"bias={module.bias is not None}"},
    )


def _convolution_padding(module: Any, input_shape: tuple[int, ...]) -> tuple[int, ...] | str:
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
        _spelled(module, in_channels="in_features", out_channels="out_features") | {names.USE_BIAS: f"bias={has_bias}"},
    )


def _embedding(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(
        LayerKind.EMBEDDING,
        {names.IN_CHANNELS: module.num_embeddings, names.OUT_CHANNELS: module.embedding_dim},
        _spelled(module, in_channels="num_embeddings", out_channels="embedding_dim"),
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
        _spelled(module, heads="num_heads", out_channels="embed_dim", rate="dropout")
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
        _spelled(module, in_channels="input_size", out_channels="hidden_size", use_bias="bias"),
    )


def _batch_normalization(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    values: dict[str, Any] = {names.AXIS: "channels", names.EPSILON: float(module.eps)}
    if module.momentum is not None:  # None averages over all batches
        values[names.MOMENTUM] = round(1 - module.momentum, 12)
    values |= {
        names.VARIANCE_ESTIMATE: "unbiased",
        names.SCALE: module.affine,
        names.CENTER: module.affine,
    }
    native = _spelled(module, epsilon="eps", momentum="momentum", scale="affine", center="affine")
    native[names.AXIS] = "dim 1"
    native[names.VARIANCE_ESTIMATE] = "running_var takes the unbiased variance (n-1)"
    return traits(LayerKind.BATCH_NORMALIZATION, values, native)


def _instance_normalization(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(
        LayerKind.NORMALIZATION,
        {names.EPSILON: float(module.eps), names.SCALE: module.affine, names.CENTER: module.affine},
        _spelled(module, epsilon="eps", scale="affine", center="affine"),
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
        _spelled(module, axis="normalized_shape", epsilon="eps", scale="elementwise_affine"),
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
        _spelled(module, groups="num_groups", epsilon="eps", scale="affine", center="affine"),
    )


def _root_mean_square_normalization(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(LayerKind.NORMALIZATION, {names.SCALE: module.elementwise_affine})


def _pooling(pooling: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    def describe(module: Any, input_shape: tuple[int, ...]) -> LayerTraits:
        rank = int(type(module).__mro__[0].__name__[-2]) if not input_shape else max(len(input_shape) - 2, 1)
        kernel = tupled(module.kernel_size, rank)
        values: dict[str, Any] = {
            names.POOLING: pooling,
            names.KERNEL_SIZE: kernel,
            names.STRIDES: tupled(module.stride, rank),
            names.PADDING: both_sides(tupled(module.padding, rank)),
            names.CEIL_MODE: bool(module.ceil_mode),
        }
        if pooling == "average":
            values[names.COUNT_INCLUDE_PAD] = bool(module.count_include_pad)
        return traits(
            LayerKind.POOLING,
            values,
            _spelled(module, kernel_size="kernel_size", strides="stride", padding="padding")
            | {names.POOLING: type(module).__name__},
        )

    return describe


def _adaptive_pooling(pooling: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    def describe(module: Any, input_shape: tuple[int, ...]) -> LayerTraits:
        return adaptive_pooling(pooling, module.output_size, input_shape, f"{type(module).__name__}")

    return describe


def adaptive_pooling(pooling: str, output_size: Any, input_shape: tuple[int, ...], spelling: str) -> LayerTraits:
    """Pooling to a fixed output size; to a single position it is global."""
    size = tupled(output_size, max(len(input_shape) - 2, 1))
    native = {names.POOLING: f"{spelling}(output_size={output_size!r})"}
    if set(size) == {1}:
        return global_pooling(pooling, native)
    return traits(LayerKind.POOLING, {names.POOLING: pooling, names.OUTPUT_SIZE: size}, native)


def _padding(mode: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    def describe(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
        return constant_padding(tuple(module.padding), mode)

    return describe


def constant_padding(pad: tuple[int, ...], mode: str) -> LayerTraits:
    """PyTorch names the last dimension first; the vocabulary goes from top to right."""
    pairs = [pad[index : index + 2] for index in range(0, len(pad), 2)]
    ordered = tuple(int(side) for pair in reversed(pairs) for side in pair)
    return traits(
        LayerKind.PADDING,
        {names.PADDING: ordered, names.PADDING_MODE: mode},
        {names.PADDING: f"padding={pad!r}"},
    )


def _dropout(shape: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    def describe(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
        return traits(
            LayerKind.DROPOUT,
            {names.RATE: float(module.p), names.NOISE_SHAPE: shape},
            {names.RATE: f"p={module.p!r}", names.NOISE_SHAPE: type(module).__name__},
        )

    return describe


def _named(name: str, **attributes: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    """An activation; `attributes` map names of the vocabulary to names of the module's own."""

    def describe(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
        values = {key: float(getattr(module, native)) for key, native in attributes.items()}
        native = _spelled(module, **attributes) | {names.ACTIVATION: type(module).__name__}
        return activation(name, dict(values), native)

    return describe


def _gelu(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return activation(gelu_name(module.approximate), natives={names.ACTIVATION: f"GELU({module.approximate!r})"})


def gelu_name(approximate: str) -> str:
    """The exact and the approximate GELU are different functions."""
    return "gelu_tanh" if approximate == "tanh" else "gelu"


def _hardtanh(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return clipped_activation(float(module.min_val), float(module.max_val), type(module).__name__)


def clipped_activation(minimum: float, maximum: float, spelling: str) -> LayerTraits:
    """A clip from zero is a ReLU with a maximum."""
    if minimum == 0:
        return activation(
            "relu", {names.MAX_VALUE: maximum}, {names.ACTIVATION: spelling, names.MAX_VALUE: f"max_val={maximum}"}
        )
    return activation("hard_tanh", {names.MIN_VALUE: minimum, names.MAX_VALUE: maximum}, {names.ACTIVATION: spelling})


def softmax(name: str, axis: int | None, rank: int, spelling: str) -> LayerTraits:
    """A softmax along an axis of a tensor with `rank` dimensions."""
    is_channels = axis in (1, -1) and rank <= 2
    return activation(
        name, {names.AXIS: "channels" if is_channels else axis}, {names.ACTIVATION: spelling, names.AXIS: f"dim={axis}"}
    )


def _softmax(name: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    def describe(module: Any, input_shape: tuple[int, ...]) -> LayerTraits:
        return softmax(name, module.dim, len(input_shape), type(module).__name__)

    return describe


def _upsample(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    return traits(LayerKind.RESIZE, {names.INTERPOLATION: module.mode}, _spelled(module, interpolation="mode"))


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


DESCRIBERS: dict[type[nn.Module], Callable[[Any, tuple[int, ...]], LayerTraits]] = {
    nn.modules.conv._ConvNd: _convolution,
    nn.Linear: _dense,
    nn.Embedding: _embedding,
    nn.EmbeddingBag: _embedding,
    nn.MultiheadAttention: _attention,
    nn.RNNBase: _recurrent,
    nn.modules.batchnorm._BatchNorm: _batch_normalization,
    nn.modules.instancenorm._InstanceNorm: _instance_normalization,
    nn.LayerNorm: _layer_normalization,
    nn.GroupNorm: _group_normalization,
    nn.RMSNorm: _root_mean_square_normalization,
    nn.LocalResponseNorm: _plain(LayerKind.NORMALIZATION),
    nn.MaxPool1d: _pooling("max"),
    nn.MaxPool2d: _pooling("max"),
    nn.MaxPool3d: _pooling("max"),
    nn.AvgPool1d: _pooling("average"),
    nn.AvgPool2d: _pooling("average"),
    nn.AvgPool3d: _pooling("average"),
    nn.AdaptiveAvgPool1d: _adaptive_pooling("average"),
    nn.AdaptiveAvgPool2d: _adaptive_pooling("average"),
    nn.AdaptiveAvgPool3d: _adaptive_pooling("average"),
    nn.AdaptiveMaxPool1d: _adaptive_pooling("max"),
    nn.AdaptiveMaxPool2d: _adaptive_pooling("max"),
    nn.AdaptiveMaxPool3d: _adaptive_pooling("max"),
    nn.ZeroPad1d: _padding("zeros"),
    nn.ZeroPad2d: _padding("zeros"),
    nn.ZeroPad3d: _padding("zeros"),
    nn.ReflectionPad2d: _padding("reflect"),
    nn.ReplicationPad2d: _padding("replicate"),
    nn.CircularPad2d: _padding("circular"),
    nn.Dropout: _dropout("value"),
    nn.AlphaDropout: _dropout("value"),
    nn.Dropout1d: _dropout("channel"),
    nn.Dropout2d: _dropout("channel"),
    nn.Dropout3d: _dropout("channel"),
    StochasticDepth: _stochastic_depth,
    nn.ReLU: _named("relu"),
    nn.Hardtanh: _hardtanh,
    nn.LeakyReLU: _named("leaky_relu", negative_slope="negative_slope"),
    nn.PReLU: _named("prelu"),
    nn.ELU: _named("elu", alpha="alpha"),
    nn.CELU: _named("celu", alpha="alpha"),
    nn.SELU: _named("selu"),
    nn.GELU: _gelu,
    nn.SiLU: _named("silu"),
    nn.Mish: _named("mish"),
    nn.Sigmoid: _named("sigmoid"),
    nn.Hardsigmoid: _named("hard_sigmoid"),
    nn.Hardswish: _named("hard_silu"),
    nn.Tanh: _named("tanh"),
    nn.Softplus: _named("softplus"),
    nn.Softsign: _named("softsign"),
    nn.LogSigmoid: _named("log_sigmoid"),
    nn.Softmax: _softmax("softmax"),
    nn.LogSoftmax: _softmax("log_softmax"),
    nn.Flatten: _plain(LayerKind.FLATTEN),
    nn.Unflatten: _plain(LayerKind.RESHAPE),
    nn.PixelShuffle: _plain(LayerKind.RESHAPE),
    nn.Upsample: _upsample,
    nn.Identity: _plain(LayerKind.IDENTITY),
}
"""How to describe modules, by class; the nearest class in the order of inheritance counts."""
