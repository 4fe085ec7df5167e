"""Random networks described once, to be built by both frameworks: a number gives always the same description.

Nodes are in order of execution; maps are counted channels first. `twins_torch.py:net?seed=7` and
`twins_keras.py:net?seed=7` build the same network with the same weights, each in a spelling of its own.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

SIZE = 32
"""Height and width of the images, in pixels."""
IMAGE = "image"
FUNCTIONS = ("relu", "relu6", "leaky", "elu", "silu", "hard_swish", "tanh", "sigmoid")


class NodeKind(StrEnum):
    """What a node of a description does."""

    CONVOLUTION = "convolution"
    DEPTHWISE = "depthwise"
    BATCH_NORM = "batch_norm"
    ACTIVATION = "activation"
    ADD = "add"
    CONCAT = "concat"
    GATE = "gate"
    MAX_POOL = "max_pool"
    AVERAGE_POOL = "average_pool"
    GLOBAL_POOL = "global_pool"
    FLATTEN = "flatten"
    DROPOUT = "dropout"
    DENSE = "dense"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One step. `into` and `out` count channels, or values behind the pooling; `size` is the map's height and width.

    `function` is the activation of a convolution or dense layer, "" for none; one framework fuses it, the other does
    not. `is_other_spelling` asks for the rarer way to write the same.
    """

    name: str
    kind: NodeKind
    inputs: tuple[str, ...]
    into: int
    out: int
    size: int
    kernel: tuple[int, int] = (1, 1)
    stride: int = 1
    dilation: int = 1
    groups: int = 1
    has_bias: bool = False
    function: str = ""
    is_other_spelling: bool = False


@dataclass(slots=True)
class _Draft:
    """A description that is being drawn: where it stands, and all nodes so far."""

    random: Random
    nodes: list[Node] = field(default_factory=list)
    at: str = IMAGE
    channels: int = 3
    size: int = SIZE

    def add(self, kind: NodeKind, *, out: int = 0, inputs: tuple[str, ...] = (), stride: int = 1, **more: Any) -> None:
        """Put a node behind the present one; a stride of two halves the map, rounded up."""
        into, self.channels = self.channels, out or self.channels
        if kind in (NodeKind.MAX_POOL, NodeKind.AVERAGE_POOL):
            self.size //= 2
        else:
            self.size = -(-self.size // stride)
        name = f"{kind}{len(self.nodes)}"
        node = Node(
            name=name, kind=kind, inputs=inputs or (self.at,), into=into, out=self.channels, size=self.size,
            stride=stride, is_other_spelling=self.random.random() < 0.3, **more,
        )  # fmt: skip
        self.nodes.append(node)
        self.at = name


def describe(seed: int) -> tuple[Node, ...]:
    """The network of a number: a stem, three to six blocks, a head."""
    draft = _Draft(Random(seed))  # noqa: S311  not for secrets
    _convolve(draft, out=draft.random.choice((8, 12, 16)), stride=draft.random.choice((1, 2)))
    for _ in range(draft.random.randint(3, 6)):
        block = draft.random.choice((_convolve, _grouped, _depthwise, _residual, _branches, _gate, _pool))
        block(draft)
    _head(draft)
    return tuple(draft.nodes)


def _kernel(draft: _Draft) -> tuple[int, int]:
    return draft.random.choice(((1, 1), (3, 3), (3, 3), (5, 5), (1, 3), (3, 1)))


def _norm_and_function(draft: _Draft) -> None:
    if draft.random.random() < 0.7:
        draft.add(NodeKind.BATCH_NORM)
    draft.add(NodeKind.ACTIVATION, function=draft.random.choice(FUNCTIONS))


def _convolve(draft: _Draft, out: int = 0, stride: int = 0) -> None:
    random = draft.random
    stride = stride or (2 if draft.size > 8 and random.random() < 0.3 else 1)
    is_fused = random.random() < 0.3
    draft.add(
        NodeKind.CONVOLUTION,
        out=out or random.choice((8, 12, 16, 24)),
        kernel=_kernel(draft),
        stride=stride,
        dilation=2 if stride == 1 and random.random() < 0.2 else 1,
        has_bias=is_fused or random.random() < 0.3,
        function=random.choice(FUNCTIONS) if is_fused else "",
    )
    if not is_fused:
        _norm_and_function(draft)


def _grouped(draft: _Draft) -> None:
    draft.add(NodeKind.CONVOLUTION, out=draft.channels * 2, kernel=(3, 3), groups=draft.random.choice((2, 4)))
    _norm_and_function(draft)


def _depthwise(draft: _Draft) -> None:
    multiplier = draft.random.choice((1, 1, 2)) if draft.channels <= 24 else 1
    groups = draft.channels
    draft.add(NodeKind.DEPTHWISE, out=groups * multiplier, kernel=(3, 3), groups=groups, has_bias=False)
    _norm_and_function(draft)
    draft.add(NodeKind.CONVOLUTION, out=draft.random.choice((8, 12, 16)))
    draft.add(NodeKind.BATCH_NORM)


def _residual(draft: _Draft) -> None:
    start, channels = draft.at, draft.channels
    draft.add(NodeKind.CONVOLUTION, out=draft.random.choice((8, 16)), kernel=(3, 3))
    _norm_and_function(draft)
    draft.add(NodeKind.CONVOLUTION, out=channels, kernel=_kernel(draft))
    draft.add(NodeKind.BATCH_NORM)
    draft.add(NodeKind.ADD, inputs=(start, draft.at))
    if draft.random.random() < 0.5:
        draft.add(NodeKind.ACTIVATION, function="relu")


def _branches(draft: _Draft) -> None:
    start, channels = draft.at, draft.channels
    ends, total = [], 0
    for _ in range(draft.random.randint(2, 3)):
        draft.at, draft.channels = start, channels
        for _ in range(draft.random.randint(1, 2)):
            _convolve(draft, out=draft.random.choice((4, 8)), stride=1)
        ends.append(draft.at)
        total += draft.channels
    if draft.random.random() < 0.3:
        ends.append(start)
        total += channels
    draft.add(NodeKind.CONCAT, out=total, inputs=tuple(ends))


def _gate(draft: _Draft) -> None:
    draft.add(NodeKind.GATE)


def _pool(draft: _Draft) -> None:
    if draft.size > 8:
        draft.add(draft.random.choice((NodeKind.MAX_POOL, NodeKind.AVERAGE_POOL)))


def _head(draft: _Draft) -> None:
    random = draft.random
    if random.random() < 0.5 or draft.size > 8:
        draft.add(NodeKind.GLOBAL_POOL)
    else:
        draft.add(NodeKind.FLATTEN, out=draft.channels * draft.size**2)
    if random.random() < 0.5:
        draft.add(NodeKind.DENSE, out=32, has_bias=True, function=random.choice(FUNCTIONS))
    if random.random() < 0.5:
        draft.add(NodeKind.DROPOUT)
    draft.add(NodeKind.DENSE, out=10, has_bias=random.random() < 0.8, function=random.choice(("", "", "softmax")))
