"""What is planted in the small MobileNetV2."""

from functools import partial

from mbgui.domain.difference import Cause, Effect
from mbgui.domain.equivalence import EquivalenceVerdict
from mbgui.domain.request import Side
from tests.planted.planted_difference import DIFFERENT, EITHER, SAME, harmless, keras_names, planted

_SHAPES = {Cause.CHANNELS, Cause.OUTPUT_SHAPE, Cause.WEIGHTS}


_on_left = partial(planted, "mobile", Side.LEFT)
_on_right = partial(planted, "mobile", Side.RIGHT)
_ATTRIBUTES = (
    _on_right("batchnorm_epsilon", {Cause.BATCHNORM_EPSILON}, "epsilon 1e-3 for 1e-5 in every BatchNorm", "stem.bn"),
    _on_left("epsilon_of_one", {Cause.BATCHNORM_EPSILON}, "epsilon 1e-2 in one BatchNorm", "block2.depthwise_bn"),
    _on_right("padding_same", {Cause.PADDING}, "“same” for a padding of 1 at stride 2", "stem.conv"),
    _on_right("depthwise_padding_same", {Cause.PADDING}, "the same in a depthwise convolution", "block1.depthwise"),
    _on_right(
        "relu_for_relu6", {Cause.ACTIVATION, Cause.ACTIVATION_PARAMETERS}, "ReLU for ReLU6", "block1.depthwise_relu"
    ),
    _on_right(
        "cap_of_four", {Cause.ACTIVATION, Cause.ACTIVATION_PARAMETERS}, "a cap of 4 for 6", "block1.depthwise_relu"
    ),
    _on_right(
        "stride_moved",
        {Cause.STRIDE},
        "the stride is at the pointwise convolution, not the depthwise one",
        "block1.expand",
        also={Cause.PADDING, Cause.OUTPUT_SHAPE},
        verdicts=EITHER,
    ),
    _on_left(
        "stride_on_pointwise",
        {Cause.STRIDE},
        "the same on the left",
        "block1.expand",
        also={Cause.PADDING, Cause.OUTPUT_SHAPE},
        verdicts=EITHER,
    ),
    _on_right(
        "dilation_forgotten",
        {Cause.DILATION},
        "dilation 1 for 2",
        "block3.depthwise",
        also={Cause.PADDING},
        verdicts=EITHER,
    ),
    _on_right(
        "classifier_without_bias",
        {Cause.BIAS},
        "the classifier has no bias",
        "classifier",
        also={Cause.WEIGHTS},
        verdicts=EITHER,
    ),
    _on_right(
        "head_channels",
        {Cause.CHANNELS},
        "40 for 48 channels in the last convolution",
        "head.conv",
        also=_SHAPES,
        verdicts=(*DIFFERENT, EquivalenceVerdict.NOT_COMPARABLE),
    ),
    _on_right(
        "convolution_in_bfloat16",
        {Cause.DTYPE},
        "one convolution computes in bfloat16",
        "block2.expand",
        verdicts=EITHER,
    ),
    _on_right("softmax_added", {Cause.HEAD_ACTIVATION}, "softmax in the classifier", "classifier"),
)
_GRAPH = (
    _on_right(
        "residual_moved",
        {Cause.CONNECTION},
        "the residual comes from two blocks before",
        "block3.add",
        verdicts=EITHER,
    ),
    _on_right(
        "residual_dropped",
        {Cause.CONNECTION, Cause.MISSING_LAYER},
        "a residual is missing",
        left=("block3.add", "head.conv"),
        right=keras_names(None, "block3.project_bn", "head.conv"),
        verdicts=EITHER,
    ),
    _on_right(
        "batchnorm_missing",
        {Cause.MISSING_LAYER, Cause.NORMALIZATION},
        "a BatchNorm is missing",
        left=("block2.project_bn", "block2.add"),
        right=keras_names(None, "block2.project", "block2.add"),
        also={Cause.WEIGHTS, Cause.BIAS},
        verdicts=EITHER,
    ),
    _on_right(
        "activation_extra",
        {Cause.EXTRA_LAYER, Cause.ACTIVATION},
        "an activation behind a linear bottleneck",
        left=(None, "block2.project_bn", "block2.add"),
        right=keras_names("block2.project_relu", "block2.add"),
        verdicts=EITHER,
    ),
    _on_right(
        "activation_missing",
        {Cause.MISSING_LAYER, Cause.ACTIVATION},
        "an activation is missing",
        left=("block2.depthwise_relu", "block2.project"),
        right=keras_names(None, "block2.depthwise_bn", "block2.project"),
        verdicts=EITHER,
    ),
    _on_right(
        "rescaling_inside",
        {Cause.PREPROCESSING},
        "the model rescales its input",
        left=(None, "stem.conv"),
        right=("rescaling", *keras_names("stem.conv")),
        also={Cause.EXTRA_LAYER},
        verdicts=EITHER,
    ),
    _on_right(
        "sides_of_image_swapped",
        {Cause.DATA_LAYOUT, Cause.PREPROCESSING, Cause.EXTRA_LAYER, Cause.CONNECTION},
        "height and width of the image in each other's place",
        left=(None, "stem.conv"),
        right=("permuted", *keras_names("stem.conv")),
        verdicts=EITHER,
    ),
)
_TRAINING_MODE = (
    _on_right(
        "training_layer",
        {Cause.NORMALIZATION},
        "a class of the user's normalises by the batch in evaluation mode",
        "block2.depthwise_bn",
        also={Cause.WEIGHTS},
        verdicts=EITHER,
    ),
    _on_right(
        "training_flag",
        {Cause.NORMALIZATION},
        "bn(x, training=True) in the graph; undone by model(x, training=False), not by model(x)",
        "block2.depthwise_bn",
        left=("block2.depthwise_bn", None),
        right=(*keras_names("block2.depthwise_bn"), None),
        verdicts=(*SAME, *EITHER),
    ),
    _on_left(
        "batch_statistics",
        {Cause.NORMALIZATION},
        "BatchNorm without moving statistics",
        "block2.depthwise_bn",
        also={Cause.WEIGHTS},
        verdicts=EITHER,
    ),
    _on_left(
        "functional_training",
        {Cause.NORMALIZATION},
        "batch_norm(training=True) in evaluation mode",
        "block2.depthwise_bn",
        also={Cause.WEIGHTS},
        verdicts=EITHER,
    ),
)
_WEIGHTS = tuple(
    _on_right(name, {Cause.WEIGHTS}, text, role, verdicts=EITHER)
    for name, role, text in (
        ("mean_variance_swapped", "block2.expand_bn", "moving mean and variance swapped"),
        ("gamma_beta_swapped", "block1.project_bn", "gamma and beta swapped"),
        ("multiplier_order", "block0.depthwise", "depthwise filters in order of the multiplier"),
        ("kernel_sides_swapped", "stem.conv", "height and width of a kernel swapped"),
        ("depthwise_sides_swapped", "block3.depthwise", "the same of a depthwise kernel"),
        ("one_layer_off", "block2.project", "one kernel off by a thousandth"),
        ("weights_in_bfloat16", "stem.conv", "every weight rounded to bfloat16"),
        ("beta_forgotten", "head.bn", "a beta left at zero"),
    )
)
_HARMLESS = (
    harmless("mobile", Side.RIGHT, "batchnorm_momentum", {Cause.BATCHNORM_MOMENTUM}, "momentum 0.99 for 0.9"),
    harmless("mobile", Side.RIGHT, "dropout_rate", {Cause.DROPOUT}, "dropout of 0.5 for 0.2"),
    harmless("mobile", Side.RIGHT, "dropout_missing", {Cause.DROPOUT}, "no dropout"),
    harmless("mobile", Side.RIGHT, "frozen_batchnorm", {Cause.FROZEN_PARAMETERS}, "one BatchNorm is frozen"),
    harmless(
        "mobile",
        Side.LEFT,
        "unused_buffer",
        {Cause.PARAMETER_ACCOUNTING},
        "a buffer that nothing reads",
        effect=Effect.ACCOUNTING,
    ),
    harmless(
        "mobile",
        Side.LEFT,
        "unused_head",
        {Cause.MISSING_LAYER, Cause.PARAMETER_ACCOUNTING},
        "a second head that never runs",
    ),
)
PLANTS = (*_ATTRIBUTES, *_GRAPH, *_TRAINING_MODE, *_WEIGHTS, *_HARMLESS)
