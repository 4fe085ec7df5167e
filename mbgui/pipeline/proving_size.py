"""One input size proven: the networks as they run, then with causes evened out, alone and together."""

import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field

from mbgui.analysis.causes import CAUSE_TEXTS
from mbgui.analysis.proof_evidence import Judge, Judged, settle
from mbgui.analysis.proof_points import checkpoints_of
from mbgui.analysis.proof_settings import CauseSettings, cause_settings
from mbgui.analysis.proof_verdict import ProvenSize
from mbgui.analysis.proof_words import word_of_relative
from mbgui.analysis.structure import Structure
from mbgui.domain.difference import Cause, Effect
from mbgui.domain.equivalence import NeutralisedCause, NeutralisedRun, PairEvidence, SizeEvidence
from mbgui.domain.errors import MbguiError
from mbgui.domain.network import Network
from mbgui.domain.proof_choices import Precision
from mbgui.domain.proof_plan import CallSetting, Checkpoint
from mbgui.domain.request import Side
from mbgui.pipeline.proof_runs import ProofRuns, Variation
from mbgui.pipeline.proof_weights import ProofWeights

Progress = tuple[float, str]
Told = PairEvidence | Progress


@dataclass(slots=True, kw_only=True)
class SizeProof:
    """The proof at one input size, under way."""

    runs: ProofRuns
    networks: dict[Side, Network]
    structure: Structure
    weights: ProofWeights
    precision: Precision
    input_text: str
    probes: tuple[str, ...]
    _judged: list[Judged] = field(default_factory=list)
    _results: dict[frozenset[Cause], NeutralisedRun] = field(default_factory=dict)
    _reasons: dict[Cause, str] = field(default_factory=dict)

    def prove(self) -> Generator[Told, None, ProvenSize]:
        """Do it all; tells of each pair as it is run, and how far the further runs are.

        Raises:
            MbguiError: a child ended, or the networks do not run.
        """
        began_s = time.monotonic()
        left, right = self.networks[Side.LEFT], self.networks[Side.RIGHT]
        checkpoints = checkpoints_of(left, right, self.structure.alignment)
        yield from self._base(checkpoints)
        found = (*cause_settings(left, right, self.structure), *self._weight_causes())
        able = [cause for cause in found if not cause.reason]
        self._reasons.update((cause.cause, cause.reason) for cause in found if cause.reason)
        yield from self._further_runs(checkpoints, [frozenset({cause.cause}) for cause in able], able)
        able = [cause for cause in able if cause.cause not in self._reasons]
        everything = frozenset(cause.cause for cause in able)
        together = [everything, *(everything - {cause.cause} for cause in able)]
        yield from self._further_runs(checkpoints, together, able)
        return self._result(found, able, time.monotonic() - began_s)

    def _base(self, checkpoints: Sequence[Checkpoint]) -> Generator[Told, None, None]:
        left, right = self.networks[Side.LEFT], self.networks[Side.RIGHT]
        judge = Judge(left, right, self.structure.alignment, checkpoints, self.precision)
        for point in self.runs.run(checkpoints, self._variation(()), is_isolating=True):
            judged = judge.judge(point.result, point.noise_floor)
            self._judged.append(judged)
            yield judged.evidence
        self._judged = settle(self._judged)
        errors = tuple(item.evidence.propagated.relative_l2 for item in self._judged)
        self._results[frozenset()] = self._run_record((), errors)

    def _weight_causes(self) -> tuple[CauseSettings, ...]:
        differences = {difference.cause: difference for difference in self.weights.differences}
        return tuple(
            CauseSettings(
                cause=cause,
                title=difference.title,
                reason="" if self.weights.set_tensors.get(cause) else "the other side's values do not fit these layers",
            )
            for cause, difference in differences.items()
        )

    def _further_runs(
        self, checkpoints: Sequence[Checkpoint], plans: Sequence[frozenset[Cause]], able: Sequence[CauseSettings]
    ) -> Generator[Told, None, None]:
        """Run with each of these sets of causes evened out."""
        for index, plan in enumerate(plans):
            yield index / len(plans), _plan_text(plan, able)
            self._try(checkpoints, plan, able)

    def _try(self, checkpoints: Sequence[Checkpoint], plan: frozenset[Cause], able: Sequence[CauseSettings]) -> None:
        """Run with these causes evened out, unless that was done.

        A cause with which alone the network does not run is kept with its reason; several together leave no errors.
        """
        if plan in self._results:
            return
        causes = tuple(cause for cause in Cause if cause in plan)
        chosen = [cause for cause in able if cause.cause in plan]
        try:
            points = list(self.runs.run(checkpoints, self._variation(chosen), is_isolating=False))
        except MbguiError as error:
            if any(child.outcome is not None for child in self.runs.children.values()):
                raise
            if len(causes) == 1:
                reason = f"the network does not run with it ({error.problem.sentence.rstrip('.')})"
                self._reasons[causes[0]] = reason
            else:
                self._results[plan] = self._run_record(causes, (None,) * len(self._judged))
            return
        self._results[plan] = self._run_record(causes, tuple(point.result.propagated.relative_l2 for point in points))

    def _variation(self, chosen: Iterable[CauseSettings]) -> Variation:
        settings: dict[Side, tuple[CallSetting, ...]] = dict.fromkeys(Side, ())
        evened: set[Cause] = set()
        for cause in chosen:
            evened.add(cause.cause)
            for side in Side:
                settings[side] += cause.settings.get(side, ())
        kept = tuple(name for cause, names in self.weights.set_tensors.items() if cause not in evened for name in names)
        return Variation(settings=settings, own_tensors={self.weights.patched: kept})

    def _run_record(self, causes: tuple[Cause, ...], errors: tuple[float | None, ...]) -> NeutralisedRun:
        return NeutralisedRun(causes=causes, errors=errors, output_error=self._output_error(errors))

    def _output_error(self, errors: tuple[float | None, ...]) -> float | None:
        outputs = [index for index, item in enumerate(self._judged) if item.is_output]
        return errors[outputs[-1]] if outputs else (errors[-1] if errors else None)

    def _result(self, found: Sequence[CauseSettings], able: Sequence[CauseSettings], duration_s: float) -> ProvenSize:
        everything = frozenset(cause.cause for cause in able)
        base, last = self._results[frozenset()], self._results[everything]
        tolerance = self._output_tolerance()
        evidence = SizeEvidence(
            input_text=self.input_text,
            probes=self.probes,
            pairs=tuple(item.evidence for item in self._judged),
            output_error=base.output_error,
            output_word=word_of_relative(base.output_error, tolerance),
            unexplained_residual=last.output_error,
            residual_word=word_of_relative(last.output_error, tolerance),
            runs=tuple(self._results.values()),
            neutralised=tuple(self._neutralised(cause, everything) for cause in found),
            power=self.runs.power,
            duration_s=duration_s,
        )
        differences = (*self.structure.differences, *self.weights.differences)
        touching = {difference.cause for difference in differences if difference.effect is Effect.INFERENCE}
        return ProvenSize(
            evidence=evidence,
            judged=tuple(self._judged),
            differences=differences,
            causes=tuple(cause for cause in Cause if cause in touching),
        )

    def _output_tolerance(self) -> float:
        outputs = [item for item in self._judged if item.is_output] or self._judged[-1:]
        return outputs[-1].tolerance.propagated if outputs else 0.0

    def _neutralised(self, cause: CauseSettings, everything: frozenset[Cause]) -> NeutralisedCause:
        reason = self._reasons.get(cause.cause, "")
        alone = self._results.get(frozenset({cause.cause}))
        left_in = self._results.get(everything - {cause.cause})
        return NeutralisedCause(
            cause=cause.cause,
            title=cause.title,
            removed_alone=alone.output_error if alone is not None and not reason else None,
            left_in_alone=left_in.output_error if left_in is not None and not reason else None,
            reason=reason,
        )


def _plan_text(plan: frozenset[Cause], able: Sequence[CauseSettings]) -> str:
    titles = [cause.title for cause in able if cause.cause in plan] or [CAUSE_TEXTS[cause].title for cause in plan]
    return f"Without {', '.join(titles)}" if titles else "As the networks are"
