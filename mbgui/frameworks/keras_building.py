"""Building the models of `keras.applications`, with or without pretrained weights."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import md5, sha256
from pathlib import Path
from typing import Any

import keras
from keras.src.utils import file_utils

from mbgui.domain.error_text import error_detail
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.input_shape import InputOrigin, InputShape
from mbgui.domain.request import DEFAULT_INPUT_SIZE, Weights
from mbgui.domain.source import ModelSource
from mbgui.frameworks.keras_errors import said
from mbgui.frameworks.keras_input_shapes import Shape, fitted_shape, image_shape, shape_text
from mbgui.frameworks.keras_inputs import channels_last
from mbgui.frameworks.keras_zoo import CLASSES, model_arguments, model_function, stated_input_size
from mbgui.frameworks.model_lookup import input_refused, weights_unavailable

_PRETRAINED_CLASSES = 1000
_HASHES: dict[int, Callable[[bytes], Any]] = {32: md5, 64: sha256}  # by the length of their text; Keras uses both
_BLOCK_BYTES = 1 << 20

OpenFile = Callable[[str], None]
"""Called with a file that is about to be read; raises `MbguiError` where it must not be."""


def zoo_input_shape(source: ModelSource, given: tuple[InputShape, ...]) -> tuple[Shape, InputOrigin]:
    """The shape a model of the zoo is built at: the one named, or that it was made for.

    Raises:
        MbguiError: what was named is no image (wrong use).
    """
    if not given:
        size = stated_input_size(source.name)
        origin = InputOrigin.ASSUMED if size is None else InputOrigin.STATED
        return image_shape(size or DEFAULT_INPUT_SIZE, 3, channels_last=channels_last()), origin
    shape = fitted_shape(given[0].sizes, (None, None, None), channels_last=channels_last())
    if len(given) > 1 or shape is None:
        raise MbguiError.wrong_use(
            f"{source.name} takes one image, not {', '.join(item.text for item in given)}.",
            "Write its height and width (224x224), with channels where they are not 3 (1x28x28).",
        )
    return shape, InputOrigin.GIVEN


def build_zoo_model(source: ModelSource, shape: Shape, weights: Weights, seed: int, open_file: OpenFile) -> Any:
    """A model of the zoo at an input shape; `open_file` is called before pretrained weights on disk are read.

    Raises:
        MbguiError: unknown name or option, a value or a shape it refuses, pretrained weights that cannot be had.
    """
    arguments = model_arguments(source)
    build = model_function(source.name)
    keras.utils.set_random_seed(seed)
    if weights is Weights.IMAGENET and source.weights is None:
        return _pretrained(source, shape, arguments, open_file)
    try:
        return build(weights=None, input_shape=shape, **arguments)
    except Exception as error:  # whatever an impossible value makes of the building
        raise _not_built(source, shape, error) from error


def _pretrained(source: ModelSource, shape: Shape, arguments: dict[str, Any], open_file: OpenFile) -> Any:
    classes = arguments.get(CLASSES, _PRETRAINED_CLASSES)
    if classes != _PRETRAINED_CLASSES and arguments.get("include_top", True):
        raise MbguiError.wrong_use(
            f"The ImageNet weights of {source.name} have a head of {_PRETRAINED_CLASSES} classes, not {classes}.",
            "Leave the head out (?include_top=false), keep its 1000 classes, or attach weights of your own (…@FILE).",
        )
    with _files_found_by(source.name, open_file):
        try:
            return model_function(source.name)(weights="imagenet", input_shape=shape, **arguments)
        except MbguiError:
            raise
        except Exception as error:  # Keras's own checks of its arguments, and damaged files
            raise _not_built(source, shape, error) from error


@contextmanager
def _files_found_by(name: str, open_file: OpenFile) -> Iterator[None]:
    """Have Keras's functions take a file that is there without touching the network or the disk."""
    original = file_utils.get_file

    def get_file(fname: str, origin: str, *arguments: Any, **named: Any) -> str:
        path = cache_folder() / Path(fname).name
        if _is_whole(path, named.get("file_hash")):
            open_file(str(path))
            return str(path)
        try:
            fetched: str = original(fname, origin, *arguments, **named)
        except Exception as error:  # `get_file` raises plain exceptions
            raise weights_unavailable(name, file=path.name, folder=str(path.parent), cause=error) from error
        return fetched

    file_utils.get_file = get_file
    try:
        yield
    finally:
        file_utils.get_file = original


def cache_folder() -> Path:
    """Where Keras keeps pretrained weights."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "models"


def _is_whole(path: Path, expected: str | None) -> bool:
    """Whether a file is there and is the published one; another is fetched anew."""
    if not path.is_file():
        return False
    make = _HASHES.get(len(expected or ""))
    if make is None:
        return True
    found = make(b"")
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            found.update(block)
    return bool(found.hexdigest() == expected)


def _not_built(source: ModelSource, shape: Shape, error: Exception) -> MbguiError:
    if re.search(r"[Ii]nput (size|shape)|input_shape", str(error)) and "imagenet" not in str(error):
        return _refused(source, shape, error)
    if not source.options and "imagenet" not in str(error):
        return _refused(source, shape, error)
    return MbguiError(
        Problem(
            sentence=f"{source.reference} cannot be built: {said(error)}.",
            advice=f"`mbgui models keras:{source.name}` lists its options.",
            detail=error_detail(error),
            kind=ProblemKind.WRONG_USE,
        )
    )


def _refused(source: ModelSource, shape: Shape, error: Exception) -> MbguiError:
    height_width = shape[:2] if channels_last() else shape[1:]
    if 3 in (shape[0], shape[-1]):
        return input_refused(source.name, height_width, error)
    minimum = re.search(r"at least (\d+)x(\d+)", str(error))
    why = f"it takes at least {minimum[1]}×{minimum[2]} pixels" if minimum else said(error)
    return MbguiError(
        Problem(
            sentence=f"{source.name} refuses an input of {shape_text(shape)}: {why}.",
            advice="Choose the input the model was made for, often 224x224 or 299x299.",
            detail=error_detail(error),
            kind=ProblemKind.WRONG_USE,
        )
    )
