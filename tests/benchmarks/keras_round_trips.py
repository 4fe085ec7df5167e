"""Save ten models of keras.applications in every format that fits, open each here, and compare the books.

    python tests/benchmarks/keras_round_trips.py [NAME ...]

Prints one line of JSON a model and format, and a last one that sums up.
"""

import json
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.errors import MbguiError
from mbgui.domain.network import Network
from mbgui.domain.request import Weights
from mbgui.frameworks.keras_adapter import KerasAdapter
from mbgui.frameworks.load_request import LoadRequest
from mbgui.pipeline.input_texts import parse_inputs
from mbgui.pipeline.references import parse_source
from tests.frameworks.keras_savers import save_by_paths, save_safetensors
from tests.support.round_trips import lost_on_the_way

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How to save a model, and how the file is named: by itself, or attached to the architecture."""

    suffix: str
    save: Callable[[Any, Path], None]
    is_attached: bool = False


FORMATS = {
    "Keras archive": Format(suffix=".keras", save=lambda model, path: model.save(path)),
    "whole HDF5": Format(suffix=".h5", save=lambda model, path: model.save(path)),
    "weights": Format(suffix=".weights.h5", save=lambda model, path: model.save_weights(path), is_attached=True),
    "NumPy archive": Format(suffix=".npz", save=save_by_paths, is_attached=True),
    "safetensors": Format(suffix=".safetensors", save=save_safetensors, is_attached=True),
}


def main(chosen: list[str]) -> None:
    """Save and open the chosen models, or all."""
    warnings.simplefilter("ignore")
    adapter = KerasAdapter(threads=2)
    same = total = 0
    for name in chosen or MODELS:
        for title in FORMATS:
            outcome = round_trip(adapter, name, title)
            same += outcome["lost"] == []
            total += 1
            print(json.dumps(outcome), flush=True)
    print(json.dumps({"benchmark": "keras_round_trips", "round_trips": total, "same_books": same}))


def round_trip(adapter: KerasAdapter, name: str, title: str) -> dict[str, object]:
    """What one model loses in one format, "refused" where it cannot be opened."""
    chosen, size = FORMATS[title], MODELS[name]
    original = load(adapter, f"keras:{name}", str(size))
    held = adapter._held
    assert held is not None
    started_s = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}{chosen.suffix}"
        chosen.save(held.model, path)
        reference = f"keras:{name}@{path}" if chosen.is_attached else str(path)
        try:
            opened = load(adapter, reference, str(size) if chosen.is_attached else "", seed=1)
            lost = [*lost_on_the_way(original, opened), *_other_values(original, opened)]
        except MbguiError as error:
            lost = [f"refused: {error.problem.sentence}"]
    return {"model": name, "format": title, "lost": lost, "seconds": round(perf_counter() - started_s, 2)}


def _other_values(original: Network, opened: Network) -> list[str]:
    """Counted tensors whose statistics are not those of the original: values were lost or put elsewhere."""
    pairs = zip(original.tensors, opened.tensors, strict=False)
    lost = [old.name for old, new in pairs if old.is_counted_by_framework and old.statistics != new.statistics]
    return [f"values of {len(lost)} tensors, the first {lost[0]}"] if lost else []


def load(adapter: KerasAdapter, reference: str, size: str, seed: int = 0) -> Network:
    """Open a model at one size."""
    request = LoadRequest(
        source=parse_source(reference), inputs=parse_inputs(size), batch_size=1, weights=Weights.NONE, seed=seed
    )
    return adapter.load(request, before_file=lambda: None)


if __name__ == "__main__":
    main(sys.argv[1:])
