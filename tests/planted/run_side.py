"""One framework runs a network of this folder with each of some plants on the same images, in float64.

    python -m tests.planted.run_side torch|keras NETWORK FILE.npz [PLANT ...]

Writes the outputs channels last, one array a plant; that of no plant is called `base`. A process of its own, since
the two frameworks do not share one.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
BASE = "base"


def images() -> Array:
    """Two images, of shape (2, 32, 32, 3)."""
    return np.random.default_rng(1).standard_normal((2, 32, 32, 3))


def main(framework: str, network: str, file: str, plants: Sequence[str]) -> None:
    """Run the network as it is and with each of the plants."""
    run = {"torch": _run_torch, "keras": _run_keras}[framework]
    if framework == "keras":
        import keras  # noqa: PLC0415

        keras.config.set_floatx("float64")
    net: Callable[[str], Any] = importlib.import_module(f"tests.planted.networks.{network}_{framework}").net
    outputs: dict[str, Any] = {BASE: run(net(""))} | {plant: run(net(plant)) for plant in plants}
    np.savez(file, **outputs)


def _run_torch(model: Any) -> Array:
    import torch  # noqa: PLC0415

    with torch.no_grad():
        output: Array = model.double()(torch.from_numpy(images().transpose(0, 3, 1, 2).copy())).numpy()
    return output.transpose(0, 2, 3, 1) if output.ndim == 4 else output


def _run_keras(model: Any) -> Array:
    return np.asarray(model(images(), training=False), dtype=np.float64)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
