"""What is remembered comes back, and a file edited by hand does no harm."""

from pathlib import Path

from PySide6.QtCore import QSettings

from mbgui.domain.equivalence import Precision, WeightTransfer
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.request import ReadingLimits, Side
from mbgui.gui.settings import RECENT_LIMIT, RECENT_MODEL_LIMIT, LatencyOptions, Settings, VerifyOptions


def reopened(path: Path) -> Settings:
    return Settings(QSettings(str(path), QSettings.Format.IniFormat))


def test_latency_options_come_back_from_the_file(tmp_path: Path) -> None:
    options = LatencyOptions(is_measured=False, runs=7, warmup=0, batch_size=2, threads=3, right_path="predict")
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    Settings(store).latency_options = options
    store.sync()
    assert reopened(tmp_path / "s.ini").latency_options == options


def test_how_to_verify_comes_back_from_the_file(tmp_path: Path) -> None:
    options = VerifyOptions(
        is_verified=False,
        transfer=WeightTransfer.RIGHT_TO_LEFT,
        precision=Precision.FLOAT32,
        further_inputs="225x225; a=1x2,b=3",
    )
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    assert Settings(store).verify_options == VerifyOptions()
    Settings(store).verify_options = options
    store.sync()
    assert reopened(tmp_path / "s.ini").verify_options == options


def test_ways_to_verify_that_do_not_exist_read_as_the_default(tmp_path: Path) -> None:
    (tmp_path / "s.ini").write_text("[verify]\ntransfer=sideways\nprecision=float8\n", encoding="utf-8")
    assert reopened(tmp_path / "s.ini").verify_options == VerifyOptions()


def test_recent_files_are_newest_first_without_doubles(tmp_path: Path) -> None:
    settings = reopened(tmp_path / "s.ini")
    for name in ("a", "b", "a"):
        settings.add_recent_file(name)
    assert settings.recent_files == ("a", "b")
    settings.remove_recent_file("a")
    assert list(settings.recent_files) == ["b"]


def test_recent_files_are_limited(tmp_path: Path) -> None:
    settings = reopened(tmp_path / "s.ini")
    for number in range(RECENT_LIMIT + 5):
        settings.add_recent_file(str(number))
    assert len(settings.recent_files) == RECENT_LIMIT


def test_values_of_a_wrong_type_read_as_the_default(tmp_path: Path) -> None:
    path = tmp_path / "s.ini"
    path.write_text("[latency]\nruns=many\nis_measured=maybe\n[window]\ngeometry=oops\n", encoding="utf-8")
    settings = reopened(path)
    assert settings.latency_options.runs == LatencyOptions().runs
    assert not settings.latency_options.is_measured
    assert settings.bytes("window/geometry").isEmpty()


def test_recent_models_are_kept_by_side_newest_first_and_can_be_forgotten(tmp_path: Path) -> None:
    settings = reopened(tmp_path / "s.ini")
    for number in range(RECENT_MODEL_LIMIT + 3):
        settings.add_recent_model(Side.LEFT, f"keras:Net{number}")
    settings.add_recent_model(Side.LEFT, "keras:Net5")
    settings.add_recent_model(Side.RIGHT, "torchvision:vgg11")
    assert len(settings.recent_models(Side.LEFT)) == RECENT_MODEL_LIMIT
    assert settings.recent_models(Side.LEFT)[:2] == ("keras:Net5", f"keras:Net{RECENT_MODEL_LIMIT + 2}")
    assert settings.recent_models(Side.RIGHT) == ("torchvision:vgg11",)
    settings.clear_recent_models()
    assert settings.recent_models(Side.LEFT) == settings.recent_models(Side.RIGHT) == ()


def test_code_folders_and_limits_come_back_from_the_file(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    settings = Settings(store)
    assert settings.reading_limits == ReadingLimits()
    settings.code_folders = ("/a", "/b, c")
    settings.has_reading_limits = False
    store.sync()
    again = reopened(tmp_path / "s.ini")
    assert again.code_folders == ("/a", "/b, c")
    assert again.reading_limits == ReadingLimits(memory_bytes=0, duration_s=0)


def test_a_framework_that_is_not_known_yet_is_timed_by_its_recommended_path() -> None:
    options = LatencyOptions(left_path="predict", right_path="predict")
    asked = options.request(None, Framework.KERAS)
    assert asked is not None
    assert (asked.left_path, asked.right_path) == (None, CallPath.PREDICT)
