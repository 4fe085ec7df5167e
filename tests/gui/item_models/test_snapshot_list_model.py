"""The list of snapshots names each, and says when it was made and what came out."""

from datetime import date, datetime, timedelta

from PySide6.QtCore import QAbstractItemModel
from pytestqt.modeltest import ModelTester

from mbgui.domain.comparison import Agreement
from mbgui.domain.snapshot import SnapshotEntry
from mbgui.gui.item_models.roles import RECORD_ROLE
from mbgui.gui.item_models.snapshot_list_model import DETAIL_ROLE, SnapshotListModel, moment_text

NOW = datetime(2026, 11, 23, 14, 32).astimezone()


def entry(*, path: str = "/a.mbsnap", is_sample: bool = False) -> SnapshotEntry:
    return SnapshotEntry(
        path=path,
        title="one · Other",
        created_at=NOW.isoformat(),
        headline="The same layers.",
        agreement=Agreement.SAME_LAYERS,
        is_sample=is_sample,
    )


def test_the_model_is_sound_empty_and_filled(qtmodeltester: ModelTester) -> None:
    model = SnapshotListModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.show_entries([entry(), entry(path="/b.mbsnap")], NOW.date())
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    assert isinstance(model, QAbstractItemModel)


def test_a_row_gives_title_detail_and_record() -> None:
    model = SnapshotListModel()
    model.show_entries([entry(), entry(path="/sample", is_sample=True)], NOW.date())
    assert model.index(0, 0).data() == "one · Other"
    assert model.index(0, 0).data(DETAIL_ROLE) == "today 14:32 · The same layers."
    assert model.index(0, 0).data(RECORD_ROLE) == entry()
    assert model.index(1, 0).data() == "Sample comparison"
    assert "shipped with mbgui" in model.index(1, 0).data(DETAIL_ROLE)


def test_a_snapshot_is_found_by_its_path() -> None:
    model = SnapshotListModel()
    model.show_entries([entry(), entry(path="/b.mbsnap")], NOW.date())
    assert model.row_of("/b.mbsnap") == 1
    assert model.row_of("/c.mbsnap") == -1


def test_days_are_named_as_people_do() -> None:
    today: date = NOW.date()
    assert moment_text(NOW.isoformat(), today) == "today 14:32"
    assert moment_text((NOW - timedelta(days=1)).isoformat(), today) == "yesterday 14:32"
    assert moment_text((NOW - timedelta(days=5)).isoformat(), today) == "18 Nov"
    assert moment_text((NOW - timedelta(days=365)).isoformat(), today) == "23 Nov 2025"
    assert moment_text("long ago", today) == "long ago"
