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

    EAGER = "eager"
    PREDICT = "predict"
    CALL = "call"
    TF_FUNCTION = "tf.function"


CALL_PATHS: dict[Framework, tuple[CallPath, ...]] = {
    Framework.PYTORCH: (CallPath.EAGER,),
    Framework.KERAS: (CallPath.TF_FUNCTION, CallPath.PREDICT, CallPath.CALL),
}
"""The call paths of each framework, the recommended one first."""
