"""Whether a model that was saved and opened again is the one that was saved."""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from mbgui.analysis.accounting import account
from mbgui.domain.errors import MbguiError
from mbgui.domain.network import Layer, LayerKind, Network
from tests.support.adapter_session import AdapterSession

IDLE = "layers that run nothing"
"""What an exported program does not hold: modules that hand their input on, such as dropout in evaluation."""
_IDLE_KINDS = frozenset({LayerKind.DROPOUT, LayerKind.IDENTITY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How to save a model, and how the file is named: by itself, or attached to the architecture.

    `states_input` says that the file knows at which size it is to be read.
    """

    suffix: str
    save: Callable[[Any, int, Path], object]
    is_attached: bool = False
    states_input: bool = False


def print_round_trips(
    benchmark: str, session: AdapterSession, models: Mapping[str, int], formats: Mapping[str, Format]
) -> None:
    """Save each model (`zoo:name` with the side of its images) in each format, open it, and print what was lost."""
    outcomes: list[Sequence[str]] = []
    for reference, size in models.items():
        for title, chosen in formats.items():
            started_s = perf_counter()
            outcomes.append(round_trip(session, reference, size, chosen))
            figures = {"model": reference, "format": title, "lost": outcomes[-1]}
            seconds = round(perf_counter() - started_s, 2)
            sys.stdout.write(json.dumps({**figures, "seconds": seconds}) + "\n")
            sys.stdout.flush()
    counts = {"same_books": sum(not lost for lost in outcomes), "same_but_for_idle": outcomes.count([IDLE])}
    sys.stdout.write(json.dumps({"benchmark": benchmark, "round_trips": len(outcomes), **counts}) + "\n")


def round_trip(session: AdapterSession, reference: str, size: int, chosen: Format) -> list[str]:
    """What one model loses in one format, and why it could not be opened where it could not."""
    original = session.load(reference, str(size))
    model = session.model(reference, str(size))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{reference.partition(':')[2]}{chosen.suffix}"
        try:
            chosen.save(model, size, path)
            name = f"{reference}@{path}" if chosen.is_attached else str(path)
            opened = session.load(name, "" if chosen.states_input else str(size), seed=1)
        except MbguiError as error:
            return [f"refused: {error.problem.sentence}"]
        except Exception as error:  # noqa: BLE001  a framework cannot save every model in every format
            return [f"not saved: {type(error).__name__}"]
    return [*lost_on_the_way(original, opened), *other_values(original, opened)]


def lost_on_the_way(original: Network, opened: Network) -> Iterator[str]:
    """What differs: the books (parameters, sizes, MACs, layers by type), tensors, or kinds of layers."""
    if account(original) != account(opened) and _without_idle(original) == _without_idle(opened):
        yield IDLE
        return
    before, after = account(original), account(opened)
    yield from (found.name for found in fields(before) if getattr(before, found.name) != getattr(after, found.name))
    if _tensors(original) != _tensors(opened):
        yield "tensors"
    if _kinds(original.layers) != _kinds(opened.layers):
        yield "kinds of layers"


def other_values(original: Network, opened: Network) -> list[str]:
    """Counted tensors whose statistics are not those of the original: values were lost or put elsewhere."""
    before, after = ({found.name: found for found in one.tensors} for one in (original, opened))
    lost = [
        name
        for name, tensor in before.items()
        if tensor.is_counted_by_framework and name in after and after[name].statistics != tensor.statistics
    ]
    return [f"values of {len(lost)} tensors, the first {lost[0]}"] if lost else []


def _without_idle(network: Network) -> tuple[object, ...]:
    """The books, tensors and kinds of all layers that compute something."""
    working = tuple(layer for layer in network.layers if layer.kind not in _IDLE_KINDS or layer.inputs)
    return account(replace(network, layers=working)), _tensors(network), _kinds(working)


def _tensors(network: Network) -> list[tuple[object, ...]]:
    return sorted((found.shape, found.dtype, found.purpose) for found in network.tensors)


def _kinds(layers: tuple[Layer, ...]) -> Counter[LayerKind]:
    return Counter(layer.kind for layer in layers if layer.kind is not LayerKind.CONTAINER)
