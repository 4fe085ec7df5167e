"""The visible view is told at once, the others in the pauses, and none is built before it is needed."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mbgui.domain.comparison import Comparison
from mbgui.gui.widgets.page_stack import PageSpec, PageStack
from tests.support.records import tiny_comparison


class Recorder(QWidget):
    """A view that notes what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def show_comparison(self, comparison: Comparison) -> None:
        self.told.append(comparison.identifier)

    def clear(self) -> None:
        self.told.append("clear")


@pytest.fixture
def pages(qtbot: QtBot) -> PageStack:
    stack = PageStack()
    qtbot.addWidget(stack)
    stack.add_pages(tuple(PageSpec(name, Recorder) for name in ("one", "two", "three")))
    return stack


def told(pages: PageStack, index: int) -> list[str]:
    view = pages.view(index)
    return view.told if isinstance(view, Recorder) else ["not built"]


def say(word: str) -> Callable[[QWidget], None]:
    def call(view: QWidget) -> None:
        assert isinstance(view, Recorder)
        view.told.append(word)

    return call


def test_nothing_is_built_before_it_is_needed(pages: PageStack) -> None:
    assert [told(pages, index) for index in range(3)] == [["not built"]] * 3


def test_the_visible_view_is_told_at_once_and_the_others_later(qtbot: QtBot, pages: PageStack) -> None:
    comparison = tiny_comparison()
    with qtbot.waitSignal(pages.caught_up):
        pages.show_comparison(comparison)
        assert told(pages, 0) == [comparison.identifier]
        assert told(pages, 1) == ["not built"]
    assert [told(pages, index) for index in range(3)] == [[comparison.identifier]] * 3


def test_a_tab_that_is_opened_is_told_before_its_turn(pages: PageStack) -> None:
    pages.deliver(say("first"))
    pages.deliver(say("second"))
    pages.setCurrentIndex(2)
    assert told(pages, 2) == ["first", "second"]


def test_what_is_out_of_date_is_never_shown(qtbot: QtBot, pages: PageStack) -> None:
    comparison = tiny_comparison()
    with qtbot.waitSignal(pages.caught_up):
        pages.clear_views()
        pages.show_comparison(comparison)
    assert told(pages, 1) == [comparison.identifier]


def test_an_update_leaves_the_other_views_alone(qtbot: QtBot, pages: PageStack) -> None:
    comparison = tiny_comparison()
    with qtbot.waitSignal(pages.caught_up):
        pages.show_comparison(comparison)
    with qtbot.waitSignal(pages.caught_up):
        pages.update_comparison(comparison, (0, 2))
    assert [len(told(pages, index)) for index in range(3)] == [2, 1, 2]


def test_calls_on_one_view_keep_their_order(qtbot: QtBot, pages: PageStack) -> None:
    with qtbot.waitSignal(pages.caught_up):
        pages.deliver(say("first"))
        pages.deliver_to(1, say("second"))
    assert told(pages, 1) == ["first", "second"]
