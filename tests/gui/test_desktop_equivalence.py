"""The window and proofs: pairs come in live, a snapshot shows the same page, corrected pairs are kept and asked for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mbgui.domain.alignment import PairCorrection
from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import Problem
from mbgui.domain.events import (
    Cancelled,
    Completed,
    EquivalenceProven,
    Event,
    Failed,
    NetworkRead,
    PairVerified,
    Stage,
    StageFinished,
    StageStarted,
    StructureCompared,
)
from mbgui.domain.request import CompareRequest, Side
from mbgui.gui.backend import PipelineBackend
from mbgui.gui.desktop import Desktop
from mbgui.gui.settings import Settings
from mbgui.gui.shared import Shared
from mbgui.gui.views import EQUIVALENCE_PAGE, LAYERS_PAGE
from mbgui.gui.widgets.equivalence_view import EquivalenceView
from mbgui.gui.widgets.layers_view import LayersView
from mbgui.gui.widgets.message_bar import MessageBar
from mbgui.gui.widgets.overview_view import OverviewView
from mbgui.gui.widgets.pair_table import PairTable
from mbgui.gui.widgets.verify_controls import VerifyControls
from mbgui.pipeline.cancel import CancelToken
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore
from tests.gui.conftest import OpenDesktop
from tests.support.equivalence_records import aligned_pairs, proven
from tests.support.fake_child import fake_children
from tests.support.records import tiny_comparison

PROVEN = proven(tiny_comparison(), sizes=2)
CORRECTIONS = (PairCorrection(left="features.0.1", right=None), PairCorrection(left=None, right="stem_bn"))
Script = Callable[[CompareRequest], Iterator[Event]]


class ScriptedBackend(PipelineBackend):
    """Answers a request with prepared events."""

    def __init__(self, store: SnapshotStore, script: Script, asked: list[CompareRequest]) -> None:
        calibrations = CalibrationStore(store.folder / "calibrations.json")
        super().__init__(children=fake_children(), store=store, sample=None, calibrations=calibrations)
        self.script = script
        self.asked = asked

    def compare(self, request: CompareRequest, cancel: CancelToken) -> Iterator[Event]:
        del cancel
        self.asked.append(request)
        return self.script(request)


def proof(request: CompareRequest, *, ending: Event | None = None) -> Iterator[Event]:
    """A run with a proof in it; an `ending` comes in place of its second half."""
    done = replace(PROVEN, request=request)
    yield NetworkRead(side=Side.LEFT, network=done.left)
    yield NetworkRead(side=Side.RIGHT, network=done.right)
    yield StructureCompared(comparison=replace(done, latency=None, equivalence=None))
    yield StageStarted(stage=Stage.VERIFY)
    for evidence in aligned_pairs(done):
        yield PairVerified(evidence=evidence)
    if ending is not None:
        yield ending
        return
    yield EquivalenceProven(comparison=replace(done, latency=None))
    yield StageFinished(stage=Stage.VERIFY, duration_s=1.5)
    yield StageStarted(stage=Stage.MEASURE)
    yield StageStarted(stage=Stage.SAVE)
    yield Completed(comparison=done, snapshot_path="")


@pytest.fixture
def asked() -> list[CompareRequest]:
    """The requests that reached the pipeline."""
    return []


@pytest.fixture
def scripted(
    qtbot: QtBot, settings: Settings, store: SnapshotStore, asked: list[CompareRequest]
) -> Iterator[Callable[[Script], Desktop]]:
    """Opens the window over a script."""
    opened: list[Desktop] = []
    settings.set("verify/is_verified", True)

    def open_one(script: Script) -> Desktop:
        backend = ScriptedBackend(store, script, asked)
        desktop = Desktop(Shared(settings, lambda: backend))
        opened.append(desktop)
        with qtbot.waitSignal(desktop.ready):
            desktop.show()
        return desktop

    yield open_one
    for desktop in opened:
        desktop.window.close()
        desktop.window.deleteLater()
        desktop.deleteLater()


def run_until(qtbot: QtBot, desktop: Desktop, ending: type) -> None:
    controller = desktop.controller
    assert controller is not None
    with qtbot.waitSignal(controller.happened, check_params_cb=lambda event: isinstance(event, ending)):
        QTest.mouseClick(desktop.window.bar.compare_button, Qt.MouseButton.LeftButton)


def view(qtbot: QtBot, desktop: Desktop) -> EquivalenceView:
    desktop.window.pages.setCurrentIndex(EQUIVALENCE_PAGE)
    qtbot.waitUntil(lambda: isinstance(desktop.window.pages.view(EQUIVALENCE_PAGE), EquivalenceView))
    found = desktop.window.pages.view(EQUIVALENCE_PAGE)
    assert isinstance(found, EquivalenceView)
    return found


def saved(store: SnapshotStore, path: Path, comparison: Comparison = PROVEN) -> str:
    store.save(comparison, path)
    return str(path)


def opened(qtbot: QtBot, desktop: Desktop) -> Desktop:
    qtbot.waitUntil(lambda: desktop.window.comparison is not None)
    return desktop


def message(desktop: Desktop) -> str:
    found = desktop.window.findChild(MessageBar)
    return found.text if found is not None and found.isVisible() else ""


def test_a_run_asks_for_a_proof_and_shows_it(
    qtbot: QtBot, scripted: Callable[[Script], Desktop], asked: list[CompareRequest]
) -> None:
    desktop = scripted(proof)
    run_until(qtbot, desktop, Completed)
    assert asked[0].verification is not None
    shown = view(qtbot, desktop)
    assert shown.headline == PROVEN.equivalence.headline  # type: ignore[union-attr]
    overview = desktop.window.pages.view(0)
    assert isinstance(overview, OverviewView)
    assert any(button.isVisibleTo(overview) for button in overview.findChildren(QPushButton))


@pytest.mark.parametrize(
    ("ending", "kind"), [(Cancelled(), Cancelled), (Failed(problem=Problem(sentence="It broke.")), Failed)]
)
def test_a_proof_that_ends_early_keeps_its_pairs(
    qtbot: QtBot, scripted: Callable[[Script], Desktop], ending: Event, kind: type
) -> None:
    desktop = scripted(lambda request: proof(request, ending=ending))
    shown = view(qtbot, desktop)
    run_until(qtbot, desktop, kind)
    qtbot.waitUntil(lambda: shown.headline.startswith("Stopped after"))
    assert shown.findChildren(PairTable)[0].model().rowCount() == len(aligned_pairs(PROVEN))


def test_a_proof_that_fails_alone_leaves_the_rest_of_the_run(
    qtbot: QtBot, scripted: Callable[[Script], Desktop]
) -> None:
    def without(request: CompareRequest) -> Iterator[Event]:
        for event in proof(request):
            if isinstance(event, Completed):
                yield replace(event, comparison=replace(event.comparison, equivalence=None))
            elif not isinstance(event, EquivalenceProven):
                yield event

    desktop = scripted(without)
    run_until(qtbot, desktop, Completed)
    shown = view(qtbot, desktop)
    assert shown.isVisible()
    assert desktop.window.comparison is not None
    texts = [label.text() for label in desktop.window.status.findChildren(QLabel)]
    assert "● Done, outputs not verified" in texts
    overview = desktop.window.pages.view(0)
    assert isinstance(overview, OverviewView)
    assert not any(button.isVisibleTo(overview) for button in overview.findChildren(QPushButton))


def test_a_snapshot_shows_the_same_page(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    desktop = opened(qtbot, open_desktop(open_path=saved(store, tmp_path / "proof.mbsnap")))
    shown = view(qtbot, desktop)
    assert shown.headline == PROVEN.equivalence.headline  # type: ignore[union-attr]
    assert shown.findChildren(PairTable)[0].model().rowCount() == len(aligned_pairs(PROVEN))


def test_a_pair_leads_to_its_layers(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    desktop = opened(qtbot, open_desktop(open_path=saved(store, tmp_path / "proof.mbsnap")))
    table = view(qtbot, desktop).findChildren(PairTable)[0]
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert desktop.window.pages.currentIndex() == LAYERS_PAGE
    layers = desktop.window.pages.view(LAYERS_PAGE)
    assert isinstance(layers, LayersView)


def test_the_overview_leads_to_the_proof(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    desktop = opened(qtbot, open_desktop(open_path=saved(store, tmp_path / "proof.mbsnap")))
    overview = desktop.window.pages.view(0)
    assert isinstance(overview, OverviewView)
    overview.proof_requested.emit()
    assert desktop.window.pages.currentIndex() == EQUIVALENCE_PAGE


def correct(qtbot: QtBot, desktop: Desktop) -> None:
    """Set pairs by hand as the layers view would, and wait until that is shown."""
    controller = desktop.controller
    assert controller is not None
    qtbot.waitUntil(lambda: isinstance(desktop.window.pages.view(LAYERS_PAGE), LayersView))
    layers = desktop.window.pages.view(LAYERS_PAGE)
    assert isinstance(layers, LayersView)
    with qtbot.waitSignal(controller.corrected):
        layers.pairs_corrected.emit(CORRECTIONS)
    qtbot.waitUntil(lambda: desktop.window.comparison.request.corrections == CORRECTIONS)  # type: ignore[union-attr]


def test_corrected_pairs_are_shown_kept_in_the_file_and_asked_for_again(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    path = tmp_path / "proof.mbsnap"
    desktop = opened(qtbot, open_desktop(open_path=saved(store, path)))
    controller = desktop.controller
    assert controller is not None
    with qtbot.waitSignal(controller.saved):
        correct(qtbot, desktop)
    kept = store.open(path)
    assert kept.request.corrections == CORRECTIONS
    assert kept.equivalence is None
    assert ("features.0.1", None) in {(pair.left, pair.right) for pair in kept.alignment.pairs}
    assert "verify the outputs again" in message(desktop)
    window = desktop.window
    window.bar.left_picker.set_reference(PROVEN.left.source.reference)
    window.bar.right_picker.set_reference(PROVEN.right.source.reference)
    assert window.form.request().corrections == CORRECTIONS


def test_pairs_of_the_sample_change_in_the_window_alone(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    sample = replace(PROVEN, is_sample=True)
    path = tmp_path / "sample.mbsnap"
    desktop = opened(qtbot, open_desktop(open_path=saved(store, path, sample)))
    controller = desktop.controller
    assert controller is not None
    correct(qtbot, desktop)
    with qtbot.waitSignal(controller.listed):
        controller.list()  # comes after whatever would have been saved
    assert store.open(path).request.corrections == ()


def test_a_correction_of_what_is_no_longer_shown_is_dropped(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    desktop = opened(qtbot, open_desktop(open_path=saved(store, tmp_path / "proof.mbsnap")))
    controller = desktop.controller
    assert controller is not None
    other = replace(PROVEN, identifier="00000000-0000-4000-8000-00000000000f")
    with qtbot.waitSignal(controller.corrected), qtbot.assertNotEmitted(controller.saved):
        controller.correct(other, CORRECTIONS)
    assert desktop.window.comparison is not None
    assert desktop.window.comparison.request.corrections == ()


def test_moved_weights_are_exported_by_a_comparison(
    qtbot: QtBot,
    scripted: Callable[[Script], Desktop],
    asked: list[CompareRequest],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    desktop = scripted(proof)
    chosen = (str(tmp_path / "moved"), "Keras weights (*.weights.h5)")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: chosen)
    controller = desktop.controller
    assert controller is not None
    with qtbot.waitSignal(controller.happened, check_params_cb=lambda event: isinstance(event, Completed)):
        next(
            found for found in view(qtbot, desktop).findChildren(QPushButton) if found.text() == "Export moved weights…"
        ).click()
    verification = asked[0].verification
    assert verification is not None
    assert verification.export == str(tmp_path / "moved.weights.h5")


def test_how_to_verify_is_remembered(
    qtbot: QtBot, scripted: Callable[[Script], Desktop], asked: list[CompareRequest], settings: Settings
) -> None:
    desktop = scripted(proof)
    shown = view(qtbot, desktop)
    shown.findChildren(VerifyControls)[0].verified.click()
    assert not settings.verify_options.is_verified
    run_until(qtbot, desktop, Completed)
    assert asked[0].verification is None
