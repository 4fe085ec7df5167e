"""An array that grows at its end without being copied each time."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

Scalar = TypeVar("Scalar", bound=np.generic)
_FIRST_ROOM = 1024


class GrowingArray(Generic[Scalar]):
    """One-dimensional; its room doubles when it is full, so that adding takes constant time on average."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._room: NDArray[Any] = np.empty(_FIRST_ROOM, dtype=dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> NDArray[Scalar]:
        """All values, not copied: valid until more are added."""
        return self._room[: self._count]

    def add(self, values: Sequence[Any] | NDArray[Any]) -> None:
        """Append these values."""
        count = self._count + len(values)
        if count > len(self._room):
            grown = np.empty(max(count, 2 * len(self._room)), dtype=self._room.dtype)
            grown[: self._count] = self.values
            self._room = grown
        self._room[self._count : count] = values
        self._count = count
