"""One call of a Keras layer or operation, however it was found."""

from dataclasses import dataclass
from typing import Any

import keras

from mbgui.domain.network import TensorSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphCall:
    """One call of a layer or operation, or the entry into a nested model (`is_container`).

    `sources` are the paths of the layers whose outputs it reads, `arguments` all values given to the call. `index`
    counts the calls at this path, and `reads` names the calls it reads, one as often as it is read. `is_training` says
    that the code calls it in training mode whatever the model is called with.
    """

    operation: Any
    path: str
    parent: str
    is_container: bool
    sources: tuple[str, ...]
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    arguments: tuple[Any, ...]
    index: int = 0
    reads: tuple[str, ...] = ()
    is_training: bool = False


def operand_shapes(call: GraphCall) -> tuple[tuple[int, ...], ...]:
    """Shapes of everything a call computes with: the tensors it is handed, and the model's own variables."""
    given = iter(call.inputs)
    shapes: list[tuple[int, ...]] = []
    for value in keras.tree.flatten(call.arguments):
        if isinstance(value, keras.KerasTensor):
            shapes.append(next(given).shape)
        elif getattr(value, "shape", None):
            shapes.append(tuple(int(size) for size in value.shape))
    return tuple(shapes)
