"""`mbgui calibrate`: what this machine can tell, kept for later verdicts."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from mbgui import api
from mbgui.__main__ import main
from mbgui.domain.errors import Problem
from mbgui.domain.framework import Framework
from mbgui.processes.latency_messages import BuildModel
from mbgui.snapshots.calibrations import CalibrationStore, default_calibrations_path
from tests.support.fake_child import FakeChild
from tests.support.records import tiny_calibration

PAIR = ("torchvision:tiny_net", "keras:TinyNet")
SHORT = ("--launches", "3", "--threads", "1")
Capture = pytest.CaptureFixture[str]
UsePrepared = Callable[..., None]


def kept() -> CalibrationStore:
    return CalibrationStore(default_calibrations_path())


def test_both_models_are_timed_against_themselves_told_and_kept(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["calibrate", *PAIR, *SHORT]) == 0
    output, errors = capsys.readouterr()
    assert "| torchvision:tiny_net | eager |" in output
    assert "| keras:TinyNet | tf.function |" in output
    assert "Calibrating …" in errors
    assert "  keras:TinyNet by tf.function: quick can tell " in errors
    assert {known.model for known in kept().known()} == set(PAIR)
    assert {len(known.left_medians_s) for known in kept().known()} == {3}


def test_one_model_alone_is_timed_alone_by_its_path(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["calibrate", PAIR[1], "--left-path", "predict", "--format", "json", *SHORT]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["format"], found["version"]) == ("mbgui-calibrate", 1)
    assert [(known["model"], known["call_path"]) for known in found["calibrations"]] == [(PAIR[1], "predict")]


def test_the_default_models_are_the_two_mobilenets(use: UsePrepared, capsys: Capture) -> None:
    use()
    assert main(["calibrate", *SHORT, "--format", "json"]) == 0
    models = [known["model"] for known in json.loads(capsys.readouterr().out)["calibrations"]]
    assert models == ["torchvision:mobilenet_v2", "keras:MobileNetV2"]


def test_later_verdicts_refer_to_what_was_found(use: UsePrepared, capsys: Capture) -> None:
    use()
    bench = ["bench", *PAIR, "--runs", "12", "--threads", "1", "--format", "json"]
    assert main(bench) == 0
    assert json.loads(capsys.readouterr().out)["noise_floor"]["calibrated_at"] is None
    assert main(["calibrate", *PAIR, *SHORT]) == 0
    capsys.readouterr()
    assert main(bench) == 0
    floor = json.loads(capsys.readouterr().out)["noise_floor"]
    assert floor["calibrated_at"] in {known.created_at for known in kept().known()}
    assert 0 < floor["smallest_difference"] < 0.2


def test_the_list_shows_what_is_known_and_measures_nothing(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def refuse() -> None:
        raise AssertionError("a process was about to start")

    monkeypatch.setattr(api, "WarmChildren", refuse)
    assert main(["calibrate", "--list"]) == 0
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith("Nothing was calibrated yet.")
    kept().keep(tiny_calibration())
    kept().keep(replace(tiny_calibration(), threads=1))
    assert main(["calibrate", "--list"]) == 0
    assert capsys.readouterr().out.count("| torchvision:tiny_net | eager |") == 2


def test_programs_get_a_list_even_where_nothing_is_known(capsys: Capture) -> None:
    assert main(["calibrate", "--list", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["calibrations"] == []


def test_a_damaged_list_is_a_sentence(capsys: Capture) -> None:
    default_calibrations_path().parent.mkdir(parents=True, exist_ok=True)
    default_calibrations_path().write_text("{")
    assert main(["calibrate", "--list"]) == 1
    assert "Error: calibrations.json is damaged." in capsys.readouterr().err


def test_a_model_that_cannot_be_built_exits_with_1(use: UsePrepared, capsys: Capture) -> None:
    problem = Problem(sentence="There is no such model.")
    use(FakeChild(Framework.KERAS, 1, failures={BuildModel: problem}))
    assert main(["calibrate", PAIR[1], *SHORT]) == 1
    assert "Error: There is no such model." in capsys.readouterr().err
    assert kept().known() == ()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([*PAIR, "--launches", "2"], "at least 3 launches, not 2"),
        ([*PAIR, "--threads", "100000"], "logical processors, not 100000"),
        ([*PAIR, "--right-path", "eager"], "keras:TinyNet cannot be called by “eager”"),
        ([PAIR[0], "--right-path", "eager"], "There is no right model"),
        ([PAIR[0], "--list"], "With --list, torchvision:tiny_net would not be measured"),
        (["--format", "csv"], "'csv' is not one of"),
        (["tiny_net"], "does not say where the model comes from"),
    ],
)
def test_wrong_use_exits_with_2_and_one_sentence(
    arguments: list[str], sentence: str, use: UsePrepared, capsys: Capture
) -> None:
    child = FakeChild(Framework.PYTORCH, 1)
    use(child)
    assert main(["calibrate", *arguments]) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert sentence in errors
    assert child.asked == []
