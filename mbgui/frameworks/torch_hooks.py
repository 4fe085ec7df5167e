"""Watching a PyTorch model run through hooks on its modules."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import nn
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd

from mbgui.domain.network import Layer, LayerKind, TensorSpec
from mbgui.frameworks import mac_count
from mbgui.frameworks.layer_traits import traits
from mbgui.frameworks.layer_tree import LayerTree
from mbgui.frameworks.torch_graph import tensor_specs
from mbgui.frameworks.torch_layers import ModuleCalls
from mbgui.frameworks.torch_modules import describe_module, is_atomic


@contextmanager
def watched_calls(model: nn.Module) -> Iterator[ModuleCalls]:
    """Count the calls of every module of `model` while the context lasts."""
    calls = ModuleCalls()
    paths = {id(module): path for path, module in model.named_modules()}

    def note(module: nn.Module, _arguments: Any, result: Any) -> None:
        path = paths.get(id(module))
        if path is None:
            return
        calls.counts[path] += 1
        if path not in calls.outputs:
            calls.outputs[path] = tensor_specs(result)

    handle = nn.modules.module.register_module_forward_hook(note)
    try:
        yield calls
    finally:
        handle.remove()


def layers_from_hooks(
    model: nn.Module, example: tuple[torch.Tensor, ...]
) -> tuple[tuple[Layer, ...], tuple[TensorSpec, ...]]:
    """Layers and outputs of one real forward pass; functional operations do not show and break the chain."""
    return _HookReader(model).read(example)


class _HookReader:
    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._modules = dict(model.named_modules())
        self._paths = {id(module): path for path, module in self._modules.items()}
        self._makers: dict[int, str] = {}
        self._kept: list[object] = []  # a tensor that is gone could lend its id to another
        self._layers: dict[str, Layer] = {}

    def read(self, example: tuple[torch.Tensor, ...]) -> tuple[tuple[Layer, ...], tuple[TensorSpec, ...]]:
        handle = nn.modules.module.register_module_forward_hook(self._note)
        try:
            with watched_calls(self._model) as calls, torch.inference_mode():
                result = self._model(*example)
        finally:
            handle.remove()
        return self._assembled(calls), tensor_specs(result)

    def _note(self, module: nn.Module, arguments: Any, result: Any) -> None:
        path = self._paths.get(id(module))
        if path is None or not self._is_leaf(path, module):
            return
        layer = self._layer(path, module, arguments, result)
        known = self._layers.get(path)
        self._layers[path] = layer if known is None else _both_calls(known, layer)
        for tensor in _tensors(result):
            self._makers[id(tensor)] = path
            self._kept.append(tensor)

    def _is_leaf(self, path: str, module: nn.Module) -> bool:
        if not is_atomic(module) and next(module.children(), None) is not None:
            return False
        parts = path.split(".")
        return not any(is_atomic(self._modules[".".join(parts[:end])]) for end in range(1, len(parts)))

    def _layer(self, path: str, module: nn.Module, arguments: Any, result: Any) -> Layer:
        sources = (self._makers.get(id(tensor)) for tensor in _tensors(arguments))
        input_specs, output_specs = tensor_specs(arguments), tensor_specs(result)
        described = describe_module(module, input_specs[0].shape if input_specs else ())
        return Layer(
            path=path,
            parent=path.rpartition(".")[0],
            type_name=type(module).__name__,
            kind=described.kind,
            is_operation=False,
            call_count=1,
            inputs=tuple(dict.fromkeys(source for source in sources if source is not None and source != path)),
            outputs=output_specs,
            mac_count=module_macs(module, input_specs, output_specs),
            attributes=described.attributes,
        )

    def _assembled(self, calls: ModuleCalls) -> tuple[Layer, ...]:
        tree = LayerTree()
        for layer in self._layers.values():
            parts = layer.path.split(".")
            for end in range(1, len(parts)):
                tree.append(self._container(".".join(parts[:end]), calls))
            tree.append(layer)
        return tree.layers()

    def _container(self, path: str, calls: ModuleCalls) -> Layer:
        return Layer(
            path=path,
            parent=path.rpartition(".")[0],
            type_name=type(self._modules[path]).__name__,
            kind=LayerKind.CONTAINER,
            is_operation=False,
            call_count=calls.counts[path],
            inputs=(),
            outputs=calls.outputs.get(path, ()),
            mac_count=0,
            attributes=traits(LayerKind.CONTAINER, {}).attributes,
        )


def module_macs(module: Any, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> int:
    """Multiply-accumulates of one call of a module, for convolutions, dense layers and attention."""
    if not inputs or not outputs:
        return 0
    if isinstance(module, _ConvTransposeNd):
        return mac_count.transposed_convolution(
            module.kernel_size, module.out_channels // module.groups, inputs[0].shape
        )
    if isinstance(module, _ConvNd):
        return mac_count.convolution(module.kernel_size, module.in_channels // module.groups, outputs[0].shape)
    if isinstance(module, nn.Linear):
        return mac_count.dense(module.in_features, outputs[0].shape)
    if isinstance(module, nn.MultiheadAttention) and len(inputs) >= 3:
        return _attention_macs(module, inputs, outputs[0])
    return 0


def _attention_macs(module: Any, inputs: tuple[TensorSpec, ...], output: TensorSpec) -> int:
    shapes = [spec.shape if len(spec.shape) > 2 else (1, *spec.shape) for spec in (*inputs[:3], output)]
    if not module.batch_first:
        shapes = [(shape[1], shape[0], *shape[2:]) for shape in shapes]
    query, key, value, result = shapes
    width = module.embed_dim
    return mac_count.projected_attention(query, key, value, key_width=width, value_width=width, output_shape=result)


def _both_calls(first: Layer, second: Layer) -> Layer:
    return replace(
        first,
        call_count=first.call_count + 1,
        inputs=tuple(dict.fromkeys((*first.inputs, *second.inputs))),
        mac_count=first.mac_count + second.mac_count,
    )


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, tuple | list):
        for member in value:
            yield from _tensors(member)
