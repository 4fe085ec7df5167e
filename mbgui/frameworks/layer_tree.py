"""A list of layers in which every container stands before its members."""

from mbgui.domain.network import Layer


class LayerTree:
    """Collects layers whose paths are joined by one separator."""

    def __init__(self, separator: str = ".") -> None:
        self._separator = separator
        self._layers: list[Layer] = []
        self._paths: set[str] = set()

    def append(self, layer: Layer) -> None:
        """Put a layer at the end unless it is there."""
        if layer.path not in self._paths:
            self._paths.add(layer.path)
            self._layers.append(layer)

    def insert_after(self, layer: Layer, sibling: str) -> None:
        """Put a layer behind a sibling and its members, or first in its parent where `sibling` is ""."""
        if layer.path not in self._paths:
            self._paths.add(layer.path)
            self._layers.insert(self._end_of(sibling) if sibling else self._start_of(layer.parent), layer)

    def layers(self) -> tuple[Layer, ...]:
        """The layers in order."""
        return tuple(self._layers)

    def _end_of(self, path: str) -> int:
        members = path + self._separator
        places = (
            index for index, layer in enumerate(self._layers) if layer.path == path or layer.path.startswith(members)
        )
        return max(places, default=len(self._layers) - 1) + 1

    def _start_of(self, parent: str) -> int:
        return next((index + 1 for index, layer in enumerate(self._layers) if layer.path == parent), 0)
