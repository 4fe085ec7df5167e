"""A network as one framework describes it: layers in execution order and the tensors it stores."""

from dataclasses import dataclass
from enum import StrEnum
from math import prod

from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.source import ModelSource

AttributeValue = str | int | float | bool | tuple[int, ...] | None
"""A normalised attribute: a scalar, or a tuple of integers such as a kernel size."""


class LayerKind(StrEnum):
    """What a layer does, in one vocabulary for every framework."""

    CONTAINER = "container"
    INPUT = "input"
    CONVOLUTION = "convolution"
    TRANSPOSED_CONVOLUTION = "transposed_convolution"
    SEPARABLE_CONVOLUTION = "separable_convolution"
    DENSE = "dense"
    EMBEDDING = "embedding"
    ATTENTION = "attention"
    RECURRENT = "recurrent"
    MATRIX_PRODUCT = "matrix_product"
    BATCH_NORMALIZATION = "batch_normalization"
    LAYER_NORMALIZATION = "layer_normalization"
    GROUP_NORMALIZATION = "group_normalization"
    NORMALIZATION = "normalization"
    ACTIVATION = "activation"
    POOLING = "pooling"
    GLOBAL_POOLING = "global_pooling"
    PADDING = "padding"
    ADD = "add"
    MULTIPLY = "multiply"
    CONCATENATE = "concatenate"
    DROPOUT = "dropout"
    FLATTEN = "flatten"
    RESHAPE = "reshape"
    RESIZE = "resize"
    RESCALE = "rescale"
    IDENTITY = "identity"
    OTHER = "other"


class TensorPurpose(StrEnum):
    """Why a network stores a tensor; the rows of the parameter ledger."""

    LEARNABLE = "learnable"
    FROZEN = "frozen"
    MOVING_STATISTIC = "moving_statistic"
    COUNTER = "counter"
    OTHER_BUFFER = "other_buffer"


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorSpec:
    """Shape (batch dimension first, in the framework's own layout) and dtype of one tensor."""

    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorStatistics:
    """Statistics over the finite values of a tensor; `None` where there are none.

    `std` is the population standard deviation (divisor n).
    """

    mean: float | None
    std: float | None
    minimum: float | None
    maximum: float | None
    non_finite_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTensor:
    """A parameter or buffer that a network stores, listed once even where it is shared.

    `layer` is the path of the owning layer, `role` the framework's own short name ("weight", "gamma"),
    `aliases` are further names under which the same tensor is reachable (tied weights).
    """

    name: str
    layer: str
    role: str
    purpose: TensorPurpose
    shape: tuple[int, ...]
    dtype: str
    size_bytes: int
    is_trainable: bool
    is_counted_by_framework: bool
    statistics: TensorStatistics
    aliases: tuple[str, ...] = ()

    @property
    def value_count(self) -> int:
        """Number of scalar values."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One property of a layer: a value comparable across frameworks, and the framework's own spelling.

    `name` comes from the vocabulary in `mbgui.domain.attribute_names`; `native` is what the framework's
    own code says, for example `momentum=0.1` in PyTorch where the comparable value is 0.9.
    """

    name: str
    value: AttributeValue
    native: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A module, Keras layer or functional operation.

    `path` is unique in the network, `parent` the path of the containing layer ("" at the top).
    `inputs` are the paths of the layers whose outputs it reads, in argument order; containers have none.
    `call_count` is how often it ran in one forward pass: 0 where it never ran, above 1 where it is shared.
    `mac_count` is multiply-accumulates of one forward pass at the network's input, all calls together.
    """

    path: str
    parent: str
    type_name: str
    kind: LayerKind
    is_operation: bool
    call_count: int
    inputs: tuple[str, ...]
    outputs: tuple[TensorSpec, ...]
    mac_count: int
    attributes: tuple[Attribute, ...]

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, or `None` where the layer has none."""
        return next((found for found in self.attributes if found.name == name), None)

    def value(self, name: str) -> AttributeValue:
        """The comparable value of the attribute of that name, or `None`."""
        found = self.attribute(name)
        return found.value if found is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerCall:
    """One run of a leaf layer in a forward pass.

    `index` counts the runs of `layer`, the first is 0. `inputs` are the names of the calls whose outputs it reads, in
    argument order, one as often as it is read. `tensors` are the names of the stored tensors it reads.
    """

    layer: str
    index: int = 0
    inputs: tuple[str, ...]
    outputs: tuple[TensorSpec, ...]
    tensors: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Unique in the network: the path of the layer, with `@1` for its second run and so on."""
        return call_name(self.layer, self.index)


def call_name(layer: str, index: int) -> str:
    """The name of a layer's run."""
    return f"{layer}@{index}" if index else layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One side of a comparison, as its framework describes it.

    `layers` are in execution order, each container before its first member. `reading` says how the
    graph was obtained ("torch.export", "module hooks", "functional graph"); `notes` are sentences about
    anything that could not be read. `framework_parameter_count` is the framework's own answer
    (`sum(p.numel() for p in parameters())`, `count_params()`). `calls` are the runs of the leaf layers in execution
    order, empty where only the layers are known; `output_calls` are the names of those that give the network's outputs.
    `input_names` are the model's own names for `inputs`, and `input_origin` says where their shapes came from.
    Durations are seconds.
    """

    source: ModelSource
    framework: Framework
    class_name: str
    data_layout: str
    reading: str
    framework_parameter_count: int
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    layers: tuple[Layer, ...]
    tensors: tuple[StoredTensor, ...]
    notes: tuple[str, ...]
    build_s: float
    read_s: float
    input_origin: InputOrigin = InputOrigin.GIVEN
    input_names: tuple[str, ...] = ()
    calls: tuple[LayerCall, ...] = ()
    output_calls: tuple[str, ...] = ()
