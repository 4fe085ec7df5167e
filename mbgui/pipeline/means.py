"""What a run works with."""

from dataclasses import dataclass

from mbgui.pipeline.cancel import CancelToken
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The wish to stop, the children, where comparisons are kept, and what is known of this machine."""

    cancel: CancelToken
    children: WarmChildren
    store: SnapshotStore | None = None
    calibrations: CalibrationStore | None = None
