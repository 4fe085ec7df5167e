"""The command line: which steps are run, on what, and what is said about it."""

import argparse
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from smoke_test.account import Account
from smoke_test.bundle import Bundle, place_bundle, remove_tree
from smoke_test.confinement import Confinement, confine
from smoke_test.display import own_display
from smoke_test.failures import StepFailed, StepSkipped
from smoke_test.listing import owned_by
from smoke_test.processes import adopt_orphans, end_descendants
from smoke_test.report import Outcome, StepResult, has_failed, line, write_report
from smoke_test.requirements import missing_programs, sentence
from smoke_test.stage import Figures, Stage
from smoke_test.steps.compare_by_keyboard import compare_by_keyboard
from smoke_test.steps.compare_by_mouse import compare_by_mouse
from smoke_test.steps.installed import use_installed
from smoke_test.steps.killed_app import kill_the_app
from smoke_test.steps.read_only_home import run_without_home
from smoke_test.steps.start_time import measure_start
from smoke_test.steps.terminal import (
    ask_in_terminal,
    compile_with_torch,
    time_call_paths,
    verify_pair,
    write_reports,
)

Step = Callable[[Stage], Figures]
STEPS: dict[str, Step] = {
    "terminal": ask_in_terminal,
    "mouse": compare_by_mouse,
    "keyboard": compare_by_keyboard,
    "killed": kill_the_app,
    "read-only-home": run_without_home,
    "installed": use_installed,
    "reports": write_reports,
    "verify": verify_pair,
    "call-paths": time_call_paths,
    "compiler": compile_with_torch,
    "start-time": measure_start,
}
"""In the order in which they are run; a later one may use what an earlier one left."""
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OF_PYTORCH = "torchinductor_"
"""PyTorch makes a folder of that name for its user when it is imported, in whatever program."""
_PLACING = "place"
_INSTALLING = "installed"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the steps; 0 all is well, 1 a step failed, 2 something to test with is missing, 130 stopped."""
    options = _parser().parse_args(arguments)
    wanted = options.only or list(STEPS)
    missing = missing_programs(with_installation=_INSTALLING in wanted)
    if missing or not options.subject.exists():
        print(sentence(missing) if missing else f"{options.subject} is not there.", file=sys.stderr)
        return 2
    for number in _STOPPING:
        signal.signal(number, _stop)
    results: list[StepResult] = []
    account = Account.for_the_app()
    confinement = confine(account)
    if confinement.has_network:
        print("Nobody may take the network away here: the app is left one.", file=sys.stderr)
    try:
        _run(options, wanted, account, confinement, results)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    finally:
        if options.output is not None:
            has_network = confinement.has_network
            write_report(options.output, options.subject, results, wanted=wanted, had_network=has_network)
    return 1 if has_failed(results) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="smoke.py", description="Start the packaged app as its user would, and look at it from outside."
    )
    parser.add_argument("subject", type=Path, metavar="ARCHIVE_OR_FOLDER", help="what was built")
    parser.add_argument("--output", type=Path, metavar="REPORT.json", help="where all figures are written to")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="where pictures of the screen are kept")
    parser.add_argument("--only", nargs="+", choices=STEPS, metavar="STEP", help=f"of {', '.join(STEPS)}")
    parser.add_argument(
        "--unfrozen",
        nargs=argparse.REMAINDER,
        default=[],
        metavar="COMMAND",
        help="starts the same app from a checkout, to compare with; comes last",
    )
    return parser


def _run(
    options: argparse.Namespace,
    wanted: Sequence[str],
    account: Account,
    confinement: Confinement,
    results: list[StepResult],
) -> None:
    """Place the app and run the steps on it; each is told and kept as it ends."""
    adopt_orphans()
    with _work_folder() as work:
        placed: list[Bundle] = []
        _attempt(_PLACING, lambda: _place(options.subject.resolve(), work, account, placed), results)
        if not placed:
            return
        with own_display(work) as display:
            stage = Stage(
                bundle=placed[0],
                display=display,
                account=account,
                confinement=confinement,
                work=work,
                pictures=options.pictures,
                unfrozen=tuple(options.unfrozen),
            )
            for name, step in STEPS.items():
                if name in wanted:
                    _attempt(name, partial(_without_trace, step, stage), results)


def _place(subject: Path, work: Path, account: Account, placed: list[Bundle]) -> Figures:
    placed.append(place_bundle(subject, work, account))
    sizes = placed[0].file_sizes()
    return {"user": account.name, "files": len(sizes), "size_bytes": sum(sizes)}


def _without_trace(step: Step, stage: Stage) -> Figures:
    """Run a step, after which nothing of the app's may lie among the temporary files."""
    account, shared = stage.account, Path(tempfile.gettempdir())
    if account.is_own:  # whose programs make files there all the time
        return step(stage)
    before = owned_by(shared, account.user_id)
    figures = step(stage)
    left = {name for name in owned_by(shared, account.user_id) - before if not name.startswith(_OF_PYTORCH)}
    if left:
        raise StepFailed(f"in {shared} was left: {', '.join(sorted(left))}")
    return figures


def _attempt(name: str, step: Callable[[], Figures], results: list[StepResult]) -> None:
    began = time.monotonic()
    outcome, reason = Outcome.PASSED, ""
    figures: Figures = {}
    try:
        figures = step()
    except StepSkipped as skipped:
        outcome, reason = Outcome.SKIPPED, str(skipped)
    except StepFailed as failure:
        outcome, reason = Outcome.FAILED, str(failure)
    except Exception as error:  # noqa: BLE001  a fault of the test itself ends one step, not all
        outcome, reason = Outcome.FAILED, "".join(traceback.format_exception(error))
    duration_s = time.monotonic() - began
    results.append(StepResult(name=name, outcome=outcome, reason=reason, figures=figures, duration_s=duration_s))
    print(line(results[-1]), flush=True)


@contextmanager
def _work_folder() -> Iterator[Path]:
    """A folder for everything, which the app's user can enter; gone afterwards, with whatever still runs in it."""
    work = Path(tempfile.mkdtemp(prefix="mbgui-smoke-"))
    work.chmod(0o755)
    try:
        yield work
    finally:
        for number in _STOPPING:
            signal.signal(number, signal.SIG_IGN)  # what is under way now is what was asked for
        end_descendants()
        remove_tree(work)


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt
