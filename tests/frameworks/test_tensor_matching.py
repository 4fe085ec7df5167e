"""Which tensors of a file fit a model, what is said of the others, and the ways out."""

import pytest

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.source import ModelSource
from mbgui.frameworks.tensor_matching import Shape, match_tensors
from mbgui.pipeline.references import parse_source

MODEL: dict[str, Shape] = {
    "features.0.weight": (8, 3, 3, 3),
    "features.0.bias": (8,),
    "features.1.weight": (8,),
    "head.weight": (1000, 8),
    "head.bias": (1000,),
}
SOURCE = parse_source("torchvision:net@/w/a.pth")


def problem(found: dict[str, Shape], source: ModelSource = SOURCE, head: str | None = "head") -> Problem:
    with pytest.raises(MbguiError) as caught:
        match_tensors(MODEL, found, source=source, head=head)
    return caught.value.problem


def renamed(**changes: Shape | None) -> dict[str, Shape]:
    """The model's tensors with some of another shape, left out (`None`) or added."""
    merged: dict[str, Shape | None] = {**MODEL, **{name.replace("__", "."): shape for name, shape in changes.items()}}
    return {name: shape for name, shape in merged.items() if shape is not None}


def test_tensors_that_all_fit_are_named_in_the_order_of_the_model() -> None:
    assert match_tensors(MODEL, dict(reversed(MODEL.items())), source=SOURCE, head=None) == tuple(MODEL)


def test_missing_unexpected_and_misshapen_tensors_are_counted_and_listed() -> None:
    found = problem(renamed(features__0__weight=None, features__0__wieght=(8, 3, 3, 3), features__1__weight=(9,)))
    assert found.sentence == ("a.pth does not fit net: 1 tensor is missing, 1 is unexpected, 1 has another shape.")
    assert found.detail.splitlines() == [
        "Of another shape (1):",
        "  features.1.weight: (9,) in the file, (8,) in the model",
        "Missing in the file (1):",
        "  features.0.weight (8, 3, 3, 3) – nearest in the file: features.0.wieght",
        "Unexpected in the file (1):",
        "  features.0.wieght (8, 3, 3, 3)",
    ]
    assert found.remedies == ()


def test_a_prefix_is_offered_to_be_stripped() -> None:
    found = problem({f"module.model.{name}": shape for name, shape in MODEL.items()})
    assert found.sentence == "The names in a.pth begin with “module.model.”, those of net do not."
    (remedy,) = found.remedies
    assert remedy.replaces == SOURCE.reference
    assert parse_source(remedy.reference).weights == parse_source("keras:x@/w/a.pth?strip=module.model.").weights


def test_another_head_is_named_by_its_classes() -> None:
    found = problem(renamed(head__weight=(19, 8), head__bias=(19,)))
    assert found.sentence == "a.pth has a head of 19 classes, net one of 1000; all else fits."
    assert [remedy.reference for remedy in found.remedies] == ["torchvision:net?num_classes=19@/w/a.pth"]


def test_other_shapes_elsewhere_are_no_other_head() -> None:
    assert "another shape" in problem(renamed(head__weight=(19, 8), head__bias=(19,)), head=None).sentence
    assert "another shape" in problem(renamed(head__weight=(19, 9), head__bias=(19,))).sentence
    assert "have another shape" in problem(renamed(head__weight=(19, 8), features__0__bias=(7,))).sentence


def test_code_of_the_users_is_told_the_classes_without_a_reference() -> None:
    source = parse_source("pkg:make@/w/a.pth")
    found = problem(renamed(head__weight=(19, 8), head__bias=(19,)), source)
    assert found.remedies == ()
    assert found.advice == "Build it with 19 classes."


def test_names_that_are_all_others_say_so() -> None:
    found = problem({"Conv1/kernel": (3, 3, 3, 8)})
    assert found.sentence == "None of the 1 tensors in a.pth has the name of one of net's 5."


def test_part_of_the_tensors_is_taken_where_that_is_wanted() -> None:
    partial = parse_source("torchvision:net@/w/a.pth?partial=true")
    found = renamed(features__0__bias=None, more=(1,))
    assert match_tensors(MODEL, found, source=partial, head=None) == tuple(
        name for name in MODEL if name != "features.0.bias"
    )
    (remedy,) = problem(found).remedies
    assert remedy.reference == partial.reference


def test_a_partial_load_still_refuses_other_shapes_and_nothing_at_all() -> None:
    partial = parse_source("torchvision:net@/w/a.pth?partial=true")
    assert "another shape" in problem(renamed(features__1__weight=(9,)), partial).sentence
    assert "None of the 1 tensors" in problem({"other": (1,)}, partial).sentence


def test_long_lists_are_cut() -> None:
    many: dict[str, Shape] = {f"extra.{number}": (1,) for number in range(1000)}
    lines = problem({**MODEL, **many}).detail.splitlines()
    assert lines[-1] == "  … and 800 more"
