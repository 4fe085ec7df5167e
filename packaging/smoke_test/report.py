"""What came out: a line for each step, and all figures as JSON."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

import psutil

from smoke_test.stage import Figures


class Outcome(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


_WORDS = {Outcome.PASSED: "ok", Outcome.FAILED: "FAIL", Outcome.SKIPPED: "skip"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """A step that was run: how it ended and why, how long it took in seconds, and what it found."""

    name: str
    outcome: Outcome
    duration_s: float
    reason: str = ""
    figures: Figures = field(default_factory=dict)


def line(result: StepResult) -> str:
    """The step in a line; where it failed, the app's last words follow on lines of their own."""
    first, *further = result.reason.splitlines() or [""]
    told = first or ", ".join(f"{name} {_short(value)}" for name, value in result.figures.items() if _is_short(value))
    head = f"{_WORDS[result.outcome]:4} {result.name:16} {result.duration_s:6.1f} s  {told}".rstrip()
    return "\n".join([head, *(f"       {text}" for text in further)])


def has_failed(results: Sequence[StepResult]) -> bool:
    """Whether any step failed."""
    return any(result.outcome is Outcome.FAILED for result in results)


def write_report(
    path: Path, subject: Path, results: Sequence[StepResult], *, wanted: Sequence[str], had_network: bool
) -> None:
    """Keep all figures, with the machine they come from; it passed where all was run and none failed."""
    left = [name for name in wanted if name not in {result.name for result in results}]
    record = {
        "subject": str(subject),
        "machine": {
            "system": platform.platform(),
            "processors": psutil.cpu_count(),
            "memory_bytes": psutil.virtual_memory().total,
        },
        "passed": not has_failed(results) and not left,
        "not_run": left,
        "app_had_network": had_network,
        "steps": [asdict(result) for result in results],
    }
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _is_short(value: object) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, str) and len(value) <= 40)
