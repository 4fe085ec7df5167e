"""What a user types to find layers: `block_3 type:conv shape:112 params>1000`."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from mbgui.analysis.layer_text import cause_label, output_text, type_text
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.network import Layer
from mbgui.domain.outline import OutlineCell, OutlineRow

Match = Callable[[OutlineCell, Layer | None], bool]
"""Whether one side of a row is meant."""

HINT = "Search by name, type:conv, shape:112, params>1000, macs>=1M or cause:padding; several terms must all hold."

_COMPARISONS: dict[str, Callable[[int, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip
_MULTIPLES = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}
_COUNT_TERM = re.compile(r"(params|parameters|macs)(>=|<=|>|<|=|:)(.*)")
_TEXT_TERM = re.compile(r"(name|type|shape|cause):(.*)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([kmg]?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerQuery:
    """Terms that must all hold: on one side of a row, and for causes on the row itself.

    `is_about_leaves` holds where shapes or counts are asked for, which every group would answer for its members.
    """

    matches: tuple[Match, ...]
    causes: tuple[str, ...]
    is_about_leaves: bool

    @property
    def is_empty(self) -> bool:
        """Whether every row is meant."""
        return not self.matches and not self.causes

    def accepts(self, row: OutlineRow, left: Layer | None, right: Layer | None) -> bool:
        """Whether a row is meant: all terms hold on one and the same side."""
        if row.is_group and self.is_about_leaves:
            return False
        if self.causes and not self._accepts_causes(row):
            return False
        return self._accepts_side(row.left, left) or self._accepts_side(row.right, right)

    def _accepts_causes(self, row: OutlineRow) -> bool:
        labels = [f"{cause_label(cause)} {cause.value}" for cause in row.causes]
        return all(any(wanted in label for label in labels) for wanted in self.causes)

    def _accepts_side(self, cell: OutlineCell | None, layer: Layer | None) -> bool:
        return cell is not None and all(match(cell, layer) for match in self.matches)


def parse_query(text: str) -> LayerQuery:
    """The query of a text; terms are divided by blanks or commas, case plays no part.

    Raises:
        MbguiError: a term asks for a number and has none.
    """
    words = [word for word in re.split(r"[\s,]+", text.casefold()) if word]
    named = [_TEXT_TERM.fullmatch(word) for word in words]
    causes = tuple(found[2] for found in named if found is not None and found[1] == "cause")
    sided = [word for word, found in zip(words, named, strict=True) if found is None or found[1] != "cause"]
    return LayerQuery(
        matches=tuple(_match(word) for word in sided),
        causes=causes,
        is_about_leaves=bool(causes) or any(_is_about_leaves(word) for word in sided),
    )


def _is_about_leaves(word: str) -> bool:
    return word.startswith("shape:") or _COUNT_TERM.fullmatch(word) is not None


def _match(word: str) -> Match:
    counted = _COUNT_TERM.fullmatch(word)
    if counted is not None:
        return _count_match(counted[1], counted[2].replace(":", "="), counted[3])
    named = _TEXT_TERM.fullmatch(word)
    if named is None or named[1] == "name":
        return _name_match(named[2] if named is not None else word)
    return _type_match(named[2]) if named[1] == "type" else _shape_match(named[2].replace("x", "×"))


def _name_match(wanted: str) -> Match:
    def match(cell: OutlineCell, layer: Layer | None) -> bool:
        del layer
        return wanted in cell.label.casefold() or (cell.layer is not None and wanted in cell.layer.casefold())

    return match


def _type_match(wanted: str) -> Match:
    def match(cell: OutlineCell, layer: Layer | None) -> bool:
        del cell
        return layer is not None and (wanted in layer.kind or wanted in type_text(layer).casefold())

    return match


def _shape_match(wanted: str) -> Match:
    def match(cell: OutlineCell, layer: Layer | None) -> bool:
        del cell
        return layer is not None and wanted in output_text(layer)

    return match


def _count_match(quantity: str, comparison: str, number: str) -> Match:
    limit, compare = _number(quantity, number), _COMPARISONS[comparison]

    def match(cell: OutlineCell, layer: Layer | None) -> bool:
        del layer
        return compare(cell.mac_count if quantity == "macs" else cell.parameter_count, limit)

    return match


def _number(quantity: str, text: str) -> float:
    found = _NUMBER.fullmatch(text)
    if found is None:
        problem = Problem(
            sentence=f"“{quantity}” needs a number, such as {quantity}>1000 or {quantity}>=1.5M.",
            advice=HINT,
            kind=ProblemKind.WRONG_USE,
        )
        raise MbguiError(problem)
    return float(found[1]) * _MULTIPLES[found[2]]
