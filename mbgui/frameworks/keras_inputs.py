"""The inputs that a Keras model is read and timed at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras

from mbgui.domain.input_shape import InputOrigin, InputShape
from mbgui.domain.network import TensorSpec
from mbgui.frameworks.keras_input_shapes import (
    Pattern,
    Shape,
    by_name,
    fitted_shape,
    settled_shape,
    shape_refused,
    shape_text,
)

_LEAF = 0
_SAYS = (InputOrigin.ASSUMED, InputOrigin.GIVEN, InputOrigin.STATED, InputOrigin.FIXED)
"""Of several inputs the first of these that one has is said of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInputs:
    """What a model is called with: names, shapes with the batch, and the form its first argument has.

    `structure` is a nested list or dictionary with a leaf for each input. With `by_keyword` each input is an argument
    of its own, by name.
    """

    names: tuple[str, ...]
    specs: tuple[TensorSpec, ...]
    origin: InputOrigin
    structure: Any = _LEAF
    by_keyword: bool = False

    def arguments(self, values: Sequence[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Positional and named arguments of a call."""
        if self.by_keyword:
            return (), dict(zip(self.names, values, strict=True))
        return (keras.tree.pack_sequence_as(self.structure, list(values)),), {}


def channels_last() -> bool:
    """Whether Keras is set to NHWC."""
    return bool(keras.config.image_data_format() == "channels_last")


def graph_inputs(graph: Any, given: tuple[InputShape, ...], batch_size: int, title: str) -> ModelInputs:
    """The inputs of a model that has a graph, at the shapes the user named; `title` is what the user calls it.

    Raises:
        MbguiError: a name is not known, or a shape is none the model takes (wrong use).
    """
    tensors = list(graph.inputs)
    patterns = [tuple(tensor.shape[1:]) for tensor in tensors]
    names = tuple(input_name(tensor) for tensor in tensors)
    shapes, origin = _settled(names, _spellings(graph), patterns, given, title)
    specs = tuple(
        TensorSpec(shape=(tensor.shape[0] or batch_size, *shape), dtype=str(tensor.dtype))
        for tensor, shape in zip(tensors, shapes, strict=True)
    )
    return ModelInputs(names=names, specs=specs, origin=origin, structure=_structure(graph))


def known_inputs(
    known: Any, given: tuple[InputShape, ...], batch_size: int, title: str, *, parameters: tuple[str, ...]
) -> ModelInputs:
    """The inputs of code that was called before, or that remembers being called: shapes with the batch, by argument.

    Keras remembers a single argument without its name, which is that of the one parameter that `call` needs.

    Raises as `graph_inputs`.
    """
    by_keyword = len(known) > 1
    names, structure = _named(known) if by_keyword else _named_inside(next(iter(known.values())))
    names = parameters if len(names) == len(parameters) == 1 else names
    patterns: list[Pattern] = [tuple(shape)[1:] for shape in _flat_shapes(known)]
    spellings: list[tuple[str, ...]] = [(name,) for name in names]
    shapes, origin = _settled(names, spellings, patterns, given, title, is_stated=True)
    specs = tuple(TensorSpec(shape=(batch_size, *shape), dtype="float32") for shape in shapes)
    return ModelInputs(names=names, specs=specs, origin=origin, structure=structure, by_keyword=by_keyword)


def _settled(  # noqa: PLR0913, PLR0917
    names: tuple[str, ...],
    spellings: list[tuple[str, ...]],
    patterns: list[Pattern],
    given: tuple[InputShape, ...],
    model: str,
    is_stated: bool = False,
) -> tuple[tuple[Shape, ...], InputOrigin]:
    takes = ", ".join(
        f"{name} {shape_text(pattern)}" if len(names) > 1 else shape_text(pattern)
        for name, pattern in zip(names, patterns, strict=True)
    )
    sizes = by_name(given, spellings, model, takes) if given else (None,) * len(names)
    settled = [
        _one(size, pattern, model, takes, is_stated=is_stated) for size, pattern in zip(sizes, patterns, strict=True)
    ]
    origins = {origin for _, origin in settled}
    origin = next(origin for origin in _SAYS if origin in origins)
    return tuple(shape for shape, _ in settled), InputOrigin.GIVEN if given else origin


def _one(
    sizes: Shape | None, pattern: Pattern, model: str, takes: str, *, is_stated: bool
) -> tuple[Shape, InputOrigin]:
    """Code that was called at a shape may take others."""
    if sizes is None:
        shape, origin = settled_shape(pattern, channels_last=channels_last())
        return shape, InputOrigin.STATED if is_stated and origin is InputOrigin.FIXED else origin
    open_pattern = tuple(None for _ in pattern[:-1]) + pattern[-1:] if is_stated else pattern
    fitted = fitted_shape(sizes, open_pattern, channels_last=channels_last())
    if fitted is None:
        raise shape_refused(model, sizes, takes)
    return fitted, InputOrigin.GIVEN


def _spellings(graph: Any) -> list[tuple[str, ...]]:
    """The names of each input: its own, and its key where the model takes a dictionary."""
    keys = [str(path[-1]) if path else "" for path, _ in keras.tree.flatten_with_path(graph._inputs_struct)]  # noqa: SLF001
    is_named = isinstance(graph._inputs_struct, dict)  # noqa: SLF001
    return [
        tuple(dict.fromkeys((input_name(tensor), key))) if is_named else (input_name(tensor),)
        for tensor, key in zip(graph.inputs, keys, strict=True)
    ]


def input_name(tensor: Any) -> str:
    """The name of the layer that takes an input in; the tensor itself has a number."""
    return str(tensor._keras_history.operation.name)  # noqa: SLF001


def _structure(graph: Any) -> Any:
    structure = keras.tree.map_structure(lambda _: _LEAF, graph._inputs_struct)  # noqa: SLF001
    return structure[0] if isinstance(structure, list | tuple) and len(structure) == 1 else structure


def _named(known: Any) -> tuple[tuple[str, ...], Any]:
    return tuple(name.removesuffix("_shape") for name in known), _LEAF


def _named_inside(shape: Any) -> tuple[tuple[str, ...], Any]:
    """Names and form of an argument that may be a list or dictionary of inputs."""
    structure = keras.tree.map_shape_structure(lambda _: _LEAF, shape)
    paths = [path for path, _ in keras.tree.flatten_with_path(structure)]
    return tuple("_".join(map(str, path)) or "input" for path in paths), structure


def _flat_shapes(known: Any) -> list[Any]:
    found: list[Any] = []
    keras.tree.map_shape_structure(found.append, list(known.values()))
    return found
