"""The way in: the window, or a verb of the command line. Neither imports what only the other needs."""

import sys
from collections.abc import Sequence
from pathlib import Path

SNAPSHOT_SUFFIX = ".mbsnap"


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, with a snapshot or without, or run a verb; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _open_window(words) if opens_window(words) else _run_verb(words)
    except KeyboardInterrupt:  # Ctrl-C while modules are still being imported
        sys.stderr.write("Stopped.\n")
        return 130


def opens_window(words: Sequence[str]) -> bool:
    """Whether these arguments name no verb: none at all, or a snapshot file."""
    return not words or (len(words) == 1 and words[0].lower().endswith(SNAPSHOT_SUFFIX))


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
