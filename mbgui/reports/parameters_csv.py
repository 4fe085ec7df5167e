"""Every stored tensor of both sides as comma-separated values."""

import csv
from collections.abc import Iterator
from io import StringIO

from mbgui.domain.comparison import Comparison
from mbgui.domain.network import Network, StoredTensor
from mbgui.domain.request import Side

HEADERS = (
    "side",
    "framework",
    "model",
    "name",
    "layer",
    "role",
    "purpose",
    "shape",
    "dtype",
    "values",
    "size_bytes",
    "trainable",
    "counted_by_framework",
    "mean",
    "std",
    "minimum",
    "maximum",
    "non_finite_values",
    "aliases",
)

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def render(comparison: Comparison) -> str:
    """One header line, then a line a tensor, left side first; numbers at full precision, empty where there is none."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADERS)
    for side in Side:
        network = comparison.network(side)
        writer.writerows(_row(side, network, tensor) for tensor in network.tensors)
    return text.getvalue()


def _row(side: Side, network: Network, tensor: StoredTensor) -> Iterator[str | int | float | None]:
    found = tensor.statistics
    words = (side, network.framework, network.source.title, tensor.name, tensor.layer, tensor.role, tensor.purpose)
    yield from (text_cell(word) for word in words)
    yield text_cell("x".join(str(size) for size in tensor.shape))
    yield text_cell(tensor.dtype)
    yield from (tensor.value_count, tensor.size_bytes)
    yield from (_flag(tensor.is_trainable), _flag(tensor.is_counted_by_framework))
    yield from (found.mean, found.std, found.minimum, found.maximum, found.non_finite_count)
    yield text_cell("; ".join(tensor.aliases))


def _flag(value: bool) -> str:
    return "yes" if value else "no"


def text_cell(text: str) -> str:
    """Text that a spreadsheet takes for text: a name that starts like a formula gets an apostrophe in front."""
    guarded = f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return guarded.replace("\r", "\n")  # the csv module quotes a bare carriage return only where it ends lines
