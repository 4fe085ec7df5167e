"""The window and the models that people have: named, looked into, compared, and never run unasked."""

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from mbgui.domain.errors import Problem, Remedy
from mbgui.domain.events import Completed, Failed
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.model_file import FileFormat
from mbgui.domain.request import ReadingLimits, Side
from mbgui.domain.source import ModelSource, SourceKind, WeightsFile
from mbgui.gui.desktop import Desktop
from mbgui.gui.settings import Settings
from mbgui.gui.views import LATENCY_PAGE
from mbgui.gui.widgets.code_folders_dialog import CodeFoldersDialog
from mbgui.gui.widgets.file_window import FileWindow
from mbgui.gui.widgets.latency_controls import LatencyControls
from mbgui.gui.widgets.latency_view import LatencyView
from mbgui.gui.widgets.message_bar import RemedyButton
from mbgui.processes.messages import InspectFile, LoadModel
from mbgui.snapshots.store import SnapshotStore
from tests.gui.conftest import THREADS, FileChild, OpenDesktop
from tests.gui.test_desktop import message, run_until, wait_until_shown
from tests.support.fake_child import FakeChild
from tests.support.records import tiny_comparison, tiny_model_file

WEIGHTS = tiny_model_file()
MODEL = dataclasses.replace(WEIGHTS, format=FileFormat.KERAS_HDF5_MODEL, framework=Framework.KERAS)
REFUSED = dataclasses.replace(MODEL, refusal=Problem(sentence="The layer “twist” is a Lambda layer."))
COPY, BUTTON, KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drop(desktop: Desktop, place: QPoint, *paths: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    QApplication.sendEvent(desktop.window, QDragEnterEvent(place, COPY, data, BUTTON, KEYS))
    QApplication.sendEvent(desktop.window, QDropEvent(QPointF(place), COPY, data, BUTTON, KEYS))


def file_window(desktop: Desktop) -> FileWindow | None:
    return next((found for found in desktop.window.findChildren(FileWindow) if found.isVisible()), None)


def wait_for_file(qtbot: QtBot, desktop: Desktop) -> FileWindow:
    """The file window, as soon as it shows what is in its file."""

    def has_contents() -> None:
        shown = file_window(desktop)
        assert shown is not None
        assert shown.contents.isVisible()

    qtbot.waitUntil(has_contents)
    found = file_window(desktop)
    assert found is not None
    return found


def answer_dialog(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def answer(*_: object) -> tuple[str, str]:
        return path, ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)


def asked_paths(child: FakeChild) -> list[str]:
    return [command.path for command in child.asked if isinstance(command, InspectFile)]


def remedy_buttons(desktop: Desktop) -> list[RemedyButton]:
    return [found for found in desktop.window.findChildren(RemedyButton) if found.isVisible()]


def named(desktop: Desktop) -> list[str]:
    return [picker.currentText() for picker in desktop.window.bar.pickers]


def test_a_model_dropped_on_the_right_half_is_named_there_and_looked_into_quietly(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    child = FileChild(MODEL)
    desktop = open_desktop(child)
    drop(desktop, QPoint(desktop.window.width() - 20, 400), "/nets/net.h5")
    assert named(desktop) == ["torchvision:mobilenet_v2", "/nets/net.h5"]
    qtbot.waitUntil(lambda: child.was_closed)
    assert asked_paths(child) == ["/nets/net.h5"]
    assert file_window(desktop) is None


def test_weights_that_were_named_as_a_model_are_shown_and_give_the_name_back(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop(FileChild(WEIGHTS))
    drop(desktop, QPoint(20, 400), "/nets/net.h5")
    assert named(desktop)[0] == "/nets/net.h5"
    assert wait_for_file(qtbot, desktop).path == "/nets/net.h5"
    assert named(desktop)[0] == "torchvision:mobilenet_v2"


def test_a_name_that_was_changed_since_is_not_taken_back(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    models, picker = desktop.window.models, desktop.window.bar.left_picker
    models.use_file(Side.LEFT, "/nets/a.h5")
    picker.set_reference("keras:VGG16")
    models.withdraw(Side.LEFT, "/nets/a.h5")
    assert picker.currentText() == "keras:VGG16"
    models.use_file(Side.LEFT, "/nets/b.h5")
    picker.set_reference("/nets/a.h5")
    models.withdraw(Side.LEFT, "/nets/a.h5")
    assert picker.currentText() == "/nets/a.h5"


def test_a_refused_model_is_shown_with_its_refusal(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(FileChild(REFUSED))
    drop(desktop, QPoint(20, 400), "/nets/net.h5")
    assert "Lambda" in wait_for_file(qtbot, desktop).message.text
    assert named(desktop)[0] == "/nets/net.h5", "the user named it"


def test_weights_dropped_open_in_a_window_of_their_own_and_are_attached(
    qtbot: QtBot, open_desktop: OpenDesktop, settings: Settings
) -> None:
    settings.set("models/known_torchvision", ["torchvision:mobilenet_v2", "torchvision:vgg11"])
    desktop = open_desktop(FileChild(WEIGHTS))
    path = "/nets/mobilenet_v2-b0353104.pth"
    drop(desktop, QPoint(20, 400), path)
    shown = wait_for_file(qtbot, desktop)
    assert named(desktop) == ["torchvision:mobilenet_v2", "keras:MobileNetV2"]
    QTest.mouseClick(shown.contents.bar.left_button, Qt.MouseButton.LeftButton)
    assert named(desktop)[0] == f"torchvision:mobilenet_v2@{path}"


def test_leaving_with_a_dragged_file_takes_the_mark_away(open_desktop: OpenDesktop) -> None:
    window = open_desktop().window
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/nets/net.keras")])
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(20, 400), COPY, data, BUTTON, KEYS))
    assert window.bar.left_picker.property("drop")
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.bar.left_picker.property("drop")


def test_a_model_is_opened_from_the_menu_by_keyboard(
    qtbot: QtBot, open_desktop: OpenDesktop, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_dialog(monkeypatch, "/nets/net.keras")
    child = FileChild(MODEL)
    desktop = open_desktop(child)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desktop.window, Qt.Key.Key_R, modifiers)
    assert named(desktop)[1] == "/nets/net.keras"
    assert settings.text("models/folder") == "/nets"
    qtbot.waitUntil(lambda: child.was_closed)


def test_inspect_file_shows_any_file_and_changes_no_name(
    qtbot: QtBot, open_desktop: OpenDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_dialog(monkeypatch, "/nets/net.keras")
    desktop = open_desktop(FileChild(MODEL))
    before = named(desktop)
    QTest.keyClick(desktop.window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert wait_for_file(qtbot, desktop).path == "/nets/net.keras"
    assert named(desktop) == before


def test_the_weights_that_a_picker_names_can_be_inspected(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(FileChild(WEIGHTS))
    picker = desktop.window.bar.left_picker
    picker.set_reference("torchvision:vgg11@/nets/w.pth")
    picker.edit.inspect_requested.emit()
    assert wait_for_file(qtbot, desktop).path == "/nets/w.pth"


def test_a_file_that_is_open_already_comes_to_the_front(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(FileChild(WEIGHTS))
    desktop.window.models.inspect_requested.emit("/nets/w.pth")
    wait_for_file(qtbot, desktop)
    desktop.window.models.inspect_requested.emit("/nets/w.pth")
    assert len(desktop.window.findChildren(FileWindow)) == 1


def test_cancelling_ends_the_child_that_reads_the_file(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    hanging = FileChild(WEIGHTS, holds=(InspectFile,))
    desktop = open_desktop(hanging)
    desktop.window.models.inspect_requested.emit("/nets/w.pth")
    qtbot.waitUntil(hanging.reached.is_set)
    shown = file_window(desktop)
    assert shown is not None
    QTest.mouseClick(shown.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: hanging.was_closed)
    assert file_window(desktop) is None


def test_the_next_file_is_read_after_one_that_was_cancelled(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    hanging = FileChild(WEIGHTS, holds=(InspectFile,))
    desktop = open_desktop(hanging, FileChild(WEIGHTS))
    desktop.window.models.inspect_requested.emit("/nets/first.pth")
    desktop.window.models.inspect_requested.emit("/nets/second.pth")
    qtbot.waitUntil(hanging.reached.is_set)
    first = next(found for found in desktop.window.findChildren(FileWindow) if "first" in found.path)
    first.close()
    assert wait_for_file(qtbot, desktop).path == "/nets/second.pth"


def test_a_comparison_goes_on_while_a_file_is_read(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    hanging = FileChild(WEIGHTS, holds=(InspectFile,))
    desktop = open_desktop(hanging)
    desktop.window.models.inspect_requested.emit("/nets/w.pth")
    qtbot.waitUntil(hanging.reached.is_set)
    run_until(qtbot, desktop, Completed)
    assert file_window(desktop) is not None


def test_closing_the_window_while_a_file_is_read_ends_everything(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    hanging = FileChild(WEIGHTS, holds=(InspectFile,))
    desktop = open_desktop(hanging)
    desktop.window.models.inspect_requested.emit("/nets/w.pth")
    qtbot.waitUntil(hanging.reached.is_set)
    desktop.window.close()
    assert hanging.was_closed
    assert desktop.controller is not None
    assert not desktop.controller.is_alive


def test_a_file_that_cannot_be_read_is_told_in_its_window(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    problem = Problem(sentence="w.pth is cut off.")
    desktop = open_desktop(FileChild(WEIGHTS, failures={InspectFile: problem}))
    desktop.window.models.inspect_requested.emit("/nets/w.pth")

    def is_told() -> None:
        shown = file_window(desktop)
        assert shown is not None
        assert "cut off" in shown.message.text

    qtbot.waitUntil(is_told)


def test_own_code_is_told_where_it_is_named_and_where_it_is_compared(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(FakeChild(None, THREADS, holds=(LoadModel,)))
    picker = desktop.window.bar.left_picker
    picker.set_reference("net:make")
    said = "net:make runs Python code of yours, in a process of its own."
    assert message(desktop) == said
    assert said in picker.toolTip()
    desktop.window.hide_message()
    QTest.mouseClick(desktop.window.bar.compare_button, Qt.MouseButton.LeftButton)
    assert message(desktop) == said
    picker.set_reference("keras:MobileNetV2")
    assert message(desktop) == ""


def test_own_code_is_no_news_while_a_problem_is_shown(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.window.show_problem(Problem(sentence="Something failed."))
    desktop.window.bar.left_picker.set_reference("net:make")
    assert message(desktop) == "Something failed."


def test_compared_models_are_offered_again_and_can_be_forgotten(
    qtbot: QtBot, open_desktop: OpenDesktop, settings: Settings
) -> None:
    desktop = open_desktop()
    run_until(qtbot, desktop, Completed)
    picker = desktop.window.bar.left_picker
    assert [picker.itemText(row) for row in range(2)] == ["Recent", "torchvision:mobilenet_v2"]
    assert settings.recent_models(Side.RIGHT) == ("keras:MobileNetV2",)
    desktop.window.menus.clear_models.trigger()
    assert picker.findText("Recent") < 0
    assert settings.recent_models(Side.LEFT) == ()


def test_a_name_that_is_no_model_is_not_remembered(open_desktop: OpenDesktop, settings: Settings) -> None:
    desktop = open_desktop()
    desktop.window.bar.left_picker.set_reference("nonsense")
    desktop.window.start_comparison()
    assert settings.recent_models(Side.LEFT) == settings.recent_models(Side.RIGHT) == ()


def test_a_way_out_is_taken_on_the_side_that_needs_it_and_compared(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    reference = "keras:MobileNetV2@/w.weights.h5"
    remedy = Remedy(title="Load what fits", replaces=reference, reference=f"{reference}?partial=true")
    problem = Problem(sentence="It does not fit.", remedies=(remedy,))
    desktop = open_desktop(FakeChild(Framework.KERAS, THREADS, failures={LoadModel: problem}))
    desktop.window.bar.right_picker.set_reference(f" {reference}")
    run_until(qtbot, desktop, Failed)
    qtbot.waitUntil(lambda: bool(remedy_buttons(desktop)))
    controller = desktop.controller
    assert controller is not None
    with qtbot.waitSignal(controller.completed):
        QTest.mouseClick(remedy_buttons(desktop)[0], Qt.MouseButton.LeftButton)
    assert named(desktop) == ["torchvision:mobilenet_v2", remedy.reference]
    assert desktop.window.comparison is not None
    weights = WeightsFile(path="/w.weights.h5", is_partial=True)
    assert desktop.window.comparison.request.right.weights == weights


def test_a_way_out_of_what_is_not_named_any_more_changes_nothing(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    before = named(desktop)
    desktop.window.take_remedy(Remedy(title="", replaces="keras:Old@w.h5", reference="keras:Old@w.h5?partial=true"))
    assert named(desktop) == before
    assert "Neither side names keras:Old@w.h5 any more." in message(desktop)


def test_the_input_is_what_the_models_state_unless_it_is_named(open_desktop: OpenDesktop) -> None:
    window = open_desktop().window
    assert window.bar.size_box.currentText() == "auto"
    assert window.form.request().inputs == ()
    window.bar.size_box.setCurrentText("a=224x224x3,b=10")
    assert window.form.request().inputs == (
        InputShape(sizes=(224, 224, 3), name="a"),
        InputShape(sizes=(10,), name="b"),
    )


def test_a_size_remembered_by_an_older_version_still_counts(open_desktop: OpenDesktop, settings: Settings) -> None:
    settings.set("models/input_size", "224 × 224")
    assert open_desktop().window.form.request().inputs == (InputShape(sizes=(224, 224)),)


def test_code_folders_and_limits_go_into_the_request(open_desktop: OpenDesktop, settings: Settings) -> None:
    window = open_desktop().window
    assert window.menus.limits.isChecked()
    assert window.form.request().limits == ReadingLimits()
    window.menus.limits.trigger()
    assert window.form.request().limits == ReadingLimits(memory_bytes=0, duration_s=0)
    window.menus.code_folders.trigger()
    dialog = window.findChild(CodeFoldersDialog)
    assert dialog is not None
    dialog.changed.emit(("/src",))
    dialog.close()
    assert window.form.request().code_folders == ("/src",)
    assert settings.code_folders == ("/src",)


def test_limits_that_were_lifted_hold_for_looking_into_files_too(
    qtbot: QtBot, open_desktop: OpenDesktop, settings: Settings
) -> None:
    settings.has_reading_limits = False
    child = FileChild(WEIGHTS)
    desktop = open_desktop(child)
    desktop.window.models.inspect_requested.emit("/nets/w.pth")
    wait_for_file(qtbot, desktop)
    assert [command.limits for command in child.asked if isinstance(command, InspectFile)] == [
        ReadingLimits(memory_bytes=0, duration_s=0)
    ]


def test_the_call_paths_of_a_callable_are_offered_once_it_was_read(
    qtbot: QtBot, open_desktop: OpenDesktop, settings: Settings
) -> None:
    settings.set("latency/right_path", CallPath.PREDICT.value)
    desktop = open_desktop()
    desktop.window.bar.left_picker.set_reference("net:make")
    desktop.window.pages.setCurrentIndex(LATENCY_PAGE)
    qtbot.waitUntil(lambda: desktop.window.pages.view(LATENCY_PAGE) is not None)

    def offered() -> list[str]:
        view = desktop.window.pages.view(LATENCY_PAGE)
        assert isinstance(view, LatencyView)
        box = view.findChildren(LatencyControls)[0].left_path
        return [box.itemText(row) for row in range(box.count())]

    assert offered() == ["recommended"]
    run_until(qtbot, desktop, Completed)
    assert offered() == ["eager", "channels_last", "torch.compile", "bfloat16"]


def test_opening_a_snapshot_of_files_and_code_runs_and_reads_nothing(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    saved = tiny_comparison()
    code = ModelSource(kind=SourceKind.PYTHON, name="net:make")
    file = ModelSource(kind=SourceKind.FILE, name=str(tmp_path / "net.keras"))
    saved = dataclasses.replace(
        saved,
        request=dataclasses.replace(saved.request, left=code, right=file, code_folders=(str(tmp_path),)),
        left=dataclasses.replace(saved.left, source=code),
        right=dataclasses.replace(saved.right, source=file),
    )
    path = tmp_path / "pair.mbsnap"
    store.save(saved, path)
    marker = tmp_path / "marker"
    (tmp_path / "net.py").write_text(f"open({str(marker)!r}, 'w').close()\n", encoding="utf-8")
    children = [FakeChild(framework, THREADS) for framework in (None, *Framework)]
    desktop = open_desktop(*children)
    before = named(desktop)
    with qtbot.waitSignal(desktop.window.pages.caught_up):
        drop(desktop, QPoint(20, 400), str(path))
        wait_until_shown(qtbot, desktop)
    assert desktop.window.comparison == saved
    assert [child.asked for child in children] == [[], [], []]
    assert named(desktop) == before
    assert message(desktop) == ""
    assert not marker.exists()


def test_every_kind_of_model_file_is_in_the_filters_of_the_dialog() -> None:
    from mbgui.gui.widgets.file_dialogs import model_filters  # noqa: PLC0415

    filters = model_filters().split(";;")
    assert [text.partition(" (")[0] for text in filters] == [
        *("All models and weights", "PyTorch", "Keras", "safetensors and NumPy", "All files")
    ]
    assert all(f"*{suffix}" in filters[0] for suffix in (".keras", ".h5", ".pt2", ".pth", ".npz", ".safetensors"))
