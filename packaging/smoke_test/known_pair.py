"""What is known of torchvision's mobilenet_v2 beside Keras's MobileNetV2, and whether a comparison says it."""

from collections.abc import Iterator
from typing import Any

FRAMEWORK_PARAMETERS = {"left": 3_504_872, "right": 3_538_984}
"""torchvision states the left count itself (`MobileNet_V2_Weights.DEFAULT.meta`); the right one is Keras's own."""
LEARNABLE_PARAMETERS = 3_504_872
MOVING_STATISTICS = 34_112
"""Mean and variance of all BatchNorm layers: the difference of the two counts."""
MACS = 300_774_272
VERDICT = "equivalent_after"
LARGEST_RESIDUAL = 1e-12
"""What may be left once the known causes are evened out, in float64."""

Record = dict[str, Any]
"""A comparison as JSON."""


def faults(comparison: Record, *, is_verified: bool) -> list[str]:
    """What a comparison says differently from what is known, in words; empty where all is as it should be."""
    found = [*_accounting_faults(comparison), *_latency_faults(comparison)]
    if is_verified:
        found += _proof_faults(comparison)
    if comparison["is_sample"]:
        found.append("it is the sample that ships with the app")
    found += [f"it warns: {warning}" for warning in comparison["warnings"]]
    return found


def latency_figures(comparison: Record) -> Record:
    """What was measured, for the report: seconds."""
    latency = comparison["latency"]
    return {
        "left_median_s": latency["left_summary"]["median_s"],
        "right_median_s": latency["right_summary"]["median_s"],
        "latency_verdict": latency["verdict"],
    }


def _accounting_faults(comparison: Record) -> Iterator[str]:
    for side, books in comparison["accounting"].items():
        for name, expected in (
            ("framework_parameter_count", FRAMEWORK_PARAMETERS[side]),
            ("learnable_count", LEARNABLE_PARAMETERS),
            ("mac_count", MACS),
        ):
            yield from _difference(f"{side} {name}", books[name], expected)
        statistics = sum(entry["value_count"] for entry in books["ledger"] if entry["purpose"] == "moving_statistic")
        yield from _difference(f"{side} BatchNorm statistics", statistics, MOVING_STATISTICS)
    if comparison["verdict"]["agreement"] != "same_layers":
        yield f"the networks are called {comparison['verdict']['agreement']}"


def _proof_faults(comparison: Record) -> Iterator[str]:
    proof = comparison["equivalence"]
    if proof is None:
        yield "the outputs were not verified"
        return
    yield from _difference("the proof", proof["verdict"], VERDICT)
    residual = proof["unexplained_residual"]
    if residual is None or not residual <= LARGEST_RESIDUAL:
        yield f"the proof leaves {residual} unexplained"


def _latency_faults(comparison: Record) -> Iterator[str]:
    latency = comparison["latency"]
    if latency is None:
        yield "no latency was measured"
        return
    if not latency["verdict"]:
        yield "there is no verdict on latency"
    for side in ("left", "right"):
        timed = [taken for taken in latency["rounds"] if taken["side"] == side and not taken["is_warmup"]]
        if not any(taken["durations_s"] for taken in timed):
            yield f"no call of the {side} side was timed"


def _difference(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what}: {found} in place of {expected}"
