"""One recorder around the window: it opens, tells once, and leaves nothing after an orderly end."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mbgui.gui.diagnostics.log_file import LogFile, log_folder
from mbgui.gui.diagnostics.recorder import Recorder
from tests.gui.diagnostics.conftest import text_of
from tests.gui.diagnostics.test_crash_reports import GONE, leave_trace

pytestmark = pytest.mark.usefixtures("own_hooks")


@pytest.fixture
def recorder(qtbot: QtBot) -> Iterator[Recorder]:
    made = Recorder()
    yield made
    made.close()
    made.deleteLater()


def open_it(qtbot: QtBot, recorder: Recorder) -> None:
    with qtbot.waitSignal(recorder.opened):
        recorder.start()


def traces() -> list[Path]:
    return list(log_folder().glob("session-*"))


def own_log() -> str:
    return text_of(LogFile(log_folder()))


def test_an_orderly_end_leaves_nothing_but_the_log(qtbot: QtBot, recorder: Recorder) -> None:
    open_it(qtbot, recorder)
    assert traces()
    recorder.close()
    assert not traces()
    assert "mbgui was started." in own_log()
    assert own_log().splitlines()[-1].endswith("mbgui was closed.")


def test_before_the_first_picture_nothing_is_written(recorder: Recorder) -> None:
    recorder.close()
    assert not log_folder().exists()


def test_a_crash_is_told_when_messages_stay(qtbot: QtBot, recorder: Recorder) -> None:
    leave_trace(log_folder(), GONE, "Fatal Python error: Aborted\n")
    with qtbot.assertNotEmitted(recorder.problem_raised):
        open_it(qtbot, recorder)
    with qtbot.waitSignal(recorder.problem_raised) as told:
        recorder.tell()
    assert "abort" in told.args[0].sentence


def test_the_report_of_a_crash_has_nothing_of_the_process_that_tells_it(qtbot: QtBot, recorder: Recorder) -> None:
    leave_trace(log_folder(), os.getpid())
    open_it(qtbot, recorder)
    (report,) = log_folder().glob("crash-*.txt")
    assert "mbgui was started." not in report.read_text(encoding="utf-8")
    assert "mbgui was started." in own_log()


def test_what_cannot_be_kept_is_a_hint(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    (tmp_path / "file").touch()
    for variable in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "file" / variable))
    open_it(qtbot, recorder)
    with qtbot.waitSignal(recorder.hint_raised) as told:
        recorder.tell()
    assert told.args[0] == "Comparisons and logs cannot be kept: not a directory."
    assert str(tmp_path / "file" / "XDG_DATA_HOME") in told.args[1]


def test_where_all_is_well_nothing_is_told(qtbot: QtBot, recorder: Recorder) -> None:
    open_it(qtbot, recorder)
    told: list[object] = []
    recorder.problem_raised.connect(told.append)
    recorder.hint_raised.connect(told.append)
    with qtbot.waitSignal(recorder._looking.finished):
        recorder.tell()
    assert told == []


def test_it_is_asked_to_tell_before_it_is_open(qtbot: QtBot, recorder: Recorder) -> None:
    leave_trace(log_folder(), GONE)
    recorder.tell()
    with qtbot.waitSignal(recorder.problem_raised):
        recorder.start()


def test_an_error_is_left_for_the_next_start(qtbot: QtBot) -> None:
    def fail() -> None:
        with Recorder() as recorder:
            open_it(qtbot, recorder)
            raise ValueError("no luck")

    with pytest.raises(ValueError, match="no luck"):
        fail()
    assert [path.suffix for path in traces()] == [".trace"]
    assert "mbgui was ended by ValueError: no luck" in own_log()


def test_an_error_before_the_first_picture_is_in_the_log() -> None:
    def fail() -> None:
        with Recorder():
            raise ValueError("no luck")

    with pytest.raises(ValueError, match="no luck"):
        fail()
    assert "mbgui was ended by ValueError: no luck" in own_log()


def test_ctrl_c_is_an_orderly_end(qtbot: QtBot) -> None:
    def stop() -> None:
        with Recorder() as recorder:
            open_it(qtbot, recorder)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert not traces()


def test_closing_while_it_opens_ends_well(recorder: Recorder) -> None:
    recorder.start()
    recorder.close()
    assert not traces()
