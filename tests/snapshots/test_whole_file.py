"""Writing over what is there: a pipe stays a pipe, a private file stays private."""

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mbgui.domain.errors import MbguiError
from mbgui.snapshots.whole_file import write_whole

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices with a path")


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as executor:
        reading = executor.submit(pipe.read_bytes)
        write_whole(pipe, b"report")
        assert reading.result(10) == b"report"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_to_a_device_never_replaces_the_device(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(os.devnull)
    write_whole(link, b"report")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="a device that is always full")
def test_a_full_device_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MbguiError, match="no space left"):
        write_whole(Path("/dev/full"), b"report")
    assert Path("/dev/full").is_char_device()


def test_a_new_file_keeps_the_permissions_of_the_older_one_also_behind_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "saved", tmp_path / "link"
    path.write_bytes(b"old")
    path.chmod(0o600)
    link.symlink_to(path)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "saved"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)  # root may write to everything
    with pytest.raises(MbguiError, match="not allowed"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
