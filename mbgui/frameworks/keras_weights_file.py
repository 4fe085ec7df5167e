"""A model's weights as a `.weights.h5` file in memory."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from keras.src.saving import saving_lib

from mbgui.frameworks.stepwise import Array


def weights_file(model: Any, variables: Mapping[str, Any], tensors: Mapping[str, Array]) -> bytes:
    """What `model.save_weights` would write if its variables had the values in `tensors`; they have their own after."""
    before = {name: variables[name].numpy() for name in tensors}
    try:
        for name, values in tensors.items():
            variables[name].assign(values)
        return _saved(model)
    finally:
        for name, values in before.items():
            variables[name].assign(values)


def _saved(model: Any) -> bytes:
    """Keras's public function takes a path only, and this process may not write any file."""
    memory = BytesIO()
    store = saving_lib.H5IOStore(memory, mode="w")
    saving_lib._save_state(  # noqa: SLF001
        model, weights_store=store, assets_store=None, inner_path="", visited_saveables=set()
    )
    store.close()
    return memory.getvalue()
