"""The values of a sweep as people type them: `1, 2, 4`."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mbgui.domain.request import SweepAxis

AXIS_NAMES: Mapping[SweepAxis, str] = MappingProxyType(
    {SweepAxis.BATCH: "batch size", SweepAxis.THREADS: "number of threads", SweepAxis.INPUT: "input side"}
)
_LARGEST: Mapping[SweepAxis, int] = MappingProxyType(
    {SweepAxis.BATCH: 1024, SweepAxis.THREADS: 1024, SweepAxis.INPUT: 4096}
)
_MOST_VALUES = 32


def values_text(values: Sequence[int]) -> str:
    """`1, 2, 4`."""
    return ", ".join(str(value) for value in values)


def parse_values(text: str, axis: SweepAxis) -> tuple[int, ...]:
    """The values in rising order, each once; commas, semicolons or blanks lie between them.

    Raises:
        ValueError: no sweep can be made of them; the text is a sentence that says why.
    """
    words = text.replace(",", " ").replace(";", " ").split()
    if not words:
        raise ValueError(f"Name at least one {AXIS_NAMES[axis]}, such as 1, 2, 4.")
    values = tuple(sorted({_value(word, axis) for word in words}))
    if len(values) > _MOST_VALUES:
        raise ValueError(f"Name at most {_MOST_VALUES} values, not {len(values)}.")
    return values


def _value(word: str, axis: SweepAxis) -> int:
    is_number = word.isascii() and word.isdigit() and len(word) < 9
    if not is_number or not 1 <= int(word) <= _LARGEST[axis]:
        raise ValueError(f"“{word}” is no {AXIS_NAMES[axis]}: name whole numbers from 1 to {_LARGEST[axis]:,}.")
    return int(word)
