"""Makes visible how a proof of equivalence comes in: many pairs a moment, handed to the view together."""

from collections.abc import Sequence
from typing import Protocol, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mbgui.domain.equivalence import PairEvidence
from mbgui.domain.request import CompareRequest
from mbgui.gui.widgets.page_stack import PageStack
from mbgui.gui.widgets.throttle import Throttle

EVIDENCE_INTERVAL_MS = 100


class Verifying(Protocol):
    """A view that says whether outputs are being compared."""

    def start_verifying(self, request: CompareRequest) -> None:
        """Pairs are coming."""

    def stop_verifying(self) -> None:
        """No more pairs are coming."""


class Proving(Verifying, Protocol):
    """The view that shows pairs as they are verified."""

    def add_evidence(self, evidence: Sequence[PairEvidence]) -> None:
        """Pairs are in."""


class ProofPresenter(QObject):
    """Tells the overview and the view of the proof; there may be thousands of pairs in a second."""

    def __init__(
        self, pages: PageStack, overview_page: int, equivalence_page: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pages = pages
        self._page = equivalence_page
        self._told = (overview_page, equivalence_page)
        self._evidence: list[PairEvidence] = []
        self._is_under_way = False
        self._throttle = Throttle(EVIDENCE_INTERVAL_MS, self)
        self._throttle.triggered.connect(self._hand_out)

    def start(self, request: CompareRequest) -> None:
        """Pairs are coming."""
        self.drop()
        self._is_under_way = True

        def start(view: QWidget) -> None:
            cast(Verifying, view).start_verifying(request)

        for page in self._told:
            self._pages.deliver_to(page, start)

    def add(self, evidence: PairEvidence) -> None:
        """A pair is in; it is handed out with the others of the next moment."""
        self._evidence.append(evidence)
        self._throttle.request()

    def stop(self) -> None:
        """No more pairs are coming; those that wait are handed out first."""
        if not self._is_under_way:
            return
        self._hand_out()
        self.drop()
        for page in self._told:
            self._pages.deliver_to(page, _stop)

    def drop(self) -> None:
        """Forget what waits: the whole proof is shown, or another run began."""
        self._is_under_way = False
        self._throttle.cancel()
        self._evidence.clear()

    def _hand_out(self) -> None:
        if not self._evidence:
            return
        evidence = tuple(self._evidence)
        self._evidence.clear()

        def add(view: QWidget) -> None:
            cast(Proving, view).add_evidence(evidence)

        self._pages.deliver_to(self._page, add)


def _stop(view: QWidget) -> None:
    cast(Verifying, view).stop_verifying()
