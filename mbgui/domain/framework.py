"""The frameworks mbgui reads, and the ways each can be called."""

from enum import StrEnum


class Framework(StrEnum):
    """The framework that builds and runs a network."""

    PYTORCH = "pytorch"
    KERAS = "keras"

    @property
    def display_name(self) -> str:
        """The name people use."""
        return {Framework.PYTORCH: "PyTorch", Framework.KERAS: "Keras"}[self]


class CallPath(StrEnum):
    """The way a model is called; latency has no meaning without naming it."""

    EAGER = "eager"  # PyTorch under inference_mode
    CHANNELS_LAST = "channels_last"  # eager, with model and input in NHWC memory
    COMPILE = "torch.compile"
    BFLOAT16 = "bfloat16"  # eager under autocast
    PREDICT = "predict"
    CALL = "call"
    TF_FUNCTION = "tf.function"
    XLA = "xla"  # tf.function with jit_compile=True


COMPILE_FOLDER = "mbgui-compile-{process_id}-"
"""How the temporary folder of a process that compiles begins, so that it can be removed where that was killed."""

CALL_PATHS: dict[Framework, tuple[CallPath, ...]] = {
    Framework.PYTORCH: (CallPath.EAGER, CallPath.CHANNELS_LAST, CallPath.COMPILE, CallPath.BFLOAT16),
    Framework.KERAS: (CallPath.TF_FUNCTION, CallPath.PREDICT, CallPath.CALL, CallPath.XLA),
}
"""The call paths of each framework, the recommended one first."""
