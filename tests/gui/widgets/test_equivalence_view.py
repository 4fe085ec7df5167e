"""The equivalence tab fills while verifying, shows a finished proof, and says what to do when there is none."""

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mbgui.domain.alignment import PairCorrection
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import Equivalence, EquivalenceVerdict, NeutralisedCause
from mbgui.gui.item_models.pair_evidence_table_model import PairColumn
from mbgui.gui.settings import VerifyOptions
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.cause_switches import CauseSwitches
from mbgui.gui.widgets.content_table import ContentTable
from mbgui.gui.widgets.equivalence_chart import EquivalenceChart
from mbgui.gui.widgets.equivalence_page import EquivalencePage
from mbgui.gui.widgets.equivalence_view import EquivalenceView
from mbgui.gui.widgets.pair_table import PairTable
from tests.support.equivalence_records import (
    EPSILON,
    HEAD,
    PADDING,
    pair_evidence,
    proven,
    rising_pairs,
    size_evidence,
    tiny_equivalence,
    verifying,
)
from tests.support.records import tiny_comparison

COMPARISON = tiny_comparison()
PROVEN = proven(COMPARISON, sizes=2)
REQUEST = verifying(COMPARISON.request)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[EquivalenceView]:
    made = EquivalenceView(Theme(ThemeChoice.LIGHT), VerifyOptions())
    qtbot.addWidget(made)
    made.resize(1300, 900)
    made.show()
    made.set_library_loaded()
    yield made
    made.close()


def showing(view: EquivalenceView, equivalence: Equivalence) -> EquivalenceView:
    view.show_comparison(dataclasses.replace(PROVEN, equivalence=equivalence))
    return view


def visible_texts(view: QWidget) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def table(view: EquivalenceView) -> PairTable:
    return view.findChildren(PairTable)[0]


def switches(view: EquivalenceView) -> CauseSwitches:
    return view.findChildren(CauseSwitches)[0]


def box(view: EquivalenceView, title: str) -> QCheckBox:
    return next(found for found in view.findChildren(QCheckBox) if found.text() == title)


def chart(qtbot: QtBot, view: EquivalenceView) -> EquivalenceChart:
    qtbot.waitUntil(lambda: bool(view.findChildren(EquivalenceChart)))
    return view.findChildren(EquivalenceChart)[0]


def test_without_a_proof_it_says_what_to_do(view: EquivalenceView) -> None:
    assert "Tick “Verify outputs” above and press Compare" in visible_texts(view)
    view.show_comparison(COMPARISON)
    assert "holds no proof" in visible_texts(view)


def test_after_a_correction_it_says_to_verify_again(view: EquivalenceView) -> None:
    corrections = (PairCorrection(left="features.0.1", right=None),)
    request = dataclasses.replace(REQUEST, corrections=corrections)
    view.show_comparison(dataclasses.replace(COMPARISON, request=request))
    assert "corrected by hand" in visible_texts(view)
    assert "verify the outputs again" in visible_texts(view)


def test_a_finished_proof_shows_verdict_evidence_causes_and_pairs(qtbot: QtBot, view: EquivalenceView) -> None:
    view.show_comparison(PROVEN)
    proof = PROVEN.equivalence
    assert proof is not None
    assert view.headline == proof.headline
    texts = visible_texts(view)
    assert "moved from left to right" in texts
    assert "4.0e-15" in texts
    assert "no shares" in texts.replace("\n", " ")
    assert table(view).model().rowCount() == len(proof.sizes[0].pairs)
    assert view.findChildren(ContentTable)[0].model().rowCount() == 5
    assert chart(qtbot, view).visible_places == range(len(proof.sizes[0].pairs))


def test_the_same_proof_again_leaves_the_user_where_he_was(view: EquivalenceView) -> None:
    view.show_comparison(PROVEN)
    table(view).selectRow(3)
    view.show_comparison(dataclasses.replace(PROVEN, warnings=("Latency could not be measured.",)))
    assert table(view).currentIndex().row() == 3


def test_switching_causes_off_updates_error_and_chart_at_once(qtbot: QtBot, view: EquivalenceView) -> None:
    view.show_comparison(PROVEN)
    drawn = chart(qtbot, view)
    assert switches(view).error_text == "output error 0.754"
    box(view, "Padding").click()
    assert switches(view).switched_off == (PADDING,)
    assert switches(view).error_text == "output error 0.151"
    before = list(drawn.curves.as_run)
    assert [error for error in drawn.curves.propagated if error] == [error * 0.2 for error in before if error]
    next(button for button in view.findChildren(QPushButton) if button.text() == "All").click()
    assert switches(view).switched_off == (EPSILON, PADDING, HEAD)
    assert switches(view).error_text == "output error 4.0e-15"
    assert max(error or 0 for error in drawn.curves.propagated) <= 3e-15
    next(button for button in view.findChildren(QPushButton) if button.text() == "All").click()
    assert switches(view).switched_off == ()
    assert not drawn.curves.as_run


def test_a_combination_that_was_not_run_is_explained_and_not_drawn(qtbot: QtBot, view: EquivalenceView) -> None:
    proof = dataclasses.replace(tiny_equivalence(), sizes=(size_evidence(rising_pairs(9), largest_run=1),))
    showing(view, proof)
    drawn = chart(qtbot, view)
    box(view, "Padding").click()
    box(view, "Head activation").click()
    assert "not switched off together" in switches(view).error_text
    assert set(drawn.curves.propagated) == {None}
    assert any(drawn.curves.as_run), "what was run without switching stays for comparison"


def test_a_cause_that_cannot_be_switched_off_says_why(view: EquivalenceView) -> None:
    reason = "The order of a flatten cannot be patched."
    stubborn = NeutralisedCause(
        cause=Cause.FLATTEN_ORDER, title="Flatten order", removed_alone=None, left_in_alone=None, reason=reason
    )
    size = size_evidence(rising_pairs(6))
    size = dataclasses.replace(size, neutralised=(*size.neutralised, stubborn))
    showing(view, dataclasses.replace(tiny_equivalence(), sizes=(size,)))
    assert not box(view, "Flatten order").isEnabled()
    assert box(view, "Flatten order").toolTip() == reason


def test_another_input_size_shows_its_own_evidence_and_keeps_the_ticks(view: EquivalenceView) -> None:
    other = size_evidence(rising_pairs(7), input_text="225x225", causes=(EPSILON, HEAD))
    proof = tiny_equivalence()
    showing(view, dataclasses.replace(proof, sizes=(*proof.sizes, other)))
    box(view, "Head activation").click()
    sizes = next(found for found in view.findChildren(QComboBox) if found.accessibleName() == "Input size shown")
    assert [sizes.itemText(place) for place in range(sizes.count())] == ["224×224", "225×225"]
    sizes.setCurrentIndex(1)
    sizes.activated.emit(1)
    assert table(view).model().rowCount() == 7
    assert switches(view).switched_off == (HEAD,)
    assert [found.text() for found in switches(view).findChildren(QCheckBox) if not found.isHidden()] == [
        "BatchNorm epsilon",
        "Head activation",
    ]


def test_one_input_size_offers_no_choice(view: EquivalenceView) -> None:
    showing(view, tiny_equivalence())
    sizes = next(found for found in view.findChildren(QComboBox) if found.accessibleName() == "Input size shown")
    assert not sizes.isVisible()


def test_enter_on_a_row_leads_to_its_layers_however_it_is_sorted(qtbot: QtBot, view: EquivalenceView) -> None:
    showing(view, tiny_equivalence())
    table(view).sortByColumn(PairColumn.NUMBER, Qt.SortOrder.DescendingOrder)
    table(view).selectRow(0)
    with qtbot.waitSignal(view.layers_requested) as asked:
        QTest.keyClick(table(view), Qt.Key.Key_Return)
    assert asked.args == [("left.8", "right_8")]


def test_a_selected_row_is_told_and_marked_in_the_chart(qtbot: QtBot, view: EquivalenceView) -> None:
    showing(view, tiny_equivalence())
    drawn = chart(qtbot, view)
    table(view).selectRow(4)
    assert drawn.place == 4
    assert "5 of 9: left.4 ⟷ right_4" in visible_texts(view)


def test_the_pairs_are_copied_with_their_titles(view: EquivalenceView) -> None:
    showing(view, tiny_equivalence())
    table(view).selectRow(0)
    view.copy_selection()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:4] == ["#", "PyTorch", "Keras", "Relative L2"]
    assert lines[1].split("\t")[:4] == ["1", "left.0", "right_0", "0"]


def test_pairs_are_drawn_as_they_come_in(qtbot: QtBot, view: EquivalenceView) -> None:
    view.show_comparison(COMPARISON)
    view.start_verifying(REQUEST)
    pairs = rising_pairs(30)
    view.add_evidence(pairs[:5])
    assert view.headline == "Verifying: 5 of 8 pairs"
    pairs = pairs[5:]
    view.add_evidence(pairs[:20])
    view.add_evidence(pairs[20:])
    qtbot.waitUntil(lambda: table(view).model().rowCount() == 30)
    assert view.headline.startswith("Verifying: 30 pairs are done")
    assert table(view).model().headerData(PairColumn.LEFT, Qt.Orientation.Horizontal) == "PyTorch"
    assert chart(qtbot, view).visible_places == range(30)


def test_before_the_first_pair_there_are_no_axes_but_words(qtbot: QtBot, view: EquivalenceView) -> None:
    view.start_verifying(REQUEST)
    assert view.headline == "Verifying: both networks are being prepared"
    drawn = chart(qtbot, view)
    assert not drawn.isVisible()
    assert "Pairs are drawn here" in visible_texts(view)
    view.add_evidence(rising_pairs(2))
    qtbot.waitUntil(drawn.isVisible)
    assert "Pairs are drawn here" not in visible_texts(view)


def test_many_pairs_are_drawn_few_times(view: EquivalenceView, monkeypatch: pytest.MonkeyPatch) -> None:
    draws: list[int] = []
    show_pairs = EquivalencePage.show_pairs

    def counting(self: EquivalencePage, *arguments: object) -> None:
        draws.append(1)
        show_pairs(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(EquivalencePage, "show_pairs", counting)
    view.start_verifying(REQUEST)
    draws.clear()
    for pair in rising_pairs(200):
        view.add_evidence((pair,))
    assert len(draws) == 1


def test_a_proof_replaces_the_pairs_that_came_before_it(view: EquivalenceView) -> None:
    view.start_verifying(REQUEST)
    view.add_evidence(rising_pairs(3))
    view.show_comparison(PROVEN)
    view.stop_verifying()
    assert view.headline.startswith("Equivalent after")


def test_a_stopped_proof_keeps_what_was_verified(view: EquivalenceView) -> None:
    view.start_verifying(REQUEST)
    view.add_evidence(rising_pairs(5))
    view.stop_verifying()
    assert view.headline == "Stopped after 5 pairs"
    assert table(view).model().rowCount() == 5


def test_a_proof_stopped_before_its_first_pair_says_what_to_do(view: EquivalenceView) -> None:
    view.start_verifying(REQUEST)
    view.stop_verifying()
    assert "Nothing verified yet" in visible_texts(view)


def test_pairs_that_nobody_asked_for_are_left_out(view: EquivalenceView) -> None:
    view.start_verifying(COMPARISON.request)
    view.add_evidence(rising_pairs(3))
    assert table(view).model().rowCount() == 0


def test_what_cannot_be_compared_says_so_without_a_chart(view: EquivalenceView) -> None:
    proof = dataclasses.replace(
        tiny_equivalence(),
        verdict=EquivalenceVerdict.NOT_COMPARABLE,
        headline="Not comparable: the right side takes two inputs.",
        sizes=(),
        unexplained_residual=None,
    )
    showing(view, proof)
    assert view.headline == proof.headline
    assert not table(view).isVisible()
    assert not switches(view).isVisible()
    assert view.findChildren(EquivalenceChart) == [] or not view.findChildren(EquivalenceChart)[0].isVisible()


def test_what_is_not_finite_is_a_gap_with_a_mark(qtbot: QtBot, view: EquivalenceView) -> None:
    pairs = (pair_evidence("a", "b"), pair_evidence("c", "d", None), pair_evidence("e", "f", 0.1))
    showing(view, tiny_equivalence(pairs))
    drawn = chart(qtbot, view)
    assert drawn.missing_places == [1]


def test_nothing_but_zeros_is_drawn(qtbot: QtBot, view: EquivalenceView) -> None:
    showing(view, tiny_equivalence((pair_evidence("a", "b", 0.0, noise_floor=0.0),) * 3))
    assert chart(qtbot, view).visible_places == range(3)


def test_a_proof_that_came_before_the_library_is_drawn_with_it(qtbot: QtBot) -> None:
    early = EquivalenceView(Theme(), VerifyOptions())
    qtbot.addWidget(early)
    early.show_comparison(PROVEN)
    assert early.findChildren(EquivalenceChart) == []
    early.set_library_loaded()
    chart(qtbot, early)


def test_the_dark_theme_reaches_chart_and_words(qtbot: QtBot) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    view = EquivalenceView(theme, VerifyOptions())
    qtbot.addWidget(view)
    view.set_library_loaded()
    view.show_comparison(PROVEN)
    drawn = chart(qtbot, view)
    light = drawn.backgroundBrush().color().name()
    theme.set_choice(ThemeChoice.DARK)
    assert drawn.backgroundBrush().color().name() == theme.colors.surface != light
    theme.set_choice(ThemeChoice.LIGHT)
