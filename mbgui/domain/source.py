"""Where a model comes from: a name in a zoo, a callable of the user's, or a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from types import MappingProxyType

from mbgui.domain.framework import Framework
from mbgui.domain.option_text import OptionValue, option_text


class SourceKind(StrEnum):
    """What sort of place a model comes from."""

    TORCHVISION = "torchvision"
    KERAS = "keras"
    PYTHON = "python"
    FILE = "file"


ZOO_FRAMEWORKS: Mapping[SourceKind, Framework] = MappingProxyType(
    {SourceKind.TORCHVISION: Framework.PYTORCH, SourceKind.KERAS: Framework.KERAS}
)
"""The sources whose models are called by name (`torchvision:mobilenet_v2`), and who runs them."""

SUFFIX_FRAMEWORKS: Mapping[str, Framework] = MappingProxyType(
    {
        **dict.fromkeys((".pt2", ".pt", ".pth", ".jit", ".bin", ".ckpt"), Framework.PYTORCH),
        **dict.fromkeys((".keras", ".h5", ".hdf5"), Framework.KERAS),
    }
)
"""Whose file it most likely is, by its suffix; safetensors and NumPy archives belong to neither."""

MODEL_SUFFIXES = frozenset((*SUFFIX_FRAMEWORKS, ".safetensors", ".npz"))
"""Suffixes of files with a model or its weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOption:
    """A keyword argument of a model: `alpha=0.5`."""

    name: str
    value: OptionValue


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFile:
    """A file whose tensors replace those a model starts with.

    `strip_prefix` is taken off the names in the file ("module."). With `is_partial` tensors that have no partner are
    left out; otherwise they are an error.
    """

    path: str
    strip_prefix: str = ""
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """A model as a user names it.

    `name` is a name in a zoo ("mobilenet_v2"); `package.module:callable` or `/folder/model.py:callable`; or the
    absolute path of a file. `options` are keyword arguments of what builds the model, `weights` is a file with its
    tensors; a model file has neither.
    """

    kind: SourceKind
    name: str
    options: tuple[SourceOption, ...] = ()
    weights: WeightsFile | None = None

    @property
    def reference(self) -> str:
        """What a user types to name this model: `torchvision:mobilenet_v2?alpha=0.5@/folder/weights.pth`."""
        name = f"{self.kind}:{self.name}" if self.kind in ZOO_FRAMEWORKS else self.name
        options = "&".join(f"{option.name}={option_text(option.value)}" for option in self.options)
        return f"{name}{'?' if options else ''}{options}{_weights_text(self.weights)}"

    @property
    def title(self) -> str:
        """A short name for people: a file goes by its own name, options and weights are told in brackets."""
        details = [f"{option.name}={option_text(option.value)}" for option in self.options]
        if self.weights is not None:
            details.append(PurePath(self.weights.path).name)
        name = PurePath(self.name).name if self.kind in (SourceKind.FILE, SourceKind.PYTHON) else self.name
        return f"{name} ({', '.join(details)})" if details else name

    @property
    def likely_framework(self) -> Framework | None:
        """The framework that the reference suggests: surely for a zoo, by suffix for a file, else `None`."""
        if self.kind is SourceKind.FILE:
            return SUFFIX_FRAMEWORKS.get(PurePath(self.name).suffix.lower())
        return ZOO_FRAMEWORKS.get(self.kind)

    @property
    def is_from_zoo(self) -> bool:
        """Whether nothing but a framework's own code and data makes this model."""
        return self.kind in ZOO_FRAMEWORKS and self.weights is None

    @property
    def reads_file(self) -> bool:
        """Whether a file that nobody vouches for is read for it."""
        return self.kind is SourceKind.FILE or self.weights is not None

    @property
    def runs_own_code(self) -> bool:
        """Whether building this model runs Python code of the user's."""
        return self.kind is SourceKind.PYTHON


def _weights_text(weights: WeightsFile | None) -> str:
    if weights is None:
        return ""
    from urllib.parse import quote  # noqa: PLC0415  the window starts without

    settings = [f"strip={quote(weights.strip_prefix, safe='/')}"] if weights.strip_prefix else []
    settings += ["partial=true"] if weights.is_partial else []
    return f"@{weights.path}{'?' if settings else ''}{'&'.join(settings)}"
