"""A random network in Keras: `twins_keras.py:net?seed=7`."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import keras
from keras import layers

from tests.planted.keras_filling import KerasParts
from tests.planted.role_weights import RoleWeights
from tests.support.twins import IMAGE, SIZE, Node, NodeKind, describe

_FUSED = {
    "": None,
    "relu": "relu",
    "relu6": "relu6",
    "elu": "elu",
    "silu": "silu",
    "hard_swish": "hard_silu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "softmax": "softmax",
}


class Twin:
    """Builds the nodes of a description in order."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.nodes = describe(seed)
        self.parts = KerasParts()
        self.behind_flatten: dict[str, tuple[int, int, int]] = {}

    def build(self) -> Any:
        """The model with its weights."""
        x = keras.Input((SIZE, SIZE, 3), name=IMAGE)
        values = {IMAGE: x}
        flattened: tuple[int, int, int] | None = None
        for node in self.nodes:
            if node.kind is NodeKind.FLATTEN:
                flattened = (node.into, node.size, node.size)
            if node.kind is NodeKind.DENSE and flattened is not None:
                self.behind_flatten[node.name] = flattened
                flattened = None
            inputs = [values[name] for name in node.inputs]
            values[node.name] = x = self._node(node, inputs)
        model = keras.Model(values[IMAGE], x)
        return self.parts.filled(model, RoleWeights(f"twin {self.seed}"), self.behind_flatten)

    def _node(self, node: Node, inputs: list[Any]) -> Any:
        if node.kind in _JOINS:
            return self.parts(node.name, _JOINS[node.kind])(inputs)
        if node.kind in _PLAIN:
            return self.parts(node.name, *_PLAIN[node.kind])(inputs[0])
        make = {
            NodeKind.CONVOLUTION: self._convolution,
            NodeKind.DEPTHWISE: self._convolution,
            NodeKind.BATCH_NORM: self._norm,
            NodeKind.ACTIVATION: self._function,
            NodeKind.GATE: self._gate,
            NodeKind.DENSE: self._dense,
        }[node.kind]
        return make(node, inputs[0])

    def _norm(self, node: Node, x: Any) -> Any:
        return self.parts(node.name, layers.BatchNormalization, epsilon=1e-3, momentum=0.9)(x)

    def _dense(self, node: Node, x: Any) -> Any:
        options = {"use_bias": node.has_bias, "activation": _FUSED.get(node.function)}
        y = self.parts(node.name, layers.Dense, node.out, **options)(x)
        return self._function(node, y) if node.function == "leaky" else y

    def _convolution(self, node: Node, x: Any) -> Any:
        padding = "same"
        if node.stride > 1 or node.is_other_spelling:
            padding = "valid"
            sides = tuple(node.dilation * (side - 1) // 2 for side in node.kernel)
            if any(sides):
                x = self.parts(f"{node.name}_pad", layers.ZeroPadding2D, sides)(x)
        options = {
            "strides": node.stride,
            "padding": padding,
            "dilation_rate": node.dilation,
            "use_bias": node.has_bias,
            "activation": _FUSED.get(node.function),
        }
        if node.kind is NodeKind.DEPTHWISE:
            multiplier = node.out // node.into
            x = self.parts(node.name, layers.DepthwiseConv2D, node.kernel, depth_multiplier=multiplier, **options)(x)
        else:
            x = self.parts(node.name, layers.Conv2D, node.out, node.kernel, groups=node.groups, **options)(x)
        return self._function(node, x) if node.function == "leaky" else x

    def _function(self, node: Node, x: Any) -> Any:
        role = f"{node.name}_function"
        if node.function == "leaky":
            return self.parts(role, layers.LeakyReLU, negative_slope=0.25)(x)
        if node.function == "relu6" and node.is_other_spelling:
            return self.parts(role, layers.ReLU, max_value=6.0)(x)
        return self.parts(role, layers.Activation, _FUSED[node.function])(x)

    def _gate(self, node: Node, x: Any) -> Any:
        name, parts = node.name, self.parts
        y = parts(f"{name}_pool", layers.GlobalAveragePooling2D, keepdims=node.is_other_spelling)(x)
        if node.is_other_spelling:
            y = parts(f"{name}.squeeze", layers.Conv2D, 4, 1, activation="relu")(y)
            y = parts(f"{name}.excite", layers.Conv2D, node.out, 1, activation="sigmoid")(y)
        else:
            y = parts(f"{name}.squeeze", layers.Dense, 4, activation="relu")(y)
            y = parts(f"{name}.excite", layers.Dense, node.out, activation="sigmoid")(y)
            y = parts(f"{name}_reshape", layers.Reshape, (1, 1, node.out))(y)
        return parts(f"{name}_multiply", layers.Multiply)([x, y])


_JOINS = {NodeKind.ADD: layers.Add, NodeKind.CONCAT: layers.Concatenate}
_PLAIN: dict[NodeKind, tuple[Any, ...]] = {
    NodeKind.MAX_POOL: (layers.MaxPooling2D, 2),
    NodeKind.AVERAGE_POOL: (layers.AveragePooling2D, 2),
    NodeKind.GLOBAL_POOL: (layers.GlobalAveragePooling2D,),
    NodeKind.FLATTEN: (layers.Flatten,),
    NodeKind.DROPOUT: (layers.Dropout, 0.2),
}


def net(seed: int) -> Any:
    """The network of a number, with its weights."""
    return Twin(seed).build()
