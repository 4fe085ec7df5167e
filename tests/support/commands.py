"""Commands to children with all that a test does not care about filled in."""

from mbgui.domain.input_shape import InputShape
from mbgui.domain.request import ReadingLimits, Weights
from mbgui.domain.source import ModelSource
from mbgui.pipeline.references import parse_source
from mbgui.processes.messages import LoadModel


def load_command(
    source: ModelSource | str,
    *,
    inputs: tuple[InputShape, ...] = (InputShape(sizes=(8, 8)),),
    code_folders: tuple[str, ...] = (),
    limits: ReadingLimits | None = None,
) -> LoadModel:
    """Load a model, one image at a time, with untrained weights and the seed 0."""
    return LoadModel(
        source=parse_source(source) if isinstance(source, str) else source,
        inputs=inputs,
        batch_size=1,
        weights=Weights.NONE,
        seed=0,
        code_folders=code_folders,
        limits=limits or ReadingLimits(),
    )
