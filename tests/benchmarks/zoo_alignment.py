"""Pair the 27 networks that torchvision and keras.applications both have, and say what is left without a partner.

    python tests/benchmarks/zoo_alignment.py [--keep FOLDER] [NAME ...]

Reads both sides in children, as a comparison does; with `--keep` their records are kept in a folder and read from there
the next time. Prints a line for each pair: calls on either side, pairs, what has no partner (weighted layers; sums,
products, concatenations and poolings that compute; all else), pairs whose parameters have other shapes, those among
them whose largest one has, milliseconds; and below it the names of all that has none but is no matter of spelling.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import msgspec

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui import api
from mbgui.analysis.align import align
from mbgui.analysis.graph import calls_of, graph_of
from mbgui.analysis.identity import is_identity
from mbgui.analysis.padding import fold_padding
from mbgui.domain.alignment import Alignment
from mbgui.domain.network import Layer, LayerKind, Network

PAIRS = {
    "mobilenet_v2": ("MobileNetV2", 224),
    "mobilenet_v3_small": ("MobileNetV3Small", 224),
    "mobilenet_v3_large": ("MobileNetV3Large", 224),
    **{f"resnet{depth}": (f"ResNet{depth}", 224) for depth in (50, 101, 152)},
    **{f"vgg{depth}": (f"VGG{depth}", 224) for depth in (16, 19)},
    **{f"densenet{depth}": (f"DenseNet{depth}", 224) for depth in (121, 169, 201)},
    **{f"efficientnet_b{number}": (f"EfficientNetB{number}", 224) for number in range(8)},
    **{f"efficientnet_v2_{size}": (f"EfficientNetV2{size.upper()}", 224) for size in "sml"},
    **{f"convnext_{size}": (f"ConvNeXt{size.capitalize()}", 224) for size in ("tiny", "small", "base", "large")},
    "inception_v3": ("InceptionV3", 299),
}
_WEIGHTED = frozenset(
    {
        LayerKind.CONVOLUTION,
        LayerKind.DENSE,
        LayerKind.BATCH_NORMALIZATION,
        LayerKind.LAYER_NORMALIZATION,
    }
)
_JOINING = frozenset(
    {LayerKind.ADD, LayerKind.MULTIPLY, LayerKind.CONCATENATE, LayerKind.POOLING, LayerKind.GLOBAL_POOLING}
)
_HEADING = ("pair", "left", "right", "pairs", "weighted", "joining", "other", "shapes", "largest", "ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lone:
    """A layer without a partner; `is_idle` where it never runs or hands on what it gets."""

    layer: Layer
    is_idle: bool


def lone_layers(alignment: Alignment, left: Network, right: Network) -> Iterator[Lone]:
    """All layers without a partner, on either side."""
    for network, paths in (
        (left, [pair.left for pair in alignment.pairs if pair.right is None]),
        (right, [pair.right for pair in alignment.pairs if pair.left is None]),
    ):
        graph = graph_of(network)
        for path in paths:
            layer = graph.layers[path or ""]
            yield Lone(layer=layer, is_idle=not layer.call_count or is_identity(layer, graph))


def networks(name: str, folder: Path | None) -> tuple[Network, Network]:
    """Both sides of a pair, read or from the folder. Raises `MbguiError`."""
    file = folder / f"{name}.json" if folder is not None else None
    if file is not None and file.exists():
        return msgspec.json.decode(file.read_bytes(), type=tuple[Network, Network])
    partner, size = PAIRS[name]
    found = api.compare(f"torchvision:{name}", f"keras:{partner}", input_size=f"{size}x{size}", latency=False)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.encode((found.left, found.right)))
    return found.left, found.right


def report(name: str, left: Network, right: Network) -> None:
    """Pair two networks and print the line."""
    left, right = fold_padding(left), fold_padding(right)
    started = perf_counter()
    found = align(left, right)
    duration_s = perf_counter() - started
    lone = list(lone_layers(found, left, right))
    missing = [one.layer for one in lone if one.layer.kind in _WEIGHTED | _JOINING and not one.is_idle]
    whole = [pair for pair in found.pairs if pair.left is not None and pair.right is not None]
    unequal = [pair for pair in whole if "parameter shapes" not in pair.evidence]
    figures = (
        len(calls_of(left)),
        len(calls_of(right)),
        len(whole),
        sum(layer.kind in _WEIGHTED for layer in missing),
        sum(layer.kind in _JOINING for layer in missing),
        len(lone) - len(missing),
        len(unequal),
        sum("shape of the largest parameter" not in pair.evidence for pair in unequal),
        round(duration_s * 1e3),
    )
    print_line((name, *figures))
    for layer in missing:
        print(f"    {layer.path} ({layer.type_name})")


def print_line(cells: tuple[object, ...]) -> None:
    """A line of the table."""
    print(f"{cells[0]!s:20}" + "".join(f"{cell!s:>9}" for cell in cells[1:]), flush=True)


def main() -> None:
    """Pair what was asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a torchvision name; all where none is given")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to keep the records that were read")
    given = parser.parse_args()
    print_line(_HEADING)
    for name in given.names or PAIRS:
        report(name, *networks(name, given.keep))


if __name__ == "__main__":
    main()
