"""From the start to the shown window, frozen and from the checkout in turn, both seen by the same events of X."""

import contextlib
import statistics
import subprocess
import time
from collections.abc import Sequence

import psutil

from smoke_test.failures import StepFailed, StepSkipped
from smoke_test.home import Home, fresh_home
from smoke_test.processes import kill
from smoke_test.stage import Figures, Stage
from smoke_test.waiting import SOON_S, wait_until

ROUNDS = 7
GOAL_RATIO = 1.5


def measure_start(stage: Stage) -> Figures:
    """Medians of both over the rounds, after one start each that fills the caches."""
    if not stage.unfrozen:
        raise StepSkipped("nothing to measure against: --unfrozen COMMAND… names it")
    kinds = {"frozen": [str(stage.bundle.executable)], "unfrozen": list(stage.unfrozen)}
    homes = {kind: _own_home(stage, kind) for kind in kinds}
    starts: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(ROUNDS + 1):
        for kind, command in kinds.items():
            duration_s = _start(stage, homes[kind], command)
            if number:
                starts[kind].append(duration_s)
    frozen_s, unfrozen_s = (statistics.median(starts[kind]) for kind in kinds)
    ratio = frozen_s / unfrozen_s
    if ratio > GOAL_RATIO:
        raise StepFailed(
            f"frozen {frozen_s:.2f} s, unfrozen {unfrozen_s:.2f} s: {ratio:.2f} times, more than {GOAL_RATIO}"
        )
    return {"frozen_s": frozen_s, "unfrozen_s": unfrozen_s, "ratio": ratio, "starts_s": starts}


def _own_home(stage: Stage, kind: str) -> Home:
    """Both kinds run with the rights of whoever runs this: a checkout may be closed to others."""
    home = fresh_home(stage.work, kind, stage.account)
    for path in (home.folder, home.runtime, home.no_programs):
        stage.account.take_back(path)
    return home


def _start(stage: Stage, home: Home, command: Sequence[str]) -> float:
    """Seconds from before the start to the window; the app is then asked to end."""
    windows = stage.display.windows
    wait_until(lambda: not windows.shown(), "the end of every window")  # its identifier may come again
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        env=home.environment(stage.display.name),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        window = windows.wait_for_first(SOON_S)
        if window is None:
            raise StepFailed(f"{command[0]} showed no window within {SOON_S:.0f} s")
        return windows.since(window) - began
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the app and wait for its children: they would disturb the next start."""
    left: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        left = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(SOON_S)
    process.kill()
    process.wait()
    for child in psutil.wait_procs(left, timeout=SOON_S)[1]:
        kill(child)
