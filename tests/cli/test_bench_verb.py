"""`mbgui bench`: reports, exit codes, and what is refused before any process is started."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from mbgui import api
from mbgui.__main__ import main
from mbgui.domain.errors import Problem
from mbgui.domain.framework import Framework
from mbgui.processes.latency_messages import BuildModel, MeasureRound
from mbgui.snapshots.store import SnapshotStore, default_folder
from tests.support.fake_child import FakeChild

PAIR = ("torchvision:tiny_net", "keras:TinyNet")
SHORT = ("--runs", "12", "--threads", "1")
Capture = pytest.CaptureFixture[str]
UsePrepared = Callable[..., None]


class InterruptedAt(FakeChild):
    """Presses Ctrl-C when it is to measure for the so many-th time."""

    def __init__(self, framework: Framework, count: int) -> None:
        super().__init__(framework, 1)
        self._count = count

    def _meet(self, what: type, count: int) -> None:
        if what is MeasureRound and count == self._count:
            os.kill(os.getpid(), signal.SIGINT)
            self.kill()
        super()._meet(what, count)


def keras_children(*launched: FakeChild) -> tuple[FakeChild, ...]:
    """One that is read, then these, in the order in which they are launched."""
    return FakeChild(Framework.KERAS, 1), *launched


def test_the_verdict_is_printed_and_the_progress_goes_to_standard_error(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["bench", *PAIR, *SHORT]) == 0
    output, errors = capsys.readouterr()
    assert output.startswith("# tiny_net · TinyNet\n\n**")
    assert "## Inference performance" in output
    assert "Measuring latency …" in errors
    assert "  launch 1: ratio 0.67 (" in errors


def test_the_json_names_its_format_and_the_verdict(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["bench", *PAIR, *SHORT, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["format"], found["version"], found["is_complete"]) == ("mbgui-bench", 1, True)
    assert found["verdict"] in ("left_faster", "right_faster", "no_measurable_difference")
    assert (found["left"]["reference"], found["right"]["reference"]) == PAIR
    assert sum(len(taken["durations_s"]) for taken in found["samples"] if not taken["is_warmup"]) == 24


def test_rigorous_makes_five_launches_of_each_side(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["bench", *PAIR, *SHORT, "--mode", "rigorous", "--format", "json"]) == 0
    output, errors = capsys.readouterr()
    found = json.loads(output)
    assert found["mode"] == "rigorous"
    assert found["left"]["launches"] >= 5
    assert "  launch 5: ratio " in errors


def test_options_reach_the_children(use: UsePrepared, capsys: Capture) -> None:
    use()
    arguments = [*SHORT, "--batch", "2", "--left-path", "channels_last", "--right-path", "predict", "--budget", "9"]
    assert main(["bench", *PAIR, *arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["left"]["call_path"], found["right"]["call_path"]) == ("channels_last", "predict")
    assert (found["threads"], found["batch_size"]) == (1, 2)


def test_call_paths_sweeps_and_layers_are_measured_beside_the_duel(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["bench", *PAIR, *SHORT, "--ladder", "--sweep", "batch=1,2", "--sweep", "input=32", "--layers"]) == 0
    output, errors = capsys.readouterr()
    for title in ("## Call paths", "## Sweeps", "### Sweep: batch size", "### Sweep: input size"):
        assert title in output
    assert "## Where the time goes" in output
    assert "Timing every call path …\n  left eager: " in errors
    assert "  batch 2, right: " in errors


def test_without_a_duel_the_rest_is_measured_alone(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["bench", *PAIR, *SHORT, "--no-duel", "--ladder", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["samples"]) == (None, [])
    assert len(found["ladder"]["timings"]) == 8


def test_the_comparison_is_kept_and_saved_where_it_is_told(use: UsePrepared, capsys: Capture, tmp_path: Path) -> None:
    use()
    saved, report = tmp_path / "pair.mbsnap", tmp_path / "bench.json"
    arguments = ["--save", str(saved), "--output", str(report), "--format", "json"]
    assert main(["bench", *PAIR, *SHORT, *arguments]) == 0
    assert capsys.readouterr().out == ""
    comparison = SnapshotStore(tmp_path).open(saved)
    assert comparison.request.verification is None
    assert comparison.latency is not None
    assert json.loads(report.read_text(encoding="utf-8"))["ratio"] == comparison.latency.ratio
    assert [entry.title for entry in SnapshotStore(default_folder()).entries()] == ["tiny_net · TinyNet"]


def test_the_default_pair_is_the_two_mobilenets(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["bench", *SHORT]) == 0
    assert capsys.readouterr().out.startswith("# mobilenet_v2 · MobileNetV2")


def test_ctrl_c_reports_what_was_measured_and_exits_with_130(use: UsePrepared, capsys: Capture) -> None:
    use(*keras_children(InterruptedAt(Framework.KERAS, 5)))
    assert main(["bench", *PAIR, "--runs", "1000", "--threads", "1", "--format", "json"]) == 130
    output, errors = capsys.readouterr()
    found = json.loads(output)
    assert (found["stop_reason"], found["is_complete"]) == ("stopped", False)
    assert found["left"]["count"] > 0
    assert errors.endswith("Stopped.\n")
    assert len(SnapshotStore(default_folder()).entries()) == 1


def test_ctrl_c_before_anything_was_measured_prints_nothing(use: UsePrepared, capsys: Capture) -> None:
    use(*keras_children(InterruptedAt(Framework.KERAS, 0)))
    assert main(["bench", *PAIR, *SHORT]) == 130
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.endswith("Stopped.\n")


def test_a_latency_that_cannot_be_measured_exits_with_1_and_the_reason(use: UsePrepared, capsys: Capture) -> None:
    problem = Problem(sentence="The Keras process ran out of memory.")
    use(*keras_children(FakeChild(Framework.KERAS, 1, failures={BuildModel: problem})))
    assert main(["bench", *PAIR, *SHORT]) == 1
    output, errors = capsys.readouterr()
    assert output == ""
    assert "Error: Latency could not be measured.\nThe Keras process ran out of memory." in errors


def test_what_was_measured_is_reported_even_where_the_duel_failed(use: UsePrepared, capsys: Capture) -> None:
    problem = Problem(sentence="The Keras process ran out of memory.")
    use(*keras_children(FakeChild(Framework.KERAS, 1, failures={BuildModel: problem})))
    assert main(["bench", *PAIR, *SHORT, "--ladder"]) == 1
    output, errors = capsys.readouterr()
    assert "## Call paths" in output
    assert "Error: Latency could not be measured." in errors


def test_call_paths_none_of_which_can_be_run_are_a_failure(use: UsePrepared, capsys: Capture) -> None:
    problem = Problem(sentence="It ran out of memory.")
    broken = [FakeChild(framework, 1, failures={BuildModel: problem}) for framework in Framework for _ in range(4)]
    use(FakeChild(Framework.PYTORCH, 1), FakeChild(Framework.KERAS, 1), *broken)
    assert main(["bench", *PAIR, *SHORT, "--no-duel", "--ladder"]) == 1
    assert "Error: Latency could not be measured.\nIt ran out of memory.\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--threads", "0"], "The number of threads has to be at least 1, not 0."),
        (["--threads", "100000"], "logical processors, not 100000."),
        (["--batch", "0"], "The batch has to be at least 1 image, not 0."),
        (["--budget", "-1"], "The time for measuring cannot be -1 seconds."),
        (["--budget", "nan"], "The time for measuring cannot be nan seconds."),
        (["--budget", "inf"], "The time for measuring cannot be inf seconds."),
        (["--runs", "-1"], "The number of timed calls has to be at least 0, not -1."),
        (["--sweep", "batch"], "“batch” is no sweep."),
        (["--sweep", "batch=0"], "A batch of the sweep has to be at least 1, not 0."),
        (["--sweep", "threads=100000"], "logical processors, not 100000."),
        (["--left-path", "predict"], "torchvision:tiny_net cannot be called by “predict”."),
        (["--right-path", "eager"], "keras:TinyNet cannot be called by “eager”."),
        (["--no-duel"], "Nothing is left to be measured without the duel."),
        (["--mode", "hasty"], "'hasty' is not one of"),
        (["--format", "html"], "'html' is not one of"),
        (["--output", "/no/such/folder/bench.md"], "There is no folder"),
        (["--save", "/no/such/folder/pair.mbsnap"], "There is no folder"),
    ],
)
def test_wrong_use_exits_with_2_and_one_sentence_before_anything_starts(
    arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def refuse() -> None:
        raise AssertionError("a process was about to start")

    monkeypatch.setattr(api, "WarmChildren", refuse)
    assert main(["bench", *PAIR, *arguments]) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert sentence in errors
    assert "Traceback" not in errors


def test_code_of_ones_own_is_announced_before_it_runs(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["bench", "net:make", PAIR[1], "--path", ".", *SHORT]) == 0
    assert capsys.readouterr().err.startswith("net:make is Python code of yours: it runs, in a process of its own.\n")
