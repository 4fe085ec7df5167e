"""The tables of a proof: pairs and their errors, causes and what is left without them."""

import dataclasses

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from pytestqt.modeltest import ModelTester

from mbgui.analysis.corrections import partner_choices
from mbgui.analysis.equivalence_rows import cause_rows
from mbgui.domain.equivalence import PairEvidence
from mbgui.domain.framework import Framework
from mbgui.domain.request import Side
from mbgui.gui.item_models.cause_effect_table_model import CauseEffectColumn, CauseEffectTableModel
from mbgui.gui.item_models.pair_evidence_table_model import PairColumn, PairEvidenceTableModel
from mbgui.gui.item_models.partner_table_model import PartnerColumn, PartnerTableModel
from mbgui.gui.item_models.roles import BADGES_ROLE, TONE_ROLE, Tone
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from tests.support.equivalence_records import pair_evidence, rising_pairs, size_evidence
from tests.support.records import tiny_comparison

NO_ERROR = pair_evidence("same", "same", 0.0)
NOT_FINITE = dataclasses.replace(
    pair_evidence("gone", "gone", None, isolated=None, note="NaN since here"), right_call=2
)
ROUNDED = pair_evidence("close", "close", 2e-15, noise_floor=None)


def pair_model(*pairs: PairEvidence) -> PairEvidenceTableModel:
    model = PairEvidenceTableModel()
    model.show_records(list(enumerate(pairs)), Framework.PYTORCH, Framework.KERAS)
    return model


def cause_model() -> CauseEffectTableModel:
    model = CauseEffectTableModel()
    model.show_records(cause_rows(size_evidence(rising_pairs(6))))
    return model


def partner_model() -> PartnerTableModel:
    model = PartnerTableModel()
    model.show_records(partner_choices(tiny_comparison(), Side.RIGHT))
    return model


def row(model: QAbstractItemModel, number: int) -> list[str]:
    return [model.index(number, column).data() for column in range(model.columnCount())]


@pytest.mark.parametrize(
    "make", [pair_model, PairEvidenceTableModel, cause_model, CauseEffectTableModel, partner_model]
)
def test_the_models_keep_the_rules(qtmodeltester: ModelTester, make: type) -> None:
    qtmodeltester.check(make(), force_py=True)  # type: ignore[no-untyped-call]  # pytest-qt is not typed


def test_a_pair_reads_with_words_calls_and_dashes(qapp: object) -> None:
    model = pair_model(NO_ERROR, NOT_FINITE)
    assert row(model, 0) == [
        "1", "same", "same", "0", "0", "0", "identical", "0", "identical", "1.0e-07", "1.00", "",
    ]  # fmt: skip
    assert row(model, 1) == [
        "2", "gone", "gone@2", "–", "–", "–", "differs", "–", "", "1.0e-07", "1.00", "NaN since here",
    ]  # fmt: skip


def test_headers_name_the_sides_and_say_what_figures_mean(qapp: object) -> None:
    model = pair_model(NO_ERROR)
    horizontal, tip = Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    assert model.headerData(PairColumn.LEFT, horizontal) == "PyTorch"
    assert "float32" in str(model.headerData(PairColumn.NOISE_FLOOR, horizontal, tip))
    assert model.headerData(PairColumn.LEFT, horizontal, tip) is None


def test_errors_sort_by_size_with_the_missing_last_and_words_by_gravity(qapp: object) -> None:
    proxy = SortFilterProxy(pair_model(pair_evidence("far", "far", 0.5), NOT_FINITE, ROUNDED, NO_ERROR))
    proxy.sort(PairColumn.RELATIVE_L2)
    assert [proxy.index(place, PairColumn.LEFT).data() for place in range(4)] == ["same", "close", "far", "gone"]
    proxy.sort(PairColumn.VERDICT, Qt.SortOrder.DescendingOrder)
    words = [proxy.index(place, PairColumn.VERDICT).data() for place in range(4)]
    assert words == ["differs", "differs", "rounding", "identical"]
    proxy.sort(PairColumn.NOISE_FLOOR)
    assert proxy.index(3, PairColumn.LEFT).data() == "close"


def test_words_are_badges_and_a_note_is_announced(qapp: object) -> None:
    model = pair_model(NOT_FINITE)
    badges = model.index(0, PairColumn.VERDICT).data(BADGES_ROLE)
    assert [(badge.text, badge.tone) for badge in badges] == [("differs", Tone.WARNING), ("note", Tone.MUTED)]
    assert model.index(0, PairColumn.ISOLATED_VERDICT).data(BADGES_ROLE) is None
    assert model.index(0, PairColumn.LEFT).data(Qt.ItemDataRole.ToolTipRole) == "NaN since here"


def test_causes_read_as_errors_never_as_shares(qapp: object) -> None:
    model = cause_model()
    assert row(model, 0)[:3] == ["Nothing", "0.754", ""]
    assert row(model, 1)[:3] == ["BatchNorm epsilon", "0.762", "0.099"]
    assert row(model, 4)[:3] == ["All together", "4.0e-15", ""]
    everything = "".join("".join(row(model, number)) for number in range(5))
    assert "%" not in everything
    assert model.index(4, CauseEffectColumn.CAUSE).data(TONE_ROLE) == Tone.STRONG


def test_partners_say_whether_they_are_free(qapp: object) -> None:
    model = partner_model()
    assert row(model, 0) == ["input_layer", "InputLayer", "32×32×3", "no partner"]
    tones = {model.index(place, PartnerColumn.LAYER).data(TONE_ROLE) for place in range(model.rowCount())}
    assert tones == {Tone.NORMAL, Tone.MUTED}
