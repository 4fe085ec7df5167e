"""The terminal: verbs, exit codes, sentences, and what is imported for them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import psutil
import pytest

from mbgui import __version__, api
from mbgui.__main__ import main, opens_window
from mbgui.cli import inspect_verb, models_verb
from mbgui.cli.output import EXIT_CODES
from mbgui.domain.errors import Problem, ProblemKind, Remedy
from mbgui.domain.framework import Framework
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT
from mbgui.processes.latency_messages import MeasureRound
from mbgui.processes.messages import Command, FileInspected, ListModels, LoadModel, Ready, Reply
from mbgui.snapshots.store import SnapshotStore, default_folder
from tests.support.fake_child import FakeChild, fake_children
from tests.support.records import tiny_comparison, tiny_model_file

ROOT = Path(__file__).parents[1]
PAIR = ("torchvision:tiny_net", "keras:TinyNet")
Capture = pytest.CaptureFixture[str]
UsePrepared = Callable[..., None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> UsePrepared:
    """Have the prepared fake children take the place of processes."""

    def use_children(*prepared: FakeChild) -> None:
        for module in (api, models_verb, inspect_verb):
            monkeypatch.setattr(module, "WarmChildren", lambda: fake_children(*prepared))

    return use_children


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A saved comparison."""
    path = tmp_path / "saved.mbsnap"
    SnapshotStore(tmp_path).save(tiny_comparison(), path)
    return path


def test_compare_prints_the_report_on_standard_output_and_progress_on_standard_error(
    use: UsePrepared, capsys: Capture
) -> None:
    use()
    assert main(["compare", *PAIR]) == 0
    output, errors = capsys.readouterr()
    assert output.startswith("# tiny_net · TinyNet")
    assert errors.splitlines()[0] == "Starting the frameworks …"
    assert "Measuring latency …" in errors


def test_every_finished_comparison_is_kept_and_listed(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["compare", *PAIR, "--no-latency"]) == 0
    capsys.readouterr()
    assert main(["snapshots"]) == 0
    output = capsys.readouterr().out
    assert "tiny_net · TinyNet" in output
    assert str(default_folder()) in output


def test_compare_saves_a_snapshot_and_a_report_where_it_is_told(
    use: UsePrepared, capsys: Capture, tmp_path: Path
) -> None:
    use()
    saved, report = tmp_path / "pair.mbsnap", tmp_path / "pair.json"
    arguments = ["compare", *PAIR, "--save", str(saved), "--format", "json", "--output", str(report), "--runs", "3"]
    assert main(arguments) == 0
    assert capsys.readouterr().out == ""
    comparison = SnapshotStore(tmp_path).open(saved)
    assert comparison.latency is not None
    assert comparison.latency.left_summary.count == 3
    assert json.loads(report.read_text(encoding="utf-8"))["identifier"] == comparison.identifier


def test_the_snapshot_is_saved_even_if_the_report_cannot_be_written(
    use: UsePrepared, capsys: Capture, tmp_path: Path
) -> None:
    use()
    saved, report = tmp_path / "pair.mbsnap", tmp_path / ("too long" * 40)
    assert main(["compare", *PAIR, "--save", str(saved), "--output", str(report), "--no-latency"]) == 1
    assert saved.exists()


def test_the_default_pair_is_the_two_mobilenets(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["compare", "--no-latency"]) == 0
    assert capsys.readouterr().out.startswith("# mobilenet_v2 · MobileNetV2")


@pytest.mark.parametrize("report_format", ["markdown", "html", "csv", "json"])
def test_report_prints_a_snapshot_in_every_form(report_format: str, snapshot: Path, capsys: Capture) -> None:
    assert main(["report", str(snapshot), "--format", report_format]) == 0
    assert "tiny_net" in capsys.readouterr().out


def test_without_snapshots_the_list_says_what_to_do(capsys: Capture) -> None:
    assert main(["snapshots"]) == 0
    assert "mbgui compare" in capsys.readouterr().err


def test_models_lists_both_sources(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["models"]) == 0
    assert capsys.readouterr().out.splitlines() == ["torchvision:tiny_net", "keras:TinyNet"]


def test_models_takes_a_filter_in_any_case(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["models", "TINYn"]) == 0
    assert capsys.readouterr().out.splitlines() == ["keras:TinyNet"]
    assert main(["models", "nothing"]) == 0
    assert "No model's name contains “nothing”" in capsys.readouterr().err


def test_a_framework_that_is_not_installed_leaves_the_other_ones_models(use: UsePrepared, capsys: Capture) -> None:
    use(FakeChild(Framework.PYTORCH, 1, failures={Ready: Problem(sentence="PyTorch cannot be used.")}))
    assert main(["models"]) == 0
    output, errors = capsys.readouterr()
    assert output.splitlines() == ["keras:TinyNet"]
    assert errors.startswith("Warning: PyTorch cannot be used.")


def test_models_fails_where_neither_framework_is_there(use: UsePrepared, capsys: Capture) -> None:
    problem = Problem(sentence="It cannot be used.")
    use(*(FakeChild(framework, 1, failures={ListModels: problem}) for framework in Framework))
    assert main(["models"]) == 1
    assert capsys.readouterr().err == "Error: It cannot be used.\n"


def test_a_model_that_is_named_whole_is_listed_with_its_options(use: UsePrepared, capsys: Capture) -> None:
    use()
    for name in ("tiny_net", "torchvision:tiny_net"):
        assert main(["models", name]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "torchvision:tiny_net",
            "    made for an input of 224×224 pixels",
            "    ?alpha=1.0                      width (in both frameworks)",
        ]


@pytest.mark.parametrize("report_format", ["markdown", "csv", "json"])
def test_inspect_tells_of_a_file_in_every_form(use: UsePrepared, capsys: Capture, report_format: str) -> None:
    use()
    assert main(["inspect", "/models/tiny.pth", "--format", report_format]) == 0
    output = capsys.readouterr().out
    assert output == GOLDEN_FILES[report_format]


GOLDEN_FILES = {
    "markdown": """# tiny.pth

**PyTorch weights**

## File

A note.

|  |  |
| --- | --- |
| Path | /models/tiny.pth |
| Size | 0.00118 MiB |
| Framework | PyTorch |
| Format version | 1 |

## Tensors

2 tensors, 109 values, 0.00042 MiB.

| Name | Shape | Type | Values | Bytes | Mean | Std | Min | Max |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
| conv.weight | 4×3×3×3 | float32 | 108 | 432 | 0.5 | 0.25 | 0 | 1 |
| steps | scalar | int64 | 1 | 8 | – | – | – | – |
""",
    "csv": """name,shape,dtype,values,size_bytes,mean,std,minimum,maximum,non_finite_values
conv.weight,4x3x3x3,float32,108,432,0.5,0.25,0.0,1.0,1
steps,,int64,1,8
""",
    "json": msgspec.json.format(msgspec.json.encode(tiny_model_file()), indent=2).decode() + "\n",
}


def test_a_refused_file_is_shown_as_far_as_it_can_be_and_exits_with_1(use: UsePrepared, capsys: Capture) -> None:
    class Refusing(FakeChild):
        def _answer(self, command: Command) -> Reply:
            problem = Problem(sentence="tiny.pth holds an object.", advice="Save the weights only.")
            return FileInspected(file=replace(tiny_model_file(), refusal=problem))

    use(Refusing(None, 1))
    assert main(["inspect", "tiny.pth"]) == 1
    output, errors = capsys.readouterr()
    assert "tiny.pth holds an object." in output
    assert "| conv.weight |" in output
    assert errors == "Error: tiny.pth holds an object.\nSave the weights only.\n"


def test_code_of_ones_own_is_announced_before_it_runs(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["compare", "net:make", PAIR[1], "--path", ".", "--no-latency"]) == 0
    assert capsys.readouterr().err.startswith("net:make is Python code of yours: it runs, in a process of its own.\n")


def test_what_a_file_names_does_not_command_the_terminal(use: UsePrepared, capsys: Capture) -> None:
    problem = Problem(sentence="It holds \x1b]0;owned\x07.", advice="\x1b[2J", detail="\x1b[31m\nline")
    use(FakeChild(Framework.PYTORCH, 2, failures={LoadModel: problem}))
    assert main(["--details", "compare", *PAIR, "--threads", "2"]) == 1
    errors = capsys.readouterr().err
    assert "\x1b" not in errors
    assert "\x07" not in errors
    assert "\nline\n" in errors


def test_remedies_are_told_as_references_to_type(use: UsePrepared, capsys: Capture) -> None:
    source = "torchvision:tiny_net@/w/a.pth"
    remedy = Remedy(title="Strip “module.”", replaces=source, reference=f"{source}?strip=module.")
    problem = Problem(sentence="It does not fit.", remedies=(remedy,))
    use(FakeChild(Framework.PYTORCH, 2, failures={LoadModel: problem}))
    assert main(["compare", source, PAIR[1], "--threads", "2"]) == 1
    assert f"  Strip “module.”: '{remedy.reference}'\n" in capsys.readouterr().err


def test_the_version_is_printed(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"mbgui {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["compare", "--runs", "many"],
        ["compare", "--runs", "-1"],
        ["compare", "--budget", "-1"],
        ["compare", "--mode", "hasty"],
        ["compare", "--input", "big"],
        ["compare", "mobilenet_v2"],
        ["compare", "--left-path", "predict"],
        ["compare", "--format", "pdf"],
        ["compare", "--output", "/no/such/folder/report.md"],
        ["compare", "--save", "/no/such/folder/pair.mbsnap"],
        ["compare", "--output", ""],
        ["report"],
    ],
)
def test_wrong_use_exits_with_2_and_a_sentence(arguments: list[str], capsys: Capture) -> None:
    assert main(arguments) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert "Error: " in errors
    assert "Traceback" not in errors


def test_one_of_a_thing_is_told_in_the_singular(capsys: Capture) -> None:
    assert main(["compare", "--batch", "0"]) == 2
    assert capsys.readouterr().err.startswith("Error: The batch has to be at least 1 image, not 0.\n")


@pytest.mark.parametrize(("kind", "code"), [(ProblemKind.FAILED, 1), (ProblemKind.WRONG_USE, 2)])
def test_a_failed_comparison_exits_with_its_code_and_says_what_to_do(
    use: UsePrepared, capsys: Capture, kind: ProblemKind, code: int
) -> None:
    problem = Problem(sentence="It failed.", advice="Do this.", detail="Traceback …", kind=kind)
    use(FakeChild(Framework.KERAS, 1, failures={LoadModel: problem}))
    assert main(["compare", *PAIR]) == code
    errors = capsys.readouterr().err
    assert "Error: It failed.\nDo this.\n" in errors
    assert "Traceback" not in errors


def test_details_are_shown_when_asked_for(use: UsePrepared, capsys: Capture) -> None:
    problem = Problem(sentence="It failed.", detail="Traceback of the child")
    use(FakeChild(Framework.KERAS, 1, failures={LoadModel: problem}))
    assert main(["--details", "compare", *PAIR]) == 1
    assert "Traceback of the child" in capsys.readouterr().err


def test_a_warning_is_told_and_the_report_still_comes(use: UsePrepared, capsys: Capture) -> None:
    use(FakeChild(Framework.KERAS, 1), FakeChild(Framework.KERAS, 1, deaths={MeasureRound: 0}))
    assert main(["compare", *PAIR]) == 0
    output, errors = capsys.readouterr()
    assert "Warning: The Keras process was killed by signal 9" in errors
    assert output.startswith("# tiny_net")


def test_a_snapshot_that_cannot_be_opened_is_a_sentence(tmp_path: Path, capsys: Capture) -> None:
    broken = tmp_path / "broken.mbsnap"
    broken.write_text("{")
    assert main(["report", str(broken)]) == 1
    assert main(["report", str(tmp_path / "missing.mbsnap")]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_an_unexpected_error_exits_with_1_and_its_traceback(
    monkeypatch: pytest.MonkeyPatch, snapshot: Path, capsys: Capture
) -> None:
    def stumble(self: SnapshotStore, path: Path) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(SnapshotStore, "open", stumble)
    assert main(["report", str(snapshot)]) == 1
    errors = capsys.readouterr().err
    assert "ZeroDivisionError: oops" in errors
    assert "Traceback" in errors


@pytest.fixture
def own_handler() -> Iterator[Callable[[int, object], None]]:
    """A handler of Ctrl-C that stands before the verb is called, and is not to be called itself."""

    def handler(number: int, frame: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGINT, handler)
    yield handler
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_the_comparison_and_exits_with_130(
    use: UsePrepared, capsys: Capture, own_handler: Callable[[int, object], None]
) -> None:
    class Interrupting(FakeChild):
        """Presses Ctrl-C as soon as it is to be measured."""

        def _meet(self, what: type, count: int) -> None:
            if what is MeasureRound:
                os.kill(os.getpid(), signal.SIGINT)
            super()._meet(what, count)

    child = Interrupting(Framework.KERAS, 1, holds=(MeasureRound,))
    use(FakeChild(Framework.KERAS, 1), child)
    assert main(["compare", *PAIR]) == 130
    assert capsys.readouterr().err.endswith("Stopped.\n")
    assert child.was_closed
    assert signal.getsignal(signal.SIGINT) is own_handler


def test_ctrl_c_while_latency_is_measured_reports_what_there_is_and_exits_with_130(
    use: UsePrepared, capsys: Capture
) -> None:
    class Interrupting(FakeChild):
        """Presses Ctrl-C once it was measured for some rounds."""

        def _meet(self, what: type, count: int) -> None:
            if what is MeasureRound and count == 5:
                os.kill(os.getpid(), signal.SIGINT)
                self.kill()
            super()._meet(what, count)

    use(FakeChild(Framework.KERAS, 1), Interrupting(Framework.KERAS, 1))
    assert main(["compare", *PAIR, "--runs", "1000"]) == 130
    output, errors = capsys.readouterr()
    assert output.startswith("# tiny_net · TinyNet")
    assert "Measuring was stopped before all runs were done." in output
    assert errors.endswith("Stopped.\n")


def test_a_verb_leaves_ctrl_c_to_whom_it_was_before(
    use: UsePrepared, own_handler: Callable[[int, object], None]
) -> None:
    use()
    assert main(["compare", *PAIR, "--no-latency"]) == 0
    assert signal.getsignal(signal.SIGINT) is own_handler


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], True),
        (["saved.mbsnap"], True),
        (["SAVED.MBSNAP"], True),
        (["compare"], False),
        (["--version"], False),
        (["report", "saved.mbsnap"], False),
    ],
)
def test_no_verb_or_a_snapshot_opens_the_window(words: list[str], expected: bool) -> None:
    assert opens_window(words) is expected


def test_without_a_display_a_snapshot_is_printed_as_a_report(
    monkeypatch: pytest.MonkeyPatch, snapshot: Path, capsys: Capture
) -> None:
    hide_display(monkeypatch)
    assert main([str(snapshot)]) == 0
    output, errors = capsys.readouterr()
    assert output.startswith("# tiny_net · TinyNet")
    assert "no display" in errors


def test_without_a_display_the_default_pair_is_compared(
    monkeypatch: pytest.MonkeyPatch, use: UsePrepared, capsys: Capture
) -> None:
    use()
    hide_display(monkeypatch)
    assert main([]) == 0
    output, errors = capsys.readouterr()
    assert output.startswith(f"# {DEFAULT_LEFT.name} · {DEFAULT_RIGHT.name}")
    assert "no display" in errors


def hide_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)


def test_every_exit_code_of_a_problem_is_distinct() -> None:
    assert set(EXIT_CODES) == set(ProblemKind)
    assert len({*EXIT_CODES.values(), 0}) == len(ProblemKind) + 1


def run_and_list_modules(arguments: list[str]) -> set[str]:
    """Run a verb in a process of its own; the top-level modules imported in the end."""
    program = (
        "import sys; from mbgui.__main__ import main; code = main(sys.argv[1:]);"
        "print('\\n' + ' '.join(sorted({name.partition('.')[0] for name in sys.modules}))); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [["--version"], ["snapshots"]])
def test_a_light_verb_imports_neither_framework_nor_qt_nor_numpy(arguments: list[str]) -> None:
    assert not run_and_list_modules(arguments) & {"torch", "tensorflow", "keras", "PySide6", "numpy"}


def test_deciding_for_the_window_imports_nothing_of_the_terminal() -> None:
    program = "import sys, mbgui.__main__; assert not {'click', 'rich', 'msgspec', 'psutil'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="a device that is always full")
def test_a_full_standard_output_is_a_sentence(snapshot: Path) -> None:
    arguments = [sys.executable, "-m", "mbgui", "report", str(snapshot)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(arguments, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Standard output cannot be written to: no space left on device.")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="a device that is always full")
@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_a_full_standard_output_is_a_sentence_for_words_of_help_too(argument: str) -> None:
    arguments = [sys.executable, "-m", "mbgui", argument]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(arguments, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Standard output cannot be written to: no space left on device.")
    assert "Traceback" not in done.stderr


def test_ctrl_c_while_modules_are_imported_exits_with_130(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupt(words: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("mbgui.__main__._run_verb", interrupt)
    assert main(["snapshots"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_a_reader_that_has_seen_enough_causes_no_noise(snapshot: Path) -> None:
    arguments = [sys.executable, "-m", "mbgui", "report", str(snapshot), "--format", "html"]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        assert app.stderr is not None
        app.stdout.close()
        errors = app.stderr.read()
    assert errors == ""
    assert app.returncode == 1


@pytest.mark.real
def test_a_real_comparison_leaves_frameworks_and_qt_out_of_this_process(tmp_path: Path) -> None:
    saved = tmp_path / "pair.mbsnap"
    modules = run_and_list_modules(["compare", "--input", "32x32", "--runs", "6", "--save", str(saved)])
    assert not modules & {"torch", "torchvision", "tensorflow", "keras", "PySide6", "pyqtgraph"}
    comparison = SnapshotStore(tmp_path).open(saved)
    assert (comparison.left.framework_parameter_count, comparison.right.framework_parameter_count) == (
        3_504_872,
        3_538_984,
    )
    assert comparison.latency is not None
    assert comparison.latency.is_complete
    assert comparison.warnings == ()


@pytest.mark.real
def test_ctrl_c_during_a_real_comparison_leaves_no_process(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "mbgui", "compare", "--input", "32x32", "--runs", "100000"]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as app:
        assert app.stderr is not None
        for line in app.stderr:
            if line.startswith("Measuring"):
                break
        children = psutil.Process(app.pid).children()
        assert len(children) >= 2  # those that read, and those that are launched to be timed
        app.send_signal(signal.SIGINT)
        output, errors = app.communicate(timeout=10)
    assert (app.returncode, output) == (130, "")
    assert errors.endswith("Stopped.\n")
    assert not any(child.is_running() for child in children)
