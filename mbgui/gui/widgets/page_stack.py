"""The tabs: each view is built when it is first shown or when nothing else is to do, and then told what is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QTabWidget, QWidget

if TYPE_CHECKING:
    from typing import Protocol

    from mbgui.domain.comparison import Comparison

    class View(Protocol):
        """What every view takes."""

        def show_comparison(self, comparison: Comparison) -> None:
            """Show a comparison."""

        def clear(self) -> None:
            """Show what to do next."""


DELIVERY_PAUSE_MS = 15
"""Between two views being filled the window handles what the user does."""


class PageSpec(NamedTuple):
    """A tab: its title, and what builds its view."""

    title: str
    build: Callable[[], QWidget]


class _Page(QWidget):
    """A tab whose view comes later."""

    def __init__(self, spec: PageSpec) -> None:
        super().__init__()
        self.spec = spec
        self.view: QWidget | None = None
        self._layout = QStackedLayout(self)

    def build(self) -> QWidget:
        """The view, built now if it was not."""
        if self.view is None:
            self.view = self.spec.build()
            self._layout.addWidget(self.view)
        return self.view


class PageStack(QTabWidget):
    """The tabs of the window.

    What is to be shown goes to the visible view at once and to the others one by one afterwards, so that no single
    turn of the event loop fills more than one view. `page_built` carries the index of a view that was just built,
    `caught_up` tells that no call waits any more.
    """

    page_built = Signal(int)
    caught_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: list[_Page] = []
        self._deliveries: list[tuple[int, Callable[[QWidget], None]]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELIVERY_PAUSE_MS)
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.setAccessibleName("Views")
        self._timer.timeout.connect(self._on_pause_over)
        self.currentChanged.connect(self._on_current_changed)

    def add_pages(self, specs: tuple[PageSpec, ...]) -> None:
        """Add tabs; none of the views is built yet."""
        self.blockSignals(True)
        for spec in specs:
            page = _Page(spec)
            self._pages.append(page)
            self.addTab(page, spec.title)
        self.blockSignals(False)

    def view(self, index: int) -> QWidget | None:
        """The view of a tab, or `None` where it is not built yet."""
        return self._pages[index].view

    def build_all(self) -> None:
        """Build the visible view now and the others in the pauses."""
        self.deliver(_nothing)

    def deliver(self, call: Callable[[QWidget], None]) -> None:
        """Make a call on every view: the visible one now, the others in the pauses, each in the order of its calls."""
        current = self.currentIndex()
        self._deliveries.extend((index, call) for index in range(len(self._pages)))
        self._catch_up(current)
        self._timer.start()

    def deliver_to(self, index: int, call: Callable[[QWidget], None]) -> None:
        """Make a call on one view, after those that wait for it."""
        self._deliveries.append((index, call))
        if index == self.currentIndex() or self._pages[index].view is not None:
            self._catch_up(index)
        elif not self._timer.isActive():
            self._timer.start()

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a comparison in every view; calls still waiting are out of date and dropped."""
        self._deliveries.clear()

        def show(view: QWidget) -> None:
            cast("View", view).show_comparison(comparison)

        self.deliver(show)

    def update_comparison(self, comparison: Comparison, indices: tuple[int, ...]) -> None:
        """Show what has been added to the comparison shown; the other views keep their place in it."""

        def show(view: QWidget) -> None:
            cast("View", view).show_comparison(comparison)

        self._deliveries.extend((index, show) for index in indices)
        self._catch_up(self.currentIndex())
        self._timer.start()

    def clear_views(self) -> None:
        """Empty every view."""
        self._deliveries.clear()
        self.deliver(_clear)

    def _on_current_changed(self, index: int) -> None:
        self._catch_up(index)

    def _on_pause_over(self) -> None:
        if self._deliveries:
            self._catch_up_once(self._deliveries[0][0])
        if self._deliveries:
            self._timer.start()
        else:
            self.caught_up.emit()

    def _catch_up(self, index: int) -> None:
        while self._catch_up_once(index):
            pass

    def _catch_up_once(self, index: int) -> bool:
        """Make the next waiting call on one view; building the view counts as a turn of its own in the pauses."""
        waiting = next((item for item in self._deliveries if item[0] == index), None)
        if waiting is None or not 0 <= index < len(self._pages):
            return False
        if self._pages[index].view is None:
            self._pages[index].build()
            self.page_built.emit(index)
            return True
        self._deliveries.remove(waiting)
        waiting[1](self._pages[index].build())
        return True


def _nothing(view: QWidget) -> None:
    """Leave a view as it is."""


def _clear(view: QWidget) -> None:
    cast("View", view).clear()
