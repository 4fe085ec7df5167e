"""How the code of a network asks which change it is to be built with."""

from dataclasses import dataclass
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Plant:
    """The change that is planted on this side; the name "" plants none."""

    name: str = ""

    def pick(self, base: Value, **planted: Value) -> Value:
        """The value behind the keyword that names this plant, or else the base value."""
        return planted.get(self.name, base)

    def has(self, *names: str) -> bool:
        """Whether this is one of the named plants."""
        return self.name in names
