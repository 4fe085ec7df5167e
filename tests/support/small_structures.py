"""Both spellings of the small network compared, and what a run could say of each pair."""

from dataclasses import replace
from typing import Any

from mbgui.analysis.graph import calls_of
from mbgui.analysis.proof_evidence import Judge, Judged
from mbgui.analysis.proof_points import checkpoints_of
from mbgui.analysis.structure import Structure, compare_structure
from mbgui.domain.equivalence import ErrorFigures
from mbgui.domain.framework import Framework
from mbgui.domain.network import Network
from mbgui.domain.proof_choices import Precision
from mbgui.domain.proof_plan import CheckResult
from tests.support.numpy_network import keras_weights, small_network, torch_weights
from tests.support.records import tiny_keras_network, tiny_torch_network

FLOOR = 1e-7


def small_pair(**right: Any) -> tuple[Network, Network]:
    """The small network in PyTorch's terms, and in Keras's with other options."""
    weights = torch_weights()
    return small_network(Framework.PYTORCH, weights), small_network(Framework.KERAS, keras_weights(weights), **right)


def small_structure(**right: Any) -> Structure:
    """The pair compared."""
    return compare_structure(*small_pair(**right))


def figures(error: float | None, *, non_finite: int = 0) -> ErrorFigures:
    """Figures of one error."""
    return ErrorFigures(relative_l2=error, max_absolute=error, cosine=error, non_finite=non_finite)


def judged(
    errors: dict[str, tuple[float | None, float | None]], precision: Precision = Precision.FLOAT64, **right: Any
) -> tuple[Structure, list[Judged]]:
    """The evidence of every pair; `errors` are (propagated, isolated) by the left layer, none elsewhere."""
    left, right_network = small_pair(**right)
    structure = compare_structure(left, right_network)
    points = checkpoints_of(left, right_network, structure.alignment)
    judge = Judge(left, right_network, structure.alignment, points, precision)
    found = []
    for point in points:
        propagated, isolated = errors.get(point.left, (0.0, 0.0))
        result = CheckResult(
            left=point.left, right=point.right, propagated=figures(propagated), isolated=figures(isolated)
        )
        found.append(judge.judge(result, FLOOR))
    return structure, found


def tiny_pair() -> tuple[Network, Network]:
    """The tiny PyTorch and Keras networks, with their calls known."""
    left, right = tiny_torch_network(), tiny_keras_network()
    return replace(left, calls=calls_of(left)), replace(right, calls=calls_of(right))
