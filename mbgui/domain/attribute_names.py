"""The names of layer attributes, one vocabulary for every framework.

Spatial tuples follow the order (height, width). Sources: the constructor arguments of `torch.nn` and `keras.layers`,
in the spelling that reads without either.
"""

KERNEL_SIZE = "kernel_size"  # tuple of integers, one a spatial dimension
STRIDES = "strides"  # tuple of integers
DILATION = "dilation"  # tuple of integers
PADDING = "padding"  # effective (before, after) of each spatial dimension: (top, bottom, left, right);
#                      of a transposed convolution what is left out of its full result, negative where zeros are added
PADDING_MODE = "padding_mode"  # "zeros", "reflect", "replicate", "circular"
GROUPS = "groups"  # integer; input channels for a depthwise convolution
IN_CHANNELS = "in_channels"
OUT_CHANNELS = "out_channels"
USE_BIAS = "use_bias"  # boolean
ACTIVATION = "activation"  # name of a function, as a layer of its own or fused into a layer
MAX_VALUE = "max_value"  # upper bound of a clipped activation: 6.0 for ReLU6
MIN_VALUE = "min_value"  # lower bound of a clipped activation where it is not 0
NEGATIVE_SLOPE = "negative_slope"
ALPHA = "alpha"
AXIS = "axis"  # "channels" or an integer of the framework's own layout
EPSILON = "epsilon"
MOMENTUM = "momentum"  # weight of the old value: 0.9 for PyTorch's momentum=0.1
VARIANCE_ESTIMATE = "variance_estimate"  # of the moving variance in training: "unbiased" or "biased"
SCALE = "scale"  # boolean: has a learnable scale
CENTER = "center"  # boolean: has a learnable offset
POOLING = "pooling"  # "max" or "average"
OUTPUT_SIZE = "output_size"  # of an adaptive pooling or a resize
CEIL_MODE = "ceil_mode"
COUNT_INCLUDE_PAD = "count_include_pad"
RATE = "rate"  # probability that a value is dropped
NOISE_SHAPE = "noise_shape"  # what a dropout drops at once: a "value", "channel", "sample" or the whole "batch"
FACTOR = "factor"  # of a rescaling: values * factor + offset
OFFSET = "offset"
HEADS = "heads"
INTERPOLATION = "interpolation"
ALIGN_CORNERS = "align_corners"  # boolean, of a resize: corners fall on corners, not pixels on their share
CUBIC_COEFFICIENT = "cubic_coefficient"  # the a of a bicubic kernel
TARGET_SHAPE = "target_shape"
PERMUTATION = "permutation"  # which axis of the input each axis of the output is, in the framework's own layout
DATA_LAYOUT = "data_layout"  # "NCHW" or "NHWC"
BATCH_STATISTICS = "batch_statistics"  # boolean: normalises by the batch at hand in evaluation, too
