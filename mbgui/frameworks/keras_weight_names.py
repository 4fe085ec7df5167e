"""The names under which files of weights keep the variables of a Keras model."""

from collections.abc import Iterator, Mapping
from typing import Any

from keras.src.saving import saving_lib

Variables = Mapping[str, Any]
"""Variables of a model by the name a file gives them."""


class _NameStore(saving_lib.H5IOStore):  # type: ignore[misc]  # Keras has no types
    """Stands in for a file while Keras walks a model to save it, and keeps the variables by their names."""

    def __init__(self) -> None:
        """Open no file, unlike the class it takes the place of."""
        self.found: dict[str, Any] = {}

    def __bool__(self) -> bool:
        """Keras leaves out a store that is false."""
        return True

    def make(self, path: str, metadata: Any = None) -> Any:
        """What a layer puts its variables into."""
        del metadata
        return _Entry(self.found, f"{path}/vars" if path else "vars")


class _Entry(dict[str, Any]):
    def __init__(self, found: dict[str, Any], path: str) -> None:
        super().__init__()
        self._found = found
        self._path = path

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        self._found[f"{self._path}/{key}"] = value


def saved_names(model: Any) -> Variables:
    """By the paths of Keras 3's files: `layers/conv2d/vars/0`; made of the names of classes and attributes."""
    store = _NameStore()
    saving_lib._save_state(model, weights_store=store, assets_store=None, inner_path="", visited_saveables=set())  # noqa: SLF001
    return {
        name: value for name, value in store.found.items() if hasattr(value, "assign") and not is_training_state(name)
    }


def is_training_state(name: str) -> bool:
    """Whether a path of Keras 3's files belongs to an optimizer or a metric, which nothing is inferred with."""
    return name.split("/", maxsplit=1)[0] in {
        "optimizer",
        "metrics",
        "_metrics",
        "compile_metrics",
        "_compile_metrics",
        "loss_tracker",
    }


def spelled_names(model: Any, by_role: Variables) -> Iterator[Variables]:
    """The spellings of a model's variables: layer and role, or Keras's own path, with slashes or dots."""
    for names in (by_role, {str(variable.path): variable for variable in model.variables}):
        yield names
        yield {name.replace("/", "."): variable for name, variable in names.items()}


def layer_order_names(model: Any, layer_weights: Mapping[str, list[str]]) -> Variables | None:
    """By the names in a Keras 2 file, `layer_weights` being the names of each layer's weights in the file's order.

    Layers go by name where all names are those of the model, else by order, as Keras does; `None` where neither fits.
    """
    layers = {layer.name: _legacy_weights(layer) for layer in model.layers}
    layers = {name: weights for name, weights in layers.items() if weights}
    in_file = {name: weights for name, weights in layer_weights.items() if weights}
    is_same_order = [len(weights) for weights in layers.values()] == [len(weights) for weights in in_file.values()]
    if is_same_order and set(layers) != set(in_file):
        partners = list(zip(layers, in_file, strict=True))
    elif set(layers) & set(in_file):
        partners = [(name, name) for name in layers]
    else:
        return None
    return {
        file_name: variable
        for ours, theirs in partners
        for file_name, variable in _paired(ours, layers[ours], in_file.get(theirs, []))
    }


def _paired(layer: str, variables: list[Any], names: list[str]) -> Iterator[tuple[str, Any]]:
    """Variables by their names in the file, or where the file has no such, by a name like those."""
    for place, variable in enumerate(variables):
        yield names[place] if place < len(names) else f"{layer}/{variable.name}:0", variable


def _legacy_weights(layer: Any) -> list[Any]:
    return [*layer.trainable_weights, *layer.non_trainable_weights]
