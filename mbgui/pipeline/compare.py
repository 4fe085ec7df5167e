"""The one path of a comparison, for window and terminal alike: a request in, events out."""

import dataclasses
import traceback
import uuid
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import (
    Cancelled,
    Completed,
    EquivalenceProven,
    Event,
    Failed,
    Stage,
    StructureCompared,
    Warned,
)
from mbgui.domain.latency import LatencyComparison
from mbgui.domain.request import CompareRequest
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.crew import Crew
from mbgui.pipeline.input_agreement import image_size
from mbgui.pipeline.machine import describe_environment
from mbgui.pipeline.measuring import Measuring
from mbgui.pipeline.reading import read_both
from mbgui.pipeline.stages import StageClock
from mbgui.pipeline.validation import validate
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.store import SnapshotStore

if TYPE_CHECKING:
    from mbgui.analysis.structure import Structure

FinalEvent = Completed | Failed | Cancelled


def compare(
    request: CompareRequest, *, cancel: CancelToken, children: WarmChildren, store: SnapshotStore | None
) -> Iterator[Event]:
    """Compare two models; yields what happens, ending in exactly one of `Completed`, `Failed`, `Cancelled`.

    Cancelling, from any thread, kills the children of this run and ends the events within a second. When the last
    event comes, both children are given back or gone, and no thread of this run is left. With a `store` a finished
    comparison is kept there.
    """
    crew = Crew(request, cancel=cancel, children=children)
    final: FinalEvent
    try:
        validate(request)
        cancel.raise_if_cancelled()
        crew.gather()
        final = yield from _Comparing(request, crew, cancel, store).events()
    except MbguiError as error:
        is_stopped = cancel.is_cancelled or error.problem.kind is ProblemKind.CANCELLED
        final = Cancelled() if is_stopped else Failed(problem=error.problem)
    except Exception as error:  # noqa: BLE001  a run has to end in an event, whatever happens
        final = Failed(problem=_unexpected(error))
    finally:
        crew.dismiss()
    yield final


class _Comparing:
    """One comparison under way."""

    def __init__(self, request: CompareRequest, crew: Crew, cancel: CancelToken, store: SnapshotStore | None) -> None:
        self._request = request
        self._crew = crew
        self._cancel = cancel
        self._store = store
        self._clock = StageClock()
        self._warnings: list[str] = []
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
        latency = yield from self._measure()
        self._cancel.raise_if_cancelled()
        comparison = dataclasses.replace(
            structure, latency=latency, warnings=tuple(self._warnings), stages=self._clock.durations
        )
        path = yield from self._keep(comparison)
        return Completed(comparison=comparison, snapshot_path=path)

    def _tell_of_other_inputs(self) -> Iterator[Event]:
        """Warn where the sides could not be read at one image size: shapes, MACs and latency are of unlike inputs."""
        left, right = (image_size(member.require_network()) for member in self._crew.members)
        if left is not None and right is not None and left != right:
            sizes = "{}×{} (left) and {}×{} (right)".format(*left, *right)
            problem = Problem(
                sentence=f"The models were read at different image sizes: {sizes}; neither takes the other's."
            )
            yield self._warn(problem, "Shapes, MACs and latency are not those of the same input.")

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
            yield self._warn(error.problem, "The outputs were not compared.")
            return comparison
        proven = dataclasses.replace(
            comparison, equivalence=proof.equivalence, differences=proof.differences, outline=proof.outline
        )
        yield EquivalenceProven(comparison=proven)
        return proven

    def _measure(self) -> Generator[Event, None, LatencyComparison | None]:
        """Measure where that is asked for. A failure on the way costs the rest of the measurement, nothing else."""
        if self._request.latency is None:
            return None
        measuring = Measuring(self._request, self._request.latency, self._crew)
        try:
            yield from measuring.events(self._clock)
        except MbguiError as error:
            self._cancel.raise_if_cancelled()
            result = measuring.result(is_complete=False)
            consequence = "Latency was not measured." if result is None else "Latency was measured in part only."
            yield self._warn(error.problem, consequence)
            return result
        return measuring.result(is_complete=True)

    def _keep(self, comparison: Comparison) -> Generator[Event, None, str]:
        """Keep the comparison on disk; says where. A disk that refuses it is a warning."""
        if self._store is None:
            return ""
        yield self._clock.start(Stage.SAVE)
        try:
            path = str(self._store.keep(comparison))
        except MbguiError as error:
            yield self._warn(error.problem, "The comparison was not kept on disk.")
            path = ""
        yield self._clock.finish()
        return path

    def _warn(self, problem: Problem, consequence: str) -> Warned:
        sentence = f"{problem.sentence} {consequence}"
        self._warnings.append(sentence)
        return Warned(problem=dataclasses.replace(problem, sentence=sentence))


def _unexpected(error: Exception) -> Problem:
    return Problem(
        sentence=f"The comparison failed unexpectedly ({type(error).__name__}: {error}).",
        advice="This is a fault of mbgui; please report it with the technical details.",
        detail="".join(traceback.format_exception(error)),
    )
