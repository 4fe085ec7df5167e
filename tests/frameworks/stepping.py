"""What a model that is run call by call is tried on, whatever its framework; imports none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from mbgui.domain.network import AttributeValue, Network
from mbgui.domain.proof_plan import input_name
from mbgui.frameworks.stepwise import FLOAT32, Array, Arrays, Lane, RunSettings, StepwiseModel

AS_IT_IS = RunSettings()
Probes = Sequence[tuple[Array, ...]]


def probes_for(model: StepwiseModel, count: int = 2) -> list[tuple[Array, ...]]:
    """Standard normal inputs in float64, channels last."""
    generator = np.random.default_rng(5)
    return [tuple(generator.standard_normal(shape) for shape in model.input_shapes) for _ in range(count)]


def record(
    model: StepwiseModel, probes: Probes, precision: str = FLOAT32, settings: RunSettings = AS_IT_IS
) -> dict[str, Arrays]:
    """What every call gave on every probe, as copies."""
    lanes = [
        Lane(
            inputs=tuple(model.own_input(index, array).astype(precision) for index, array in enumerate(probe)),
            precision=precision,
        )
        for probe in probes
    ]
    run = model.begin(lanes, settings)
    found: dict[str, Arrays] = {}
    while (name := run.advance()) is not None:
        arrays = run.activations()
        if arrays is not None:
            found[name] = [array.copy() for array in arrays]
    return found


def unlike_between(model: StepwiseModel, network: Network, probes: Probes) -> list[str]:
    """Calls that give something else when they are run alone on what the whole run gave before them."""
    found = record(model, probes)
    inputs = {input_name(index): [probe[index].astype(FLOAT32) for probe in probes] for index in range(len(probes[0]))}
    return [name for name, given in _givens(network, found, inputs) if not _is_same(model, name, given, found[name])]


def set_one(model: StepwiseModel, call: str, probe: Array, values: Mapping[str, AttributeValue]) -> Array:
    """What a call gives on one probe with other attributes."""
    return record(model, [(probe,)], settings=RunSettings(calls={call: values}))[call][0]


def distance(left: Any, right: Any) -> float:
    """The largest absolute gap; a very large number where the shapes are others, since JSON has no infinity."""
    if np.shape(left) != np.shape(right):
        return 1e9
    return float(np.abs(np.asarray(left, dtype=np.float64) - np.asarray(right, dtype=np.float64)).max(initial=0.0))


def relative(left: Array, right: Array) -> float:
    """‖b − a‖₂ / ‖a‖₂ in float64."""
    a, b = left.astype(np.float64), right.astype(np.float64)
    return float(np.linalg.norm(b - a) / (np.linalg.norm(a) or 1.0))


def _givens(
    network: Network, found: Mapping[str, Arrays], inputs: Mapping[str, Arrays]
) -> Iterator[tuple[str, dict[str, Arrays]]]:
    for call in network.calls:
        if call.name in found:
            yield call.name, {**inputs, **{name: found[name] for name in call.inputs if name in found}}


def _is_same(model: StepwiseModel, name: str, given: Mapping[str, Arrays], wanted: Arrays) -> bool:
    result = model.between(name, given, FLOAT32, AS_IT_IS)
    return all(np.array_equal(mine, other) for mine, other in zip(result, wanted, strict=True))
