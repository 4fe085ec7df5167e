"""Watching a model run on zeros, where its code cannot run on symbolic tensors: which layers ran, at which shapes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import keras

from mbgui.domain.network import TensorSpec
from mbgui.frameworks.keras_calls import GraphCall
from mbgui.frameworks.keras_tracing import evaluation_keywords, functional_graph, is_composite, members


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The layers that ran, each container before its members, and what came out at the end."""

    calls: tuple[GraphCall, ...]
    outputs: tuple[TensorSpec, ...]


@dataclass(slots=True, kw_only=True)
class _Watch:
    """What is seen while the model runs. Tensors are kept, so that their ids stay theirs."""

    calls: list[GraphCall] = field(default_factory=list)
    makers: dict[int, str] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)


def watch(layer: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any], *, path: str) -> Watched:
    """Call a layer with real tensors and write down the calls of its members. Raises what the layer raises.

    A member's sources are the layers whose outputs reach it as they are; what happens in between is not seen.
    """
    seen = _Watch()
    with wrapped_calls(layer, path, partial(_watcher, seen)):
        result = layer(*arguments, **evaluation_keywords(layer, keywords))
    return Watched(calls=tuple(seen.calls), outputs=_specs(result))


@contextmanager
def wrapped_calls(layer: Any, path: str, wrap: Callable[[Any, str, str], Callable[..., Any]]) -> Iterator[None]:
    """Put what `wrap(member, its path, path of its parent)` gives in place of the `call` of every member, for a while.

    A member that hides its `call` already is left alone.
    """
    wrapped: list[Any] = []
    try:
        for member, member_path, parent in _all_members(layer, path):
            if "call" not in vars(member):
                object.__setattr__(member, "call", wrap(member, member_path, parent))
                wrapped.append(member)
        yield
    finally:
        for member in wrapped:
            object.__delattr__(member, "call")


def _all_members(layer: Any, path: str) -> Iterator[tuple[Any, str, str]]:
    """(layer, path, path of its parent) of everything inside, down to the layers that are read as one."""
    names: dict[str, int] = {}
    for member in members(layer):
        if isinstance(member, keras.layers.InputLayer):
            continue
        count = names[member.name] = names.get(member.name, -1) + 1
        name = f"{member.name}_{count}" if count else member.name
        member_path = f"{path}/{name}" if path else name
        yield member, member_path, path
        if _is_container(member):
            yield from _all_members(member, member_path)


def _is_container(layer: Any) -> bool:
    return functional_graph(layer) is not None or is_composite(layer)


def _watcher(seen: _Watch, layer: Any, path: str, parent: str) -> Callable[..., Any]:
    call, is_container = layer.call, _is_container(layer)

    def watched(*arguments: Any, **keywords: Any) -> Any:
        place = len(seen.calls)
        result = call(*arguments, **keywords)
        given = _tensors((arguments, keywords))
        if not is_container:
            seen.makers.update((id(tensor), path) for tensor in _tensors(result))
            seen.kept += (*given, *_tensors(result))
        sources = (seen.makers.get(id(tensor), path) for tensor in given)
        entry = GraphCall(
            operation=layer,
            path=path,
            parent=parent,
            is_container=is_container,
            sources=tuple(dict.fromkeys(source for source in sources if source != path)),
            inputs=_specs(given),
            outputs=_specs(result),
            arguments=(*arguments, *keywords.values()),
        )
        seen.calls.insert(place, entry)
        return result

    return watched


def _tensors(values: Any) -> tuple[Any, ...]:
    return tuple(value for value in keras.tree.flatten(values) if keras.ops.is_tensor(value))


def _specs(values: Any) -> tuple[TensorSpec, ...]:
    return tuple(
        TensorSpec(
            shape=tuple(int(size or 1) for size in tensor.shape), dtype=keras.backend.standardize_dtype(tensor.dtype)
        )
        for tensor in _tensors(values)
    )
