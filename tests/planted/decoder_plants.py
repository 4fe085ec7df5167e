"""What is planted in the small U-Net."""

from functools import partial

from mbgui.domain.difference import Cause
from mbgui.domain.request import Side
from tests.planted.planted_difference import EITHER, keras_names, planted

_on_left = partial(planted, "decoder", Side.LEFT)
_on_right = partial(planted, "decoder", Side.RIGHT)

_EDGES = (
    _on_right(
        "other_scale",
        {Cause.PREPROCESSING},
        "another scale of the input",
        "rescale",
        left=("rescale", "rescale.add"),
        verdicts=EITHER,
    ),
    _on_left(
        "rescaling_missing",
        {Cause.PREPROCESSING, Cause.EXTRA_LAYER},
        "the left side does not rescale",
        left=(None, "rescale", "stem.conv"),
        right=keras_names("rescale", "stem.conv"),
        also={Cause.EXTRA_LAYER},
        verdicts=EITHER,
    ),
    _on_left(
        "sigmoid_missing",
        {Cause.HEAD_ACTIVATION},
        "logits on the left",
        left=("sigmoid", "head"),
        right=keras_names("head"),
    ),
    _on_right(
        "tanh_for_sigmoid",
        {Cause.HEAD_ACTIVATION, Cause.ACTIVATION},
        "tanh for sigmoid",
        left=("sigmoid", "head"),
        right=keras_names("head"),
    ),
)
_LAYERS = (
    _on_right("bilinear_for_nearest", {Cause.INTERPOLATION}, "bilinear for nearest", "up1", verdicts=EITHER),
    _on_left("group_epsilon", {Cause.NORMALIZATION}, "epsilon 0.1 in a GroupNorm", "down2.norm"),
    _on_right(
        "two_norm_groups",
        {Cause.NORMALIZATION, Cause.GROUPS},
        "two groups for four in a GroupNorm",
        "block1.norm",
        verdicts=EITHER,
    ),
    _on_right(
        "layer_for_group_norm",
        {Cause.NORMALIZATION, Cause.MISSING_LAYER, Cause.EXTRA_LAYER},
        "LayerNorm for GroupNorm",
        "block2.norm",
        verdicts=EITHER,
    ),
    _on_right(
        "transposed_kernel_flipped", {Cause.WEIGHTS}, "a transposed kernel turned around", "up2.conv", verdicts=EITHER
    ),
)
_GRAPH = (
    _on_right(
        "skip_first",
        {Cause.CONNECTION},
        "the skip stands first in a concatenation",
        left=("cat",),
        right=keras_names("concat1"),
        verdicts=EITHER,
    ),
    _on_right(
        "skip_taken_elsewhere",
        {Cause.CONNECTION},
        "a skip comes from elsewhere",
        left=("cat_1",),
        right=keras_names("concat2"),
        verdicts=EITHER,
    ),
)
PLANTS = (*_EDGES, *_LAYERS, *_GRAPH)
