"""One holder at a time, and none that is dead."""

import subprocess
import sys
from pathlib import Path

import pytest

from mbgui.gui.instance import file_lock
from mbgui.gui.instance.file_lock import FileLock

HOLD = """
import sys
from pathlib import Path
from mbgui.gui.instance.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_one_takes_it_and_another_does_not(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.take()
    assert not second.take()
    assert (first.is_held, second.is_held) == (True, False)
    first.release()
    assert second.take()
    second.release()


def test_nothing_is_left_of_it(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    lock.take()
    lock.release()
    lock.release()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        lock = FileLock(path)
        assert not lock.take()
        holder.kill()
        holder.wait()
        assert path.exists()
        assert lock.take()
        lock.release()


def test_a_lock_on_a_file_that_was_just_taken_away_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our opening the file and our locking it, its holder ended and the next one made a new file."""
    path = tmp_path / "lock"
    old, new = FileLock(path), FileLock(path)
    assert old.take()
    lock_file = file_lock._lock
    calls: list[int] = []

    def late(file: int) -> bool:
        calls.append(file)
        if len(calls) == 1:
            old.release()
            assert new.take()
        return lock_file(file)

    monkeypatch.setattr(file_lock, "_lock", late)
    assert not FileLock(path).take()
    new.release()


def test_where_no_file_can_be_made_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="lock"):
        FileLock(tmp_path / "missing" / "lock").take()


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="lock"):
        FileLock(tmp_path / "lock").take()
    assert not (tmp_path / "elsewhere").exists()
