"""Writing to what is no ordinary file."""

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
