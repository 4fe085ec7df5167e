"""What windows ask of one backend at the same time."""

import threading
from pathlib import Path

from mbgui.domain.framework import Framework
from mbgui.gui.backend import PipelineBackend
from mbgui.processes.messages import ListModels
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore
from tests.support.fake_child import FakeChild

THREADS = 1
GRACE_S = 0.3
TIMEOUT_S = 10.0


def test_a_child_that_is_asked_for_its_models_is_not_replaced_meanwhile(tmp_path: Path) -> None:
    asked = FakeChild(Framework.PYTORCH, THREADS, holds=(ListModels,))
    further: list[FakeChild] = []

    def start(framework: Framework | None, threads: int) -> FakeChild:
        if asked.asked or asked.reached.is_set():
            further.append(FakeChild(framework, threads))
            return further[-1]
        return asked

    backend = PipelineBackend(
        children=WarmChildren(start=start),
        store=SnapshotStore(tmp_path),
        sample=None,
        calibrations=CalibrationStore(tmp_path / "calibrations.json"),
    )
    one = threading.Thread(target=backend.list_models, args=(Framework.PYTORCH, THREADS))
    other = threading.Thread(target=backend.warm, args=(Framework.PYTORCH, THREADS))
    one.start()
    assert asked.reached.wait(TIMEOUT_S)
    other.start()
    other.join(GRACE_S)
    asked.release()
    for thread in (one, other):
        thread.join(TIMEOUT_S)
    assert further == []
    assert asked.outcome is None
    backend.close()
