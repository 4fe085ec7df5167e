"""The plan by which the tensors of two networks correspond."""

from dataclasses import dataclass, field

from mbgui.analysis.weight_layout import LayoutChange
from mbgui.domain.request import Side

Region = tuple[tuple[int, int], ...]
"""Start and stop in each dimension; empty for a whole tensor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorPart:
    """A stored tensor of `shape`, or a block of it."""

    name: str
    shape: tuple[int, ...]
    region: Region = ()

    @property
    def part_shape(self) -> tuple[int, ...]:
        """The shape of the block."""
        return tuple(stop - start for start, stop in self.region) if self.region else self.shape


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightLink:
    """The sum of the left parts, in another layout, is the sum of the right parts; nearly always one on each side.

    `change` leads from the left layout to the right one, `axes` names the dimensions of its `split`. `role` is the word
    both frameworks share: "kernel", "bias", "scale", "offset", "mean", "variance", ….
    """

    left: tuple[TensorPart, ...]
    right: tuple[TensorPart, ...]
    change: LayoutChange
    axes: tuple[str, ...]
    role: str
    left_layer: str
    right_layer: str

    def parts(self, side: Side) -> tuple[TensorPart, ...]:
        """The parts of one side."""
        return self.left if side is Side.LEFT else self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmovedTensor:
    """A stored tensor without a partner, and why.

    `neutral` is the value at which it does nothing, where there is one: what it has to be filled with when the other
    side's weights move in, and what it has to hold for both sides to be the same. `is_expected` says that the lack of
    a partner is no finding (a batch counter, the state of a random generator).
    """

    side: Side
    name: str
    layer: str
    role: str
    shape: tuple[int, ...]
    reason: str
    neutral: float | None = None
    is_expected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightPlan:
    """Every stored tensor of both networks, in a link or unmoved."""

    links: tuple[WeightLink, ...] = field(default=())
    unmoved: tuple[UnmovedTensor, ...] = field(default=())

    @property
    def obstacles(self) -> tuple[UnmovedTensor, ...]:
        """The tensors whose lack of a partner keeps the networks from running with the same weights."""
        return tuple(found for found in self.unmoved if not found.is_expected and found.neutral is None)
