"""Steps that bring an older snapshot up to the records of today, one a schema version."""

from collections.abc import Callable
from typing import Any

from mbgui.snapshots.latency_migration import launches_and_verdict

Migration = Callable[[dict[str, Any]], dict[str, Any]]

SCHEMA_VERSION = 4
"""The version that is written. Raise it with every change of the records that an older reader cannot read."""


def _several_inputs(comparison: dict[str, Any]) -> dict[str, Any]:
    """From 1 to 2: a request names any number of inputs of any shape in place of one height and width."""
    request = dict(comparison["request"])
    request["inputs"] = [{"sizes": request.pop("input_size"), "name": ""}]
    return {**comparison, "request": request}


def _proof(comparison: dict[str, Any]) -> dict[str, Any]:
    """From 2 to 3: a comparison may hold a proof, layer calls and hand-made pairs; an older one has none of them.

    All that is new has a default. The version rose because an older reader would refuse the new causes as damage and
    drop a proof without a word.
    """
    return comparison


MIGRATIONS: dict[int, Migration] = {1: _several_inputs, 2: _proof, 3: launches_and_verdict}
"""From a version to the step that leads to the next."""


def migrate(
    comparison: dict[str, Any],
    version: int,
    *,
    steps: dict[int, Migration] = MIGRATIONS,
    current: int = SCHEMA_VERSION,
) -> dict[str, Any]:
    """The plain JSON `comparison` of schema `version` as the `current` schema has it.

    Raises `KeyError` for a version from which no step leads on.
    """
    for step in range(version, current):
        comparison = steps[step](comparison)
    return comparison
