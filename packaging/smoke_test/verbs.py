"""The app's verbs in a terminal, run as its user would with nothing else on the machine."""

import subprocess
import time
from dataclasses import dataclass

from smoke_test.failures import StepFailed
from smoke_test.home import Home
from smoke_test.stage import Stage
from smoke_test.waiting import LONG_S

_TAIL_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a verb printed, and how long it took in seconds."""

    output: str
    errors: str
    duration_s: float


def run_verb(stage: Stage, home: Home, *words: str, expected: int = 0, programs: str = "") -> Answer:
    """Run a verb to its end. Raises `StepFailed` for another exit code than the expected one."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            stage.confinement.command(str(stage.bundle.executable), *words),
            env=home.environment(programs=programs),
            cwd=home.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONG_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise StepFailed(f"mbgui {' '.join(words)}: not within {LONG_S:.0f} s") from late
    if done.returncode != expected:
        tail = "\n".join(done.stderr.splitlines()[-_TAIL_LINES:])
        raise StepFailed(f"mbgui {' '.join(words)} ended with {done.returncode} in place of {expected}\n{tail}")
    return Answer(output=done.stdout, errors=done.stderr, duration_s=time.monotonic() - began)
