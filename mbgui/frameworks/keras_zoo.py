"""The models of `keras.applications`: their names, options and input sizes."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from types import MappingProxyType
from typing import Any

import keras
from keras.src.applications import imagenet_utils

from mbgui.domain.errors import MbguiError
from mbgui.domain.model_option import ModelOption
from mbgui.domain.option_text import OptionValue, option_text
from mbgui.domain.source import ModelSource
from mbgui.frameworks.model_lookup import require_known, require_options

CLASSES, COMMON_CLASSES = "classes", "num_classes"
"""What Keras calls the number of classes, and what both frameworks' options do."""
_COMMON = ("alpha", COMMON_CLASSES, "include_top", "pooling", "classifier_activation")
_NOT_OPTIONS = frozenset({"weights", "input_tensor", "input_shape"})
_DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "alpha": "width of every layer, as a factor",
        COMMON_CLASSES: "classes of the head",
        "include_top": "whether the head that makes the classes is built",
        "pooling": "over all positions where there is no head: avg, max or none",
        "classifier_activation": "function behind the head, none for logits",
        "include_preprocessing": "whether the model scales pixel values itself",
        "minimalistic": "without squeeze-and-excitation, hard swish and 5×5 kernels",
        "depth_multiplier": "outputs of a depthwise convolution for each channel",
        "dropout": "rate of the dropout before the head",
        "dropout_rate": "rate of the dropout before the head",
        "name": "name of the model",
    }
)
_POOLINGS = ("none", "avg", "max")
_POSITIVE = ("alpha", COMMON_CLASSES, CLASSES, "depth_multiplier")
_DOCUMENTED_SIZE = re.compile(r"\((\d+), (\d+), 3\)")


class _SizeFoundError(Exception):
    """Ends the building of a model as soon as its size is known; holds it, where it is."""


def model_names() -> tuple[str, ...]:
    """The model functions of `keras.applications`, sorted."""
    return tuple(sorted(name for name, _ in inspect.getmembers(keras.applications, inspect.isfunction)))


def require_model(name: str) -> None:
    """Raise `MbguiError` with the nearest names where there is no such model."""
    require_known(name, model_names(), prefix="keras", family="Keras")


def model_function(name: str) -> Callable[..., Any]:
    """What builds a model. Raises `MbguiError` for an unknown name."""
    require_model(name)
    found: Callable[..., Any] = getattr(keras.applications, name)
    return found


@cache
def model_options(name: str) -> tuple[ModelOption, ...]:
    """What can be written behind the question mark, common options first. Raises `MbguiError` for an unknown name."""
    parameters = inspect.signature(model_function(name)).parameters.values()
    found = {_common_name(item.name): item.default for item in parameters if item.name not in _NOT_OPTIONS}
    names = [*(option for option in _COMMON if option in found), *sorted(set(found) - set(_COMMON))]
    return tuple(
        ModelOption(
            name=option,
            default=found[option],
            description=_DESCRIPTIONS.get(option, "argument of Keras's own"),
            choices=_POOLINGS if option == "pooling" else (),
            is_common=option in _COMMON,
        )
        for option in names
    )


@cache
def stated_input_size(name: str) -> tuple[int, int] | None:
    """(height, width) that a model is built for where none is said. Raises `MbguiError` for an unknown name.

    Found by calling its function up to where it settles its size, or from its documentation.
    """
    build = model_function(name)
    with _stopping_at_the_size():
        try:
            build(weights=None)
        except _SizeFoundError as found:
            if found.args:
                return found.args[0], found.args[0]
    documented = _DOCUMENTED_SIZE.search(inspect.getdoc(build) or "")
    return (int(documented[1]), int(documented[2])) if documented else None


@contextmanager
def _stopping_at_the_size() -> Iterator[None]:
    """Have functions of `keras.applications` end before they build a layer."""

    def obtain_input_shape(*_arguments: Any, **named: Any) -> None:
        raise _SizeFoundError(named["default_size"])

    def make_input(*_arguments: Any, **_named: Any) -> None:
        raise _SizeFoundError

    layers = keras.src.layers
    replaced = ((imagenet_utils, "obtain_input_shape", obtain_input_shape), (layers, "Input", make_input))
    originals = [getattr(module, name) for module, name, _ in replaced]
    try:
        for module, name, function in replaced:
            setattr(module, name, function)
        yield
    finally:
        for (module, name, _), original in zip(replaced, originals, strict=True):
            setattr(module, name, original)


def model_arguments(source: ModelSource) -> dict[str, OptionValue]:
    """The options of a source as keyword arguments of Keras.

    Raises:
        MbguiError: an option that the model does not have, or a value that is none (wrong use).
    """
    known = {option.name: option for option in model_options(source.name)}
    require_options(source, tuple(known), also=(CLASSES,))
    for option in source.options:
        _require_value(known[_common_name(option.name)], option.name, option.value)
    return {CLASSES if option.name == COMMON_CLASSES else option.name: option.value for option in source.options}


def _require_value(option: ModelOption, name: str, value: OptionValue) -> None:
    """Keras lets some impossible values pass: it builds a model of width -1, and ignores an unknown pooling."""
    if name in _POSITIVE and (isinstance(value, bool) or not isinstance(value, int | float) or value <= 0):
        raise _no_value(name, value, "Give a number above 0, such as alpha=0.5 or num_classes=10.")
    if isinstance(option.default, bool) and not isinstance(value, bool):
        raise _no_value(name, value, "Give true or false.")
    if isinstance(option.default, int | float) and not isinstance(option.default, bool) and not _is_number(value):
        raise _no_value(name, value, "Give a number.")
    if option.choices and option_text(value) not in option.choices:
        raise _no_value(name, value, f"Choose one of {', '.join(option.choices)}.")


def _is_number(value: OptionValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _no_value(name: str, value: OptionValue, advice: str) -> MbguiError:
    return MbguiError.wrong_use(f"The option {name} cannot be “{option_text(value)}”.", advice)


def _common_name(name: str) -> str:
    return COMMON_CLASSES if name == CLASSES else name
