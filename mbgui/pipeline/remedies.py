"""Which ways out a child may offer.

A child that read a hostile file may say anything, and a remedy is taken with one click. So one is kept only if it
changes how the same architecture and the same file are read: it names no other model, no code, and no other file.
"""

import dataclasses

from mbgui.domain.errors import MbguiError, Problem, Remedy
from mbgui.domain.source import ZOO_FRAMEWORKS, ModelSource
from mbgui.pipeline.references import parse_source


def with_own_remedies(problem: Problem, source: ModelSource) -> Problem:
    """The problem with those of its remedies that are about this very source."""
    kept = tuple(remedy for remedy in problem.remedies if _is_own(remedy, source))
    return dataclasses.replace(problem, remedies=kept)


def _is_own(remedy: Remedy, source: ModelSource) -> bool:
    if remedy.replaces != source.reference:
        return False
    try:
        changed = parse_source(remedy.reference)
    except MbguiError:
        return False
    return _is_same_architecture(changed, source) and _file_of(changed) == _file_of(source)


def _is_same_architecture(changed: ModelSource, source: ModelSource) -> bool:
    """Options of a zoo's model may change, those of the user's code may not: they are its arguments."""
    is_same_model = (changed.kind, changed.name) == (source.kind, source.name)
    return is_same_model and (source.kind in ZOO_FRAMEWORKS or changed.options == source.options)


def _file_of(source: ModelSource) -> str | None:
    return None if source.weights is None else source.weights.path
