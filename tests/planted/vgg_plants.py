"""What is planted in the small VGG."""

from functools import partial

from mbgui.domain.difference import Cause, Effect
from mbgui.domain.request import Side
from tests.planted.planted_difference import EITHER, harmless, keras_names, planted

_on_left = partial(planted, "vgg", Side.LEFT)
_on_right = partial(planted, "vgg", Side.RIGHT)

_LAYERS = (
    _on_right(
        "elu_for_relu",
        {Cause.ACTIVATION},
        "ELU for ReLU in a convolution",
        left=("relu1", "conv1"),
        right=keras_names("conv1"),
        verdicts=EITHER,
    ),
    _on_right(
        "fused_activation_missing",
        {Cause.ACTIVATION, Cause.MISSING_LAYER},
        "a convolution has no activation",
        left=("relu2", "conv2", "pool1"),
        right=keras_names("conv2", None, "pool1"),
        verdicts=EITHER,
    ),
    _on_right("average_for_max", {Cause.POOLING}, "average for max pooling", "pool1", verdicts=EITHER),
    _on_left("max_for_average", {Cause.POOLING}, "max for average pooling", "pool2", verdicts=EITHER),
    _on_right(
        "pool_window",
        {Cause.POOLING, Cause.KERNEL_SIZE},
        "a window of 3 for 2",
        "pool2",
        also={Cause.PADDING, Cause.KERNEL_SIZE},
        verdicts=EITHER,
    ),
    _on_right(
        "pool_padding_same",
        {Cause.PADDING},
        "“same” for a padding of 1 in a pooling",
        "pool3",
        also={Cause.POOLING},
        verdicts=EITHER,
    ),
    _on_right(
        "convolution_without_bias",
        {Cause.BIAS},
        "a convolution has no bias",
        left=("conv3", "relu3"),
        right=keras_names("conv3"),
        also={Cause.WEIGHTS},
        verdicts=EITHER,
    ),
    _on_right(
        "flatten_order",
        {Cause.FLATTEN_ORDER, Cause.WEIGHTS},
        "rows of the dense kernel in the order of the other layout",
        left=("fc1", "relu5"),
        right=keras_names("fc1"),
        also={Cause.WEIGHTS},
        verdicts=EITHER,
    ),
)
_HEAD = (
    _on_left(
        "softmax_missing",
        {Cause.HEAD_ACTIVATION},
        "logits on the left",
        left=("softmax", "fc2"),
        right=keras_names("fc2"),
    ),
    _on_right(
        "sigmoid_for_softmax",
        {Cause.HEAD_ACTIVATION},
        "sigmoid for softmax",
        left=("softmax", "fc2"),
        right=keras_names("fc2"),
    ),
    _on_right(
        "softmax_doubled",
        {Cause.HEAD_ACTIVATION, Cause.EXTRA_LAYER},
        "softmax twice",
        left=("softmax", None),
        right=keras_names("softmax_again"),
        also={Cause.ACTIVATION},
        verdicts=EITHER,
    ),
)
_WEIGHTS = tuple(
    _on_right(name, {Cause.WEIGHTS}, text, left=(role, relu), right=keras_names(role), verdicts=EITHER)
    for name, role, relu, text in (
        ("colours_reversed", "conv1", "relu1", "a kernel for BGR"),
        ("bias_forgotten", "conv4", "relu4", "a bias left at zero"),
        ("one_filter_negated", "conv3", "relu3", "one filter of twenty negated"),
    )
)
_HARMLESS = (
    harmless("vgg", Side.RIGHT, "idempotent_relu", (), "ReLU twice, which changes nothing", effect=Effect.NONE),
    harmless("vgg", Side.RIGHT, "vgg_dropout_missing", {Cause.DROPOUT}, "no dropout"),
)
PLANTS = (*_LAYERS, *_HEAD, *_WEIGHTS, *_HARMLESS)
