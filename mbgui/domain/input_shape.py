"""The input a model gets: as a user types it, and where its shape came from."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class InputShape:
    """The shape of one input without the batch, as typed: `224x224`, `1x28x28`, `a=224x224x3`, `128`.

    Two sizes are height and width of an image whose channels the model knows. Of three, the smaller one at either end
    is the channels, so that `3x224x224` and `224x224x3` mean the same; each framework gets its own layout. One size is
    the length of a vector or of a sequence for a model that takes one, else the side of a square image. `name` is the
    model's name for the input, "" where there is but one.
    """

    sizes: tuple[int, ...]
    name: str = ""

    @property
    def text(self) -> str:
        """As a user types it."""
        sizes = "x".join(map(str, self.sizes))
        return f"{self.name}={sizes}" if self.name else sizes


class InputOrigin(StrEnum):
    """Why a model was read at the input shape that it was read at."""

    GIVEN = "given"  # the user named it
    FIXED = "fixed"  # the model takes no other
    STATED = "stated"  # the model was made for it, and takes others
    ASSUMED = "assumed"  # nothing says; 224×224


def inputs_text(inputs: tuple[InputShape, ...]) -> str:
    """Several inputs as a user types them: `a=224x224x3,b=10`; "" for none."""
    return ",".join(shape.text for shape in inputs)
