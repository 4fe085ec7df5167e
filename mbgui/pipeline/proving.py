"""The proof of equivalence on both children: one input size after the other, then the verdict."""

import dataclasses
from collections.abc import Generator
from pathlib import Path

from mbgui.analysis.outline import build_outline
from mbgui.analysis.proof_settings import patched_side
from mbgui.analysis.proof_verdict import ProvenSize, conclude, not_comparable
from mbgui.analysis.structure import Structure, compare_structure
from mbgui.domain.difference import Difference
from mbgui.domain.equivalence import Equivalence
from mbgui.domain.errors import MbguiError
from mbgui.domain.events import Event, PairVerified, Stage
from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputShape, inputs_text
from mbgui.domain.network import Network
from mbgui.domain.outline import Outline
from mbgui.domain.proof_choices import WeightTransfer
from mbgui.domain.request import CompareRequest, Side, VerifyRequest
from mbgui.pipeline.crew import Crew
from mbgui.pipeline.input_agreement import image_size
from mbgui.pipeline.proof_runs import ProofRuns
from mbgui.pipeline.proof_weights import ProofWeights, settle_weights
from mbgui.pipeline.proving_size import SizeProof
from mbgui.pipeline.reading import load_side
from mbgui.pipeline.stages import StageClock
from mbgui.processes.proof_messages import ExportWeights, ProofOpened, SumTensors, TensorsSummed, WeightsExported

EXPORT_SUFFIXES = {Framework.PYTORCH: ".safetensors", Framework.KERAS: ".weights.h5"}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a proof adds to a comparison: the verdict, the differences with those of values, and where these show."""

    equivalence: Equivalence
    differences: tuple[Difference, ...]
    outline: Outline


class Proving:
    """One proof under way."""

    def __init__(self, request: CompareRequest, verification: VerifyRequest, crew: Crew, structure: Structure) -> None:
        self._request = request
        self._verification = verification
        self._crew = crew
        self._structure = structure
        left, right = crew.members
        self._runs = ProofRuns(left.child, right.child, verification.precision)
        self._weights: ProofWeights | None = None
        self._is_untouched = True
        self._notes: list[str] = []

    def events(self, clock: StageClock) -> Generator[Event, None, Proof]:
        """Prove every size.

        Raises:
            MbguiError: a child failed or ended on the way.
        """
        yield clock.start(Stage.VERIFY)
        networks = {member.side: member.require_network() for member in self._crew.members}
        first = yield from self._size(networks, self._structure, clock, is_first=True)
        if isinstance(first, str):
            yield clock.finish()
            return self._proof(self._not_comparable(first), ())
        sizes = [first]
        further = self._further_inputs(networks)
        for inputs in further:
            proven = yield from self._at_other_inputs(inputs, clock)
            sizes += [proven] if proven is not None else []
        yield from self._restore(networks, clock, has_changed=bool(further))
        yield clock.finish()
        weights = self._weights
        equivalence = conclude(
            sizes,
            transfer=self._verification.transfer,
            precision=self._verification.precision,
            weights=weights.findings if weights is not None else (),
            calibrated=weights is not None and weights.calibrated,
            is_untouched=self._is_untouched,
            notes=self._notes,
        )
        return self._proof(equivalence, weights.differences if weights is not None else ())

    def _proof(self, equivalence: Equivalence, of_values: tuple[Difference, ...]) -> Proof:
        found = self._structure
        differences = (*of_values, *found.differences)
        outline = build_outline(found.left, found.right, found.alignment, differences) if of_values else found.outline
        return Proof(equivalence=equivalence, differences=differences, outline=outline)

    def _not_comparable(self, reason: str) -> Equivalence:
        return not_comparable(reason, self._verification.transfer, self._verification.precision)

    def _size(
        self, networks: dict[Side, Network], structure: Structure, clock: StageClock, *, is_first: bool
    ) -> Generator[Event, None, ProvenSize | str]:
        """Prove one size; a sentence where the networks cannot be compared."""
        opened = self._runs.open(self._request.seed)
        reason = _obstacle(opened)
        if reason:
            return reason
        text = _input_text(networks[Side.LEFT])
        yield clock.progress(0.0, f"Weights at {text}")
        patched = patched_side(networks[Side.LEFT], networks[Side.RIGHT])
        transfer = self._verification.transfer
        export = self._export if is_first else _nothing
        weights = settle_weights(
            self._runs, networks, structure, transfer=transfer, patched=patched, before_calibration=export
        )
        proof = SizeProof(
            runs=self._runs,
            networks=networks,
            structure=structure,
            weights=weights,
            precision=self._verification.precision,
            input_text=text,
            probes=opened[Side.LEFT].probes,
        )
        if is_first:
            self._weights = weights
        proven = yield from self._told(proof, clock, is_first=is_first)
        if not proven.judged:
            return "no layer of one network has a partner in the other"
        self._is_untouched &= self._checksums() == {side: found.checksum for side, found in opened.items()}
        return proven

    def _told(self, proof: SizeProof, clock: StageClock, *, is_first: bool) -> Generator[Event, None, ProvenSize]:
        """The events of one size: pairs of the first, and how far it is."""
        count = max(len(self._structure.alignment.pairs), 1)
        telling = proof.prove()
        done = 0
        while True:
            try:
                told = next(telling)
            except StopIteration as end:
                proven: ProvenSize = end.value
                return proven
            if isinstance(told, tuple):
                yield clock.progress(told[0], f"{told[1]} at {proof.input_text}")
                continue
            done += 1
            if is_first:
                yield PairVerified(evidence=told)
            yield clock.progress(min(done / count, 1.0), f"{told.left} at {proof.input_text}")

    def _checksums(self) -> dict[Side, str]:
        children = self._runs.children.items()
        return {side: child.ask(SumTensors(), TensorsSummed).checksum for side, child in children}

    def _export(self) -> None:
        """Write the file of moved weights, where one is asked for. Raises `MbguiError`."""
        if not self._verification.export:
            return
        from mbgui.snapshots.whole_file import write_whole  # noqa: PLC0415  only where something is written

        transfer = self._verification.transfer
        target = Side.RIGHT if transfer is WeightTransfer.LEFT_TO_RIGHT else Side.LEFT
        member = next(member for member in self._crew.members if member.side is target)
        suffix = EXPORT_SUFFIXES[member.framework]
        if not self._verification.export.endswith(suffix):
            raise MbguiError.wrong_use(
                f"Weights for {member.framework.display_name} are written to a file {suffix}, "
                f"not to {Path(self._verification.export).name}.",
                f"Name a file that ends in {suffix}.",
            )
        exported = member.child.ask(ExportWeights(), WeightsExported)
        write_whole(Path(self._verification.export), exported.data)

    def _further_inputs(self, networks: dict[Side, Network]) -> tuple[tuple[InputShape, ...], ...]:
        """The sizes asked for, or one odd or even size beside that of the comparison."""
        if self._verification.further_inputs or self._request.inputs:
            return self._verification.further_inputs
        size = image_size(networks[Side.LEFT])
        return () if size is None else ((InputShape(sizes=(size[0] + 1, size[1] + 1)),),)

    def _at_other_inputs(
        self, inputs: tuple[InputShape, ...], clock: StageClock
    ) -> Generator[Event, None, ProvenSize | None]:
        """Prove another size; `None` where a network does not take it, which is noted."""
        text = inputs_text(inputs)
        yield clock.progress(0.0, f"Both models again, at {text}")
        kept = [(member, member.network) for member in self._crew.members]
        try:
            networks = {member.side: load_side(self._request, member, inputs) for member in self._crew.members}
            structure = compare_structure(networks[Side.LEFT], networks[Side.RIGHT], self._request.corrections)
            proven = yield from self._size(networks, structure, clock, is_first=False)
        except MbguiError as error:
            if any(child.outcome is not None for child in self._runs.children.values()):
                raise
            proven = error.problem.sentence.rstrip(".")
        finally:
            for member, network in kept:
                member.network = network
        if isinstance(proven, str):
            self._notes.append(f"Not verified at {text}: {proven}.")
            return None
        return proven

    def _restore(
        self, networks: dict[Side, Network], clock: StageClock, *, has_changed: bool
    ) -> Generator[Event, None, None]:
        """Have both children hold the models of the comparison again, where latency is to be measured."""
        if self._request.latency is None or not has_changed:
            return
        for member in self._crew.members:
            yield clock.progress(1.0, f"{member.source.title} again, at its first size")
            load_side(self._request, member, self._request.inputs or _inputs_of(networks[member.side]))
            member.network = networks[member.side]


def _inputs_of(network: Network) -> tuple[InputShape, ...]:
    size = image_size(network)
    return () if size is None else (InputShape(sizes=size),)


def _obstacle(opened: dict[Side, ProofOpened]) -> str:
    """Why two networks cannot be run side by side, "" where they can."""
    reasons = dict.fromkeys(found.reason for found in opened.values() if found.reason)
    if reasons:
        return "; ".join(reasons)
    left, right = (found.input_shapes for found in opened.values())
    if left != right:
        return f"they take other inputs, {_shapes_text(left)} on the left and {_shapes_text(right)} on the right"
    return ""


def _shapes_text(shapes: tuple[tuple[int, ...], ...]) -> str:
    return ", ".join("×".join(map(str, shape[1:])) for shape in shapes) or "none"


def _input_text(network: Network) -> str:
    size = image_size(network)
    if size is not None:
        return "{}x{}".format(*size)
    return ", ".join("x".join(map(str, spec.shape[1:])) or "1" for spec in network.inputs)


def _nothing() -> None:
    """Only the first size is exported."""
