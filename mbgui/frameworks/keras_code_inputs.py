"""The inputs of models that are code: what they were called with before, or what they accept when tried."""

import inspect
from collections.abc import Iterator
from typing import Any

import keras

from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.input_shape import InputOrigin, InputShape
from mbgui.domain.network import TensorSpec
from mbgui.domain.request import DEFAULT_INPUT_SIZE
from mbgui.frameworks.keras_errors import reason
from mbgui.frameworks.keras_input_shapes import shape_candidates, shape_text
from mbgui.frameworks.keras_inputs import ModelInputs, channels_last, known_inputs
from mbgui.frameworks.keras_tracing import evaluation_keywords

_MODES = {"training", "mask"}


def code_inputs(model: Any, given: tuple[InputShape, ...], batch_size: int, title: str) -> ModelInputs:
    """The inputs of a model without a graph, which is called on zeros and thereby built.

    Raises:
        MbguiError: it takes no input of the shapes named, or of 224×224 where none were named (wrong use).
    """
    known = getattr(model, "_build_shapes_dict", None)
    tried = (
        [known_inputs(known, given, batch_size, title, parameters=_parameters(model))]
        if known
        else list(_possible(model, given, batch_size, title))
    )
    causes: list[Exception] = []
    for inputs in tried:
        try:
            call_on_zeros(model, inputs)
        except Exception as error:  # noqa: BLE001
            causes.append(error)
        else:
            return inputs
    raise _nothing_fits(title, tried[0], causes[0])


def call_on_zeros(model: Any, inputs: ModelInputs) -> Any:
    """What the model makes of zeros, in evaluation mode."""
    arguments, named = inputs.arguments([keras.ops.zeros(spec.shape, dtype=spec.dtype) for spec in inputs.specs])
    return model(*arguments, **evaluation_keywords(model, named))


def _possible(model: Any, given: tuple[InputShape, ...], batch_size: int, title: str) -> Iterator[ModelInputs]:
    parameters = _parameters(model)
    if len(given) == 1 and not (given[0].name and len(parameters) > 1):
        name = given[0].name or (parameters or ("input",))[0]
        for shape in shape_candidates(given[0].sizes, channels_last=channels_last()):
            yield _inputs((name,), (shape,), batch_size, InputOrigin.GIVEN)
        return
    if not given and len(parameters) <= 1:
        shape = shape_candidates(DEFAULT_INPUT_SIZE, channels_last=channels_last())[0]
        yield _inputs(parameters or ("input",), (shape,), batch_size, InputOrigin.ASSUMED)
        return
    yield from _several(title, parameters, given, batch_size)


def _several(
    title: str, parameters: tuple[str, ...], given: tuple[InputShape, ...], batch_size: int
) -> Iterator[ModelInputs]:
    """Inputs told apart by name: arguments of their own, or the keys of one dictionary."""
    sizes = {shape.name: shape.sizes for shape in given}
    is_by_keyword = set(parameters) == set(sizes)
    if not is_by_keyword and (len(parameters) > 1 or not all(sizes)):
        raise MbguiError.wrong_use(
            f"{title} is called with {len(parameters)} inputs: {', '.join(parameters)}.",
            f"Name the shape of each: --input {','.join(f'{name}=SIZE' for name in parameters)}",
        )
    names = parameters if is_by_keyword else tuple(sorted(sizes))
    shapes = tuple(shape_candidates(sizes[name], channels_last=channels_last())[0] for name in names)
    structure = 0 if is_by_keyword else dict.fromkeys(names, 0)
    yield _inputs(names, shapes, batch_size, InputOrigin.GIVEN, structure, by_keyword=is_by_keyword)


def _inputs(  # noqa: PLR0913
    names: tuple[str, ...],
    shapes: tuple[tuple[int, ...], ...],
    batch_size: int,
    origin: InputOrigin,
    structure: Any = 0,
    *,
    by_keyword: bool = False,
) -> ModelInputs:
    specs = tuple(TensorSpec(shape=(batch_size, *shape), dtype="float32") for shape in shapes)
    return ModelInputs(names=names, specs=specs, origin=origin, structure=structure, by_keyword=by_keyword)


def _parameters(model: Any) -> tuple[str, ...]:
    """What `call` cannot do without."""
    found = inspect.signature(model.call).parameters.values()
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(
        item.name for item in found if item.kind in kinds and item.default is item.empty and item.name not in _MODES
    )


def _nothing_fits(title: str, inputs: ModelInputs, cause: Exception) -> MbguiError:
    shapes = ", ".join(shape_text(spec.shape[1:]) for spec in inputs.specs)
    why = (
        "which was tried because nothing says what it takes" if inputs.origin is InputOrigin.ASSUMED else "as asked for"
    )
    return MbguiError(
        Problem(
            sentence=f"{title} cannot be called with an input of {shapes}, {why} ({reason(cause)}).",
            advice="Name the shape that it takes, such as --input 128, --input 1x28x28 or --input a=224x224x3,b=10.",
            detail=f"{type(cause).__name__}: {cause}",
            kind=ProblemKind.WRONG_USE,
        )
    )
