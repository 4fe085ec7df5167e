"""Save ten models of keras.applications in every format that fits, open each here, and compare the books.

    python tests/benchmarks/keras_round_trips.py [NAME ...]

Prints one line of JSON a model and format, and a last one that sums up.
"""

import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.frameworks.keras_adapter import KerasAdapter
from tests.frameworks.keras_savers import save_by_paths, save_safetensors
from tests.support.adapter_session import AdapterSession
from tests.support.round_trips import Format, print_round_trips

MODELS = {
    "MobileNetV2": 224,
    "MobileNet": 64,
    "MobileNetV3Small": 64,
    "ResNet50": 64,
    "ResNet50V2": 64,
    "DenseNet121": 64,
    "EfficientNetB0": 64,
    "EfficientNetV2B0": 64,
    "ConvNeXtTiny": 64,
    "NASNetMobile": 224,
}


def save_whole(model: Any, size: int, path: Path) -> None:
    del size
    model.save(path)


def save_weights(model: Any, size: int, path: Path) -> None:
    del size
    model.save_weights(path)


FORMATS = {
    "Keras archive": Format(suffix=".keras", save=save_whole, states_input=True),
    "whole HDF5": Format(suffix=".h5", save=save_whole, states_input=True),
    "weights": Format(suffix=".weights.h5", save=save_weights, is_attached=True),
    "NumPy archive": Format(suffix=".npz", save=lambda model, _, path: save_by_paths(model, path), is_attached=True),
    "safetensors": Format(
        suffix=".safetensors", save=lambda model, _, path: save_safetensors(model, path), is_attached=True
    ),
}


def main(chosen: list[str]) -> None:
    """Save and open the chosen models, or all."""
    warnings.simplefilter("ignore")
    models = {f"keras:{name}": MODELS[name] for name in chosen or MODELS}
    print_round_trips("keras_round_trips", AdapterSession(KerasAdapter(threads=2)), models, FORMATS)


if __name__ == "__main__":
    main(sys.argv[1:])
