"""Differences between two networks, each with its cause and what it touches."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why two layers or networks differ; a closed list."""

    BATCHNORM_EPSILON = "batchnorm_epsilon"
    BATCHNORM_MOMENTUM = "batchnorm_momentum"
    BATCHNORM_VARIANCE = "batchnorm_variance"
    NORMALIZATION = "normalization"
    PADDING = "padding"
    STRIDE = "stride"
    DILATION = "dilation"
    GROUPS = "groups"
    KERNEL_SIZE = "kernel_size"
    CHANNELS = "channels"
    BIAS = "bias"
    ACTIVATION = "activation"
    ACTIVATION_PARAMETERS = "activation_parameters"
    POOLING = "pooling"
    HEAD_ACTIVATION = "head_activation"
    DROPOUT = "dropout"
    INTERPOLATION = "interpolation"
    OUTPUT_SHAPE = "output_shape"
    CONNECTION = "connection"
    FLATTEN_ORDER = "flatten_order"
    WEIGHTS = "weights"
    MISSING_LAYER = "missing_layer"
    EXTRA_LAYER = "extra_layer"
    CONVOLUTION_CLASS = "convolution_class"
    DATA_LAYOUT = "data_layout"
    DTYPE = "dtype"
    PREPROCESSING = "preprocessing"
    FROZEN_PARAMETERS = "frozen_parameters"
    PARAMETER_ACCOUNTING = "parameter_accounting"


class Effect(StrEnum):
    """What a difference touches, the gravest first."""

    INFERENCE = "inference"
    TRAINING = "training"
    ACCOUNTING = "accounting"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPlace:
    """Where a difference shows: paths of the layers on either side."""

    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One cause with both values as text, grouped over all the places where the values are the same.

    `title` names the difference in a few words, `explanation` says in a sentence what it means, `where`
    counts the places ("52 layers"); `places` is empty where the whole network is meant.
    """

    cause: Cause
    effect: Effect
    title: str
    left_value: str
    right_value: str
    where: str
    explanation: str
    places: tuple[LayerPlace, ...]
