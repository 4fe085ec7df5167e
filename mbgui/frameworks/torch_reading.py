"""Reading a PyTorch model: through `torch.export`, or through hooks where that fails."""

from time import perf_counter

import torch
from torch import nn

from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer, Network, TensorSpec
from mbgui.domain.source import ModelSource
from mbgui.frameworks.model_lookup import input_refused
from mbgui.frameworks.torch_graph import export_operations, tensor_specs
from mbgui.frameworks.torch_hooks import layers_from_hooks, watched_calls
from mbgui.frameworks.torch_layers import layers_from_operations
from mbgui.frameworks.torch_tensors import stored_tensors

EXPORT_FAILED = (
    "torch.export could not follow this model ({reason}), so its modules were watched with hooks: "
    "functional operations such as residual additions are missing."
)


def read_network(model: nn.Module, example: torch.Tensor, *, source: ModelSource, build_s: float) -> Network:
    """Read a model in evaluation mode at the shape of `example`. Raises `MbguiError` where it refuses the shape."""
    started = perf_counter()
    layers, outputs, reading, notes = _read_layers(model, example, source.name)
    tensors = stored_tensors(model, frozenset(layer.path for layer in layers))
    return Network(
        source=source,
        framework=Framework.PYTORCH,
        class_name=type(model).__name__,
        data_layout="NCHW",
        reading=reading,
        framework_parameter_count=sum(parameter.numel() for parameter in model.parameters()),
        inputs=tensor_specs(example),
        outputs=outputs,
        layers=layers,
        tensors=tensors,
        notes=notes,
        build_s=build_s,
        read_s=perf_counter() - started,
    )


def _read_layers(
    model: nn.Module, example: torch.Tensor, name: str
) -> tuple[tuple[Layer, ...], tuple[TensorSpec, ...], str, tuple[str, ...]]:
    """Layers, outputs of the model, how they were read, and notes."""
    try:
        with watched_calls(model) as calls:
            operations = export_operations(model, example)
        return layers_from_operations(model, operations, calls), calls.outputs[""], "torch.export", ()
    except Exception as error:  # noqa: BLE001 - export fails in many ways, each of them leads to the hooks
        return _read_by_hooks(model, example, name, error)


def _read_by_hooks(
    model: nn.Module, example: torch.Tensor, name: str, export_error: Exception
) -> tuple[tuple[Layer, ...], tuple[TensorSpec, ...], str, tuple[str, ...]]:
    try:
        layers, outputs = layers_from_hooks(model, example)
    except (RuntimeError, ValueError, AssertionError, TypeError) as refusal:
        height, width = example.shape[-2:]
        raise input_refused(name, (height, width), refusal) from refusal
    reason = type(export_error).__name__
    return layers, outputs, "module hooks", (EXPORT_FAILED.format(reason=reason),)
