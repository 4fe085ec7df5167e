"""What is in a file with a model or its weights, found without executing anything of it."""

from dataclasses import dataclass
from enum import StrEnum
from math import prod

from mbgui.domain.errors import Problem
from mbgui.domain.framework import Framework
from mbgui.domain.network import TensorStatistics


class FileFormat(StrEnum):
    """The formats that are told apart, by content and not by suffix."""

    KERAS_ARCHIVE = "Keras model (.keras)"
    KERAS_HDF5_MODEL = "Keras model (HDF5)"
    KERAS_WEIGHTS = "Keras weights (.weights.h5)"
    KERAS_HDF5_WEIGHTS = "Keras 2 weights (HDF5)"
    EXPORTED_PROGRAM = "PyTorch exported program (.pt2)"
    TORCHSCRIPT = "TorchScript"
    TORCH_WEIGHTS = "PyTorch weights"
    TORCH_PICKLE = "PyTorch pickle with objects of other classes"
    TORCH_LEGACY_PICKLE = "PyTorch legacy pickle"
    SAFETENSORS = "safetensors"
    NPZ = "NumPy archive (.npz)"
    UNKNOWN = "unknown"


MODEL_FORMATS = frozenset(
    {FileFormat.KERAS_ARCHIVE, FileFormat.KERAS_HDF5_MODEL, FileFormat.EXPORTED_PROGRAM, FileFormat.TORCHSCRIPT}
)
"""The formats that hold a whole model; the others hold tensors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTensor:
    """One tensor in a file; `statistics` is `None` where the values were not read."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    size_bytes: int
    statistics: TensorStatistics | None = None

    @property
    def value_count(self) -> int:
        """Number of scalar values."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFact:
    """One line of what a file says of itself: ("Keras version", "3.15.1")."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """The contents of a file as far as they can be read without executing anything.

    `framework` is whose file it is, `None` for formats that belong to neither (safetensors, npz). `refusal` says why
    it cannot be opened as a model or as weights, `None` where it can; what could be read stands beside it.
    """

    path: str
    format: FileFormat
    framework: Framework | None
    size_bytes: int
    tensors: tuple[FileTensor, ...]
    facts: tuple[FileFact, ...]
    notes: tuple[str, ...] = ()
    refusal: Problem | None = None

    @property
    def holds_model(self) -> bool:
        """Whether it holds a whole model, not only tensors."""
        return self.format in MODEL_FORMATS
