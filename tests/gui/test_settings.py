"""What is remembered comes back, and a file edited by hand does no harm."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSettings

from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.request import BenchMode, ReadingLimits, Side, SweepAxis
from mbgui.gui.settings import (
    RECENT_LIMIT,
    RECENT_MODEL_LIMIT,
    LatencyOptions,
    MeasureScope,
    Settings,
    VerifyOptions,
    thread_counts,
)


def reopened(path: Path) -> Settings:
    return Settings(QSettings(str(path), QSettings.Format.IniFormat))


def test_latency_options_come_back_from_the_file(tmp_path: Path) -> None:
    options = LatencyOptions(
        is_measured=False,
        mode=BenchMode.RIGOROUS,
        runs=7,
        budget_s=90,
        batch_size=2,
        threads=3,
        right_path="predict",
        batch_values=(1, 3),
        thread_values=(2,),
        input_values=(64, 96),
    )
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
    path.write_text(
        "[latency]\ncalls=many\nis_measured=maybe\nmode=slow\nthreads=-2\nbatch_values=1, x\ninput_values=0\n"
        "[window]\ngeometry=oops\n",
        encoding="utf-8",
    )
    settings = reopened(path)
    options = settings.latency_options
    assert not options.is_measured
    assert options.threads == 1
    assert replace(options, is_measured=True) == LatencyOptions()
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


def test_a_scope_asks_for_itself_alone_and_everything_for_all() -> None:
    options = LatencyOptions(is_measured=False, mode=BenchMode.RIGOROUS, budget_s=60, thread_values=(1, 2))
    asked = {scope: options.measurement(scope, Framework.PYTORCH, Framework.KERAS) for scope in MeasureScope}
    assert asked[MeasureScope.DUEL].is_duel
    assert asked[MeasureScope.DUEL].mode is BenchMode.RIGOROUS
    assert asked[MeasureScope.DUEL].budget_s == 60.0
    assert [scope for scope, request in asked.items() if request.is_duel] == [
        MeasureScope.DUEL,
        MeasureScope.EVERYTHING,
    ]
    assert [scope for scope, request in asked.items() if request.is_ladder] == [
        MeasureScope.CALL_PATHS,
        MeasureScope.EVERYTHING,
    ]
    assert [scope for scope, request in asked.items() if request.is_by_layer] == [
        MeasureScope.LAYERS,
        MeasureScope.EVERYTHING,
    ]
    assert [(sweep.axis, sweep.values) for sweep in asked[MeasureScope.THREADS].sweeps] == [(SweepAxis.THREADS, (1, 2))]
    assert [sweep.axis for sweep in asked[MeasureScope.EVERYTHING].sweeps] == list(SweepAxis)


def test_without_a_choice_threads_are_swept_up_to_all_cores() -> None:
    counts = thread_counts()
    assert LatencyOptions().values(SweepAxis.THREADS) == counts
    assert list(counts) == sorted(set(counts))
    assert counts[0] == 1
