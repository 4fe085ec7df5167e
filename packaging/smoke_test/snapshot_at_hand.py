"""A snapshot to open: the one that was saved before, else the one that ships with the app."""

from dataclasses import dataclass
from pathlib import Path

from smoke_test.comparing import PAIR_TITLE, SAMPLE_TITLE
from smoke_test.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotAtHand:
    """A file, and what is in the title of a window that shows it."""

    path: Path
    title: str


def find_snapshot(stage: Stage) -> SnapshotAtHand:
    """What the comparison by mouse left, or the sample where it was not run."""
    if stage.saved.is_file():
        return SnapshotAtHand(path=stage.saved, title=PAIR_TITLE)
    return SnapshotAtHand(path=next(stage.bundle.folder.rglob("_resources/sample.mbsnap")), title=SAMPLE_TITLE)
