"""Cards in rows of equal height: as many columns as fit without clipping."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

SPACING = 12


class CardRow(QWidget):
    """Breaks its cards into rows of even length as the width asks for it."""

    def __init__(self, cards: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = tuple(cards)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACING)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._arrange(len(self._cards))

    def fit(self) -> None:
        """Choose the number of columns anew, after the cards' content changed."""
        self._arrange(self._fitting_columns(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the number of columns for the new width."""
        super().resizeEvent(event)
        self._arrange(self._fitting_columns(event.size().width()))

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest card: narrower widths break the row."""
        return QSize(max(card.sizeHint().width() for card in self._cards), self.sizeHint().height())

    def _fitting_columns(self, width: int) -> int:
        count = len(self._cards)
        return next(
            (columns for columns in (count, -(-count // 2), -(-count // 3), 1) if self._fits(columns, width)), 1
        )

    def _fits(self, columns: int, width: int) -> bool:
        widest = [max(card.sizeHint().width() for card in self._cards[column::columns]) for column in range(columns)]
        return sum(widest) + SPACING * (columns - 1) <= width

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        self.updateGeometry()
