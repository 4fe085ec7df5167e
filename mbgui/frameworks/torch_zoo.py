"""The classification models of torchvision: their names, options, input sizes, and how each is built."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import nn
from torchvision import models
from torchvision.models import WeightsEnum

from mbgui.domain.error_text import error_detail, error_line
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.model_option import ModelOption
from mbgui.domain.option_text import OptionValue, option_text
from mbgui.domain.request import Weights
from mbgui.domain.source import ModelSource
from mbgui.frameworks.model_lookup import require_known, require_options, weights_unavailable
from mbgui.frameworks.torch_head import TOP_OPTIONS, Top, shape_top

BUILD_ARGUMENTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        # As published: GoogLeNet without its auxiliary classifiers, Inception v3 with them. `init_weights` is what
        # torchvision does by default, said aloud because it warns otherwise.
        "googlenet": {"aux_logits": False, "init_weights": True},
        "inception_v3": {"init_weights": True},
    }
)
_WIDTH = ModelOption(name="alpha", default=1.0, description="width of every layer, as a factor", is_common=True)
_CLASSES = ModelOption(name="num_classes", default=1000, description="classes of the head", is_common=True)
_IMAGE_SIZE = ModelOption(name="image_size", default=224, description="side of the images, in pixels")
_SIMPLE = (str, int, float, bool, type(None))
_STRUCTURAL = frozenset({"self", "num_classes", "width_mult", "transform_input", "init_weights", "weights", "progress"})
_OpenFile = Callable[[Path], Mapping[str, torch.Tensor]]


def model_names() -> tuple[str, ...]:
    """The classification models, sorted."""
    return tuple(sorted(models.list_models(module=models)))


def require_model(name: str) -> None:
    """Raise `MbguiError` with the nearest names where there is no such model."""
    require_known(name, model_names(), prefix="torchvision", family="torchvision")


def stated_input_size(name: str) -> tuple[int, int] | None:
    """(height, width) that a model's published weights were evaluated at. Raises `MbguiError` for an unknown name."""
    require_model(name)
    crop = getattr(models.get_model_weights(name).DEFAULT.transforms, "keywords", {}).get("crop_size")
    if isinstance(crop, int):
        return crop, crop
    return (int(crop[0]), int(crop[-1])) if crop else None


def model_options(name: str) -> tuple[ModelOption, ...]:
    """What can be written behind the question mark, common options first. Raises `MbguiError` for an unknown name."""
    require_model(name)
    parameters = _constructor_parameters(name)
    own = [
        ModelOption(name=parameter.name, default=parameter.default, description="argument of torchvision's own")
        for parameter in parameters.values()
        if parameter.name not in _STRUCTURAL and isinstance(parameter.default, _SIMPLE)
    ]
    own += [_IMAGE_SIZE] if name.startswith("vit_") else []
    common = ([_WIDTH] if _has_width(name, parameters) else []) + [_CLASSES, *TOP_OPTIONS]
    return (*common, *sorted(own, key=lambda option: option.name))


def build_zoo_model(source: ModelSource, weights: Weights, seed: int, open_file: _OpenFile) -> nn.Module:
    """A model in evaluation mode; `open_file` reads pretrained weights that are on disk.

    Raises:
        MbguiError: unknown name or option, a value it refuses, pretrained weights that cannot be had.
    """
    name = source.name
    options = {option.name: option.value for option in source.options}
    require_options(source, tuple(option.name for option in model_options(name)), also=("classes", "width_mult"))
    _require_positive(options, ("alpha", "width_mult", "num_classes", "classes"))
    top = Top.taken_from(options)
    arguments = _arguments(options)
    torch.manual_seed(seed)
    if weights is Weights.IMAGENET and source.weights is None:
        model = _pretrained(source, arguments, open_file)
    else:
        model = _constructed(source, {**BUILD_ARGUMENTS.get(name, {}), **arguments})
    return shape_top(model, top, source).eval()


def _require_positive(options: Mapping[str, OptionValue], names: tuple[str, ...]) -> None:
    """The library itself builds something of a width below 0."""
    for name in names:
        value = options.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise MbguiError.wrong_use(
                f"The option {name} cannot be “{option_text(value)}”.", "Give a number above 0, such as alpha=0.5."
            )


def _arguments(options: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """The options as torchvision names them."""
    names = {"alpha": "width_mult", "classes": "num_classes"}
    own = {option.name for option in TOP_OPTIONS}
    return {names.get(name, name): value for name, value in options.items() if name not in own}


def _constructed(source: ModelSource, arguments: Mapping[str, Any], weights: WeightsEnum | None = None) -> nn.Module:
    try:
        model: nn.Module = models.get_model(source.name, weights=weights, **arguments)
    except (TypeError, ValueError, ZeroDivisionError, AssertionError, IndexError, RuntimeError) as error:
        raise MbguiError(
            Problem(
                sentence=f"{source.reference} cannot be built: {error_line(error)}.",
                advice=f"`mbgui models torchvision:{source.name}` lists its options.",
                detail=error_detail(error),
                kind=ProblemKind.WRONG_USE,
            )
        ) from error
    return model


def _pretrained(source: ModelSource, arguments: Mapping[str, Any], open_file: _OpenFile) -> nn.Module:
    published: Any = models.get_model_weights(source.name).DEFAULT
    file = str(published.url).rpartition("/")[2]
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    if not (folder / file).is_file():
        _download(published.url, folder / file, source.name)
    with _state_dicts_read_by(lambda: open_file(folder / file)):
        return _constructed(source, arguments, published)


def _download(url: str, target: Path, name: str) -> None:
    """Fetch pretrained weights to where torchvision keeps them; their name holds the hash that they are checked by."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        hash_prefix = target.stem.rpartition("-")[2]
        torch.hub.download_url_to_file(url, str(target), hash_prefix, progress=False)
    except (OSError, RuntimeError) as error:  # urllib's errors are OSErrors, a wrong hash is a RuntimeError
        raise weights_unavailable(name, file=target.name, folder=str(target.parent), cause=error) from error


@contextmanager
def _state_dicts_read_by(read: Callable[[], Mapping[str, torch.Tensor]]) -> Iterator[None]:
    """Have torchvision build around weights that were read without executing anything.

    Its own reading would unpickle whatever lies in the folder: the hash is checked after a download only.
    """

    def get_state_dict(_weights: WeightsEnum, *_arguments: Any, **_named: Any) -> Mapping[str, torch.Tensor]:
        return read()

    original = WeightsEnum.get_state_dict
    WeightsEnum.get_state_dict = get_state_dict
    try:
        yield
    finally:
        WeightsEnum.get_state_dict = original


def _constructor_parameters(name: str) -> dict[str, inspect.Parameter]:
    """Parameters of the class that a model's function makes, by name."""
    made = inspect.signature(models.get_model_builder(name)).return_annotation
    if not inspect.isclass(made):
        return {}
    return dict(inspect.signature(made).parameters)


def _has_width(name: str, parameters: Mapping[str, inspect.Parameter]) -> bool:
    return "width_mult" in parameters or name.startswith("mobilenet_v3")
