"""Count parameters and MACs of every classification model of torchvision against the figures it is published with.

    python tests/benchmarks/torchvision_accounting.py [NAME ...]

Models are read on the meta device, where tensors have shapes and no values. Prints one JSON line.
"""

import gc
import json
import sys
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import torch
from torch import nn
from torchvision import models

from mbgui.domain.errors import MbguiError
from mbgui.domain.request import Weights
from mbgui.domain.source import ModelSource, SourceKind, SourceOption
from mbgui.frameworks.torch_adapter import TorchAdapter
from mbgui.frameworks.torch_reading import read_network
from mbgui.frameworks.torch_zoo import build_zoo_model

MAC_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What was counted of one model, beside what torchvision says of it."""

    name: str
    parameters: int
    published_parameters: int
    macs: int
    published_macs: float
    reading: str

    @property
    def mac_error(self) -> float:
        """How far the MACs are from the published ones, relative to them."""
        return self.macs / self.published_macs - 1

    @property
    def is_exact(self) -> bool:
        """Whether the parameters are equal and the MACs within the tolerance."""
        return self.parameters == self.published_parameters and abs(self.mac_error) <= MAC_TOLERANCE

    @property
    def rounds_to_published(self) -> bool:
        """Whether the MACs, in thousands of millions and rounded as torchvision rounds them, are the published ones."""
        published = self.published_macs / 1e9
        digits = len(f"{published:g}".partition(".")[2])
        return round(self.macs / 1e9, digits) == round(published, digits)


def count(name: str) -> Count:
    """Build a model without values and read it at the size its weights were evaluated at."""
    published = models.get_model_weights(name).DEFAULT
    size = published.transforms().crop_size[0]
    example = torch.zeros(1, 3, size, size, device="meta")
    source = ModelSource(kind=SourceKind.TORCHVISION, name=name)
    network = read_network(build_without_values(name, size), example, source=source, build_s=0)
    return Count(
        name=name,
        parameters=network.framework_parameter_count,
        published_parameters=published.meta["num_params"],
        macs=sum(layer.mac_count for layer in network.layers),
        published_macs=published.meta["_ops"] * 1e9,
        reading=network.reading,
    )


def build_without_values(name: str, size: int) -> nn.Module:
    """A model on the meta device; RegNets compute their widths with tensors and have to be built with values first."""
    # A vision transformer has as many position embeddings as its image has patches.
    options = (SourceOption(name="image_size", value=size),) if name.startswith("vit_") else ()
    source = ModelSource(kind=SourceKind.TORCHVISION, name=name, options=options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with torch.device("meta"):
                return build_zoo_model(source, Weights.NONE, 0, no_file)
        except (MbguiError, NotImplementedError):
            return build_zoo_model(source, Weights.NONE, 0, no_file).to("meta")


def no_file(path: Path) -> Mapping[str, torch.Tensor]:
    """Untrained models read no file."""
    raise AssertionError(path)


def main(chosen: list[str]) -> None:
    """Count the chosen models, or all of them."""
    started = perf_counter()
    counts = []
    for name in chosen or TorchAdapter(threads=1).model_names():
        counts.append(count(name))
        gc.collect()
        print(f"{name}: {counts[-1].parameters:,} parameters, {counts[-1].mac_error:+.3%} MACs", file=sys.stderr)
    exceptions = [
        asdict(found) | {"mac_error": found.mac_error, "rounds_to_published": found.rounds_to_published}
        for found in counts
        if not found.is_exact
    ]
    figures = {
        "models": len(counts),
        "equal_parameters": sum(found.parameters == found.published_parameters for found in counts),
        "macs_within_tolerance": sum(abs(found.mac_error) <= MAC_TOLERANCE for found in counts),
        "read_by_export": sum(found.reading == "torch.export" for found in counts),
        "largest_mac_error": max(abs(found.mac_error) for found in counts),
        "exceptions": exceptions,
        "duration_s": round(perf_counter() - started, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
