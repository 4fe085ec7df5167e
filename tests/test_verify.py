"""`mbgui verify` and `api.verify`: exit codes, what is asked for, and assertions in a porter's own tests."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mbgui import api
from mbgui.__main__ import main
from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import EquivalenceVerdict
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import Completed
from mbgui.domain.input_shape import InputShape
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.request import CompareRequest, VerifyRequest, Weights
from mbgui.snapshots.store import SnapshotStore
from tests.support.proofs import proven_comparison, tiny_proof
from tests.support.records import tiny_comparison

PAIR = ("torchvision:tiny_net", "keras:TinyNet")
Capture = pytest.CaptureFixture[str]
Answer = Callable[[Comparison | Problem], list[CompareRequest]]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Have every request answered at once; returns those that are made."""

    def prepare(result: Comparison | Problem) -> list[CompareRequest]:
        asked: list[CompareRequest] = []

        def run(request: CompareRequest, **_: object) -> Completed:
            asked.append(request)
            if isinstance(result, Problem):
                raise MbguiError(result)
            return Completed(comparison=replace(result, request=request), snapshot_path="")

        monkeypatch.setattr(api, "run", run)
        return asked

    return prepare


def verdict_of(verdict: EquivalenceVerdict) -> Comparison:
    return proven_comparison(tiny_proof(verdict))


@pytest.mark.parametrize(
    ("verdict", "code"), [("identical", 0), ("equivalent", 0), ("equivalent_after", 3), ("different", 4)]
)
def test_the_exit_code_is_the_verdict(answer: Answer, capsys: Capture, verdict: str, code: int) -> None:
    answer(verdict_of(EquivalenceVerdict(verdict)))
    assert main(["verify", *PAIR, "--format", "json"]) == code
    output, errors = capsys.readouterr()
    assert json.loads(output)["verdict"] == verdict
    assert "Error" not in errors


def test_what_cannot_be_compared_exits_with_5_and_still_reports(answer: Answer, capsys: Capture) -> None:
    answer(verdict_of(EquivalenceVerdict.NOT_COMPARABLE))
    assert main(["verify", *PAIR]) == 5
    assert "**Not comparable.**" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "code"), [(ProblemKind.FAILED, 1), (ProblemKind.WRONG_USE, 2), (ProblemKind.CANCELLED, 130)]
)
def test_an_error_is_no_verdict(answer: Answer, capsys: Capture, kind: ProblemKind, code: int) -> None:
    answer(Problem(sentence="It did not work.", kind=kind))
    assert main(["verify", *PAIR]) == code
    output, errors = capsys.readouterr()
    assert output == ""
    assert "It did not work." in errors


def test_without_a_proof_it_failed_and_says_why(answer: Answer, capsys: Capture) -> None:
    answer(replace(tiny_comparison(), warnings=("The Keras process ended.",)))
    assert main(["verify", *PAIR]) == 1
    assert "could not be verified.\nThe Keras process ended." in capsys.readouterr().err


def test_nothing_is_measured_and_both_sides_keep_their_weights_by_default(answer: Answer) -> None:
    asked = answer(proven_comparison())
    main(["verify", *PAIR])
    (request,) = asked
    assert request.latency is None
    assert (request.inputs, request.weights) == ((), Weights.NONE)
    assert request.verification == VerifyRequest()
    assert (request.verification.transfer, request.verification.precision) == ("as-is", "float64")


def test_every_option_arrives_in_the_request(answer: Answer, tmp_path: Path) -> None:
    asked = answer(proven_comparison())
    exported = tmp_path / "moved.weights.h5"
    arguments = ["--weights", "left-to-right", "--dtype", "float32", "--export", str(exported), "--seed", "7"]
    sizes = ["--input", "32x32", "--input", "33x33", "--input", "32x32", "--input", "48x40"]
    main(["verify", *PAIR, *arguments, *sizes, "--pretrained", "imagenet", "--threads", "1", "--path", str(tmp_path)])
    (request,) = asked
    assert request.inputs == (InputShape(sizes=(32, 32)),)
    assert request.verification == VerifyRequest(
        transfer=WeightTransfer.LEFT_TO_RIGHT,
        precision=Precision.FLOAT32,
        further_inputs=((InputShape(sizes=(33, 33)),), (InputShape(sizes=(48, 40)),)),
        export=str(exported),
    )
    assert (request.weights, request.seed, request.threads) == (Weights.IMAGENET, 7, 1)
    assert request.code_folders == (str(tmp_path),)


def test_snapshot_and_report_are_written_where_it_is_told(answer: Answer, capsys: Capture, tmp_path: Path) -> None:
    answer(proven_comparison())
    saved, report = tmp_path / "pair.mbsnap", tmp_path / "pair.md"
    assert main(["verify", *PAIR, "--save", str(saved), "--output", str(report)]) == 3
    assert capsys.readouterr().out == ""
    assert SnapshotStore(tmp_path).open(saved).equivalence == tiny_proof()
    assert "## First divergence" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [PAIR[0]],
        [*PAIR, "--weights", "imagenet"],
        [*PAIR, "--dtype", "bfloat16"],
        [*PAIR, "--format", "csv"],
        [*PAIR, "--input", "32x32", "--input", "big"],
        [*PAIR, "--export", "moved.weights.h5"],
        [*PAIR, "--weights", "left-to-right", "--export", "moved.safetensors"],
        [*PAIR, "--weights", "right-to-left", "--export", "moved.weights.h5"],
        [*PAIR, "--weights", "right-to-left", "--export", "/no/such/folder/moved.safetensors"],
        [*PAIR, "--output", "/no/such/folder/report.md"],
    ],
)
def test_wrong_use_exits_with_2_before_anything_runs(answer: Answer, capsys: Capture, arguments: list[str]) -> None:
    asked = answer(proven_comparison())
    assert main(["verify", *arguments]) == 2
    assert asked == []
    assert "Error: " in capsys.readouterr().err


def test_verify_returns_the_comparison_with_its_proof_and_measures_nothing(answer: Answer) -> None:
    asked = answer(proven_comparison())
    comparison = api.verify(*PAIR, transfer="right-to-left", further_inputs=[(33, 33)])
    assert comparison.equivalence == tiny_proof()
    assert asked[0].latency is None
    assert asked[0].verification == VerifyRequest(
        transfer=WeightTransfer.RIGHT_TO_LEFT, further_inputs=((InputShape(sizes=(33, 33)),),)
    )


def test_a_proof_that_failed_is_an_error_not_a_verdict(answer: Answer) -> None:
    answer(tiny_comparison())
    with pytest.raises(MbguiError, match="could not be verified"):
        api.verify(*PAIR)


@pytest.mark.parametrize("verdict", ["identical", "equivalent"])
def test_equivalent_models_pass_an_assertion(answer: Answer, verdict: str) -> None:
    answer(verdict_of(EquivalenceVerdict(verdict)))
    assert api.assert_equivalent(*PAIR).verdict == verdict


@pytest.mark.parametrize(
    "allow", [("batchnorm_epsilon", "padding", "head_activation"), frozenset(Cause), [*tiny_proof().causes]]
)
def test_allowed_causes_that_explain_everything_pass_an_assertion(answer: Answer, allow: Any) -> None:
    answer(proven_comparison())
    assert api.assert_equivalent(*PAIR, transfer="left-to-right", allow=allow) == tiny_proof()


def test_one_cause_that_is_not_allowed_fails_an_assertion(answer: Answer) -> None:
    answer(proven_comparison())
    with pytest.raises(AssertionError) as caught:
        api.assert_equivalent(*PAIR, allow=("padding", "head_activation"))
    message = str(caught.value)
    assert "equivalent_after" in message
    assert "    batchnorm_epsilon: 1e-05 against 0.001, 2 layers\n" in message
    assert "    padding (allowed): " in message


@pytest.mark.parametrize("verdict", [EquivalenceVerdict.DIFFERENT, EquivalenceVerdict.NOT_COMPARABLE])
def test_no_allowed_cause_excuses_what_is_unexplained(answer: Answer, verdict: EquivalenceVerdict) -> None:
    answer(verdict_of(verdict))
    with pytest.raises(AssertionError, match=f": {verdict} "):
        api.assert_equivalent(*PAIR, allow=tuple(Cause))


def test_an_unknown_cause_is_wrong_use_before_anything_runs(answer: Answer) -> None:
    asked = answer(proven_comparison())
    with pytest.raises(MbguiError, match="“epsilon” is no cause"):
        api.assert_equivalent(*PAIR, allow=["epsilon"])
    assert asked == []


def test_a_single_cause_may_be_named_as_a_text(answer: Answer) -> None:
    answer(proven_comparison(replace(tiny_proof(), causes=(Cause.PADDING,))))
    assert api.assert_equivalent(*PAIR, allow="padding").causes == (Cause.PADDING,)
