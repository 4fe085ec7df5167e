"""A PyTorch program that was exported and saved, opened again."""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedProgram:
    """An exported program: what is called, the hierarchy it tells of, and the program itself."""

    program: torch.export.ExportedProgram
    call: nn.Module
    hierarchy: nn.Module
    class_name: str
