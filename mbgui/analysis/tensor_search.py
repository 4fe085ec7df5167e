"""Finds stored tensors by words, side and purpose, and sums them up."""

from collections.abc import Sequence
from dataclasses import dataclass

from mbgui.analysis.wording import count_text, mebibytes_text
from mbgui.domain.network import StoredTensor, TensorPurpose
from mbgui.domain.request import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorFilter:
    """Words that must all occur in name, layer or dtype; `None` for side and purpose means any."""

    words: tuple[str, ...] = ()
    side: Side | None = None
    purpose: TensorPurpose | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every tensor is meant."""
        return not self.words and self.side is None and self.purpose is None


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search text, without regard to case."""
    return tuple(text.casefold().split())


def search_text(tensor: StoredTensor) -> str:
    """What the words of a filter are looked for in."""
    return f"{tensor.name} {tensor.layer} {tensor.dtype}".casefold()


def find_tensors(
    wanted: TensorFilter, sides: Sequence[Side], tensors: Sequence[StoredTensor], texts: Sequence[str]
) -> list[int]:
    """The places of the tensors meant; the three sequences run in parallel."""
    found = list(range(len(tensors)))
    if wanted.side is not None:
        found = [place for place in found if sides[place] is wanted.side]
    if wanted.purpose is not None:
        found = [place for place in found if tensors[place].purpose is wanted.purpose]
    for word in wanted.words:
        found = [place for place in found if word in texts[place]]
    return found


def totals_text(value_counts: Sequence[int], sizes_bytes: Sequence[int], total: int) -> str:
    """`12 of 314 tensors · 34,112 values · 0.1301 MiB`."""
    of_all = f"{len(value_counts):,}" if len(value_counts) == total else f"{len(value_counts):,} of {total:,}"
    values, size = count_text(sum(value_counts)), mebibytes_text(sum(sizes_bytes))
    return f"{of_all} tensors · {values} values · {size}"
