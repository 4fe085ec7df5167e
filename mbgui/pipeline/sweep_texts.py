"""What a user types as a sweep, read as the record it stands for."""

import re
from collections.abc import Sequence

from mbgui.domain.errors import MbguiError
from mbgui.domain.request import SweepAxis, SweepRequest

MOST_VALUES = 32
"""Each takes two processes that import a framework."""
_VALUES = re.compile(r"\s*-?\d{1,9}\s*(?:,\s*-?\d{1,9}\s*)*")
_ADVICE = "Write batch=1,2,4, threads=1,2 or input=160,192,224."


def parse_sweeps(texts: Sequence[str]) -> tuple[SweepRequest, ...]:
    """The sweeps that texts such as `batch=1,2,4` name, one for each axis.

    Raises:
        MbguiError: one of them cannot be read, or an axis is named twice (wrong use).
    """
    sweeps = tuple(_sweep(text) for text in ((texts,) if isinstance(texts, str) else texts))
    axes = [sweep.axis for sweep in sweeps]
    for axis in axes:
        if axes.count(axis) > 1:
            raise MbguiError.wrong_use(
                f"There are two sweeps over {axis}.", f"Name all values in one, as in {axis}=1,2,4."
            )
    return sweeps


def _sweep(text: str) -> SweepRequest:
    name, _, values = text.partition("=")
    if name.strip() not in tuple(SweepAxis) or not _VALUES.fullmatch(values):
        raise MbguiError.wrong_use(f"“{text}” is no sweep.", _ADVICE)
    numbers = tuple(dict.fromkeys(int(value) for value in values.split(",")))
    if len(numbers) > MOST_VALUES:
        raise MbguiError.wrong_use(
            f"A sweep has at most {MOST_VALUES} values, not {len(numbers)}.", "Name fewer, or make several runs."
        )
    return SweepRequest(axis=SweepAxis(name.strip()), values=numbers)
