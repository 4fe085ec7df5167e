"""What the user of the smoke test reads, and what the exit code says."""

import json
from pathlib import Path

import pytest
from smoke_test import command
from smoke_test.failures import StepFailed
from smoke_test.report import Outcome, StepResult, has_failed, line, write_report
from smoke_test.requirements import sentence
from smoke_test.waiting import wait_until

PASSED = StepResult(name="mouse", outcome=Outcome.PASSED, duration_s=12.34, figures={"first_window_s": 0.25, "x": [1]})
FAILED = StepResult(name="keyboard", outcome=Outcome.FAILED, duration_s=1.0, reason="no window\nlast words")
SKIPPED = StepResult(name="installed", outcome=Outcome.SKIPPED, duration_s=0.0, reason="no installer")


def test_a_step_is_told_in_a_line_and_lists_are_left_to_the_report() -> None:
    assert line(PASSED) == "ok   mouse              12.3 s  first_window_s 0.25"
    assert line(SKIPPED) == "skip installed           0.0 s  no installer"


def test_the_last_words_of_a_failed_app_follow_its_line() -> None:
    assert line(FAILED).splitlines() == ["FAIL keyboard            1.0 s  no window", "       last words"]


def test_only_a_failed_step_fails_the_test() -> None:
    assert not has_failed([PASSED, SKIPPED])
    assert has_failed([PASSED, FAILED])


def test_the_report_has_every_figure(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_report(path, Path("app.tar.zst"), [PASSED, FAILED], wanted=[PASSED.name, FAILED.name], had_network=False)
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["passed"] is False
    assert record["steps"][0]["figures"] == {"first_window_s": 0.25, "x": [1]}
    assert record["steps"][1]["reason"] == "no window\nlast words"


def test_a_run_that_was_stopped_has_not_passed(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_report(path, Path("app.tar.zst"), [PASSED], wanted=[PASSED.name, "later"], had_network=True)
    record = json.loads(path.read_text(encoding="utf-8"))
    assert (record["passed"], record["not_run"], record["app_had_network"]) == (False, ["later"], True)


def test_missing_programs_are_told_with_what_installs_them() -> None:
    assert sentence(["Xvfb"]) == "Xvfb is missing: apt-get install -y xvfb"
    assert sentence(["setpriv", "unshare"]) == "setpriv, unshare are missing: apt-get install -y util-linux"


def test_nothing_is_started_where_a_program_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.main([str(tmp_path)]) == 2
    assert "Xvfb" in capsys.readouterr().err


def test_programs_of_an_installation_are_not_asked_for_by_other_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.main([str(tmp_path), "--only", "mouse"]) == 2
    assert "xdg-open" not in capsys.readouterr().err


def test_an_app_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "missing_programs", lambda **_: [])
    assert command.main([str(tmp_path / "gone.tar.zst")]) == 2
    assert "gone.tar.zst is not there" in capsys.readouterr().err


def test_waiting_ends_with_the_first_value() -> None:
    values = iter([None, 0, "", "there"])
    assert wait_until(lambda: next(values), "a value", interval_s=0.0) == "there"


def test_waiting_in_vain_says_for_what() -> None:
    with pytest.raises(StepFailed, match="a window: not within 0 s"):
        wait_until(lambda: None, "a window", timeout_s=0.0)
