"""A random network in PyTorch: `twins_torch.py:net?seed=7`."""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.planted.role_weights import RoleWeights
from tests.planted.torch_filling import filled
from tests.support.twins import IMAGE, Node, NodeKind, describe

_FUNCTIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "leaky": lambda: nn.LeakyReLU(0.25),
    "elu": nn.ELU,
    "silu": nn.SiLU,
    "hard_swish": nn.Hardswish,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "softmax": lambda: nn.Softmax(dim=1),
}


class Gate(nn.Module):
    """Squeeze and excitation by dense layers, or by convolutions of 1×1."""

    def __init__(self, channels: int, *, by_convolution: bool) -> None:
        super().__init__()
        self.by_convolution = by_convolution
        make = (lambda a, b: nn.Conv2d(a, b, 1)) if by_convolution else nn.Linear
        self.squeeze = make(channels, 4)
        self.excite = make(4, channels)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.adaptive_avg_pool2d(x, 1)
        y = y if self.by_convolution else y.flatten(1)
        y = torch.sigmoid(self.excite(functional.relu(self.squeeze(y))))
        return x * (y if self.by_convolution else y[:, :, None, None])


class Twin(nn.Module):
    """Runs the nodes of a description in order."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        super().__init__()
        self.nodes = nodes
        for node in nodes:
            module = _module(node)
            if module is not None:
                self.add_module(node.name, module)
            if node.function:
                self.add_module(f"{node.name}_function", _FUNCTIONS[node.function]())

    def forward(self, x: Tensor) -> Tensor:
        values = {IMAGE: x}
        for node in self.nodes:
            values[node.name] = x = self._run(node, [values[name] for name in node.inputs])
        return x

    def _run(self, node: Node, inputs: list[Tensor]) -> Tensor:
        if node.kind is NodeKind.ADD:
            return inputs[0] + inputs[1]
        if node.kind is NodeKind.CONCAT:
            return torch.cat(inputs, dim=1)
        y: Tensor = inputs[0]
        if node.kind is NodeKind.GLOBAL_POOL:
            return y.mean((2, 3)) if node.is_other_spelling else functional.adaptive_avg_pool2d(y, 1).flatten(1)
        if node.kind is NodeKind.FLATTEN:
            return torch.flatten(y, 1)
        if node.kind is not NodeKind.ACTIVATION:
            y = self.get_submodule(node.name)(y)
        return self.get_submodule(f"{node.name}_function")(y) if node.function else y


def _module(node: Node) -> nn.Module | None:
    """The module of a node; `None` where it is a function or its activation alone."""
    makers: dict[NodeKind, Callable[[], nn.Module]] = {
        NodeKind.CONVOLUTION: lambda: _convolution(node),
        NodeKind.DEPTHWISE: lambda: _convolution(node),
        NodeKind.BATCH_NORM: lambda: nn.BatchNorm2d(node.out, eps=1e-3),
        NodeKind.GATE: lambda: Gate(node.out, by_convolution=node.is_other_spelling),
        NodeKind.MAX_POOL: lambda: nn.MaxPool2d(2),
        NodeKind.AVERAGE_POOL: lambda: nn.AvgPool2d(2),
        NodeKind.DROPOUT: lambda: nn.Dropout(0.2),
        NodeKind.DENSE: lambda: nn.Linear(node.into, node.out, bias=node.has_bias),
    }
    return makers[node.kind]() if node.kind in makers else None


def _convolution(node: Node) -> nn.Conv2d:
    height, width = (node.dilation * (side - 1) // 2 for side in node.kernel)
    return nn.Conv2d(
        node.into,
        node.out,
        node.kernel,
        stride=node.stride,
        padding=(height, width),
        dilation=node.dilation,
        groups=node.groups,
        bias=node.has_bias,
    )


def net(seed: int) -> nn.Module:
    """The network of a number, with its weights."""
    return filled(Twin(describe(seed)), RoleWeights(f"twin {seed}"))
