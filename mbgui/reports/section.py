"""What a report consists of before it has a form: sections of sentences and tables."""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.reports.tables import Table


class Chart(StrEnum):
    """A place for a drawing, for the forms that can draw."""

    LAYER_TYPES = "layer_types"
    LATENCY = "latency"
    CALL_PATHS = "call_paths"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, sentences, tables, and points that follow from them."""

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    points: tuple[str, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report: the answer first, then what it rests on."""

    title: str
    headline: str
    sections: tuple[Section, ...]
