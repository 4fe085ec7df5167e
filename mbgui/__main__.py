"""The way in: a child process, the window, or a verb of the command line. None imports what only another needs."""

import sys
from collections.abc import Sequence
from pathlib import Path

from mbgui.frozen import CHILD_FLAG, leave_environment_alone

SNAPSHOT_SUFFIX = ".mbsnap"


def main(arguments: Sequence[str] | None = None) -> int:
    """Be a child, open the window, with snapshots or without, or run a verb; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    leave_environment_alone()
    if words[:1] == [CHILD_FLAG]:
        return _serve(words[1:])
    try:
        return _open_window(words) if opens_window(words) else _run_verb(words)
    except KeyboardInterrupt:  # Ctrl-C while modules are still being imported
        sys.stderr.write("Stopped.\n")
        return 130


def opens_window(words: Sequence[str]) -> bool:
    """Whether these arguments name no verb: none at all, or nothing but snapshot files."""
    return all(word.lower().endswith(SNAPSHOT_SUFFIX) for word in words)


def _serve(words: list[str]) -> int:
    from mbgui.processes.child import main as serve  # noqa: PLC0415

    return serve(words)


def _run_verb(words: list[str]) -> int:
    from mbgui.cli.main import run  # noqa: PLC0415

    return run(words)


def _open_window(words: list[str]) -> int:
    from mbgui.gui.display import missing_display  # noqa: PLC0415

    problem = missing_display()
    if problem is None:
        from mbgui.gui.app import run  # noqa: PLC0415

        return run(words)
    from mbgui.cli.main import run_without_display  # noqa: PLC0415

    return run_without_display(problem, Path(words[0]) if words else None)


if __name__ == "__main__":
    sys.exit(main())
