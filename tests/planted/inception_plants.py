"""What is planted in the branching network."""

from functools import partial

from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import EquivalenceVerdict
from mbgui.domain.request import Side
from tests.planted.planted_difference import DIFFERENT, EITHER, keras_names, planted

_on_left = partial(planted, "inception", Side.LEFT)
_on_right = partial(planted, "inception", Side.RIGHT)
_INCOMPARABLE = (*DIFFERENT, EquivalenceVerdict.NOT_COMPARABLE)

_ACTIVATIONS = (
    _on_right("slope_of_keras", {Cause.ACTIVATION_PARAMETERS}, "a slope of 0.3 for 0.25", "branch2b.leaky"),
    _on_left("slope_of_pytorch", {Cause.ACTIVATION_PARAMETERS}, "a slope of 0.01 for 0.25", "branch1.leaky"),
    _on_right(
        "leaky_doubled",
        {Cause.EXTRA_LAYER, Cause.ACTIVATION},
        "leaky ReLU twice",
        left=("stem.leaky", None, "branch1.conv"),
        right=keras_names("stem.leaky_again", "branch1.conv", "branch2a.conv", "branch3.conv"),
        verdicts=EITHER,
    ),
    _on_right("swish", {Cause.ACTIVATION}, "SiLU for hard swish", "grouped.leaky", verdicts=EITHER),
    _on_right(
        "hard_gate",
        {Cause.ACTIVATION},
        "hard sigmoid for sigmoid",
        left=("gate.sigmoid", "gate.excite"),
        right=keras_names("gate.excite"),
        verdicts=EITHER,
    ),
)
_CONVOLUTIONS = (
    _on_right(
        "two_groups",
        {Cause.GROUPS},
        "two groups for four",
        "grouped.conv",
        also={Cause.WEIGHTS, Cause.CHANNELS},
        verdicts=_INCOMPARABLE,
    ),
    _on_right(
        "kernel_turned",
        {Cause.KERNEL_SIZE},
        "a kernel of 1×3 for 3×1",
        "branch2a.conv",
        also={Cause.PADDING, Cause.WEIGHTS},
        verdicts=_INCOMPARABLE,
    ),
    _on_right(
        "kernel_of_five",
        {Cause.KERNEL_SIZE},
        "a kernel of 5×5 for 3×3",
        "branch2b.conv",
        also={Cause.PADDING, Cause.WEIGHTS},
        verdicts=_INCOMPARABLE,
    ),
    _on_right(
        "branch_dilation",
        {Cause.DILATION},
        "dilation 1 for 2",
        "branch2b.conv",
        also={Cause.PADDING},
        verdicts=EITHER,
    ),
    _on_right(
        "bias_added",
        {Cause.BIAS},
        "a bias in front of BatchNorm",
        "down.conv",
        also={Cause.WEIGHTS},
        verdicts=EITHER,
    ),
    _on_right("group_order", {Cause.WEIGHTS}, "filters dealt out over the groups", "grouped.conv", verdicts=EITHER),
)
_POOLING = (
    _on_left(
        "padding_counted",
        {Cause.POOLING, Cause.PADDING},
        "an average that counts the padding",
        "branch_pool",
        verdicts=EITHER,
    ),
    _on_left("squeeze_by_maximum", {Cause.POOLING}, "global max for average pooling", "gate.pool", verdicts=EITHER),
)
_GRAPH = (
    _on_right(
        "branches_reordered",
        {Cause.CONNECTION},
        "branches concatenated in another order",
        left=("cat",),
        right=keras_names("concat"),
        verdicts=EITHER,
    ),
    _on_right(
        "branch_taken_elsewhere",
        {Cause.CONNECTION},
        "a convolution reads another branch's pooling",
        "branch1.conv",
        verdicts=EITHER,
    ),
    _on_right(
        "gate_missing",
        {Cause.MISSING_LAYER},
        "no squeeze and excitation",
        left=("gate.mul", "gate.pool", "gate.squeeze", "gate.relu", "gate.excite", "gate.sigmoid", "grouped.conv"),
        right=keras_names(None, "concat", "grouped.conv"),
        also={Cause.CONNECTION, Cause.WEIGHTS},
        verdicts=EITHER,
    ),
    _on_right(
        "gate_added",
        {Cause.CONNECTION, Cause.MISSING_LAYER, Cause.EXTRA_LAYER},
        "the gate is added, not multiplied",
        left=("gate.mul", "grouped.conv", None),
        right=keras_names("gate.multiply", "grouped.conv", None),
        verdicts=EITHER,
    ),
    _on_right(
        "squeeze_of_four",
        {Cause.CHANNELS},
        "four channels for seven in the squeeze",
        left=("gate.squeeze", "gate.relu"),
        right=keras_names("gate.squeeze"),
        also={Cause.WEIGHTS, Cause.OUTPUT_SHAPE},
        verdicts=_INCOMPARABLE,
    ),
)
PLANTS = (*_ACTIVATIONS, *_CONVOLUTIONS, *_POOLING, *_GRAPH)
