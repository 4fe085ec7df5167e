"""The app's verbs where no other program can be found."""

import json
import shutil

from smoke_test.failures import StepFailed, StepSkipped
from smoke_test.home import fresh_home
from smoke_test.known_pair import Record
from smoke_test.model_files import SHAPE, write_npz, write_safetensors
from smoke_test.snapshot_at_hand import find_snapshot
from smoke_test.stage import Figures, Stage
from smoke_test.verbs import Answer, run_verb

_EQUIVALENT_AFTER = 3
"""`mbgui verify --help`: the named causes explain everything."""
_PROGRAMS = "/usr/bin:/bin"
_COMPILED = "torch.compile"
_LADDER = ("bench", "--no-duel", "--ladder", "--runs", "5", "--budget", "600", "--format", "json")
_COMPILED_DUEL = ("bench", "--left-path", _COMPILED, "--runs", "5", "--budget", "1", "--format", "json")
"""One launch a side: a budget that is spent begins nothing further."""
_TENSOR = "first.weight"


def ask_in_terminal(stage: Stage) -> Figures:
    """The version, the lists of models, and what two small files hold."""
    home = fresh_home(stage.work, "terminal", stage.account)
    version = run_verb(stage, home, "--version")
    _expect(version, "mbgui ")
    models = run_verb(stage, home, "models")
    for model in ("torchvision:mobilenet_v2", "keras:MobileNetV2"):
        _expect(models, model)
    safetensors, archive = home.folder / "small.safetensors", home.folder / "small.npz"
    write_safetensors(safetensors, _TENSOR)
    write_npz(archive, _TENSOR)
    for path in (safetensors, archive):
        answer = run_verb(stage, home, "inspect", str(path))
        _expect(answer, _TENSOR)
        _expect(answer, "×".join(map(str, SHAPE)))
    return {"version": version.output.strip(), "version_s": version.duration_s, "models_s": models.duration_s}


def write_reports(stage: Stage) -> Figures:
    """Every form of report of the saved comparison, or of the sample where none was saved."""
    home = fresh_home(stage.work, "reports", stage.account)
    subject = find_snapshot(stage).path
    sizes = {}
    for form, sign in (
        ("markdown", "3,538,984"),
        ("html", "<svg"),
        ("csv", "features.0.0.weight"),
        ("json", '"ledger"'),
    ):
        target = home.folder / f"report.{form}"
        run_verb(stage, home, "report", str(subject), "--format", form, "--output", str(target))
        text = target.read_text(encoding="utf-8")
        if sign not in text:
            raise StepFailed(f"the report as {form} has no {sign} in it")
        sizes[f"{form}_bytes"] = len(text.encode())
    return sizes


def verify_pair(stage: Stage) -> Figures:
    """The proof in a terminal: its exit code is the verdict."""
    home = fresh_home(stage.work, "verify", stage.account)
    answer = run_verb(
        stage,
        home,
        *("verify", "torchvision:mobilenet_v2", "keras:MobileNetV2", "--weights", "left-to-right", "--format", "json"),
        expected=_EQUIVALENT_AFTER,
    )
    proof: Record = json.loads(answer.output)
    return {"verdict": proof["verdict"], "verify_s": answer.duration_s}


def time_call_paths(stage: Stage) -> Figures:
    """Every call path runs, but the one that needs a compiler: there is none, and it says so."""
    home = fresh_home(stage.work, "call-paths", stage.account)
    timings = _ladder(run_verb(stage, home, *_LADDER))
    reasons = {name: reason for name, reason in timings.items() if isinstance(reason, str)}
    if set(reasons) != {f"left {_COMPILED}"}:
        raise StepFailed(f"call paths that were not run: {reasons}")
    reason = reasons[f"left {_COMPILED}"]
    if "compiler" not in reason:
        raise StepFailed(f"{_COMPILED} does not say that a compiler is missing: {reason}")
    return {"median_s": {name: value for name, value in timings.items() if name not in reasons}, "reasons": reasons}


def compile_with_torch(stage: Stage) -> Figures:
    """Where a C++ compiler can be found, the frozen app compiles with it."""
    if shutil.which("g++", path=_PROGRAMS) is None:
        raise StepSkipped("there is no g++ on this machine")
    home = fresh_home(stage.work, "compiler", stage.account)
    answer = run_verb(stage, home, *_COMPILED_DUEL, programs=_PROGRAMS)
    record: Record = json.loads(answer.output)
    return {"median_s": record["left"]["median_s"], "bench_s": answer.duration_s}


def _ladder(answer: Answer) -> dict[str, float | str]:
    """Each call path with its median in seconds, or why it was not run."""
    found: dict[str, float | str] = {}
    for timing in json.loads(answer.output)["ladder"]["timings"]:
        summary = timing["summary"]
        name = f"{timing['side']} {timing['call_path']}"
        found[name] = str(timing["reason"]) if summary is None else float(summary["median_s"])
    return found


def _expect(answer: Answer, text: str) -> None:
    if text not in answer.output:
        raise StepFailed(f"“{text}” is not in what was printed: {answer.output[:300]}")
