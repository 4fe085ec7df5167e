"""The window as a whole: intents go in, views and messages come out, and nothing is left behind."""

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mbgui.domain.errors import Problem
from mbgui.domain.events import Cancelled, Completed, Failed
from mbgui.domain.framework import Framework
from mbgui.domain.request import Weights
from mbgui.gui.backend import PipelineBackend
from mbgui.gui.desktop import Desktop
from mbgui.gui.settings import LatencyOptions, Settings, StartingWeights
from mbgui.gui.theme import DARK, LIGHT, ThemeChoice
from mbgui.gui.views import LATENCY_PAGE, LAYERS_PAGE
from mbgui.gui.widgets.latency_statistics import LatencyStatistics
from mbgui.gui.widgets.latency_view import LatencyView
from mbgui.gui.widgets.layers_view import LayersView
from mbgui.gui.widgets.message_bar import MessageBar
from mbgui.gui.widgets.overview_view import OverviewView
from mbgui.processes.latency_messages import MeasureRound
from mbgui.processes.messages import LoadModel
from mbgui.snapshots.store import SnapshotStore
from tests.gui.conftest import THREADS, OpenDesktop
from tests.support.fake_child import FakeChild
from tests.support.records import tiny_comparison

REFUSED = Problem(sentence="There is no model called tiny_net.", advice="Try another.", detail="Traceback")


def run_until(qtbot: QtBot, desktop: Desktop, ending: type) -> None:
    """Press Compare and wait for that ending."""
    controller = desktop.controller
    assert controller is not None

    def is_ending(event: object) -> bool:
        return isinstance(event, ending)

    with qtbot.waitSignal(controller.happened, check_params_cb=is_ending):
        QTest.mouseClick(desktop.window.bar.compare_button, Qt.MouseButton.LeftButton)


def message(desktop: Desktop) -> str:
    found = desktop.window.findChild(MessageBar)
    return found.text if found is not None and found.isVisible() else ""


def wait_for_message(qtbot: QtBot, desktop: Desktop, text: str) -> None:
    def is_shown() -> None:
        assert text in message(desktop)

    qtbot.waitUntil(is_shown)


def save_tiny(store: SnapshotStore, path: Path) -> str:
    store.save(tiny_comparison(), path)
    return str(path)


def wait_until_shown(qtbot: QtBot, desktop: Desktop) -> None:
    def is_shown() -> None:
        assert desktop.window.comparison is not None

    qtbot.waitUntil(is_shown)


def test_a_comparison_fills_the_views_and_is_kept(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore
) -> None:
    desktop = open_desktop()
    run_until(qtbot, desktop, Completed)
    comparison = desktop.window.comparison
    assert comparison is not None
    assert comparison.latency is not None
    assert len(store.entries()) == 1
    desktop.window.pages.setCurrentIndex(LATENCY_PAGE)
    view = desktop.window.pages.view(LATENCY_PAGE)
    assert isinstance(view, LatencyView)
    assert view.sentence == comparison.latency.sentence


def test_the_title_names_what_is_shown(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    assert desktop.window.windowTitle() == "mbgui"
    run_until(qtbot, desktop, Completed)
    assert desktop.window.windowTitle() == "mobilenet_v2 · MobileNetV2 – mbgui"


def test_a_failure_is_shown_and_the_window_stays_usable(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    broken = FakeChild(Framework.PYTORCH, THREADS, failures={LoadModel: REFUSED})
    desktop = open_desktop(broken)
    run_until(qtbot, desktop, Failed)
    assert REFUSED.sentence in message(desktop)
    assert REFUSED.advice in message(desktop)
    assert REFUSED.detail in message(desktop)
    assert desktop.window.bar.compare_button.isEnabled()
    assert not desktop.window.bar.stop_button.isEnabled()


def test_a_warning_is_shown_and_the_comparison_goes_on(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    broken = FakeChild(Framework.KERAS, THREADS, failures={MeasureRound: REFUSED})
    desktop = open_desktop(FakeChild(Framework.KERAS, THREADS), broken)  # the first reads, the second is timed
    run_until(qtbot, desktop, Completed)
    assert REFUSED.sentence in message(desktop)
    assert desktop.window.comparison is not None
    assert desktop.window.comparison.latency is None
    texts = [label.text() for label in desktop.window.status.findChildren(QLabel)]
    assert "● Done, latency not measured" in texts


def test_after_a_failure_nothing_says_that_reading_goes_on(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(FakeChild(Framework.PYTORCH, THREADS, failures={LoadModel: REFUSED}))
    run_until(qtbot, desktop, Failed)
    labels = [label.text() for label in desktop.window.findChildren(QLabel) if label.isVisible()]
    assert not any("Reading" in text for text in labels)


def test_a_failed_run_leaves_the_comparison_before_it(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    path = save_tiny(store, tmp_path / "before.mbsnap")
    broken = [FakeChild(framework, THREADS, failures={LoadModel: REFUSED}) for framework in Framework]
    desktop = open_desktop(*broken, open_path=path)
    wait_until_shown(qtbot, desktop)
    run_until(qtbot, desktop, Failed)
    assert desktop.window.comparison is not None


def test_a_name_that_is_no_model_is_refused_with_advice(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.window.bar.left_picker.set_reference("mobilenet_v2")
    with qtbot.assertNotEmitted(desktop.window.compare_requested):
        QTest.mouseClick(desktop.window.bar.compare_button, Qt.MouseButton.LeftButton)
    assert "torchvision:" in message(desktop)


def test_an_input_size_that_is_none_is_refused(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.window.bar.size_box.setCurrentText("wide")
    QTest.mouseClick(desktop.window.bar.compare_button, Qt.MouseButton.LeftButton)
    assert "“wide” is no input size." in message(desktop)


def test_what_one_side_gave_before_the_other_failed_is_in_every_view(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(FakeChild(Framework.PYTORCH, THREADS, failures={LoadModel: REFUSED}))
    with qtbot.waitSignal(desktop.window.pages.caught_up):
        run_until(qtbot, desktop, Failed)
    texts = [label.text() for label in desktop.window.findChildren(QLabel)]
    assert "Only one model was read" in texts
    assert any("Compare reads both anew." in text for text in texts)
    assert "keras:MobileNetV2 is read · not compared with the other side" in texts


def test_weights_and_seed_reach_both_children_and_are_remembered(
    qtbot: QtBot, open_desktop: OpenDesktop, settings: Settings
) -> None:
    children = [FakeChild(framework, THREADS) for framework in Framework]
    desktop = open_desktop(*children)
    desktop.window.bar.weights_button.menu().actions()[1].trigger()
    spin_box = desktop.window.bar.weights_button.menu().findChild(QSpinBox)
    assert spin_box is not None
    spin_box.setValue(7)
    run_until(qtbot, desktop, Completed)
    loads = [command for child in children for command in child.asked if isinstance(command, LoadModel)]
    assert [(command.weights, command.seed) for command in loads] == [("imagenet", 7)] * 2
    assert settings.starting_weights == StartingWeights(weights=Weights.IMAGENET, seed=7)
    assert open_desktop().window.bar.weights_button.text() == "ImageNet · seed 7"


def test_after_a_stop_a_new_child_is_readied(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    hanging = FakeChild(Framework.KERAS, THREADS, holds=(LoadModel,))
    spare = FakeChild(Framework.KERAS, THREADS)
    desktop = open_desktop(hanging, spare)
    qtbot.waitUntil(lambda: hanging in idle_children(desktop))
    QTest.mouseClick(desktop.window.bar.compare_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(hanging.reached.is_set)
    QTest.keyClick(desktop.window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: spare in idle_children(desktop))


def test_another_number_of_threads_readies_children_of_that_number(
    qtbot: QtBot, open_desktop: OpenDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mbgui.gui.warming.WARM_DELAY_MS", 1)
    desktop = open_desktop()
    qtbot.waitUntil(lambda: len(idle_children(desktop)) == 2)
    view = desktop.window.pages.view(LATENCY_PAGE)
    assert isinstance(view, LatencyView)
    view.options_changed.emit(LatencyOptions(threads=THREADS + 1))
    qtbot.waitUntil(lambda: [child.threads for child in idle_children(desktop)] == [THREADS + 1] * 2)


def idle_children(desktop: Desktop) -> list[FakeChild]:
    backend = desktop._shared.backend
    assert isinstance(backend, PipelineBackend)
    return [child for child in backend.children._idle if isinstance(child, FakeChild)]


def test_stop_ends_a_run_that_waits_for_a_child(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    hanging = FakeChild(Framework.KERAS, THREADS, holds=(MeasureRound,))
    desktop = open_desktop(FakeChild(Framework.KERAS, THREADS), hanging)  # the first reads, the second is timed
    controller = desktop.controller
    assert controller is not None
    QTest.mouseClick(desktop.window.bar.compare_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(hanging.reached.is_set)

    def is_cancelled(event: object) -> bool:
        return isinstance(event, Cancelled)

    with qtbot.waitSignal(controller.happened, timeout=1000, check_params_cb=is_cancelled):
        QTest.keyClick(desktop.window, Qt.Key.Key_Escape)
    assert hanging.outcome is not None
    assert desktop.window.comparison is not None, "what was compared before the stop stays"
    assert desktop.window.bar.compare_button.isEnabled()


def test_closing_the_window_during_a_run_ends_everything(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    hanging = FakeChild(Framework.PYTORCH, THREADS, holds=(LoadModel,))
    desktop = open_desktop(hanging)
    QTest.mouseClick(desktop.window.bar.compare_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(hanging.reached.is_set)
    desktop.window.close()
    assert hanging.was_closed
    assert desktop.controller is not None
    assert not desktop.controller.is_alive


def test_closing_the_window_ends_the_children_that_wait(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    children = [FakeChild(framework, THREADS) for framework in Framework]
    desktop = open_desktop(*children)
    run_until(qtbot, desktop, Completed)
    assert not any(child.was_closed for child in children)
    desktop.window.close()
    assert all(child.was_closed for child in children)


def test_a_first_start_shows_the_sample_and_says_so(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    sample = tmp_path / "sample.mbsnap"
    store.save(dataclasses.replace(tiny_comparison(), is_sample=True), sample)
    desktop = open_desktop(sample=sample)
    wait_until_shown(qtbot, desktop)
    assert "sample" in message(desktop)
    assert "(sample)" in desktop.window.windowTitle()


def test_a_later_start_shows_the_newest_comparison(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore
) -> None:
    kept = tiny_comparison()
    store.keep(kept)
    desktop = open_desktop()
    wait_until_shown(qtbot, desktop)
    assert desktop.window.comparison == kept


def test_a_dropped_snapshot_is_opened(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    path = save_tiny(store, tmp_path / "dropped.mbsnap")
    desktop = open_desktop()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path)])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    desktop.window.dropEvent(QDropEvent(QPointF(5, 5), action, data, buttons, keys))
    wait_until_shown(qtbot, desktop)


def test_the_title_names_the_users_file_until_something_else_is_shown(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    desktop = open_desktop(open_path=save_tiny(store, tmp_path / "named.mbsnap"))
    wait_until_shown(qtbot, desktop)
    assert desktop.window.windowTitle().startswith("named.mbsnap – ")
    run_until(qtbot, desktop, Completed)
    assert desktop.window.windowTitle() == "mobilenet_v2 · MobileNetV2 – mbgui"


def test_an_opened_file_is_offered_again(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, settings: Settings, tmp_path: Path
) -> None:
    path = save_tiny(store, tmp_path / "named.mbsnap")
    desktop = open_desktop(open_path=path)
    wait_until_shown(qtbot, desktop)
    assert settings.recent_files == (path,)
    assert [action.text() for action in desktop.window.menus.recent_menu.actions()] == ["named.mbsnap"]


def test_a_broken_snapshot_is_a_message_and_forgotten(
    qtbot: QtBot, open_desktop: OpenDesktop, settings: Settings, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mbsnap"
    broken.write_text("{", encoding="utf-8")
    settings.add_recent_file(str(broken))
    desktop = open_desktop(open_path=str(broken))
    wait_for_message(qtbot, desktop, "broken.mbsnap")
    assert settings.recent_files == ()
    assert desktop.window.bar.compare_button.isEnabled()


def test_save_writes_the_file_that_the_user_names(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = open_desktop()
    run_until(qtbot, desktop, Completed)
    named = tmp_path / "mine"

    def answer(*_: object) -> tuple[str, str]:
        return str(named), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    assert desktop.controller is not None
    with qtbot.waitSignal(desktop.controller.saved):
        desktop.window.menus.save.trigger()
    assert store.open(named.with_suffix(".mbsnap")) == desktop.window.comparison


def test_export_writes_a_report(
    qtbot: QtBot, open_desktop: OpenDesktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = open_desktop()
    run_until(qtbot, desktop, Completed)

    def answer(*_: object) -> tuple[str, str]:
        return str(tmp_path / "report"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    assert desktop.controller is not None
    with qtbot.waitSignal(desktop.controller.exported):
        desktop.window.menus.export_menu.actions()[0].trigger()
    assert "# " in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_the_keyboard_alone_compares_and_changes_tabs(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    with qtbot.waitSignal(desktop.window.compare_requested):
        QTest.keyClick(desktop.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(desktop.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert desktop.window.pages.currentIndex() == 2


def test_a_difference_leads_to_its_layers(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    run_until(qtbot, desktop, Completed)
    overview = desktop.window.pages.view(0)
    assert isinstance(overview, OverviewView)
    overview.layers_requested.emit(("features.0",))
    assert desktop.window.pages.currentIndex() == LAYERS_PAGE
    assert isinstance(desktop.window.pages.view(LAYERS_PAGE), LayersView)


def test_copy_from_the_menu_takes_the_selected_statistics(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    run_until(qtbot, desktop, Completed)
    desktop.window.pages.setCurrentIndex(LATENCY_PAGE)
    table = desktop.window.findChild(LatencyStatistics)
    assert table is not None

    def is_filled() -> None:
        assert table.model().rowCount() == 2

    qtbot.waitUntil(is_filled)
    table.setFocus()
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["Side, call path", "PyTorch · eager", "Keras · tf.function"]


def test_the_tab_key_goes_from_left_to_right(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    run_until(qtbot, desktop, Completed)
    bar = desktop.window.bar
    bar.left_picker.setFocus()
    visited = []
    for _ in range(7):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        visited.append(focused().accessibleName())
    weights = "Weights: untrained, seed 0"
    assert visited == ["Swap models", "Right model", "Input size", weights, "Compare", "Save snapshot", "Export"]


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_swap_exchanges_the_models(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    bar = open_desktop().window.bar
    QTest.mouseClick(bar.swap_button, Qt.MouseButton.LeftButton)
    assert [picker.currentText() for picker in bar.pickers] == ["keras:MobileNetV2", "torchvision:mobilenet_v2"]


def test_models_and_size_are_remembered(open_desktop: OpenDesktop) -> None:
    first = open_desktop().window
    first.bar.left_picker.set_reference("torchvision:resnet18")
    first.bar.size_box.setCurrentText("96 × 96")
    first.close()
    second = open_desktop().window
    assert second.bar.left_picker.currentText() == "torchvision:resnet18"
    assert second.bar.size_box.currentText() == "96 × 96"


def test_the_chosen_theme_is_applied_and_remembered(open_desktop: OpenDesktop, settings: Settings) -> None:
    window = open_desktop().window
    window.menus.theme_chosen.emit(ThemeChoice.DARK)
    assert DARK.background in QApplication.instance().styleSheet()  # type: ignore[union-attr]
    assert settings.text("window/theme") == "dark"
    window.menus.theme_chosen.emit(ThemeChoice.LIGHT)
    assert LIGHT.background in QApplication.instance().styleSheet()  # type: ignore[union-attr]


def test_models_that_can_be_named_are_offered(qtbot: QtBot, open_desktop: OpenDesktop, settings: Settings) -> None:
    desktop = open_desktop()
    assert desktop.controller is not None
    with qtbot.waitSignals([desktop.controller.models_listed] * 2):
        desktop.controller.list_models(THREADS)
    picker = desktop.window.bar.left_picker
    assert {picker.itemText(row) for row in range(picker.count())} == {"torchvision:tiny_net", "keras:TinyNet"}
    assert settings.texts("models/known_keras") == ("keras:TinyNet",)


def test_every_control_has_an_accessible_name(open_desktop: OpenDesktop) -> None:
    window = open_desktop().window
    unnamed = [
        control.objectName() or type(control).__name__ for control in focusable(window) if not _is_named(control)
    ]
    assert unnamed == []


def focusable(window: QWidget) -> list[QWidget]:
    """Everything that the Tab key reaches; the inner parts of Qt's own widgets speak for those."""
    controls = [found for found in window.findChildren(QWidget) if found.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return [found for found in controls if not found.objectName().startswith("qt_") and found.isVisible()]


def _is_named(control: QWidget) -> bool:
    """By a name of its own, by its text, or by the widget whose inner part it is."""
    text = getattr(control, "text", None)
    is_inner = isinstance(control, QLineEdit) and isinstance(control.parent(), QComboBox | QAbstractSpinBox)
    return bool(control.accessibleName() or (callable(text) and text()) or is_inner)
