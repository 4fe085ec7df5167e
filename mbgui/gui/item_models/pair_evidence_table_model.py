"""The pairs of layers and their errors as a table."""

from collections.abc import Callable
from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.equivalence_wording import ERROR_WORD_TITLES, error_text, pair_names
from mbgui.domain.equivalence import ErrorWord, PairEvidence
from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import BADGES_ROLE, Badge, Tone

_TONES = {ErrorWord.IDENTICAL: Tone.MUTED, ErrorWord.ROUNDING: Tone.NORMAL, ErrorWord.DIFFERS: Tone.WARNING}
_GRAVITY = {word: rank for rank, word in enumerate(ErrorWord)}


class PairColumn(IntEnum):
    """The columns, from left to right."""

    NUMBER = 0
    LEFT = 1
    RIGHT = 2
    RELATIVE_L2 = 3
    MAX_ABSOLUTE = 4
    COSINE = 5
    VERDICT = 6
    ISOLATED = 7
    ISOLATED_VERDICT = 8
    NOISE_FLOOR = 9
    CONFIDENCE = 10
    NOTE = 11


_TITLES = {
    PairColumn.NUMBER: "#",
    PairColumn.LEFT: "{side}",
    PairColumn.RIGHT: "{side}",
    PairColumn.RELATIVE_L2: "Relative L2",
    PairColumn.MAX_ABSOLUTE: "Max abs.",
    PairColumn.COSINE: "1 − cosine",
    PairColumn.VERDICT: "Propagated",
    PairColumn.ISOLATED: "Isolated L2",
    PairColumn.ISOLATED_VERDICT: "Isolated",
    PairColumn.NOISE_FLOOR: "Noise floor",
    PairColumn.CONFIDENCE: "Paired",
    PairColumn.NOTE: "Note",
}
_TIPS = {
    PairColumn.RELATIVE_L2: "‖right − left‖ / ‖left‖ as both networks run",
    PairColumn.MAX_ABSOLUTE: "The largest |right − left| as both networks run",
    PairColumn.COSINE: "1 − cosine of the angle between both activations, as both networks run",
    PairColumn.VERDICT: "The error as both networks run, in a word",
    PairColumn.ISOLATED: "Relative L2 with both layers fed the left side's values",
    PairColumn.ISOLATED_VERDICT: "The error with both layers fed the left side's values, in a word",
    PairColumn.NOISE_FLOOR: "Relative L2 of the left side in float32 from itself in float64",
    PairColumn.CONFIDENCE: "How sure the pairing is, from 0 to 1",
}


_ERRORS: dict[int, Callable[[PairEvidence], float | None]] = {
    PairColumn.RELATIVE_L2: lambda pair: pair.propagated.relative_l2,
    PairColumn.MAX_ABSOLUTE: lambda pair: pair.propagated.max_absolute,
    PairColumn.COSINE: lambda pair: pair.propagated.cosine,
    PairColumn.ISOLATED: lambda pair: pair.isolated.relative_l2 if pair.isolated is not None else None,
    PairColumn.NOISE_FLOOR: lambda pair: pair.noise_floor,
}


class PairEvidenceTableModel(RecordTableModel[tuple[int, PairEvidence]]):
    """One pair a row, with its place in execution order."""

    titles: ClassVar = tuple(_TITLES[column] for column in PairColumn)
    right_aligned: ClassVar = frozenset({PairColumn.NUMBER, PairColumn.CONFIDENCE, *_ERRORS})
    sides: ClassVar = {PairColumn.LEFT: Side.LEFT, PairColumn.RIGHT: Side.RIGHT}

    def text(self, record: tuple[int, PairEvidence], column: int) -> str:
        """What a cell shows."""
        place, pair = record
        if column in _ERRORS:
            return error_text(_ERRORS[column](pair))
        if column in (PairColumn.LEFT, PairColumn.RIGHT):
            return pair_names(pair)[column - PairColumn.LEFT]
        if column == PairColumn.NUMBER:
            return f"{place + 1:,}"
        if column == PairColumn.CONFIDENCE:
            return f"{pair.confidence:.2f}"
        word = _word(pair, column)
        return pair.note if column == PairColumn.NOTE else ERROR_WORD_TITLES[word] if word is not None else ""

    def sort_value(self, record: tuple[int, PairEvidence], column: int) -> SortValue:
        """Errors by size, words by gravity, all else as it reads."""
        place, pair = record
        if column in _ERRORS:
            return _ERRORS[column](pair)
        if column == PairColumn.NUMBER:
            return place
        if column == PairColumn.CONFIDENCE:
            return pair.confidence
        if column in (PairColumn.VERDICT, PairColumn.ISOLATED_VERDICT):
            word = _word(pair, column)
            return _GRAVITY[word] if word is not None else None
        return self.text(record, column)

    def sort_values(self, column: int) -> list[SortValue]:
        """The raw values of all records; errors straight from the pairs, since there may be 100,000."""
        error = _ERRORS.get(column)
        return super().sort_values(column) if error is None else [error(pair) for _, pair in self.records]

    def further_data(self, record: tuple[int, PairEvidence], column: int, role: int) -> object:
        """Words as badges, the note as tooltip."""
        _, pair = record
        if role == BADGES_ROLE:
            return _badges(pair, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return pair.note or self.text(record, column) or None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Titles, and what the figures mean as tooltip."""
        if role == Qt.ItemDataRole.ToolTipRole and orientation is Qt.Orientation.Horizontal:
            return _TIPS.get(PairColumn(section)) if 0 <= section < len(PairColumn) else None
        return super().headerData(section, orientation, role)


def _word(pair: PairEvidence, column: int) -> ErrorWord | None:
    if column == PairColumn.VERDICT:
        return pair.verdict
    return pair.isolated_verdict if column == PairColumn.ISOLATED_VERDICT else None


def _badges(pair: PairEvidence, column: int) -> tuple[Badge, ...] | None:
    """The error in a word; a second one says that there is a note."""
    word = _word(pair, column)
    if word is None:
        return None
    badge = Badge(text=ERROR_WORD_TITLES[word], tone=_TONES[word])
    has_note = bool(pair.note) and column == PairColumn.VERDICT
    return (badge, Badge(text="note", tone=Tone.MUTED)) if has_note else (badge,)
