"""One side as it is launched again and again to be timed."""

from dataclasses import dataclass

from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.network import Network
from mbgui.domain.request import CompareRequest, Side
from mbgui.domain.source import ModelSource
from mbgui.pipeline.input_agreement import image_size
from mbgui.pipeline.validation import require_call_path
from mbgui.processes.latency_messages import BuildModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What every launch of a side has in common. `command` has its process build the model."""

    side: Side
    source: ModelSource
    framework: Framework
    call_path: CallPath
    threads: int
    batch_size: int
    seed: int
    command: BuildModel

    @property
    def title(self) -> str:
        """The model and how it is called: `mobilenet_v2 (PyTorch, eager)`."""
        return f"{self.source.title} ({self.framework.display_name}, {self.call_path})"

    @property
    def first_framework(self) -> Framework | None:
        """What its process is started for; `None` where only building tells, as when the model was read."""
        return self.source.likely_framework


def subject_of(request: CompareRequest, side: Side, framework: Framework, inputs: tuple[InputShape, ...]) -> Subject:
    """How one side is to be timed at these inputs.

    Raises:
        MbguiError: the call path chosen is none of its framework (wrong use).
    """
    source = request.left if side is Side.LEFT else request.right
    chosen = None if request.latency is None else request.latency.call_path(side)
    if chosen is not None:
        require_call_path(source, framework, chosen)
    return Subject(
        side=side,
        source=source,
        framework=framework,
        call_path=chosen or CALL_PATHS[framework][0],
        threads=request.threads,
        batch_size=request.batch_size,
        seed=request.seed,
        command=BuildModel(
            source=source,
            inputs=inputs,
            batch_size=request.batch_size,
            weights=request.weights,
            seed=request.seed,
            code_folders=request.code_folders,
            limits=request.limits,
        ),
    )


def inputs_read_at(request: CompareRequest, network: Network) -> tuple[InputShape, ...]:
    """The inputs the user named, else the image size that the sides agreed on, else none: a model's own."""
    if request.inputs:
        return request.inputs
    size = image_size(network)
    return () if size is None else (InputShape(sizes=size),)
