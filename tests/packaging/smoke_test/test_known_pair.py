"""A comparison with wrong numbers does not pass for the known pair."""

import copy
import json
from collections.abc import Callable

import pytest
from smoke_test.known_pair import Record, faults

from mbgui.gui import resources

Change = Callable[[Record], None]


@pytest.fixture(scope="module")
def sample() -> Record:
    """The comparison that ships with the app, as if it were the user's own."""
    path = resources.sample_path()
    assert path is not None
    comparison: Record = json.loads(path.read_bytes())["comparison"]
    return {**comparison, "is_sample": False, "warnings": []}


def one_parameter_more(comparison: Record) -> None:
    comparison["accounting"]["right"]["framework_parameter_count"] += 1


def other_macs(comparison: Record) -> None:
    comparison["accounting"]["left"]["mac_count"] -= 1


def one_statistic_less(comparison: Record) -> None:
    comparison["accounting"]["left"]["ledger"][2]["value_count"] -= 1


def another_verdict(comparison: Record) -> None:
    comparison["equivalence"]["verdict"] = "different"


def no_residual(comparison: Record) -> None:
    comparison["equivalence"]["unexplained_residual"] = None


def no_proof(comparison: Record) -> None:
    comparison["equivalence"] = None


def no_latency(comparison: Record) -> None:
    comparison["latency"] = None


def only_warm_up_on_the_right(comparison: Record) -> None:
    for taken in comparison["latency"]["rounds"]:
        taken["is_warmup"] |= taken["side"] == "right"


def a_warning(comparison: Record) -> None:
    comparison["warnings"] = ["Something was left out."]


def still_the_sample(comparison: Record) -> None:
    comparison["is_sample"] = True


def test_the_pair_as_it_is_known_has_no_fault(sample: Record) -> None:
    assert faults(sample, is_verified=True) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (one_parameter_more, "right framework_parameter_count: 3538985 in place of 3538984"),
        (other_macs, "left mac_count"),
        (one_statistic_less, "left BatchNorm statistics"),
        (another_verdict, "the proof: different"),
        (no_residual, "unexplained"),
        (no_proof, "not verified"),
        (no_latency, "no latency"),
        (only_warm_up_on_the_right, "no call of the right side"),
        (a_warning, "Something was left out."),
        (still_the_sample, "sample"),
    ],
)
def test_a_difference_is_told(sample: Record, change: Change, told: str) -> None:
    changed = copy.deepcopy(sample)
    change(changed)
    (fault,) = faults(changed, is_verified=True)
    assert told in fault


def test_a_proof_that_nobody_asked_for_is_not_missed(sample: Record) -> None:
    assert faults({**sample, "equivalence": None}, is_verified=False) == []
