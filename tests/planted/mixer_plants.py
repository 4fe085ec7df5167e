"""What is planted in the MLP mixer."""

from functools import partial

from mbgui.domain.difference import Cause
from mbgui.domain.request import Side
from tests.planted.planted_difference import EITHER, keras_names, planted

_on_left = partial(planted, "mixer", Side.LEFT)
_on_right = partial(planted, "mixer", Side.RIGHT)

_LAYERS = (
    _on_left(
        "gelu_by_tanh",
        {Cause.ACTIVATION, Cause.ACTIVATION_PARAMETERS},
        "GELU by tanh for the exact one",
        "block1.channel_gelu",
    ),
    _on_right("relu_for_gelu", {Cause.ACTIVATION}, "ReLU for GELU", "block0.channel_gelu", verdicts=EITHER),
    _on_right(
        "gelu_missing",
        {Cause.MISSING_LAYER, Cause.ACTIVATION},
        "a GELU is missing",
        left=("block1.token_gelu", "block1.token_fc2"),
        right=keras_names(None, "block1.token_fc1", "block1.token_fc2"),
        verdicts=EITHER,
    ),
    _on_left("epsilon_of_pytorch", {Cause.NORMALIZATION}, "epsilon 1e-2 in one LayerNorm", "block0.token_norm"),
    _on_right("epsilon_of_keras", {Cause.NORMALIZATION}, "epsilon 1e-3 in two LayerNorms", "block0.channel_norm"),
    _on_left(
        "last_norm_missing",
        {Cause.EXTRA_LAYER, Cause.NORMALIZATION},
        "no LayerNorm on the left",
        left=(None, "mean", "block1.add_1"),
        right=keras_names("norm", "pool"),
        also={Cause.WEIGHTS},
        verdicts=EITHER,
    ),
    _on_right(
        "dense_without_bias",
        {Cause.BIAS},
        "a dense layer has no bias",
        "block0.channel_fc1",
        also={Cause.WEIGHTS},
        verdicts=EITHER,
    ),
    _on_right(
        "tokens_by_maximum",
        {Cause.POOLING, Cause.MISSING_LAYER, Cause.EXTRA_LAYER},
        "the maximum over tokens for the mean",
        left=("mean",),
        right=keras_names("pool"),
        verdicts=EITHER,
    ),
)
_GRAPH = (
    _on_right(
        "residual_behind_norm",
        {Cause.CONNECTION},
        "the residual is taken behind the norm",
        left=("block1.add_1",),
        right=keras_names("block1.channel_add"),
        verdicts=EITHER,
    ),
    _on_right(
        "mixer_residual_dropped",
        {Cause.CONNECTION, Cause.MISSING_LAYER},
        "a residual is missing",
        left=("block1.add_1", "norm"),
        right=keras_names(None, "block1.channel_fc2", "norm"),
        verdicts=EITHER,
    ),
    _on_right(
        "tokens_by_column",
        {Cause.FLATTEN_ORDER, Cause.DATA_LAYOUT, Cause.EXTRA_LAYER},
        "tokens column by column",
        left=("transpose", "flatten", "embed_fc", None),
        right=keras_names("tokens", "columns", "embed_fc"),
        verdicts=EITHER,
    ),
)
_WEIGHTS = tuple(
    _on_right(name, {Cause.WEIGHTS}, text, role, verdicts=EITHER)
    for name, role, text in (
        ("norm_gamma_beta_swapped", "block1.channel_norm", "gamma and beta of a LayerNorm swapped"),
        ("dense_transposed", "embed_fc", "a square dense kernel transposed"),
    )
)
PLANTS = (*_LAYERS, *_GRAPH, *_WEIGHTS)
