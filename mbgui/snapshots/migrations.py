"""Steps that bring an older snapshot up to the records of today, one a schema version."""

from collections.abc import Callable
from typing import Any

Migration = Callable[[dict[str, Any]], dict[str, Any]]

SCHEMA_VERSION = 1
"""The version that is written. Raise it with every change of the records that an older reader cannot read."""

MIGRATIONS: dict[int, Migration] = {}
"""From a version to the step that leads to the next; none is needed yet, since there is only one version."""


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
