"""How PyTorch itself spells a property of a module."""

from torch import nn


def spelled(module: nn.Module, **attributes: str) -> dict[str, str]:
    """The native spelling of each attribute: `stride=(2, 2)`; `attributes` map our names to PyTorch's."""
    return {name: f"{native}={getattr(module, native)!r}" for name, native in attributes.items()}
