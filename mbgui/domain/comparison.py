"""A comparison: what a snapshot stores and the views show."""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.accounting import Accounting
from mbgui.domain.alignment import Alignment
from mbgui.domain.difference import Difference
from mbgui.domain.environment import Environment
from mbgui.domain.equivalence import Equivalence
from mbgui.domain.latency import LatencyComparison
from mbgui.domain.network import Network
from mbgui.domain.outline import Outline
from mbgui.domain.performance import Ladder, LayerTimings, Sweep
from mbgui.domain.request import CompareRequest, Side


class Agreement(StrEnum):
    """How far two networks agree, judged from their structure."""

    SAME_STRUCTURE = "same_structure"  # nothing that touches inference differs
    SAME_LAYERS = "same_layers"  # partners everywhere, but inference is touched
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer in words: one sentence, then details."""

    agreement: Agreement
    headline: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDuration:
    """How long a stage took, in seconds."""

    stage: str
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything known about two networks side by side.

    `created_at` is ISO 8601 in UTC. `warnings` are sentences about what could not be done.
    `is_sample` marks the comparison that ships with the application.
    """

    identifier: str
    created_at: str
    request: CompareRequest
    environment: Environment
    left: Network
    right: Network
    accounting: Accounting
    alignment: Alignment
    outline: Outline
    differences: tuple[Difference, ...]
    verdict: Verdict
    latency: LatencyComparison | None
    warnings: tuple[str, ...]
    stages: tuple[StageDuration, ...]
    is_sample: bool = False
    equivalence: Equivalence | None = None
    ladder: Ladder | None = None
    sweeps: tuple[Sweep, ...] = ()
    layer_times: LayerTimings | None = None

    @property
    def title(self) -> str:
        """Both model names, left first."""
        return f"{self.left.source.title} · {self.right.source.title}"

    def network(self, side: Side) -> Network:
        """The network of one side."""
        return self.left if side is Side.LEFT else self.right
