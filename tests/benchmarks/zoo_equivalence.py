"""The architectures that both zoos have, the left side's weights moved to the right: what each pair gives.

    python tests/benchmarks/zoo_equivalence.py [--size HxW ...] [--transfer left-to-right] [NAME ...]

NAME is one of torchvision (mobilenet_v2); all 27 without. Prints a line a pair: layers paired, layers with weights
left alone, verdict, causes that touch inference, unexplained residual per input size, seconds.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui import api
from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Effect
from mbgui.domain.errors import MbguiError

PAIRS = {
    "mobilenet_v2": "MobileNetV2",
    "mobilenet_v3_small": "MobileNetV3Small",
    "mobilenet_v3_large": "MobileNetV3Large",
    "resnet50": "ResNet50",
    "resnet101": "ResNet101",
    "resnet152": "ResNet152",
    "vgg16": "VGG16",
    "vgg19": "VGG19",
    "densenet121": "DenseNet121",
    "densenet169": "DenseNet169",
    "densenet201": "DenseNet201",
    **{f"efficientnet_b{scale}": f"EfficientNetB{scale}" for scale in range(8)},
    "efficientnet_v2_s": "EfficientNetV2S",
    "efficientnet_v2_m": "EfficientNetV2M",
    "efficientnet_v2_l": "EfficientNetV2L",
    "convnext_tiny": "ConvNeXtTiny",
    "convnext_small": "ConvNeXtSmall",
    "convnext_base": "ConvNeXtBase",
    "convnext_large": "ConvNeXtLarge",
    "inception_v3": "InceptionV3",
}
RESIDUAL_GOAL = 1e-10


def main(arguments: list[str]) -> None:
    """Verify the chosen pairs, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--size", nargs="+", default=[], help="input sizes, the first for everything else as well")
    parser.add_argument("--transfer", default="left-to-right")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(arguments)
    print("| pair | paired | weighted alone | verdict | causes | unexplained residual | seconds |")
    print("| --- | ---: | ---: | --- | --- | --- | ---: |")
    for name in chosen.names or PAIRS:
        print(_row(name, chosen), flush=True)


def _row(name: str, chosen: argparse.Namespace) -> str:
    started_s = time.perf_counter()
    try:
        comparison = _verified(name, chosen)
    except MbguiError as error:
        return f"| {name} | | | failed: {error.problem.sentence} | | | {time.perf_counter() - started_s:.0f} |"
    duration_s = time.perf_counter() - started_s
    proof = comparison.equivalence
    paired = sum(pair.left is not None and pair.right is not None for pair in comparison.alignment.pairs)
    cells = (
        f"{name} · {PAIRS[name]}",
        str(paired),
        ", ".join(_alone(comparison)) or "0",
        str(proof.verdict) if proof is not None else "none",
        ", ".join(_causes(comparison)) or "none",
        _residuals(comparison),
        f"{duration_s:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def _verified(name: str, chosen: argparse.Namespace) -> Comparison:
    first, *further = chosen.size or [None]
    return api.compare(
        f"torchvision:{name}",
        f"keras:{PAIRS[name]}",
        input_size=first,
        further_inputs=further,
        latency=False,
        verification=True,
        transfer=chosen.transfer,
        threads=chosen.threads,
    )


def _alone(comparison: Comparison) -> list[str]:
    """Layers with learnable weights and no partner."""
    tensors = (tensor for network in (comparison.left, comparison.right) for tensor in network.tensors)
    weighted = {tensor.layer for tensor in tensors if tensor.is_trainable}
    paths = (pair.left or pair.right for pair in comparison.alignment.pairs if pair.left is None or pair.right is None)
    return [path for path in paths if path is not None and path in weighted]


def _causes(comparison: Comparison) -> list[str]:
    """Causes that touch inference, with the number of their places."""
    counts: dict[str, int] = {}
    for found in comparison.differences:
        if found.effect is Effect.INFERENCE:
            counts[found.cause] = counts.get(found.cause, 0) + len(found.places)
    return [f"{cause} ×{count}" for cause, count in sorted(counts.items())]


def _residuals(comparison: Comparison) -> str:
    """The unexplained residual of each size, with a mark where it is within the goal."""
    proof = comparison.equivalence
    if proof is None:
        return "–"
    texts = []
    for size in proof.sizes:
        residual = size.unexplained_residual
        is_small = residual is not None and residual <= RESIDUAL_GOAL
        texts.append(
            f"{size.input_text}: {'none' if residual is None else f'{residual:.1e}'}{' ✓' if is_small else ''}"
        )
    return ", ".join(texts) or "–"


if __name__ == "__main__":
    main(sys.argv[1:])
