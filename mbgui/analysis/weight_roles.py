"""The words for what a tensor is to its layer that both frameworks share."""

from mbgui.domain.network import LayerKind, StoredTensor, TensorPurpose

KERNEL, DEPTHWISE, POINTWISE = "kernel", "depthwise kernel", "pointwise kernel"
BIAS, SCALE, OFFSET, MEAN, VARIANCE = "bias", "scale", "offset", "mean", "variance"
EMBEDDINGS, SLOPE = "embeddings", "slope"

NEUTRAL: dict[str, float] = {BIAS: 0.0, OFFSET: 0.0, SCALE: 1.0}
"""The value at which a tensor of a role does nothing."""

NORMALIZATIONS = frozenset(
    {
        LayerKind.BATCH_NORMALIZATION,
        LayerKind.LAYER_NORMALIZATION,
        LayerKind.GROUP_NORMALIZATION,
        LayerKind.NORMALIZATION,
    }
)
_SHARED = {
    "kernel": KERNEL,
    "pointwise_kernel": POINTWISE,
    "embeddings": EMBEDDINGS,
    "gamma": SCALE,
    "beta": OFFSET,
    "moving_mean": MEAN,
    "running_mean": MEAN,
    "moving_variance": VARIANCE,
    "running_var": VARIANCE,
    "alpha": SLOPE,
    "layer_scale": SCALE,
}
_WEIGHT = {
    LayerKind.EMBEDDING: EMBEDDINGS,
    LayerKind.ACTIVATION: SLOPE,
    LayerKind.MULTIPLY: SCALE,
    LayerKind.RESCALE: SCALE,
    **dict.fromkeys(NORMALIZATIONS, SCALE),
}


def shared_role(tensor: StoredTensor, kind: LayerKind) -> str:
    """The role of a tensor in a layer of that kind; the framework's own word where there is no shared one."""
    role = tensor.role.rpartition("/")[2].rpartition(".")[2]
    if role == "depthwise_kernel":
        return DEPTHWISE if kind is LayerKind.SEPARABLE_CONVOLUTION else KERNEL
    if role == "weight":
        return _WEIGHT.get(kind, KERNEL)
    if role == "bias":
        return OFFSET if kind in NORMALIZATIONS else BIAS
    return _SHARED.get(role, tensor.role)


def is_bookkeeping(tensor: StoredTensor) -> bool:
    """Whether a tensor takes no part in what the network computes: a counter, the state of a random generator."""
    return tensor.purpose is TensorPurpose.COUNTER or tensor.role.endswith("seed_generator_state")
