"""Proofs from request to verdict, with children that run the small network in NumPy."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import Equivalence, EquivalenceVerdict, ErrorWord, LayerReference
from mbgui.domain.errors import ProblemKind
from mbgui.domain.events import (
    Cancelled,
    Completed,
    EquivalenceProven,
    Event,
    Failed,
    PairVerified,
    Progressed,
    Stage,
    Warned,
)
from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.request import CompareRequest, LatencyRequest, VerifyRequest
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.compare import compare
from mbgui.processes.proof_messages import (
    BeginRun,
    Calibrate,
    CheckActivation,
    ExportWeights,
    NextActivation,
    OpenProof,
    ReadTensor,
    SetTensor,
)
from tests.support.fake_child import FakeChild, fake_children
from tests.support.fake_proof_child import FakeProofChild, NumpyAdapter, keras_numpy, torch_numpy
from tests.support.numpy_network import keras_weights, torch_weights
from tests.support.records import KERAS_SOURCE, TORCH_SOURCE

LEFT_TO_RIGHT, RIGHT_TO_LEFT = WeightTransfer.LEFT_TO_RIGHT, WeightTransfer.RIGHT_TO_LEFT
REQUEST = CompareRequest(
    left=TORCH_SOURCE,
    right=KERAS_SOURCE,
    inputs=(InputShape(sizes=(8, 8)),),
    threads=2,
    latency=None,
    verification=VerifyRequest(),
)
EventT = TypeVar("EventT")


def verifying(**how: Any) -> CompareRequest:
    return replace(REQUEST, verification=VerifyRequest(**how))


def events_of(
    left: FakeChild, right: FakeChild, request: CompareRequest = REQUEST, cancel: CancelToken | None = None
) -> list[Event]:
    children = fake_children(left, right)
    events = list(compare(request, cancel=cancel or CancelToken(), children=children, store=None))
    children.close()
    return events


def only(events: list[Event], kind: type[EventT]) -> list[EventT]:
    return [event for event in events if isinstance(event, kind)]


def proof_of(left: NumpyAdapter, right: NumpyAdapter, request: CompareRequest = REQUEST) -> Equivalence:
    events = events_of(FakeProofChild(left), FakeProofChild(right), request)
    assert isinstance(events[-1], Completed), events[-1]
    assert events[-1].comparison.warnings == ()
    proof = events[-1].comparison.equivalence
    assert proof is not None
    assert proof.is_untouched
    return proof


def test_networks_that_give_the_same_numbers_are_identical() -> None:
    proof = proof_of(torch_numpy(), keras_numpy())
    assert proof.verdict is EquivalenceVerdict.IDENTICAL
    assert (proof.causes, proof.first_divergence, proof.unexplained_residual) == ((), None, 0)
    assert {pair.verdict for pair in proof.sizes[0].pairs} == {ErrorWord.IDENTICAL}
    assert all(finding.is_equal for finding in proof.weights)
    assert len(proof.weights) == 7


def test_rounding_alone_is_equivalent() -> None:
    proof = proof_of(torch_numpy(), keras_numpy(factors={"relu": 1 + 4e-16}))
    assert proof.verdict is EquivalenceVerdict.EQUIVALENT
    assert proof.first_divergence is None
    relu = next(pair for pair in proof.sizes[0].pairs if pair.left == "relu")
    assert (relu.verdict, relu.isolated_verdict) == (ErrorWord.ROUNDING, ErrorWord.ROUNDING)


def test_a_named_cause_that_explains_everything_is_equivalent_after_it() -> None:
    proof = proof_of(torch_numpy(options={"epsilon": 1e-5}), keras_numpy(options={"epsilon": 0.1}))
    assert proof.verdict is EquivalenceVerdict.EQUIVALENT_AFTER
    assert proof.causes == (Cause.BATCHNORM_EPSILON,)
    assert proof.first_divergence == LayerReference(left="norm", right="norm")
    assert proof.unexplained_residual == 0
    (size,) = proof.sizes
    assert size.output_error is not None
    assert size.output_error > 1e-3
    assert [run.causes for run in size.runs] == [(), (Cause.BATCHNORM_EPSILON,)]


def test_causes_are_evened_out_alone_and_together() -> None:
    proof = proof_of(torch_numpy(options={"epsilon": 1e-5}), keras_numpy(options={"epsilon": 0.1, "head": "softmax"}))
    assert proof.verdict is EquivalenceVerdict.EQUIVALENT_AFTER
    epsilon, head = Cause.BATCHNORM_EPSILON, Cause.HEAD_ACTIVATION
    assert proof.causes == (epsilon, head)
    (size,) = proof.sizes
    assert {run.causes for run in size.runs} == {(), (epsilon,), (head,), (epsilon, head)}
    for cause in size.neutralised:
        assert cause.removed_alone is not None
        assert cause.left_in_alone is not None
        assert min(cause.removed_alone, cause.left_in_alone) > 1e-4
    assert size.unexplained_residual == 0


def test_what_no_cause_explains_is_different_at_its_layer_and_not_at_its_victims() -> None:
    proof = proof_of(torch_numpy(), keras_numpy(factors={"relu": 1.01}))
    assert proof.verdict is EquivalenceVerdict.DIFFERENT
    assert proof.first_divergence == LayerReference(left="relu", right="relu")
    words = {pair.left: (pair.verdict, pair.isolated_verdict) for pair in proof.sizes[0].pairs}
    assert words["norm"] == (ErrorWord.IDENTICAL, ErrorWord.IDENTICAL)
    assert words["relu"] == (ErrorWord.DIFFERS, ErrorWord.DIFFERS)
    assert words["pool"] == words["head"] == (ErrorWord.DIFFERS, ErrorWord.IDENTICAL)


def test_a_fault_beside_a_named_cause_is_still_different() -> None:
    proof = proof_of(
        torch_numpy(options={"epsilon": 1e-5}), keras_numpy(options={"epsilon": 0.1}, factors={"pool": 1.01})
    )
    assert proof.verdict is EquivalenceVerdict.DIFFERENT
    assert proof.first_divergence == LayerReference(left="pool", right="pool")
    assert proof.unexplained_residual is not None
    assert proof.unexplained_residual > 1e-3


def test_other_weights_are_a_cause_that_is_evened_out_as_well() -> None:
    weights = torch_weights()
    other = {**weights, "head.weight": weights["head.weight"] * np.float32(1.5)}
    proof = proof_of(torch_numpy(), keras_numpy(other))
    assert proof.verdict is EquivalenceVerdict.EQUIVALENT_AFTER
    assert proof.causes == (Cause.WEIGHTS,)
    assert proof.first_divergence == LayerReference(left="head", right="head")
    assert [finding.left for finding in proof.weights if not finding.is_equal] == ["head.weight"]


@pytest.mark.parametrize("transfer", [LEFT_TO_RIGHT, RIGHT_TO_LEFT])
def test_moved_weights_make_equal_structures_identical(transfer: WeightTransfer) -> None:
    left, right = torch_numpy(torch_weights(1)), keras_numpy(torch_weights(2))
    assert proof_of(left, right).verdict is not EquivalenceVerdict.IDENTICAL
    proof = proof_of(left, right, verifying(transfer=transfer))
    assert proof.verdict is EquivalenceVerdict.IDENTICAL
    assert proof.transfer is transfer


def test_untrained_weights_are_calibrated_and_moved_again() -> None:
    untrained = torch_weights(1, is_untrained=True)
    left, right = FakeProofChild(torch_numpy(untrained)), FakeProofChild(keras_numpy(torch_weights(2)))
    events = events_of(left, right, verifying(transfer=LEFT_TO_RIGHT))
    proof = completed(events)
    assert proof.calibrated
    assert proof.verdict is EquivalenceVerdict.IDENTICAL
    assert sum(isinstance(command, Calibrate) for command in left.asked) == 1
    assert not any(isinstance(command, Calibrate) for command in right.asked)
    assert any("scaled on the probes" in detail for detail in proof.details)


def test_trained_weights_are_not_calibrated() -> None:
    left = FakeProofChild(torch_numpy())
    assert not completed(events_of(left, FakeProofChild(keras_numpy()))).calibrated
    assert not any(isinstance(command, Calibrate) for command in left.asked)


def test_float32_is_judged_by_its_own_rounding() -> None:
    right = keras_numpy(factors={"relu": 1 + 4e-7})
    assert proof_of(torch_numpy(), right).verdict is EquivalenceVerdict.DIFFERENT
    proof = proof_of(torch_numpy(), right, verifying(precision=Precision.FLOAT32))
    assert proof.verdict is EquivalenceVerdict.EQUIVALENT
    assert proof.precision is Precision.FLOAT32


def test_a_model_that_cannot_be_run_call_by_call_is_not_comparable_and_says_why() -> None:
    proof = proof_of(torch_numpy(), keras_numpy(reason="the code of TinyNet cannot be followed"))
    assert proof.verdict is EquivalenceVerdict.NOT_COMPARABLE
    assert proof.headline == "Not comparable: the code of TinyNet cannot be followed."
    assert proof.sizes == ()


def test_networks_of_other_inputs_are_not_comparable() -> None:
    proof = proof_of(torch_numpy(), keras_numpy(options={"channels": 4}))
    assert proof.verdict is EquivalenceVerdict.NOT_COMPARABLE
    assert "8×8×3 on the left and 8×8×4 on the right" in proof.headline


def completed(events: list[Event]) -> Equivalence:
    assert isinstance(events[-1], Completed), events[-1]
    assert events[-1].comparison.equivalence is not None
    return events[-1].comparison.equivalence


def test_every_pair_is_told_as_it_is_verified_and_the_proof_before_the_end() -> None:
    events = events_of(FakeProofChild(torch_numpy()), FakeProofChild(keras_numpy()))
    told = [event.evidence for event in only(events, PairVerified)]
    assert [evidence.left for evidence in told] == ["conv", "norm", "relu", "pool", "head"]
    assert tuple(told) == completed(events).sizes[0].pairs
    (proven,) = only(events, EquivalenceProven)
    assert proven.comparison.equivalence == completed(events)
    assert all(0 <= event.fraction <= 1 for event in only(events, Progressed) if event.stage is Stage.VERIFY)


def test_further_sizes_are_proven_too_and_told_once_only() -> None:
    further = ((InputShape(sizes=(9, 9)),), (InputShape(sizes=(5, 7)),))
    left = FakeProofChild(torch_numpy())
    events = events_of(left, FakeProofChild(keras_numpy()), verifying(further_inputs=further))
    proof = completed(events)
    assert [size.input_text for size in proof.sizes] == ["8x8", "9x9", "5x7"]
    assert proof.verdict is EquivalenceVerdict.IDENTICAL
    assert len(only(events, PairVerified)) == 5
    assert sum(isinstance(command, OpenProof) for command in left.asked) == 3
    comparison = only(events, Completed)[0].comparison
    assert comparison.left.inputs[0].shape == (1, 3, 8, 8)


def test_without_an_input_of_the_users_an_odd_size_is_added() -> None:
    proof = proof_of(torch_numpy(), keras_numpy(), replace(REQUEST, inputs=()))
    assert [size.input_text for size in proof.sizes] == ["8x8", "9x9"]


class Picky(FakeProofChild):
    """Refuses one size."""

    def network(self, command: Any) -> Any:
        if command.inputs[0].sizes == (9, 9):
            raise problem("It takes even sizes only.")
        return super().network(command)


class Fragile(FakeProofChild):
    """Does not run with the settings of several causes at once."""

    def _answer(self, command: Any) -> Any:
        if isinstance(command, BeginRun) and len({setting.name for setting in command.settings}) > 1:
            raise problem("It does not run.")
        return super()._answer(command)


def test_causes_that_cannot_be_evened_out_together_leave_the_rest_of_the_proof() -> None:
    left = Fragile(torch_numpy(options={"epsilon": 1e-5}))
    right = FakeProofChild(keras_numpy(options={"epsilon": 0.1, "head": "softmax"}))
    proof = completed(events_of(left, right))
    epsilon, head = Cause.BATCHNORM_EPSILON, Cause.HEAD_ACTIVATION
    (size,) = proof.sizes
    together = next(run for run in size.runs if run.causes == (epsilon, head))
    assert together.errors == (None,) * len(size.pairs)
    assert proof.verdict is EquivalenceVerdict.DIFFERENT
    assert proof.unexplained_residual is None
    assert all(cause.removed_alone is not None for cause in size.neutralised)


def test_a_size_that_fails_is_noted_and_the_others_count() -> None:
    request = verifying(further_inputs=((InputShape(sizes=(9, 9)),), (InputShape(sizes=(10, 10)),)))
    proof = completed(events_of(FakeProofChild(torch_numpy()), Picky(keras_numpy()), request))
    assert [size.input_text for size in proof.sizes] == ["8x8", "10x10"]
    assert "Not verified at 9x9: It takes even sizes only." in proof.details


def problem(sentence: str) -> Exception:
    from mbgui.domain.errors import MbguiError, Problem  # noqa: PLC0415

    return MbguiError(Problem(sentence=sentence))


@pytest.mark.parametrize("kind", [FakeProofChild, Picky])
def test_latency_is_measured_at_the_first_size_again(kind: type[FakeProofChild]) -> None:
    left = FakeProofChild(torch_numpy())
    request = replace(
        verifying(further_inputs=((InputShape(sizes=(9, 9)),),)), latency=LatencyRequest(runs=4, warmup=0, round_size=2)
    )
    events = events_of(left, kind(keras_numpy()), request)
    assert isinstance(events[-1], Completed)
    assert events[-1].comparison.latency is not None
    assert left.adapter.network is not None
    assert left.adapter.network.inputs[0].shape == (1, 3, 8, 8)


@pytest.mark.parametrize(
    ("deadly", "count"), [(OpenProof, 0), (ReadTensor, 2), (NextActivation, 0), (NextActivation, 3)]
)
def test_a_child_that_dies_mid_proof_costs_the_proof_only(deadly: type, count: int) -> None:
    left = FakeProofChild(torch_numpy(), deaths={deadly: count})
    events = events_of(left, FakeProofChild(keras_numpy()))
    last = events[-1]
    assert isinstance(last, Completed)
    assert last.comparison.equivalence is None
    sentence = "The PyTorch process was killed by signal 9 (out of memory?). The outputs were not compared."
    assert last.comparison.warnings == (sentence,)
    assert [event.problem.sentence for event in only(events, Warned)] == [sentence]


def test_a_right_side_that_dies_while_the_left_one_is_a_step_ahead_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    right = FakeProofChild(keras_numpy(), deaths={CheckActivation: 2})
    events = events_of(FakeProofChild(torch_numpy()), right)
    assert isinstance(events[-1], Completed)
    assert "Keras process was killed" in events[-1].comparison.warnings[0]
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("held", [OpenProof, SetTensor, CheckActivation])
def test_cancel_mid_proof_ends_within_a_second_and_leaves_no_thread(held: type) -> None:
    before = set(threading.enumerate())
    right = FakeProofChild(keras_numpy(torch_weights(2)), holds=(held,))
    cancel, cancelled_s = CancelToken(), list[float]()

    def cancel_when_reached() -> None:
        assert right.reached.wait(10)
        cancelled_s.append(time.monotonic())
        cancel.cancel()

    canceller = threading.Thread(target=cancel_when_reached)
    canceller.start()
    events = events_of(FakeProofChild(torch_numpy()), right, verifying(transfer=LEFT_TO_RIGHT), cancel)
    assert time.monotonic() - cancelled_s[0] < 1
    canceller.join()
    assert events[-1] == Cancelled()
    assert not only(events, Warned)
    assert set(threading.enumerate()) <= before


def test_a_listener_that_goes_away_mid_proof_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    children = fake_children(FakeProofChild(torch_numpy()), FakeProofChild(keras_numpy()))
    events = compare(REQUEST, cancel=CancelToken(), children=children, store=None)
    next(event for event in events if isinstance(event, PairVerified))
    close(events)
    children.close()
    assert set(threading.enumerate()) <= before


def close(events: Iterator[Event]) -> None:
    events.close()  # type: ignore[attr-defined]


def test_moved_weights_are_exported_whole_as_they_are_before_calibration(tmp_path: Path) -> None:
    untrained = torch_weights(1, is_untrained=True)
    right = FakeProofChild(keras_numpy(torch_weights(2)))
    target = tmp_path / "moved.weights.h5"
    request = verifying(transfer=LEFT_TO_RIGHT, export=str(target), further_inputs=((InputShape(sizes=(9, 9)),),))
    proof = completed(events_of(FakeProofChild(torch_numpy(untrained)), right, request))
    assert proof.calibrated
    wanted = keras_weights(untrained)
    assert target.read_bytes() == b"".join(wanted[name].tobytes() for name in wanted)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert sum(isinstance(command, ExportWeights) for command in right.asked) == 1


def test_a_child_that_dies_while_it_exports_leaves_no_file(tmp_path: Path) -> None:
    right = FakeProofChild(keras_numpy(), deaths={ExportWeights: 0})
    target = tmp_path / "moved.weights.h5"
    events = events_of(FakeProofChild(torch_numpy()), right, verifying(transfer=LEFT_TO_RIGHT, export=str(target)))
    assert isinstance(events[-1], Completed)
    assert events[-1].comparison.equivalence is None
    assert list(tmp_path.iterdir()) == []


def test_an_export_of_the_wrong_kind_is_wrong_use_before_any_child_is_asked(tmp_path: Path) -> None:
    left = FakeProofChild(torch_numpy())
    events = events_of(
        left,
        FakeProofChild(keras_numpy()),
        verifying(transfer=LEFT_TO_RIGHT, export=str(tmp_path / "moved.safetensors")),
    )
    assert isinstance(events[-1], Failed)
    assert events[-1].problem.kind is ProblemKind.WRONG_USE
    assert left.asked == []


@pytest.mark.parametrize("framework", [Framework.PYTORCH, Framework.KERAS])
def test_two_models_of_one_framework_are_proven_as_well(framework: Framework) -> None:
    make = torch_numpy if framework is Framework.PYTORCH else keras_numpy
    source = TORCH_SOURCE if framework is Framework.PYTORCH else KERAS_SOURCE
    request = replace(REQUEST, left=source, right=source)
    proof = proof_of(make(options={"epsilon": 1e-5}), make(options={"epsilon": 0.1}), request)
    assert proof.verdict is EquivalenceVerdict.EQUIVALENT_AFTER
