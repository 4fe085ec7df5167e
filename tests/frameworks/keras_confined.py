"""Reads Keras files in a process that has given up its rights for good; prints what it could do as JSON."""

import json
import os
import sys
from pathlib import Path
from typing import Any

output = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what TensorFlow prints goes elsewhere

import keras  # noqa: E402 - the adapter sets the environment first

from mbgui.domain.framework import CallPath  # noqa: E402
from mbgui.domain.request import Weights  # noqa: E402
from mbgui.frameworks.keras_adapter import KerasAdapter  # noqa: E402
from mbgui.frameworks.load_request import LoadRequest  # noqa: E402
from mbgui.pipeline.input_texts import parse_inputs  # noqa: E402
from mbgui.pipeline.references import parse_source  # noqa: E402
from mbgui.processes.confinement import confine  # noqa: E402

MODEL = "keras:MobileNet?alpha=0.25"
PATHS = (CallPath.TF_FUNCTION, CallPath.PREDICT, CallPath.CALL)


class Confinement:
    """Takes the rights away once, and knows whether that was asked for."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        if not self.times:
            confine(8 << 30)
        self.times += 1


def main(folder: Path) -> None:
    """Save a model in every format, then read each with fewer rights."""
    model = keras.applications.MobileNet(weights=None, alpha=0.25, input_shape=(64, 64, 3))
    for name in ("a.keras", "b.h5"):
        model.save(folder / name)
    model.save_weights(folder / "c.weights.h5")
    adapter, confinement = KerasAdapter(threads=1), Confinement()
    references = (f"{MODEL}@{folder / 'c.weights.h5'}", str(folder / "a.keras"), str(folder / "b.h5"))
    counts = {reference.rpartition("/")[2]: _count(adapter, confinement, reference) for reference in references}
    json.dump({"counts": counts, "times": confinement.times, "is_refused": _is_refused(folder / "new")}, output)
    output.close()


def _count(adapter: KerasAdapter, confinement: Confinement, reference: str) -> Any:
    size = "64" if "@" in reference else ""
    request = LoadRequest(
        source=parse_source(reference), inputs=parse_inputs(size), batch_size=1, weights=Weights.NONE, seed=0
    )
    network = adapter.load(request, before_file=confinement)
    for path in PATHS:
        adapter.prepare(path, batch_size=1, seed=0)
        adapter.measure(1)
    return network.framework_parameter_count


def _is_refused(path: Path) -> bool:
    try:
        path.write_text("written", encoding="utf-8")
    except PermissionError:
        return True
    return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
