"""What each cause is called and what it means."""

from dataclasses import dataclass

from mbgui.domain.difference import Cause, Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseText:
    """A cause in a few words, and a sentence that explains it."""

    title: str
    explanation: str


CAUSE_TEXTS: dict[Cause, CauseText] = {
    Cause.BATCHNORM_EPSILON: CauseText(
        title="BatchNorm epsilon",
        explanation="The constant added to the variance differs, so every normalised value does.",
    ),
    Cause.BATCHNORM_MOMENTUM: CauseText(
        title="BatchNorm momentum",
        explanation="The moving statistics follow the batches at another pace (shown as the weight of the old value).",
    ),
    Cause.BATCHNORM_VARIANCE: CauseText(
        title="BatchNorm moving variance",
        explanation="In training one side divides the batch variance by n - 1 (unbiased), the other by n (biased).",
    ),
    Cause.NORMALIZATION: CauseText(title="Normalisation", explanation="The normalisation is set differently."),
    Cause.PADDING: CauseText(
        title="Padding",
        explanation="Zeros are added on other sides (top, bottom, left, right), which shifts the window by a pixel.",
    ),
    Cause.STRIDE: CauseText(title="Stride", explanation="The window moves by another step."),
    Cause.DILATION: CauseText(title="Dilation", explanation="The kernel is spread differently."),
    Cause.GROUPS: CauseText(title="Groups", explanation="Channels are convolved in other groups."),
    Cause.KERNEL_SIZE: CauseText(title="Kernel size", explanation="The window has another size."),
    Cause.CHANNELS: CauseText(title="Channels", explanation="The layers have another width."),
    Cause.BIAS: CauseText(title="Bias", explanation="Only one side adds a bias."),
    Cause.ACTIVATION: CauseText(title="Activation", explanation="Another function is applied."),
    Cause.ACTIVATION_PARAMETERS: CauseText(
        title="Activation parameters", explanation="The same function has another bound or slope."
    ),
    Cause.POOLING: CauseText(title="Pooling", explanation="Values are pooled differently."),
    Cause.HEAD_ACTIVATION: CauseText(
        title="Head activation",
        explanation="The last layer's values are probabilities on one side and logits on the other.",
    ),
    Cause.DROPOUT: CauseText(title="Dropout", explanation="Values are dropped differently, in training only."),
    Cause.INTERPOLATION: CauseText(title="Interpolation", explanation="Maps are resized differently."),
    Cause.OUTPUT_SHAPE: CauseText(title="Output shape", explanation="The partners give tensors of another shape."),
    Cause.CONNECTION: CauseText(
        title="Connection", explanation="The layers read the outputs of other layers, or in another order."
    ),
    Cause.FLATTEN_ORDER: CauseText(
        title="Flatten order",
        explanation="A map is flattened in another order of channels and pixels than the weights behind it expect.",
    ),
    Cause.WEIGHTS: CauseText(
        title="Weights", explanation="The layers hold other values after their layouts are mapped."
    ),
    Cause.MISSING_LAYER: CauseText(title="Layer only on the left", explanation="The right side has no such layer."),
    Cause.EXTRA_LAYER: CauseText(title="Layer only on the right", explanation="The left side has no such layer."),
    Cause.CONVOLUTION_CLASS: CauseText(
        title="Convolution class",
        explanation="The same convolution is written with another class; nothing is computed differently.",
    ),
    Cause.DATA_LAYOUT: CauseText(
        title="Data layout", explanation="Channels come first on one side and last on the other; a matter of memory."
    ),
    Cause.DTYPE: CauseText(title="Data type", explanation="The partners compute in another number format."),
    Cause.PREPROCESSING: CauseText(title="Preprocessing", explanation="The models expect inputs scaled differently."),
    Cause.FROZEN_PARAMETERS: CauseText(
        title="Frozen parameters", explanation="Training leaves parameters of one side as they are, not of the other."
    ),
    Cause.PARAMETER_ACCOUNTING: CauseText(
        title="Parameter accounting",
        explanation="One framework counts these stored values as parameters, the other does not.",
    ),
}

EFFECT_ORDER: tuple[Effect, ...] = tuple(Effect)
"""The gravest first."""
