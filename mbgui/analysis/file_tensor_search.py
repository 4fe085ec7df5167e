"""Finds tensors of a file by words."""

from collections.abc import Sequence

from mbgui.analysis.wording import shape_text
from mbgui.domain.model_file import FileTensor


def file_search_text(tensor: FileTensor) -> str:
    """What words are looked for in: name, dtype and shape."""
    return f"{tensor.name} {tensor.dtype} {shape_text(tensor.shape)}".casefold()


def find_texts(words: Sequence[str], texts: Sequence[str]) -> list[int]:
    """The places of the texts that hold every word."""
    found = list(range(len(texts)))
    for word in words:
        found = [place for place in found if word in texts[place]]
    return found
