"""What is chosen of a proof: whose weights both sides run with, and the number format; the window starts with it."""

from enum import StrEnum


class WeightTransfer(StrEnum):
    """Whose weights both networks run with."""

    AS_IS = "as-is"  # each side keeps its own
    LEFT_TO_RIGHT = "left-to-right"
    RIGHT_TO_LEFT = "right-to-left"


class Precision(StrEnum):
    """The number format in which the verdict is judged."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"
