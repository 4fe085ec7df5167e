"""The top of a torchvision model: left out, pooled, or with an activation, by the options that Keras has for it."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import nn

from mbgui.domain.errors import MbguiError
from mbgui.domain.model_option import ModelOption
from mbgui.domain.option_text import OptionValue, option_text
from mbgui.domain.source import ModelSource

_POOLINGS = ("none", "avg", "max")
_ACTIVATIONS = ("none", "softmax")
TOP_OPTIONS = (
    ModelOption(name="include_top", default=True, description="whether there is a classifier", is_common=True),
    ModelOption(
        name="pooling",
        default=None,
        description="pooling where there is no classifier",
        choices=_POOLINGS,
        is_common=True,
    ),
    ModelOption(
        name="classifier_activation",
        default=None,
        description="what is applied to the classes' logits",
        choices=_ACTIVATIONS,
        is_common=True,
    ),
)
_HEADS = frozenset({"fc", "classifier", "head", "heads", "avgpool", "AuxLogits", "aux1", "aux2", "dropout"})
"""Children that make classes of features, pool features, or help in training only."""
_SEQUENTIAL = frozenset(
    {"AlexNet", "VGG", "MobileNetV2", "MobileNetV3", "EfficientNet", "ConvNeXt", "DenseNet", "MNASNet", "SqueezeNet"}
    | {"ResNet", "RegNet", "ShuffleNetV2", "GoogLeNet", "Inception3"}
)
"""Classes whose forward pass runs their children in the order of definition, up to the pooling before the head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """What the options say of a model's top."""

    is_included: bool
    pooling: str | None
    activation: str | None

    @classmethod
    def taken_from(cls, options: Mapping[str, OptionValue]) -> Self:
        """Raises `MbguiError` for a value that an option does not take (wrong use)."""
        is_included = options.get("include_top", True)
        if not isinstance(is_included, bool):
            raise _refused("include_top", is_included, ("true", "false"))
        return cls(
            is_included=is_included,
            pooling=_choice("pooling", options, _POOLINGS),
            activation=_choice("classifier_activation", options, _ACTIVATIONS),
        )


def shape_top(model: nn.Module, top: Top, source: ModelSource) -> nn.Module:
    """The model with the top that is wanted. Parameters keep their names.

    Raises:
        MbguiError: the top of this model cannot be left out.
    """
    if not top.is_included:
        return _without_top(model, top.pooling, source)
    return _with_softmax(model) if top.activation == "softmax" else model


def _without_top(model: nn.Module, pooling: str | None, source: ModelSource) -> nn.Module:
    """The features as Keras gives them with `include_top=False`: a map, or a vector where they are pooled."""
    name = type(model).__name__
    if name not in _SEQUENTIAL:
        raise MbguiError.wrong_use(
            f"The classifier of {source.name} cannot be left out: its features are no map of an image.",
            "Leave include_top away, or give a callable of your own that returns the features.",
        )
    parts = OrderedDict(
        (path, child) for path, child in model.named_children() if path not in _HEADS and child is not None
    )
    if name == "DenseNet":  # its forward pass applies one more function behind the features
        parts["relu"] = nn.ReLU(inplace=True)
    if name == "MNASNet":
        parts = OrderedDict(layers=model.get_submodule("layers"))
    if pooling is not None:
        parts["pool"] = nn.AdaptiveAvgPool2d(1) if pooling == "avg" else nn.AdaptiveMaxPool2d(1)
        parts["flatten"] = nn.Flatten()
    features: nn.Module = type(name, (nn.Sequential,), {})(parts)
    return features


def _with_softmax(model: nn.Module) -> nn.Module:
    """The same model, its class extended so that softmax follows: no parameter gets another name."""
    kind = type(model)

    def forward(self: Any, *images: torch.Tensor) -> Any:
        return self.classifier_activation(kind.forward(self, *images))

    model.classifier_activation = nn.Softmax(dim=1)
    model.__class__ = type(kind.__name__, (kind,), {"forward": forward, "__module__": kind.__module__})
    return model


def _choice(name: str, options: Mapping[str, OptionValue], choices: tuple[str, ...]) -> str | None:
    value = options.get(name)
    text = option_text(value)
    if text not in choices:
        raise _refused(name, value, choices)
    return None if text == "none" else text


def _refused(name: str, value: OptionValue, choices: tuple[str, ...]) -> MbguiError:
    return MbguiError.wrong_use(
        f"The option {name} cannot be “{option_text(value)}”.", f"Choose one of: {', '.join(choices)}."
    )
