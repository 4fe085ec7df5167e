"""A proof as Markdown and as JSON, alone and inside the report of a comparison."""

import json
from collections.abc import Callable
from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import Equivalence, EquivalenceVerdict, LayerReference
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports import export
from mbgui.reports.error_chart import error_chart
from mbgui.reports.proof import render
from mbgui.reports.proof_figures import worst_pairs
from mbgui.reports.proof_message import disagreement
from tests.support.proofs import figures, pair_evidence, proven_comparison, tiny_proof, tiny_size
from tests.support.records import tiny_comparison


def markdown(proof: Equivalence) -> str:
    return render(proven_comparison(proof), proof, ReportFormat.MARKDOWN)


def plain(proof: Equivalence) -> dict[str, Any]:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    text = render(proven_comparison(proof), proof, ReportFormat.JSON)
    found: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return found


def test_the_report_of_a_proof_is_the_reviewed_one(golden: Callable[[str, str], None]) -> None:
    golden("tiny_proof.md", markdown(tiny_proof()))


@pytest.mark.parametrize("verdict", EquivalenceVerdict)
@pytest.mark.parametrize("report_format", [ReportFormat.MARKDOWN, ReportFormat.JSON])
def test_every_verdict_can_be_told(verdict: EquivalenceVerdict, report_format: ReportFormat) -> None:
    proof = tiny_proof(verdict)
    text = render(proven_comparison(proof), proof, report_format)
    assert text.endswith("\n")
    assert proof.headline in text


def test_a_proof_is_told_in_no_other_form() -> None:
    with pytest.raises(ValueError, match="no report of a proof as csv"):
        render(proven_comparison(), tiny_proof(), ReportFormat.CSV)


def test_json_has_the_fields_that_gates_rely_on() -> None:
    found = plain(tiny_proof())
    assert (found["format"], found["version"]) == ("mbgui-verify", 1)
    assert (found["verdict"], found["weights"], found["dtype"]) == ("equivalent_after", "left-to-right", "float64")
    assert found["first_divergence"] == {"left": "features.0.0", "right": "stem_conv"}
    assert found["unexplained_residual"] == 1.3e-15
    assert found["neutralised"] == {"batchnorm_epsilon": 0.759, "padding": 0.151, "head_activation": None}
    assert [size["input"] for size in found["inputs"]] == ["32x32", "33x33"]
    assert found["pairs"] == found["inputs"][0]["pairs"]


def test_json_gives_a_pair_its_errors_and_what_is_left_of_them() -> None:
    pair = plain(tiny_proof())["pairs"][1]
    assert (pair["left"], pair["right"], pair["confidence"]) == ("features.0.1", "stem_bn", 1.0)
    assert (pair["propagated_error"], pair["isolated_error"], pair["residual_error"]) == (0.42, 0.05, 2.2e-16)
    assert (pair["verdict"], pair["noise_floor"]) == ("differs", 2e-7)
    assert pair["propagated"] == {"relative_l2": 0.42, "max_absolute": 0.84, "cosine": 0.42, "non_finite": 0}


def test_json_names_a_difference_by_its_first_place_and_counts_all() -> None:
    differences = {found["cause"]: found for found in plain(tiny_proof())["differences"]}
    epsilon = differences["batchnorm_epsilon"]
    assert (epsilon["left"], epsilon["right"], epsilon["count"]) == ("features.0.1", "stem_bn", 2)
    assert (epsilon["left_value"], epsilon["right_value"], epsilon["affects"]) == ("1e-05", "0.001", "inference")
    assert len(epsilon["places"]) == 2
    whole = differences["data_layout"]
    assert (whole["left"], whole["right"], whole["count"], whole["places"]) == (None, None, 1, [])
    assert differences["dropout"]["right"] is None


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_json_has_null_for_whatever_is_not_finite(bad: float) -> None:
    size = replace(
        tiny_size(), output_error=bad, pairs=(pair_evidence("features.0.0", "stem_conv", bad, bad),), runs=()
    )
    found = plain(replace(tiny_proof(), sizes=(size,), unexplained_residual=bad))
    assert found["unexplained_residual"] is None
    assert found["inputs"][0]["output_error"] is None
    assert found["pairs"][0]["isolated_error"] is None


def test_only_tensors_that_are_not_equal_are_listed() -> None:
    found = plain(tiny_proof())
    assert found["tensor_count"] == 2
    assert [tensor["left"] for tensor in found["unequal_tensors"]] == ["classifier.1.bias"]


def test_a_cause_with_several_entries_keeps_its_largest_remaining_error() -> None:
    size = tiny_size()
    again = replace(size.neutralised[0], removed_alone=0.8)
    proof = replace(tiny_proof(), sizes=(replace(size, neutralised=(*size.neutralised, again)),))
    assert plain(proof)["neutralised"]["batchnorm_epsilon"] == 0.8


def test_the_guilty_come_before_their_victims_and_what_is_not_finite_first() -> None:
    victim = pair_evidence("d", "d", 0.9, 0.0)
    guilty, guiltier = pair_evidence("b", "b", 0.1, 0.1), pair_evidence("c", "c", 0.1, 0.3)
    broken = pair_evidence("e", "e", None, None)
    fine = pair_evidence("a", "a", 1e-16, 0.0)
    found = worst_pairs((fine, guilty, guiltier, victim, broken), 10)
    assert [pair.left for pair in found] == ["e", "c", "b", "d"]
    assert worst_pairs((fine, guilty, guiltier), 1) == (guiltier,)


def test_a_victim_is_told_from_the_guilty() -> None:
    rows = [line for line in markdown(tiny_proof()).splitlines() if line.startswith("| features.0.")]
    assert rows[0].endswith("| differs |")
    assert rows[2].endswith("| differs by what comes before |")


def test_the_second_run_of_a_shared_layer_is_named_as_such() -> None:
    pair = replace(pair_evidence("features.0.0", "stem_conv", 0.5, 0.5), left_call=1)
    text = markdown(replace(tiny_proof(), sizes=(replace(tiny_size(), pairs=(pair,), runs=()),)))
    assert "| features.0.0@1 | stem_conv |" in text


def test_values_that_are_not_finite_on_one_side_are_counted_at_the_pair() -> None:
    pair = replace(pair_evidence("features.0.0", "stem_conv", None, 0.5), propagated=figures(None, non_finite=1234))
    text = markdown(replace(tiny_proof(), sizes=(replace(tiny_size(), pairs=(pair,), runs=()),)))
    assert "not finite" in text
    assert "1,234 values not finite on one side only" in text


def test_a_divergence_at_a_layer_without_partner_is_told() -> None:
    text = markdown(replace(tiny_proof(), first_divergence=LayerReference(left="classifier.0", right=None)))
    assert "The first layer that differs is classifier.0, which has no partner." in text
    assert "- Dropout: 0.2 against –." in text


def test_a_model_that_running_changed_is_told() -> None:
    assert "running it changed it" not in markdown(tiny_proof())
    assert "running it changed it" in markdown(replace(tiny_proof(), is_untouched=False))


def test_the_report_of_a_comparison_has_the_proof_only_where_there_is_one() -> None:
    def headings(comparison: Comparison) -> list[str]:
        lines = export.render(comparison, ReportFormat.MARKDOWN).splitlines()
        return [line[3:] for line in lines if line.startswith("## ")]

    without, proven = headings(tiny_comparison(with_latency=False)), headings(proven_comparison())
    added = [
        "Do they compute the same?",
        "Cause by cause",
        "First divergence",
        "Pair by pair",
        "Weights",
        "What this rests on",
    ]
    place = without.index("Key architectural differences") + 1
    assert proven == [*without[:place], *added, *without[place:]]


def test_the_html_report_holds_every_pair_folded() -> None:
    text = export.render(proven_comparison(), ReportFormat.HTML)
    assert "<details><summary>Every pair at 33x33: 4 rows" in text
    assert "<h2>First divergence</h2>" in text


def test_a_disagreement_names_verdict_divergence_causes_and_residual() -> None:
    lines = disagreement(proven_comparison(), tiny_proof(), {Cause.PADDING}).splitlines()
    assert lines[0].startswith("torchvision:tiny_net and keras:TinyNet: equivalent_after (float64; ")
    assert any("features.0.0 against stem_conv: isolated error 0.31" in line for line in lines)
    assert "    padding: 1, 1, 1, 1 against 0, 1, 0, 1" in lines
    assert "    padding (allowed): 1, 1, 1, 1 against 0, 1, 0, 1, 2 layers" in lines
    assert "    batchnorm_epsilon: 1e-05 against 0.001, 2 layers" in lines
    assert lines[-1] == "  at 33x33: outputs differ by 0.754, unexplained residual 1.3e-15 (rounding)"


def test_the_errors_are_drawn_as_three_curves_for_each_size() -> None:
    chart = error_chart(tiny_proof())
    assert [plot.title for plot in chart.plots] == ["At 32x32", "At 33x33"]
    assert [curve.name for curve in chart.plots[0].curves] == ["floor", "propagated", "isolated"]
    text = export.render(proven_comparison(), ReportFormat.HTML)
    assert text.count("<polyline") == 6
    assert "<polyline" not in export.render(tiny_comparison(), ReportFormat.HTML)


def test_larger_errors_lie_higher_and_the_first_divergence_is_marked() -> None:
    pairs = [pair_evidence("features.0.1", "stem_bn", 1e-9, 0.0), pair_evidence("features.0.0", "stem_conv", None, 1.0)]
    size = replace(tiny_size(), pairs=(*pairs, pair_evidence("features.0.2", "stem_relu", 1e-3, 0.0)), runs=())
    (plot,) = error_chart(replace(tiny_proof(), sizes=(size,))).plots
    curves = {curve.name: [tuple(map(float, at.split(","))) for at in curve.points.split()] for curve in plot.curves}
    (_, lowest), (middle, highest), (_, between) = curves["propagated"]
    assert plot.bottom > lowest > between > highest == plot.top
    assert curves["isolated"][0][1] == plot.bottom
    assert plot.divergence_x == middle


def test_a_proof_without_pairs_has_no_drawing() -> None:
    proof = tiny_proof(EquivalenceVerdict.NOT_COMPARABLE)
    assert error_chart(proof).plots == ()
    assert "<polyline" not in export.render(proven_comparison(proof), ReportFormat.HTML)
