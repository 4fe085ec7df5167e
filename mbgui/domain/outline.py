"""Both layer trees merged into one list of rows, partners on one row."""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.difference import Cause


class RowStatus(StrEnum):
    """How the two cells of a row relate; a group carries the gravest status of its members."""

    SAME = "same"
    MINOR = "minor"  # differs in training, accounting or spelling only
    DIFFERENT = "different"  # differs where inference is touched
    LEFT_ONLY = "left_only"
    RIGHT_ONLY = "right_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineCell:
    """One side of a row. `layer` is the path of its layer, `None` for a group made from common names.

    The counts are those of the layer or, for a group, of all its members; parameters as the framework counts them.
    """

    label: str
    layer: str | None
    parameter_count: int
    mac_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineRow:
    """One row. `parent` is the index of the row above it in the tree, -1 at the top.

    `causes` are those of the pair, gravest first; a group has none of its own.
    """

    parent: int
    left: OutlineCell | None
    right: OutlineCell | None
    is_group: bool
    status: RowStatus
    causes: tuple[Cause, ...]
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """All rows, each parent before its children."""

    rows: tuple[OutlineRow, ...]
