"""What the latency page draws at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mbgui.domain.latency import LatencyEstimate, LatencySummary
from mbgui.domain.request import Side

if TYPE_CHECKING:
    from mbgui.gui.widgets.latency_samples import Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyPicture:
    """The calls, their statistics by side (a side without timed calls has none), and how sure the ratio has become.

    `smallest_difference` is the noise floor as a fraction, `None` where this machine was not calibrated.
    """

    samples: Samples
    summaries: Mapping[Side, LatencySummary]
    estimates: Sequence[LatencyEstimate] = ()
    smallest_difference: float | None = None
