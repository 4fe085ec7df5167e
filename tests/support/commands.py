"""Commands to children with all that a test does not care about filled in."""

from typing import Any

from mbgui.domain.input_shape import InputShape
from mbgui.domain.request import ReadingLimits, Weights
from mbgui.domain.source import ModelSource
from mbgui.pipeline.references import parse_source
from mbgui.processes.latency_messages import BuildModel
from mbgui.processes.messages import LoadModel


def load_command(
    source: ModelSource | str,
    *,
    inputs: tuple[InputShape, ...] = (InputShape(sizes=(8, 8)),),
    code_folders: tuple[str, ...] = (),
    limits: ReadingLimits | None = None,
) -> LoadModel:
    """Load a model, one image at a time, with untrained weights and the seed 0."""
    return LoadModel(**_model(source, inputs, code_folders, limits))


def build_command(
    source: ModelSource | str,
    *,
    inputs: tuple[InputShape, ...] = (InputShape(sizes=(8, 8)),),
    code_folders: tuple[str, ...] = (),
    limits: ReadingLimits | None = None,
) -> BuildModel:
    """Build a model only, with the same settings."""
    return BuildModel(**_model(source, inputs, code_folders, limits))


def _model(
    source: ModelSource | str,
    inputs: tuple[InputShape, ...],
    code_folders: tuple[str, ...],
    limits: ReadingLimits | None,
) -> dict[str, Any]:
    return {
        "source": parse_source(source) if isinstance(source, str) else source,
        "inputs": inputs,
        "batch_size": 1,
        "weights": Weights.NONE,
        "seed": 0,
        "code_folders": code_folders,
        "limits": limits or ReadingLimits(),
    }
