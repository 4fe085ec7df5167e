"""How the ways to call a model read."""

from mbgui.domain.framework import CALL_PATHS, CallPath, Framework

_TITLES = {
    CallPath.EAGER: "eager",
    CallPath.CHANNELS_LAST: "channels_last",
    CallPath.COMPILE: "torch.compile",
    CallPath.BFLOAT16: "bfloat16",
    CallPath.TF_FUNCTION: "tf.function",
    CallPath.PREDICT: "predict()",
    CallPath.CALL: "model(x)",
    CallPath.XLA: "XLA",
}
_EXPLANATIONS = {
    CallPath.EAGER: "The model is called under inference_mode.",
    CallPath.CHANNELS_LAST: "Eager, with the model and its input in NHWC memory.",
    CallPath.COMPILE: "The model is compiled by torch.compile; the first call compiles.",
    CallPath.BFLOAT16: "Eager under autocast to bfloat16: the numbers are not those of float32.",
    CallPath.TF_FUNCTION: "The model is traced into a graph by tf.function; the first call traces.",
    CallPath.PREDICT: "model.predict(), with its own loop over batches.",
    CallPath.CALL: "The model is called as it is, operation by operation.",
    CallPath.XLA: "A tf.function with jit_compile=True; the first call traces and compiles.",
}


def call_path_title(path: CallPath) -> str:
    """The call path as people write it."""
    return _TITLES[path]


def call_path_explanation(path: CallPath) -> str:
    """What is done on this path, in one sentence."""
    return _EXPLANATIONS[path]


def framework_of_path(path: CallPath) -> Framework:
    """The framework whose models are called that way; no path belongs to two."""
    return next(framework for framework, paths in CALL_PATHS.items() if path in paths)


def is_recommended(path: CallPath) -> bool:
    """Whether this is the path that a duel takes unless another one is chosen."""
    return CALL_PATHS[framework_of_path(path)][0] is path
