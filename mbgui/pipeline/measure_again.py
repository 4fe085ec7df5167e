"""Measuring the models of a comparison that is there: everything else of it stays."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.events import Completed, Event
from mbgui.pipeline.ended_run import ended_run
from mbgui.pipeline.keeping import WarningLog, keep
from mbgui.pipeline.machine import describe_environment
from mbgui.pipeline.means import Means
from mbgui.pipeline.measuring import OF_A_DUEL, Measuring
from mbgui.pipeline.stages import StageClock
from mbgui.pipeline.validation import validate

if TYPE_CHECKING:
    from mbgui.domain.comparison import Comparison
    from mbgui.domain.request import CompareRequest, LatencyRequest
    from mbgui.pipeline.cancel import CancelToken
    from mbgui.processes.pool import WarmChildren
    from mbgui.snapshots.calibrations import CalibrationStore
    from mbgui.snapshots.store import SnapshotStore


def measure_again(  # noqa: PLR0913  what is measured, and with what
    comparison: Comparison,
    request: CompareRequest,
    *,
    cancel: CancelToken,
    children: WarmChildren,
    store: SnapshotStore | None,
    calibrations: CalibrationStore | None,
) -> Iterator[Event]:
    """Measure what `request.latency` asks for, with the threads, batch, code folders and limits of `request`.

    Models, inputs, weights and seed are those of the comparison. Ends in exactly one of `Completed`, `Failed`,
    `Cancelled`; stopping keeps what was measured by then. The result is a comparison of its own.
    """
    again = replace(
        comparison.request,
        latency=request.latency,
        threads=request.threads,
        batch_size=request.batch_size,
        code_folders=request.code_folders,
        limits=request.limits,
    )
    means = Means(cancel=cancel, children=children, store=store, calibrations=calibrations)
    return ended_run(_measure(comparison, again, means), cancel)


def _measure(comparison: Comparison, request: CompareRequest, means: Means) -> Iterator[Event]:
    validate(request)
    latency = _require_latency(request)
    log, clock = WarningLog(), StageClock()
    measuring = Measuring(request, comparison, means, log)
    yield from measuring.events(latency, clock)
    if not measuring.has_measured:
        means.cancel.raise_if_cancelled()
        raise MbguiError(log.last or Problem(sentence="Nothing was measured.", advice="Try again."))
    measured = measuring.added_to(comparison)
    measured = replace(
        measured,
        identifier=uuid.uuid4().hex,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        request=request,
        environment=describe_environment(measuring.versions, request.threads),
        warnings=(*_still_true(comparison, measured), *log.sentences),
        stages=(*comparison.stages, *clock.durations),
        is_sample=False,
    )
    path = yield from keep(measured, means.store, clock, log)
    yield Completed(comparison=measured, snapshot_path=path)


def _still_true(before: Comparison, after: Comparison) -> tuple[str, ...]:
    """The old warnings without those of a duel in whose place a new one is."""
    if after.latency is before.latency:
        return before.warnings
    return tuple(sentence for sentence in before.warnings if not sentence.endswith(OF_A_DUEL))


def _require_latency(request: CompareRequest) -> LatencyRequest:
    if request.latency is None:
        raise MbguiError.wrong_use("Nothing was asked to be measured.", "Choose what to measure.")
    return request.latency
