"""The one path of a comparison, for window and terminal alike: a request in, events out."""

import dataclasses
import uuid
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import Completed, EquivalenceProven, Event, Stage, StructureCompared
from mbgui.domain.request import CompareRequest
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.crew import Crew
from mbgui.pipeline.ended_run import ended_run
from mbgui.pipeline.input_agreement import image_size
from mbgui.pipeline.keeping import WarningLog, keep
from mbgui.pipeline.machine import describe_environment
from mbgui.pipeline.means import Means
from mbgui.pipeline.measuring import Measuring
from mbgui.pipeline.reading import read_both
from mbgui.pipeline.stages import StageClock
from mbgui.pipeline.validation import validate
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore

if TYPE_CHECKING:
    from mbgui.analysis.structure import Structure


def compare(
    request: CompareRequest,
    *,
    cancel: CancelToken,
    children: WarmChildren,
    store: SnapshotStore | None,
    calibrations: CalibrationStore | None = None,
) -> Iterator[Event]:
    """Compare two models; yields what happens, ending in exactly one of `Completed`, `Failed`, `Cancelled`.

    Cancelling, from any thread, kills the children of this run and ends the events within a second. Where latency was
    being measured and something of it is there, the run is completed with that. When the last event comes, both
    children are given back or gone, and no thread of this run is left. With a `store` a finished comparison is kept
    there; `calibrations` tell what this machine can tell apart.
    """
    means = Means(cancel=cancel, children=children, store=store, calibrations=calibrations)
    return ended_run(_compare(request, means), cancel)


def _compare(request: CompareRequest, means: Means) -> Iterator[Event]:
    crew = Crew(request, cancel=means.cancel, children=means.children)
    try:
        validate(request)
        means.cancel.raise_if_cancelled()
        crew.gather()
        final = yield from _Comparing(request, crew, means).events()
    finally:
        crew.dismiss()
    yield final


class _Comparing:
    """One comparison under way."""

    def __init__(self, request: CompareRequest, crew: Crew, means: Means) -> None:
        self._request = request
        self._crew = crew
        self._means = means
        self._cancel = means.cancel
        self._clock = StageClock()
        self._log = WarningLog()
        self._structure: Structure | None = None

    def events(self) -> Generator[Event, None, Completed]:
        """All stages in order; returns the last event. Raises `MbguiError`."""
        yield from read_both(self._request, self._crew, self._clock)
        yield from self._tell_of_other_inputs()
        yield self._clock.start(Stage.COMPARE)
        structure = self._compare_structure()
        yield self._clock.finish()
        yield StructureCompared(comparison=structure)
        structure = yield from self._prove(structure)
        measured = yield from self._measure(structure)
        comparison = dataclasses.replace(measured, warnings=self._log.sentences, stages=self._clock.durations)
        path = yield from keep(comparison, self._means.store, self._clock, self._log)
        return Completed(comparison=comparison, snapshot_path=path)

    def _tell_of_other_inputs(self) -> Iterator[Event]:
        """Warn where the sides could not be read at one image size: shapes, MACs and latency are of unlike inputs."""
        left, right = (image_size(member.require_network()) for member in self._crew.members)
        if left is not None and right is not None and left != right:
            sizes = "{}×{} (left) and {}×{} (right)".format(*left, *right)
            problem = Problem(
                sentence=f"The models were read at different image sizes: {sizes}; neither takes the other's."
            )
            yield self._log.add(problem, "Shapes, MACs and latency are not those of the same input.")

    def _compare_structure(self) -> Comparison:
        from mbgui.analysis.structure import compare_structure  # noqa: PLC0415  numpy: not at the start of the app

        left, right = (member.require_network() for member in self._crew.members)
        found = self._structure = compare_structure(left, right, self._request.corrections)
        versions = (version for member in self._crew.members for version in member.versions)
        return Comparison(
            identifier=uuid.uuid4().hex,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            request=self._request,
            environment=describe_environment(versions, self._request.threads),
            left=found.left,
            right=found.right,
            accounting=found.accounting,
            alignment=found.alignment,
            outline=found.outline,
            differences=found.differences,
            verdict=found.verdict,
            latency=None,
            warnings=(),
            stages=self._clock.durations,
        )

    def _prove(self, comparison: Comparison) -> Generator[Event, None, Comparison]:
        """Prove equivalence where that is asked for. A failure on the way costs the proof, nothing else."""
        if self._request.verification is None or self._structure is None:
            return comparison
        from mbgui.pipeline.proving import Proving  # noqa: PLC0415  numpy: not at the start of the app

        proving = Proving(self._request, self._request.verification, self._crew, self._structure)
        try:
            proof = yield from proving.events(self._clock)
        except MbguiError as error:
            self._cancel.raise_if_cancelled()
            if error.problem.kind is ProblemKind.WRONG_USE:
                raise
            yield self._log.add_error(error, "The outputs were not compared.")
            return comparison
        proven = dataclasses.replace(
            comparison, equivalence=proof.equivalence, differences=proof.differences, outline=proof.outline
        )
        yield EquivalenceProven(comparison=proven)
        return proven

    def _measure(self, comparison: Comparison) -> Generator[Event, None, Comparison]:
        """Measure what is asked for. A failure costs what failed, and stopping what was still to come.

        Raises:
            MbguiError: it was stopped before anything was measured.
        """
        self._cancel.raise_if_cancelled()
        if self._request.latency is None:
            return comparison
        measuring = Measuring(self._request, comparison, self._means, self._log)
        yield from measuring.events(self._request.latency, self._clock)
        if not measuring.has_measured:
            self._cancel.raise_if_cancelled()
        return measuring.added_to(comparison)
